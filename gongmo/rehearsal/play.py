"""The stage of a rehearsal: its clock, its people, and one door through which every act goes (a command)."""

import heapq
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
from gongmo.kernel.korean import stamp
from gongmo.ledger import commands as ledger
from gongmo.parties import commands as parties
from gongmo.parties import queries as parties_queries
from gongmo.parties.models import Organisation, Person
from gongmo.rehearsal.data import Account, Loaded

T = TypeVar("T")
Part = Iterator[datetime]
"""A part of the story: it yields the instants at which it goes on."""

STEP = timedelta(seconds=1)
SYSTEM = system("rehearsal")


class Play:
    """Everything that the parts of the story share."""

    def __init__(self, loaded: Loaded, say: Callable[[str], None]) -> None:
        self.loaded, self.script = loaded, loaded.script
        self.definition = loaded.definition
        self.random = random.Random(self.script.seed)  # noqa: S311 - invented scores, nothing secret
        self.now = self.script.published_at - timedelta(days=14)
        self.say_line = say
        # Hashing a password is slow on purpose; these accounts share one, so one hash serves them all.
        self.password_hash = make_password(self.script.password)
        self.organisations: dict[str, Organisation] = {}
        self.actors: dict[str, Actor] = {}
        self.people: dict[str, Person] = {}
        self.applications: dict[str, int] = {}
        self.call_id = 0
        self.number = count(1)

    def do(self, command: Callable[..., T], /, **given: Any) -> T:
        """One act at the play's instant; the clock then goes on by a second. Refusals pass through."""
        with clock.at(self.now):
            done = command(**given)
        self.now += STEP
        return done

    def at(self, instant: datetime) -> None:
        """Go on at an instant. Raises ValueError when it has passed already: the record must not run backwards."""
        if instant < self.now:
            raise ValueError(f"{instant} has passed; it is {self.now}")
        self.now = instant

    def run(self, *parts: Part) -> None:
        """Play parts that happen side by side, always the one whose instant comes first."""
        order = count()
        waiting: list[tuple[datetime, int, Part]] = []
        for part in parts:
            for instant in part:
                heapq.heappush(waiting, (instant, next(order), part))
                break
        while waiting:
            instant, _, part = heapq.heappop(waiting)
            self.at(max(instant, self.now))
            following = next(part, None)
            if following is not None:
                heapq.heappush(waiting, (following, next(order), part))

    def say(self, clause: str | None, text: str) -> None:
        """A line of progress: instant, clause, what happened."""
        self.say_line(f"{stamp(self.now, seconds=True):<24}{f'[{clause}]' if clause else '':<8} {text}")

    def sign_record(self) -> None:
        """A signed checkpoint over the record so far."""
        point = self.do(ledger.checkpoint, actor=SYSTEM)
        if point is not None:
            self.say(None, f"기록 {point.size:,}건까지 서명했습니다. 뿌리 {point.root[:12]}…")

    # --- People ---------------------------------------------------------------------------------------------------
    def organisation(self, key: str, name: str, **more: Any) -> Organisation:
        """Register an organisation once; later mentions of the key give the same one."""
        if key not in self.organisations:
            self.organisations[key] = self.do(parties.register_organisation, actor=SYSTEM, name=name, **more)
        return self.organisations[key]

    def person(self, key: str, name: str) -> Person:
        """Register an invented person with the rehearsal's password."""
        made = self.do(
            parties.register_person,
            actor=SYSTEM,
            email=f"{key}@{self.script.address}",
            display_name=name,
            password_hash=self.password_hash,
            invented=True,
        )
        self.people[key] = made
        return made

    def member(self, key: str, organisation: Organisation, name: str) -> Actor:
        """A new person who owns an organisation's place, as the actor of its acts."""
        person = self.person(key, name)
        self.do(
            parties.add_member,
            actor=SYSTEM,
            person_id=person.pk,
            organisation_id=organisation.pk,
            role=OrganisationRole.OWNER,
        )
        return self._actor(key, person, Role.APPLICANT, organisation.pk)

    def officer(self, account: Account, organisation: Organisation | None) -> Actor:
        """A new person with a granted role, as the actor of its acts."""
        person = self.person(account.id, account.name)
        organisation_id = organisation.pk if organisation is not None else None
        self.do(
            parties.grant_role,
            actor=SYSTEM,
            person_id=person.pk,
            role=account.role,
            organisation_id=organisation_id,
        )
        return self._actor(account.id, person, account.role, organisation_id)

    def _actor(self, key: str, person: Person, role: Role, organisation_id: int | None) -> Actor:
        with clock.at(self.now):
            actor = parties_queries.actor_for(person, role, organisation_id, origin="rehearsal")
        self.actors[key] = actor
        return actor
