"""Keeps the pages that everyone may read: rendered once, answered from memory, never stale.

A reader without a session gets a page that holds nothing of anybody (no form token, no clock). It is kept in this process under its path,
its declared parameters, its language and contrast, together with the mark under which it was made. Each request asks for the mark (one
statement); a changed mark, or the instant at which the page says something else by itself, throws the page away.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from time import monotonic
from typing import NamedTuple

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.urls import Resolver404, resolve
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from gongmo.calls import marks
from gongmo.kernel import clock
from gongmo.kernel.public import Reading, Span
from gongmo.ledger.published import newest_checkpoint
from gongmo.web.context import CONTRAST_COOKIE
from gongmo.web.origin import origin
from gongmo.web.shedding import BUSY

Handler = Callable[[HttpRequest], HttpResponse]

FRESH = timedelta(seconds=10)
"""How long a browser or a proxy may show the page without asking again."""
LATE = timedelta(seconds=30)
"""How much longer it may show the page while it asks."""
PAGES, BYTES, LONGEST_QUERY = 512, 48 * 1024 * 1024, 300
"""Bounds of what is kept: pages, their bytes, letters of a query (a longer one is answered and not kept)."""
LENIENT = 1.0
"""Seconds for which a mark is taken to stand while the server is full."""
SMALLEST = 400
"""Bytes below which compressing does not pay."""


class Key(NamedTuple):
    path: str
    query: str
    language: str
    high_contrast: bool


@dataclass(slots=True)
class Page:
    """A kept answer with its compressed forms, made when first asked for."""

    mark: str
    span: Span
    changed: datetime | None
    headers: dict[str, str]
    body: bytes
    etag: str
    encoded: dict[str, bytes] = field(default_factory=dict)

    def content(self, encoding: str) -> bytes:
        if not encoding or len(self.body) < SMALLEST:
            return self.body
        if encoding not in self.encoded:
            made = brotli.compress(self.body, quality=5) if encoding == "br" else gzip.compress(self.body, 6)
            self.encoded[encoding] = made
        return self.encoded[encoding]

    @property
    def size(self) -> int:
        return len(self.body) * 2


def _calls_mark() -> tuple[str, datetime | None]:
    found = marks.standing()
    return found.value, found.at


def _record_mark() -> tuple[str, datetime | None]:
    found = newest_checkpoint()
    return (f"{found.size}-{found.root}", found.at) if found else ("", None)


MARKS: dict[str, Callable[[], tuple[str, datetime | None]]] = {"calls": _calls_mark, "record": _record_mark}


class PublicPages:
    """Answers kept pages, and keeps those that a public view says may be kept."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.bytes = 0
        self.lock = Lock()
        self.marks: dict[str, tuple[float, tuple[str, datetime | None]]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or _somebody(request):
            return self.get_response(request)
        reading = _reading(request.path_info)
        if reading is None:
            return self.get_response(request)
        _narrow(request, reading)
        key = _key(request)
        now = getattr(request, "received_at", None) or clock.now()
        mark, changed = self._mark(reading.mark, busy=BUSY in request.META)
        if reading.mark == "calls":
            request.public_mark = mark  # type: ignore[attr-defined]
        page = self.pages.get(key)
        if page is None or page.mark != mark or not page.span.holds(now):
            response = self.get_response(request)
            page = _kept(response, mark, changed)
            if page is None:
                return response
            self._keep(key, page)
        return _answer(request, page, now)

    def _mark(self, name: str, *, busy: bool) -> tuple[str, datetime | None]:
        """The mark that stands. While everything is taken, one that was asked for within the last second will do: browsers and proxies
        may show the page for ten without asking."""
        asked = monotonic()
        found = self.marks.get(name)
        if not busy or found is None or asked - found[0] > LENIENT:
            found = self.marks[name] = (asked, MARKS[name]())
        return found[1]

    def _keep(self, key: Key, page: Page) -> None:
        if len(key.query) > LONGEST_QUERY:
            return
        with self.lock:
            before = self.pages.pop(key, None)
            self.bytes += page.size - (before.size if before else 0)
            self.pages[key] = page
            while len(self.pages) > PAGES or self.bytes > BYTES:
                self.bytes -= self.pages.popitem(last=False)[1].size


def _somebody(request: HttpRequest) -> bool:
    """Whether the request may belong to a person, or carries a message for one."""
    cookies = request.COOKIES
    return settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies


_readings: OrderedDict[str, Reading | None] = OrderedDict()
_readings_lock = Lock()


def _reading(path: str) -> Reading | None:
    """What the view behind the path declares, None where it is not public. Remembered: resolving costs more than the rest."""
    with _readings_lock:
        if path in _readings:
            _readings.move_to_end(path)
            return _readings[path]
    try:
        found = getattr(resolve(path).func, "public", None)
    except Resolver404:
        found = None
    with _readings_lock:
        _readings[path] = found
        while len(_readings) > 4 * PAGES:
            _readings.popitem(last=False)
    return found


def _narrow(request: HttpRequest, reading: Reading) -> None:
    """Leave only what the view declares to read, in one order, so that the page cannot depend on anything else."""
    wanted = QueryDict(mutable=True)
    for name in sorted(reading.names & request.GET.keys()):
        values = [value for value in request.GET.getlist(name) if value]
        if values:
            wanted.setlist(name, values)
    request.META["QUERY_STRING"] = wanted.urlencode()
    request.GET = QueryDict(request.META["QUERY_STRING"])
    request.public = True  # type: ignore[attr-defined]


def _key(request: HttpRequest) -> Key:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return Key(
        # Absolute addresses (feeds, JSON) name the host that was asked for, and only ports of this site.
        f"{origin(request)}{request.path}",
        request.META["QUERY_STRING"],
        chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        request.COOKIES.get(CONTRAST_COOKIE) == "high",
    )


def _kept(response: HttpResponse, mark: str, changed: datetime | None) -> Page | None:
    """The response as a page to keep, None where it may not be kept."""
    span: Span | None = getattr(response, "public_span", None)
    if span is None or response.status_code != 200 or response.streaming or response.cookies:
        return None
    headers = {
        name: value for name, value in response.items() if name.lower() not in ("vary", "cache-control")
    }
    body = response.content
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    since = max((each for each in (span.since, changed) if each is not None), default=None)
    return Page(mark, span, since, headers, body, etag)


def _answer(request: HttpRequest, page: Page, now: datetime) -> HttpResponse:
    encoding = _encoding(request.headers.get("Accept-Encoding", ""))
    response: HttpResponse
    if _known(request, page, now):
        response = HttpResponseNotModified()
        response.headers["Content-Language"] = page.headers.get("Content-Language", "")
    else:
        content = page.content(encoding)
        response = HttpResponse(content)
        for name, value in page.headers.items():
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(content))
        if content is not page.body:
            response.headers["Content-Encoding"] = encoding
    left = page.span.until - now
    fresh = min(FRESH, left)
    late = min(LATE, left - fresh)
    response.headers["Cache-Control"] = (
        f"public, max-age={int(fresh.total_seconds())}, stale-while-revalidate={int(late.total_seconds())}"
    )
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    response.headers["ETag"] = page.etag
    if page.changed is not None:
        response.headers["Last-Modified"] = http_date(page.changed.timestamp())
    return response


def _known(request: HttpRequest, page: Page, now: datetime) -> bool:
    """Whether the reader holds this very page. A date alone tells nothing of changes within its second."""
    if tags := request.headers.get("If-None-Match"):
        held = parse_etags(tags)
        return held == ["*"] or page.etag in held or page.etag.removeprefix("W/") in held
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is None or page.changed is None or now - page.changed < timedelta(seconds=2):
        return False
    return datetime.fromtimestamp(since, UTC) >= page.changed.replace(microsecond=0)


def _encoding(accepted: str) -> str:
    """The best of our encodings that the reader takes."""
    taken = set()
    for part in accepted.lower().split(","):
        name, _, quality = part.strip().partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return next((name for name in ("br", "gzip") if name in taken), "")
