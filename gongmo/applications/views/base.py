"""What the pages of one application share: the application as this actor sees it, its state, its steps."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongmo.applications.models import Application, Member
from gongmo.applications.policies import may_edit, may_submit
from gongmo.applications.queries.standing import Standing, marked, standing_of
from gongmo.applications.queries.unsubmitted import Extended, is_near, last_extension
from gongmo.applications.readiness import Obstacle
from gongmo.applications.states import ApplicationState, applications_table
from gongmo.applications.steps import Step, steps
from gongmo.calls.queries import definition_of, open_now
from gongmo.definition import application as plain
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.parties.kept import keep_page
from gongmo.parties.pages import actor_of, said
from gongmo.rules.finding import Finding

__all__ = ["Desk", "actor_of", "desk", "kept", "said", "show"]

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """An application on a desk: read once, shown on every page."""

    actor: Actor
    application: Application
    definition: Definition
    members: list[Member]
    value: plain.Application
    findings: tuple[Finding, ...]
    obstacles: list[Obstacle]
    standing: Standing

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of writing, each with its state."""
        submitted = self.application.state == ApplicationState.SUBMITTED
        return self.once(
            "steps",
            lambda: steps(
                self.value, self.obstacles, submitted=submitted, alone=self.alone, itself=self.itself
            ),
        )

    @property
    def itself(self) -> bool:
        """Whether the lead itself applies, so that others may join it but nobody must."""
        consortium = self.definition.consortium
        return consortium.lead_role == consortium.applicant_role

    @property
    def alone(self) -> bool:
        """Whether the call takes applications of one organisation each: it knows one role only, the lead's."""
        return len(self.definition.consortium.roles) == 1

    @property
    def extended(self) -> Extended | None:
        """The last extension of the deadline while it is news; one query where nothing is known yet."""
        call = self.application.call
        # An extension moves the closing instant, under which what stands is kept.
        found = self.once("extended", lambda: last_extension(call))
        return found if found is not None and found.fresh else None

    @property
    def writable(self) -> bool:
        """Whether its content can be changed now (by whom is the policies' question)."""
        return self.application.state != ApplicationState.SUBMITTED

    @property
    def consents(self) -> frozenset[tuple[int, str]]:
        """The consents given, as member and kind."""
        return self.standing.consents

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` works out of value, members and findings, kept while nothing changes."""
        return self.standing.once(name, make)

    @cached_property
    def own(self) -> Member | None:
        """The actor's organisation's place in it."""
        return next((item for item in self.members if item.organisation_id == self.actor.organisation), None)


def desk(request: HttpRequest, pk: int, *, invited: bool = False) -> Desk:
    """Read an application for a page. Raises NotFound where the actor may not know of it, and NotAllowed where its organisation was
    only invited (unless `invited`, for the page on which it decides). One query while nothing has changed.
    """
    actor = actor_of(request)
    application = marked(actor, pk, invited=invited)
    definition = definition_of(application.call)
    found = standing_of(application, definition)
    return Desk(
        actor,
        application,
        definition,
        found.members,
        found.value,
        found.findings,
        found.obstacles,
        found,
    )


def kept(
    request: HttpRequest, at: Desk, page: str, make: Callable[[], HttpResponse], *more: Hashable
) -> HttpResponse:
    """A reading page of the desk: kept for this reader while where the application stands is kept, that is, until the record holds a
    newer act on it or on one of its organisations, the call's deadline or version changes, or a day begins.

    `more` is what else the page shows: what is changed by acts on other things, or by none (what was found in a file). Everything that
    `make` reads must be one of the two.
    """
    call = at.application.call
    key = (
        page,
        at.application.changed_by_name,  # type: ignore[attr-defined]
        is_near(call),
        at.own is not None and at.extended is not None,
        settings.GONGMO_REHEARSAL_MARK.exists(),
        *more,
    )
    return keep_page(request, at.standing.pages, key, at.actor, make)


def show(
    request: HttpRequest,
    template: str,
    at: Desk,
    context: dict[str, Any],
    *,
    page: str = "",
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page of the desk with what all of them need."""
    application = at.application
    base = {
        "desk": at,
        "application": application,
        "call": application.call,
        "definition": at.definition,
        "alone": at.alone,
        "itself": at.itself,
        "members": at.members,
        "clauses": {clause.id: clause.text for clause in at.definition.clauses},
        "shown": applications_table.shown[ApplicationState(application.state)],
        "closed": clock.now() >= application.call.closes_at,
        "is_open": open_now(application.call),
        "writable": at.writable,
        "may_edit": may_edit(at.actor, application),
        "may_submit": may_submit(at.actor, application),
        "writing_steps": at.steps if at.own is not None else (),
        "page": page,
        "obstacle_count": len(at.obstacles),
        "shouts": at.own is not None and at.writable and is_near(application.call),
        "extended": at.extended if at.own is not None else None,
        "refused": refused,
    }
    return render(request, template, {**base, **context}, status=refused.status if refused else status)
