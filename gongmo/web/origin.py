"""Under which address the site is named in what it writes: links in mails, feeds, calendars, data for other sites and papers.

A request's Host header says what its sender likes. Its name is one of ALLOWED_HOSTS, which Django sees to; its port may be any. What was made
for one reader is kept for others (gongmo/web/public_cache.py, a proxy's cache) or mailed to somebody else, so that only ports that are
this site's are written; for any other the address is GONGMO_SITE_URL (docs/decisions/0199-only-named-addresses-are-written.md).
"""

from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.encoding import iri_to_uri

_USUAL = {"http": "80", "https": "443"}
_KEPT = "gongmo.origin"


def origin(request: HttpRequest) -> str:
    """Scheme, name and port under which the request reached the site, in one spelling; GONGMO_SITE_URL where the port is none of this site's.

    Raises DisallowedHost for a name that is not the site's.
    """
    if _KEPT not in request.META:
        request.META[_KEPT] = _origin(request)
    found: str = request.META[_KEPT]
    return found


def _origin(request: HttpRequest) -> str:
    scheme = request.scheme or "http"
    name, port = split_domain_port(request.get_host())
    if port in ("", _USUAL[scheme]):
        return f"{scheme}://{name}"
    return f"{scheme}://{name}:{port}" if port in _own_ports(request) else str(settings.GONGMO_SITE_URL)


def _own_ports(request: HttpRequest) -> set[str]:
    """The port of GONGMO_SITE_URL, and the one that is listened at where no proxy stands in front."""
    ports = {str(urlsplit(settings.GONGMO_SITE_URL).port or "")}
    if not settings.GONGMO_BEHIND_PROXY:
        ports.add(str(request.META.get("SERVER_PORT", "")))
    return ports


def absolute(request: HttpRequest, location: str | None = None) -> str:
    """`request.build_absolute_uri`, under `origin` instead of whatever the Host header said."""
    if location is None:
        return iri_to_uri(f"{origin(request)}{request.get_full_path()}")
    return iri_to_uri(urljoin(f"{origin(request)}{request.path}", str(location)))


class NamedOrigin:
    """Absolute addresses of all requests are made by `absolute`, those of libraries as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.build_absolute_uri = partial(absolute, request)  # type: ignore[method-assign]
        return self.get_response(request)
