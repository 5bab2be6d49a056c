"""One act on many reviews: each stands alone, what a rule holds up is told with why, and the rest goes through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.ledger.queries import history
from gongmo.screening.commands.base import due, locked_review_of, record, reviewer, said, standing
from gongmo.screening.commands.decisions import decide_eligible
from gongmo.screening.commands.supplements import request_supplement
from gongmo.screening.models import ProofDemand, Review, Supplement
from gongmo.screening.states import SupplementState

MOST = 200
"""Reviews that one request acts on."""
AGAIN = 60
"""Minutes that lie between two reminders of the same request."""


@dataclass(frozen=True, slots=True)
class Held:
    """A review on which the act was refused, and why."""

    review: Review
    why: Refused


def decide_many(*, actor: Actor, call_id: int, review_ids: Sequence[int]) -> tuple[int, list[Held]]:
    """Decide every chosen review eligible that meets every rule. Returns how many, and those that were held up."""

    def decide(review: Review) -> None:
        decide_eligible(actor=actor, review_id=review.pk)

    return _each(_chosen(actor, call_id, review_ids), decide)


def request_supplements(
    *,
    actor: Actor,
    call_id: int,
    review_ids: Sequence[int],
    what: str,
    due_at: datetime,
    opened: Sequence[str] = (),
) -> tuple[int, list[Held]]:
    """Ask the same supplement of many. `opened` are keys of answers and documents that are handed in once for an application."""
    chosen = _chosen(actor, call_id, review_ids)
    what = said(
        what, field="what", ko="무엇을 보완해야 하는지 적어 주세요.", en="Say what has to be completed."
    )
    due(due_at)

    def ask(review: Review) -> None:
        request_supplement(
            actor=actor, application_id=review.application_id, what=what, due_at=due_at, opened=opened
        )

    return _each(chosen, ask)


def send_notice(
    *, actor: Actor, call_id: int, review_ids: Sequence[int], title: str, text: str
) -> tuple[int, list[Held]]:
    """Send a message to the people of the chosen applications' organisations. It decides nothing; it stays in each history."""
    chosen = _chosen(actor, call_id, review_ids)
    title = said(title, field="title", ko="제목을 적어 주세요.", en="Give the message a title.", limit=120)
    text = said(text, field="text", ko="알릴 내용을 적어 주세요.", en="Write what is to be told.")

    def send(review: Review) -> None:
        with transaction.atomic():
            locked = locked_review_of(actor, review.application_id)
            standing(locked)
            record(actor, locked.application, "screening.send_notice", {"title": title, "text": text})

    return _each(chosen, send)


def remind(
    *, actor: Actor, call_id: int, supplement_ids: Sequence[int] = (), demand_ids: Sequence[int] = ()
) -> int:
    """Remind the applicants of chosen open requests and demands in one act. Returns how many were reminded of.

    What is answered, has run out or was reminded of within the hour is passed over; refused where nothing is left.
    """
    with transaction.atomic():
        call = Call.objects.filter(pk=call_id).first()
        if call is None:
            raise NotFound
        reviewer(actor, call)
        of, now = {"application__call": call}, clock.now()
        supplements = Supplement.objects.filter(
            pk__in=set(supplement_ids), state=SupplementState.ASKED, due_at__gt=now, **of
        )
        demands = ProofDemand.objects.filter(
            pk__in=set(demand_ids), handed_in_at__isnull=True, due_at__gt=now, **of
        )
        late = _reminded_lately(call)
        chosen = sorted(set(supplements.values_list("pk", flat=True)) - late["supplements"])
        wanted = sorted(set(demands.values_list("pk", flat=True)) - late["demands"])
        if not chosen and not wanted:
            raise Refused(
                "nothing_to_remind",
                f"지금 다시 알릴 요청이 없습니다. 답이 오지 않은 요청을 골라 주세요. 같은 요청은 {AGAIN}분에 한 번만 다시 알립니다.",
                f"Nothing to remind of: choose open requests. The same one is told again after {AGAIN} minutes.",
            )
        append(
            actor=actor,
            act="screening.remind",
            subject=("call", call.pk),
            call=call.slug,
            payload={"supplements": chosen, "demands": wanted},
        )
        return len(chosen) + len(wanted)


def _reminded_lately(call: Call) -> dict[str, set[int]]:
    since = clock.now() - timedelta(minutes=AGAIN)
    found: dict[str, set[int]] = {"supplements": set(), "demands": set()}
    for entry in history("call", call.pk, acts=frozenset({"screening.remind"})):
        if entry.at > since:
            for kind, keys in found.items():
                keys.update(entry.payload[kind])
    return found


def _chosen(actor: Actor, call_id: int, review_ids: Sequence[int]) -> list[Review]:
    """The chosen reviews of one call in order. Raises BadInput where nothing or too much is chosen, NotFound for a foreign one."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        raise NotFound
    reviewer(actor, call)
    wanted = set(review_ids)
    if not wanted or len(wanted) > MOST:
        raise BadInput(
            "nothing_chosen",
            f"신청을 골라 주세요. 한 번에 {MOST:,}건까지 됩니다.",
            f"Choose applications, {MOST:,} at once at most.",
            field="review",
        )
    found = list(
        Review.objects.filter(pk__in=wanted, application__call=call)
        .select_related("application")
        .order_by("application_id")
    )
    if len(found) != len(wanted):
        raise NotFound
    return found


def _each(reviews: list[Review], act: Callable[[Review], object]) -> tuple[int, list[Held]]:
    held: list[Held] = []
    for review in reviews:
        try:
            act(review)
        except Refused as why:
            held.append(Held(review, why))
    return len(reviews) - len(held), held
