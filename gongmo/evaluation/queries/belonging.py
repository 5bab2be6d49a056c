"""Whether what a form names belongs to the page on which it was sent. An act then goes to a command, which asks who may do it."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from django.db.models import QuerySet

from gongmo.calls.models import Call
from gongmo.evaluation import policies
from gongmo.evaluation.models import (
    Absence,
    Affiliation,
    Bonus,
    Challenge,
    Committee,
    Objection,
    Proposal,
    Seat,
    SiteVisit,
    StageRun,
    Substitute,
)
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.screening.queries import eligible_applications

Kind = Literal[
    "application",
    "bonus",
    "challenge",
    "committee",
    "objection",
    "proposal",
    "run",
    "seat",
    "substitute",
    "visit",
]

_OF_CALL: Mapping[Kind, Callable[[Call], QuerySet[Any]]] = {
    "application": eligible_applications,
    "bonus": lambda call: Bonus.objects.filter(application__call=call),
    "challenge": lambda call: Challenge.objects.filter(seat__committee__call=call),
    "committee": lambda call: Committee.objects.filter(call=call),
    "objection": lambda call: Objection.objects.filter(ranking__call=call),
    "proposal": lambda call: Proposal.objects.filter(call=call),
    "run": lambda call: StageRun.objects.filter(call=call),
    "seat": lambda call: Seat.objects.filter(committee__call=call),
    "substitute": lambda call: Substitute.objects.filter(application__call=call),
    "visit": lambda call: SiteVisit.objects.filter(committee__call=call),
}


def of_call(actor: Actor, call: Call, kind: Kind, key: int) -> int:
    """The key, where the call has such a row and the actor oversees the call. Raises NotFound otherwise. One statement.

    An "application" is one that is eligible (gongmo.screening.queries).
    """
    if not policies.oversee(actor, call) or not _OF_CALL[kind](call).filter(pk=key).exists():
        raise NotFound
    return key


def of_expert(evaluator_id: int, kind: Literal["affiliation", "absence"], key: int) -> int:
    """The key, where such a row is of this expert. Raises NotFound otherwise. One statement.

    The caller has read the expert's profile (gongmo.evaluation.queries.pool.profile), which asks the policy.
    """
    rows: QuerySet[Any] = (Affiliation if kind == "affiliation" else Absence).objects.all()
    if not rows.filter(pk=key, evaluator=evaluator_id).exists():
        raise NotFound
    return key
