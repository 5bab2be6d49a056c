"""What either side sees of a negotiation: its points, the offers as versions, and the budget that an offered sum would give."""

from dataclasses import dataclass
from datetime import date

from gongmo.applications.queries import submitted_value
from gongmo.awards import policies
from gongmo.awards.commands.offers import points_of
from gongmo.awards.limits import limit_of, warned_from
from gongmo.awards.models import Negotiation, NegotiationOffer, NegotiationPoint, Side
from gongmo.awards.refit import asked_of, refit
from gongmo.awards.states import NegotiationState
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Cell
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused


@dataclass(frozen=True, slots=True)
class Fitted:
    """A budget cell that an offered sum changes: its key, won before and after."""

    key: str
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Table:
    """A negotiation as it lies before one side. `offers` newest first; `asked` won that the application asks for."""

    negotiation: Negotiation
    definition: Definition
    side: Side | None
    points: list[NegotiationPoint]
    offers: list[NegotiationOffer]
    asked: int | None
    least: int | None
    fitted: list[Fitted]
    impossible: Refused | None
    limit: date | None
    warned: bool
    days_left: int | None
    may_offer: bool

    @property
    def current(self) -> NegotiationOffer | None:
        return self.offers[0] if self.offers else None

    @property
    def theirs(self) -> bool:
        """Whether the newest offer is the other side's, so that it waits for this side's answer."""
        return self.current is not None and self.current.side != self.side


def require_voice(actor: Actor, negotiation_id: int) -> None:
    """That the actor speaks for a side of the negotiation. Raises NotFound for those who know nothing of it, NotAllowed for the rest."""
    negotiation = (
        Negotiation.objects.select_related("application__lead", "call__operator")
        .filter(pk=negotiation_id)
        .first()
    )
    if negotiation is None or not policies.see_negotiation(actor, negotiation):
        raise NotFound
    if not policies.manage(actor, negotiation.call):
        policies.negotiate.require(actor, negotiation)


def table_for(actor: Actor, negotiation_id: int) -> Table:
    """The negotiation as the actor may see it. Raises NotFound."""
    negotiation = (
        Negotiation.objects.select_related(
            "application__lead", "application__region", "call__operator", "call__version"
        )
        .filter(pk=negotiation_id)
        .first()
    )
    if negotiation is None or not policies.see_negotiation(actor, negotiation):
        raise NotFound
    definition = definition_of(negotiation.call)
    manages = policies.manage(actor, negotiation.call)
    speaks = manages or policies.negotiate(actor, negotiation)
    offers = list(
        NegotiationOffer.objects.filter(negotiation=negotiation).select_related("made_by").order_by("-number")
    )
    asked = least = None
    fitted: list[Fitted] = []
    impossible: Refused | None = None
    if definition.allocation is not None:
        value = submitted_value(negotiation.application)
        asked = asked_of(definition, value)
        least = min(definition.allocation.floor, asked)
        if offers and offers[0].amount is not None:
            try:
                _, cells = refit(definition, value, offers[0].amount)
                fitted = changed_cells(value.budget, cells)
            except Refused as refused:
                impossible = refused
    limit = limit_of(definition, negotiation)
    today = clock.now().astimezone(clock.SEOUL).date()
    opened = negotiation.state == NegotiationState.OPEN
    return Table(
        negotiation=negotiation,
        definition=definition,
        side=Side.AGENCY if manages else Side.CONSORTIUM if speaks else None,
        points=points_of(definition, negotiation),
        offers=offers,
        asked=asked,
        least=least,
        fitted=fitted,
        impossible=impossible,
        limit=limit,
        warned=opened and limit is not None and today >= warned_from(definition, limit),
        days_left=(limit - today).days if limit is not None else None,
        may_offer=speaks and opened,
    )


def changed_cells(before: tuple[Cell, ...], after: tuple[Cell, ...]) -> list[Fitted]:
    """The cells whose won differ, in the order of the later budget."""
    was = {cell.key: cell.amount for cell in before}
    now = {cell.key: cell.amount for cell in after}
    return [
        Fitted(key, was.get(key, 0), now.get(key, 0))
        for key in dict.fromkeys([*now, *was])
        if was.get(key, 0) != now.get(key, 0)
    ]
