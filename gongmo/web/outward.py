"""Requests of the server to other sign-in services: to where the operator said, or to public addresses; never where they are sent on to."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests

SECONDS = 10


class Outward(requests.Session):
    """A session for what a service's own description names (tokens, keys, profile): that description is another party's text.

    `named`: hosts (with their ports) that the operator set; they may be on this network. Any other host must have public addresses only, and
    https. Redirects are not followed, proxies of the environment are used as ever.
    """

    def __init__(self, named: frozenset[str]) -> None:
        super().__init__()
        self.named = named

    def request(self, method: str, url: str | bytes, *args: Any, **more: Any) -> requests.Response:
        require_public(url if isinstance(url, str) else url.decode(), self.named)
        more["allow_redirects"] = False
        more.setdefault("timeout", SECONDS)
        return super().request(method, url, *args, **more)


def require_public(url: str, named: frozenset[str]) -> None:
    """Raise requests.ConnectionError for an address that nobody set and that is not a public one by https."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc.lower() in named:
        return
    if parts.scheme != "https" or not parts.hostname:
        raise requests.ConnectionError("not an address of the service")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise requests.ConnectionError("the service's name is unknown") from error
    if not found or not all(ipaddress.ip_address(each[4][0]).is_global for each in found):
        raise requests.ConnectionError("an address on an inner network")
