"""Whom a request comes from: the one place that says whether a proxy is believed (GONGMO_BEHIND_PROXY, GONGMO_PROXIES)."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings

Networks = list[ipaddress.IPv4Network | ipaddress.IPv6Network]


def speaks_for_others(environ: Mapping[str, Any]) -> bool:
    """Whether the peer that is connected is one of the proxies. Where GONGMO_PROXIES names none, whoever reaches this port is."""
    networks = settings.GONGMO_PROXIES
    return not networks or within(str(environ.get("REMOTE_ADDR", "")), networks)


def address_of(environ: Mapping[str, Any]) -> str:
    """The caller's address: behind a proxy the last entry of X-Forwarded-For, the one that our own proxy wrote; of anybody else the peer's own."""
    forwarded = ""
    if settings.GONGMO_BEHIND_PROXY and speaks_for_others(environ):
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
    return forwarded.rsplit(",", 1)[-1].strip() or str(environ.get("REMOTE_ADDR", ""))


def within(address: str, networks: Networks) -> bool:
    """Whether a caller's address lies in one of the networks. A socket's caller has none and is on this machine."""
    if not address:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)
