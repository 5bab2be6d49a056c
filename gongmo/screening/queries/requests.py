"""What applicants were asked for in a call, by when it is due."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.states import Family, Shown
from gongmo.screening import policies
from gongmo.screening.models import ProofDemand, Supplement
from gongmo.screening.states import SupplementState, supplements_table

WAITED = Shown("기다리는 중", "Waited for", Family.ATTENTION)
LATE = Shown("기한 지남", "Overdue", Family.STOPPED)


@dataclass(frozen=True, slots=True)
class Request:
    """A supplement or a demanded proof that is not settled. `key` is "supplement-3" or "demand-5"; `waits`: a reminder makes sense."""

    key: str
    application: int
    title: str
    lead: str
    officer: str
    what: str | Text
    asked_at: datetime
    due_at: datetime
    shown: Shown
    waits: bool


def open_requests(actor: Actor, call: Call, *, officer: int | None = None) -> list[Request]:
    """Every request of a call that is not settled, the next due first. Two statements. Raises NotFound for those who may not oversee it."""
    if not policies.oversee(actor, call):
        raise NotFound
    now = clock.now()
    standing = Q(application__call=call, application__state=ApplicationState.SUBMITTED)
    if officer is not None:
        standing &= Q(application__review__officer=officer)
    joined = ("application__lead", "application__review__officer")
    found: list[Request] = []
    supplements = Supplement.objects.filter(
        standing, state__in=(SupplementState.ASKED, SupplementState.ANSWERED)
    )
    for one in supplements.select_related(*joined):
        state = SupplementState(one.state)
        late = state is SupplementState.ASKED and one.due_at <= now
        found.append(
            _request(
                f"supplement-{one.pk}",
                one,
                one.what,
                one.asked_at,
                LATE if late else supplements_table.shown[state],
                state is SupplementState.ASKED and not late,
            )
        )
    names = {kind.id: kind.name for kind in definition_of(call).facts}
    demands = ProofDemand.objects.filter(standing, handed_in_at__isnull=True)
    for demand in demands.select_related(*joined, "organisation"):
        name = names.get(demand.fact, Text(ko=demand.fact, en=demand.fact))
        what = Text(ko=f"{demand.organisation.name}: {name.ko}", en=f"{demand.organisation.name}: {name.en}")
        late = demand.due_at <= now
        found.append(
            _request(
                f"demand-{demand.pk}", demand, what, demand.demanded_at, LATE if late else WAITED, not late
            )
        )
    return sorted(found, key=lambda request: (request.due_at, request.key))


def overdue(call: Call) -> bool:
    """Whether a supplement of the call was not answered by its due instant. One statement. The caller has asked who wants to know."""
    return Supplement.objects.filter(
        application__call=call, state=SupplementState.ASKED, due_at__lte=clock.now()
    ).exists()


def _request(
    key: str, row: Supplement | ProofDemand, what: str | Text, asked_at: datetime, shown: Shown, waits: bool
) -> Request:
    application = row.application
    officer = application.review.officer if hasattr(application, "review") else None
    return Request(
        key,
        application.pk,
        application.title,
        application.lead.name,
        officer.display_name if officer else "",
        what,
        asked_at,
        row.due_at,
        shown,
        waits,
    )
