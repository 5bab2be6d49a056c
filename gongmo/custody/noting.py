"""Notes each access after the answer is made and before it leaves: pages shown, kept or not, files, lists, exports, refused attempts."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from gongmo.custody import reasons
from gongmo.custody.watched import WATCHED, Watch
from gongmo.kernel.actor import Actor, Role
from gongmo.parties.pages import actor_of
from gongmo.privacy.commands import note
from gongmo.privacy.models import Kind

Handler = Callable[[HttpRequest], HttpResponse]

AGAIN = 600.0
"""Seconds in which an applicant's repeated look at the same page is one access."""
MOST = 20_000
_SHOWN = frozenset({200, 206, 304})
_REFUSED = frozenset({403, 404})
_READING = frozenset({"GET", "HEAD"})


class AccessNotes:
    """Looks each answer's page up in the table of watched pages. Costs one look-up for all others."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        watch = WATCHED.get(match.view_name) if match is not None else None
        if match is None or watch is None or not request.user.is_authenticated:
            return response
        return self._watched(request, response, match.view_name, watch, match.kwargs)

    def _watched(
        self, request: HttpRequest, response: HttpResponse, page: str, watch: Watch, parts: dict[str, Any]
    ) -> HttpResponse:
        reading = request.method in _READING
        refused = response.status_code in _REFUSED
        # A GET that led elsewhere (302) showed nothing. What was sent was done, or its page is shown once more with what was wrong (409, 422).
        done = _showed(response, watch) if reading else response.status_code < 500
        if not (refused or done):
            return response
        actor = actor_of(request)
        if not refused and not concerns(actor, watch):
            return response
        reason, applicant = "", actor.role is Role.APPLICANT
        if watch.reason and reading and not refused and not applicant:
            session: SessionBase = request.session
            reason = reasons.given(session, request.get_full_path())
            if not reason:
                return reasons.ask(request)
        subject = (watch.subject, parts.get(watch.key, "") if watch.key else "")
        if applicant and not refused and not _anew(actor.person, page, subject, actor.organisation):
            return response
        note(
            actor=actor,
            kind=watch.kind if reading else Kind.CHANGE,
            page=page,
            subject=subject,
            outcome=response.status_code,
            detail=request.META.get("QUERY_STRING", "") if watch.kind in (Kind.LIST, Kind.EXPORT) else "",
            reason=reason,
        )
        return response


def _showed(response: HttpResponse, watch: Watch) -> bool:
    """Whether data was shown: by this answer, or by the storage's signed address to which it leads."""
    if response.status_code == 302 and watch.kind in (Kind.FILE, Kind.EXPORT):
        return "://" in response["Location"]
    return response.status_code in _SHOWN


_lately: OrderedDict[Hashable, float] = OrderedDict()
_lock = Lock()


def _anew(*key: Hashable) -> bool:
    """Whether this process has not noted the same in the last ten minutes: an applicant who edits opens the same page all day long."""
    now = monotonic()
    with _lock:
        if _lately.get(key, -AGAIN) > now - AGAIN:
            return False
        _lately[key] = now
        _lately.move_to_end(key)
        while len(_lately) > MOST:
            _lately.popitem(last=False)
    return True


def concerns(actor: Actor, watch: Watch) -> bool:
    """Whether what was shown is other people's data: for an office always, for an applicant where the page says so."""
    return actor.role is not Role.APPLICANT or watch.everyone
