"""What the pages of one application share: the application as this actor sees it, its state, its tabs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gongmo.applications import presentation
from gongmo.applications.models import Application, Member
from gongmo.applications.policies import may_edit, may_submit
from gongmo.applications.queries import application_for, present_members, snapshot, submitted_value
from gongmo.applications.readiness import Obstacle, obstacles
from gongmo.applications.states import ApplicationState, applications_table
from gongmo.calls.queries import definition_of, open_now
from gongmo.definition import application as plain
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import region_table
from gongmo.rules.check import check
from gongmo.rules.finding import Finding

__all__ = ["Desk", "actor_of", "desk", "said", "show"]

PAGES = (
    ("overview", Text(ko="개요", en="Overview"), ("overview",)),
    ("members", Text(ko="컨소시엄", en="Consortium"), ("consortium",)),
    ("money", Text(ko="사업비", en="Budget"), ("money",)),
    ("statements", Text(ko="자가점검·동의", en="Self-check"), ("self_check", "consent")),
    ("documents", Text(ko="제출 서류", en="Documents"), ("documents",)),
    ("submit", Text(ko="확인·제출", en="Check and submit"), ()),
)
"""The pages on which an application is written, in order, with the groups of obstacles that each one mends."""


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

    @property
    def writable(self) -> bool:
        """Whether its content can be changed now (by whom is the policies' question)."""
        return self.application.state != ApplicationState.SUBMITTED

    @property
    def own(self) -> Member | None:
        """The actor's organisation's place in it."""
        return next((item for item in self.members if item.organisation_id == self.actor.organisation), None)


def desk(request: HttpRequest, pk: int) -> Desk:
    """Read an application for a page. Raises NotFound where the actor may not know of it. About nine queries."""
    actor = actor_of(request)
    application = application_for(actor, pk)
    definition = definition_of(application.call)
    members = present_members(application)
    for member in members:
        member.application = application
    submitted = application.state == ApplicationState.SUBMITTED
    value = submitted_value(application) if submitted else snapshot(application, members=members)
    findings = check(definition, value, regions=region_table(), at=clock.now())
    found = [] if submitted else obstacles(definition, members, findings)
    return Desk(actor, application, definition, members, value, findings, found)


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
    by_group = presentation.open_by_group(at.obstacles)
    tabs = [
        {
            "label": name,
            "url": reverse(f"applications:{view}", args=[application.pk]),
            "current": view == page,
            "count": sum(len(by_group.get(group, ())) for group in groups) or None,
        }
        for view, name, groups in PAGES
    ]
    base = {
        "desk": at,
        "application": application,
        "call": application.call,
        "definition": at.definition,
        "members": at.members,
        "clauses": {clause.id: clause.text for clause in at.definition.clauses},
        "shown": applications_table.shown[ApplicationState(application.state)],
        "is_open": open_now(application.call),
        "writable": at.writable,
        "may_edit": may_edit(at.actor, application),
        "may_submit": may_submit(at.actor, application),
        "tabs": tabs if at.own is not None else [],
        "obstacle_count": len(at.obstacles),
        "refused": refused,
    }
    return render(request, template, {**base, **context}, status=refused.status if refused else status)
