"""The applications that an officer may see, sixty at a time."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongmo.applications.models import Application, Submission
from gongmo.applications.queries.reading import visible_applications
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.kernel.actor import Actor

SIZE = 60
"""Applications on a page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: words in title, lead, region or receipt number; a state; a call by its slug; which page."""

    words: str = ""
    state: str = ""
    call: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.state or self.call)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of what was found, the ones changed last first; how many there are on all pages; the calls there are to choose from."""

    applications: tuple[Application, ...]
    total: int
    page: int
    pages: int
    calls: tuple[Call, ...]


def listed_applications(actor: Actor, asked: Asked) -> Listed:
    """What the actor may see of what was asked for. Three statements, however many there are."""
    seen = visible_applications(actor)
    calls = Call.objects.filter(pk__in=seen.order_by().values("call")).order_by("-published_at", "-pk")
    found = _narrowed(seen, asked)
    total = found.count()
    pages = max(1, -(-total // SIZE))
    page = min(max(1, asked.page), pages)
    start = (page - 1) * SIZE
    rows = found.order_by("-changed_at", "-pk")[start : start + SIZE]
    return Listed(tuple(rows), total, page, pages, tuple(calls.only("slug", "title_ko", "title_en")))


def _narrowed(found: QuerySet[Application], asked: Asked) -> QuerySet[Application]:
    for word in asked.words.split()[:8]:
        receipt = Submission.objects.filter(application=OuterRef("pk"), receipt_number__icontains=word)
        found = found.filter(
            Q(title__icontains=word)
            | Q(lead__name__icontains=word)
            | Q(region__ko__icontains=word)
            | Q(region__en__icontains=word)
            | Exists(receipt)
        )
    if asked.state in set(ApplicationState):
        found = found.filter(state=asked.state)
    if asked.call:
        found = found.filter(call__slug=asked.call)
    return found
