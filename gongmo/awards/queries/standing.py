"""What has changed around the negotiations since they were opened: a newer ranking, objections that are not settled, who is in charge."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongmo.awards import policies
from gongmo.awards.models import Negotiation
from gongmo.awards.states import NegotiationState
from gongmo.calls.models import Call
from gongmo.evaluation.models import Objection, Ranking
from gongmo.evaluation.queries import ranking_value
from gongmo.evaluation.states import ObjectionState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger.queries import history
from gongmo.screening.models import Review

_OPENED = frozenset({"awards.open_negotiations"})


@dataclass(frozen=True, slots=True)
class Since:
    """`opened_from` and `newest` are numbers of versions of the ranking (0: none). `risen` are the leads that the newest selects and with
    whom nobody negotiates; `fallen` those still negotiated with that it does not select. `objections`: results objected to, not settled."""

    opened_from: int = 0
    newest: int = 0
    risen: tuple[str, ...] = ()
    fallen: tuple[str, ...] = ()
    objections: int = 0

    @property
    def newer(self) -> bool:
        return 0 < self.opened_from < self.newest


def since_opened(actor: Actor, call: Call, negotiations: Iterable[Negotiation]) -> Since:
    """What an officer has to know before going on. Raises NotFound for those who may not oversee the call."""
    if not policies.oversee(actor, call):
        raise NotFound
    waiting = Objection.objects.filter(
        ranking__call=call, state__in=(ObjectionState.FILED, ObjectionState.UPHELD)
    ).count()
    versions = dict(Ranking.objects.filter(call=call).values_list("inputs_hash", "number"))
    newest = max(versions.values(), default=0)
    opened = history("call", call.pk, acts=_OPENED, limit=1) if newest > 1 else []
    if not opened:
        return Since(newest=newest, objections=waiting)
    began = versions.get(opened[0].payload["ranking"], 0)
    if began >= newest:
        return Since(began, newest, objections=waiting)
    selected = set(ranking_value(call, number=newest).selected)
    held = [(str(each.application_id) in selected, each) for each in negotiations]
    return Since(
        opened_from=began,
        newest=newest,
        risen=tuple(
            each.application.lead.name
            for chosen, each in held
            if chosen and each.state == NegotiationState.RESERVE
        ),
        fallen=tuple(
            each.application.lead.name
            for chosen, each in held
            if not chosen and each.state in (NegotiationState.OPEN, NegotiationState.AGREED)
        ),
        objections=waiting,
    )


def officers_in_charge(negotiations: Iterable[Negotiation]) -> dict[int, str]:
    """Names of the officers in charge by application: whoever has its review has its negotiation, too."""
    wanted = [each.application_id for each in negotiations]
    return dict(
        Review.objects.filter(application__in=wanted, officer__isnull=False).values_list(
            "application_id", "officer__display_name"
        )
    )
