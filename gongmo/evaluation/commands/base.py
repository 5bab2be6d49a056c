"""What the evaluation commands share: locked rows in one order (call, stage, sheets), and what is over once a ranking is fixed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from gongmo.calls.models import Call
from gongmo.evaluation import policies
from gongmo.evaluation.models import Evaluator, Objection, Ranking, Seat
from gongmo.evaluation.states import ObjectionState
from gongmo.evaluation.voiding import Told
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.ledger.locks import lock
from gongmo.ledger.prepared import prepared


def locked_call(call_id: int) -> Call:
    """The call, locked until the transaction ends. Raises NotFound."""
    if not lock(Call, call_id):
        raise NotFound
    return Call.objects.select_related("operator", "version").get(pk=call_id)


def managed_call(actor: Actor, call_id: int) -> Call:
    """The locked call for its operator; the ministry is told that it may not, others nothing."""
    call = locked_call(call_id)
    manager(actor, call)
    return call


def manager(actor: Actor, call: Call) -> None:
    """Only the operator goes on; whoever may not even see the evaluation learns nothing of it."""
    if not policies.oversee(actor, call):
        raise NotFound
    policies.manage.require(actor, call)


def unfixed(call: Call) -> None:
    """Refuse what would change a ranking that is fixed. An upheld objection opens the evaluation again, for the re-evaluation alone:
    what the fixed ranking was computed from stays as it is (`voiding.live_sheets`)."""
    if Ranking.objects.filter(call=call).exists() and not reevaluated(call):
        raise Refused(
            "ranking_fixed",
            "순위가 이미 확정되어 평가 내용을 바꿀 수 없습니다.",
            "The ranking is fixed; the evaluation cannot be changed any more.",
        )


def reevaluated(call: Call) -> bool:
    """Whether an upheld objection waits for its re-evaluation to be fixed in the next version of the ranking."""
    return Objection.objects.filter(ranking__call=call, state=ObjectionState.UPHELD).exists()


def seat_of(seat_id: int) -> Seat:
    """The seat with its evaluator, committee and call. Raises NotFound."""
    seat = Seat.objects.select_related("evaluator", "committee__call__version").filter(pk=seat_id).first()
    if seat is None:
        raise NotFound
    return seat


def locked_seat(seat_id: int) -> Seat:
    """The same, locked until the transaction ends."""
    seat = (
        Seat.objects.select_for_update(of=("self",))
        .select_related("evaluator", "committee__call__version")
        .filter(pk=seat_id)
        .first()
    )
    if seat is None:
        raise NotFound
    return seat


def said(value: str, *, field: str, ko: str, en: str, limit: int = 4000) -> str:
    """A text that a person must give, trimmed. Raises BadInput where it is empty or too long."""
    text = value.strip()
    if not text:
        raise BadInput(f"{field}_missing", ko, en, field=field)
    if len(text) > limit:
        raise BadInput(
            f"{field}_too_long",
            f"{limit:,}자 이내로 줄여 주세요. 지금은 {len(text):,}자입니다.",
            f"Shorten this to {limit:,} letters; it has {len(text):,}.",
            field=field,
        )
    return text


def labelled(actor: Actor) -> Actor:
    """An evaluator under the label: the ministry reads what was done in a call, and knows experts by their labels only."""
    if actor.role is not Role.EVALUATOR:
        return actor
    label = _label.first(person=actor.person or 0)
    # Built anew: a request's actor is a lazy stand-in, which dataclasses do not take for one of theirs.
    return Actor(
        role=actor.role,
        person=actor.person,
        name=label or "",
        organisation=actor.organisation,
        organisation_name=actor.organisation_name,
        origin=actor.origin,
        address=actor.address,
    )


@prepared
def _label(*, person: int) -> QuerySet[Evaluator, str]:
    return Evaluator.objects.filter(person=person).order_by().values_list("label", flat=True)


def record(actor: Actor, call: Call, act: str, subject: tuple[str, int], payload: Mapping[str, Any]) -> None:
    """Append an act of the evaluation. Its subject is never the application, whose history the applicant reads."""
    append(actor=labelled(actor), act=act, subject=subject, call=call.slug, payload=payload)


def record_void(actor: Actor, call: Call, told: Told | None) -> None:
    """Append what `void` did."""
    if told is not None:
        record(actor, call, told[0], ("call", call.pk), told[1])
