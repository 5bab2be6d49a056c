"""Pages of one reader that are kept while what they show stands.

A page is made once and cut at its holes: what differs from one showing to the next (form tokens, the header with the server's clock, the
time left until a deadline). Each later showing fills the holes. Who keeps pages says under which key; a key must hold everything that the page
depends on and that its place does not tell already, above all who reads it: the content of one person is never shown to another.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language
from markupsafe import Markup

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.public import Span

Fill = Callable[[HttpRequest], str]
"""What stands in a hole for this request: HTML."""
_MARK = secrets.token_hex(12)
"""Nobody can write a hole into a text: the mark is drawn anew by each process and never leaves it."""
_HOLE = re.compile(f"{_MARK}-([0-9]+)-")
_PLACE = "_gongmo_holes"
_LONGEST_ADDRESS = 300


class NotKept(Exception):
    """A page did with the present instant what no hole can stand for; it is made anew for each showing."""


class Holes:
    """The holes of a page that is being made."""

    def __init__(self) -> None:
        self.fills: list[Fill] = []

    def hole(self, fill: Fill) -> Markup:
        """The mark to put into the page where `fill` is to stand."""
        self.fills.append(fill)
        return Markup(f"{_MARK}-{len(self.fills) - 1}-")  # noqa: S704 - our own mark

    def cut(self, html: str) -> "Kept":
        """The finished page."""
        pieces = _HOLE.split(html)
        return Kept(
            tuple(
                self.fills[int(piece)] if place % 2 else piece.encode() for place, piece in enumerate(pieces)
            )
        )


class Later:
    """Stands for the present instant in a page that is being kept. Nothing may be computed with it."""

    def __init__(self, holes: Holes) -> None:
        self.holes = holes

    def show(self, how: Callable[[datetime], str]) -> Markup:
        """A hole for what `how` says of the instant of each showing."""
        return self.holes.hole(lambda request: how(instant_of(request)))

    def _refuse(self, *_: object) -> NoReturn:
        raise NotKept

    __getattr__ = __sub__ = __rsub__ = __add__ = __radd__ = __lt__ = __le__ = __gt__ = __ge__ = __str__ = (
        _refuse
    )


class Kept:
    """A page cut at its holes."""

    __slots__ = ("pieces", "span")

    def __init__(self, pieces: tuple[bytes | Fill, ...]) -> None:
        self.pieces = pieces
        self.span: Span | None = None
        """From when until when it says the same by itself, where the view told (gongmo.kernel.public.keep)."""

    def shown(self, request: HttpRequest) -> bytes:
        """The page for this request."""
        return b"".join(
            piece if isinstance(piece, bytes) else piece(request).encode() for piece in self.pieces
        )


class Shelf:
    """Kept pages of one thing, as long as it stands; the ones that were not asked for longest make room."""

    def __init__(self, most: int = 24) -> None:
        self.most = most
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()

    def put(self, key: Hashable, page: Kept) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self.most:
                self._pages.popitem(last=False)


def holes_of(request: HttpRequest) -> Holes | None:
    """The holes of the page that is being made for keeping, None for any other."""
    found: Holes | None = getattr(request, _PLACE, None)
    return found


def instant_of(request: HttpRequest) -> datetime:
    """When the server received the request."""
    found: datetime = getattr(request, "received_at", None) or clock.now()
    return found


def token_of(request: HttpRequest) -> str:
    """The request's form token: drawn once, shown in every form of the page."""
    holder: Any = request
    if not hasattr(holder, "_gongmo_token"):
        renewed = request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
        brought = request.META.get("CSRF_COOKIE") is not None and not renewed
        holder._gongmo_token = get_token(request)
        if brought and request.user.is_authenticated:
            # Signing in made the cookie, and a session ends long before it: it need not be sent again with every page.
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    token: str = holder._gongmo_token
    return token


def keep_page(
    request: HttpRequest,
    shelf: Shelf,
    key: tuple[Hashable, ...],
    actor: Actor,
    make: Callable[[], HttpResponse],
) -> HttpResponse:
    """The page from the shelf, or made by `make` and put there.

    Made anew, and not kept, where it is not only read, carries a message, has an endless address or does with the present instant what it
    must not. The reader, the language and the address are part of the key by themselves.
    """
    address = request.get_full_path()
    if request.method != "GET" or len(address) > _LONGEST_ADDRESS or len(get_messages(request)):
        return _alone(make())
    whole = (key, _reader(actor), get_language(), request.COOKIES.get("gongmo_contrast", ""), address)
    page = shelf.get(whole)
    if page is None or (page.span is not None and not page.span.holds(instant_of(request))):
        holes = Holes()
        setattr(request, _PLACE, holes)
        try:
            response = make()
        except NotKept:
            delattr(request, _PLACE)
            return _alone(make())
        finally:
            if hasattr(request, _PLACE):
                delattr(request, _PLACE)
        page = holes.cut(response.content.decode())
        page.span = getattr(response, "public_span", None)
        if response.status_code == 200 and not response.cookies:
            shelf.put(whole, page)
        response.content = page.shown(request)
        return _alone(response)
    return HttpResponse(page.shown(request))


BY_RECORD = Shelf(300)


def keep_by_record(
    request: HttpRequest,
    actor: Actor,
    mark: tuple[Hashable, ...],
    make: Callable[[], HttpResponse],
) -> HttpResponse:
    """A reader's page that is drawn from what commands write only: kept while the record's `mark` stands (ledger.queries.mark_of), and
    for the minute at most, so that what the passing time alone changes (a deadline, a day) is there with the minute in which it does.

    Whoever may not read it is refused by `make`: what someone may do follows from who acts (a part of the key) and from what the mark
    covers. Nothing may be noted by `make`, for it is not called at each showing.
    """
    minute = instant_of(request).replace(second=0, microsecond=0)
    key = (*mark, minute, settings.GONGMO_REHEARSAL_MARK.exists())
    return keep_page(request, BY_RECORD, key, actor, make)


def _alone(response: HttpResponse) -> HttpResponse:
    """A page for one reader is none that everyone may be shown, whatever its view says."""
    response.__dict__.pop("public_span", None)
    return response


def _reader(actor: Actor) -> tuple[Hashable, ...]:
    """Who reads: everything of the actor but the network address."""
    return (
        actor.person,
        actor.role,
        actor.name,
        actor.organisation,
        actor.organisation_name,
        actor.organisation_role,
    )
