"""What is being written and not submitted while the deadline comes near, for those who can still do something about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gongmo.applications.models import Application, Member
from gongmo.applications.queries.standing import marked_all, standing_of
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of, open_now
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.ledger import queries as ledger

SOON = timedelta(days=3)
"""From so long before the deadline on it is shouted."""
MOST = 5
EXTENDED_FOR = timedelta(days=1)
"""How long pages tell that a deadline was moved."""


@dataclass(frozen=True, slots=True)
class Unsubmitted:
    """An application that is not submitted, and how many things still forbid it."""

    application: Application
    left: int


def is_near(call: Call) -> bool:
    """Whether the call takes applications now and closes soon."""
    return open_now(call) and call.closes_at - clock.now() <= SOON


def unsubmitted(actor: Actor) -> list[Unsubmitted]:
    """The applications of the actor's organisation whose deadline is near, the nearest first, at most five.

    One query where nothing has changed since it was last asked; none for people without an organisation.
    """
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        return []
    now = clock.now()
    places = Member.objects.filter(organisation_id=actor.organisation, state=MemberState.ACCEPTED)
    near = (
        marked_all(actor)
        .filter(
            pk__in=places.values("application"),
            call__state=CallState.PUBLISHED,
            call__opens_at__lte=now,
            call__closes_at__gt=now,
            call__closes_at__lte=now + SOON,
        )
        .exclude(state=ApplicationState.SUBMITTED)
        .order_by("call__closes_at", "pk")
    )
    return [
        Unsubmitted(found, len(standing_of(found, definition_of(found.call)).obstacles))
        for found in near[:MOST]
    ]


@dataclass(frozen=True, slots=True)
class Extended:
    """A deadline that was moved for everyone: when, from when to when (instants), and why."""

    at: datetime
    before: datetime
    after: datetime
    reason: str

    @property
    def fresh(self) -> bool:
        """Whether it is still news."""
        return clock.now() - self.at < EXTENDED_FOR


def last_extension(call: Call) -> Extended | None:
    """The newest extension of the call's deadline. One query."""
    found = ledger.history("call", call.pk, acts=frozenset({"calls.extend"}), limit=1)
    if not found:
        return None
    told = found[0].payload
    return Extended(
        found[0].at,
        datetime.fromisoformat(told["old_closes_at"]),
        datetime.fromisoformat(told["closes_at"]),
        str(told["reason"]),
    )
