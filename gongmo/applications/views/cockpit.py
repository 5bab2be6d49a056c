"""An application's front page: for its consortium what is left and who owes it, for readers its content; and all findings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from gongmo.applications import presentation, queries
from gongmo.applications.doors import Door, doors
from gongmo.applications.owing import Owing, owing
from gongmo.applications.policies import may_see_content
from gongmo.applications.queries.arrivals import channel_states
from gongmo.applications.queries.content import content_for_reading
from gongmo.applications.queries.correction import correction_for
from gongmo.applications.queries.documents import handed_in
from gongmo.applications.states import ApplicationState, MemberState, members_table
from gongmo.applications.views.base import Desk, desk, kept, show
from gongmo.applications.views.consortium import invitation
from gongmo.kernel import clock
from gongmo.ledger.telling import timeline

SHOWN = 12
"""Organisations on the front page; the consortium's page has all of them."""
ROWS = 60
"""Rows of a table on a reading page."""


@require_GET
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The front page: the cockpit for the consortium's people, the content for officers and the ministry."""
    at = desk(request, pk, invited=True)
    if at.own is not None and at.own.state == MemberState.INVITED:
        return invitation(request, at)
    if at.own is None:
        return kept(request, at, "reading", lambda: _reading(request, at))
    open_doors = _doors(at)
    return kept(request, at, "front", lambda: _cockpit(request, at, open_doors), open_doors)


@require_GET
def content(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that the application says, for reading."""
    at = desk(request, pk)
    return kept(request, at, "reading", lambda: _reading(request, at))


@require_GET
def findings(request: HttpRequest, pk: int) -> HttpResponse:
    """What every rule says, grouped by what to do."""
    at = desk(request, pk)
    context = {
        "groups": at.once("groups", lambda: presentation.grouped(at.definition, at.value, at.findings)),
        "tally": presentation.tally(at.findings),
    }
    return show(request, "applications/findings.html", at, context)


def _doors(at: Desk) -> tuple[Door, ...]:
    """What floors above have for the consortium: nothing before the closing instant, so that the last hour asks for nothing of it."""
    found, own = at.application, at.own
    submitted = found.state == ApplicationState.SUBMITTED and clock.now() >= found.call.closes_at
    if own is None or own.state != MemberState.ACCEPTED or not submitted:
        return ()
    return doors(at.actor, found, at.definition, own)


def _cockpit(request: HttpRequest, at: Desk, open_doors: tuple[Door, ...]) -> HttpResponse:
    found, own = at.application, at.own
    submitted = found.state == ApplicationState.SUBMITTED
    standing = queries.standing_submission(found) if submitted else None
    debts: list[Owing] = at.once("owing", lambda: owing(at.definition, at.members, at.consents, at.findings))
    open_debts = [] if submitted else [item for item in debts if item.left]
    by_group = presentation.open_by_group(at.obstacles)
    context: dict[str, Any] = {
        "todo": [
            (step, [obstacle for group in groups for obstacle in by_group.get(group, ())])
            for step, groups in presentation.step_groups(at.steps)
            if step.left
        ],
        "owing": open_debts[:SHOWN],
        "owing_more": len(open_debts) - SHOWN,
        "settled": len(at.members) - len(open_debts),
        "own_owing": next(
            (item for item in open_debts if own is not None and item.member.pk == own.pk), None
        ),
        "standing": standing,
        "history": timeline(queries.history(found, limit=40), limit=8),
        "doors": open_doors,
        "roles": {role.id: role.name for role in at.definition.consortium.roles},
        "channel_states": channel_states(at.definition, at.value.arrivals),
        "correction": at.once(
            "correction",
            lambda: correction_for(found, at.definition, at.value, at.findings, standing),
        ),
        **_money(at),
    }
    return show(request, "applications/cockpit.html", at, context)


def _money(at: Desk) -> dict[str, Any]:
    definition, value = at.definition, at.value
    return {
        "bars": at.once("bars", lambda: presentation.bars(definition, value)),
        "sources": at.once("sources", lambda: presentation.source_parts(definition, value)),
        "total": at.once("total", lambda: sum(cell.amount for cell in value.budget)),
    }


def _tables(at: Desk) -> dict[str, Any]:
    definition, value = at.definition, at.value
    names = {organisation.id: organisation.name for organisation in value.organisations}
    by_organisation, totals = presentation.rows_by(definition, value.budget, names, "organisation")
    years = {str(year.year): f"{year.year}" for year in definition.budget.years}
    by_year, _ = presentation.rows_by(definition, value.budget, years, "year")
    return {
        "columns": presentation.columns(definition, value.budget),
        "by_organisation": by_organisation,
        "by_year": by_year,
        "totals": totals,
    }


def _reading(request: HttpRequest, at: Desk) -> HttpResponse:
    found, definition, value = at.application, at.definition, at.value
    rows = presentation.document_rows(definition, value, at.members, handed_in(found))
    if not may_see_content(at.actor, found):
        rows = [row for row in rows if row.member is not None and row.member == at.own]
    submissions = list(queries.submissions_of(found))
    return show(
        request,
        "applications/application.html",
        at,
        {
            "content": at.once("content", lambda: content_for_reading(definition, value, found.summary)),
            "tally": presentation.tally(at.findings),
            "documents": rows[:ROWS],
            "documents_more": len(rows) - ROWS,
            "member_states": {state.value: shown for state, shown in members_table.shown.items()},
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "shown_members": at.members[:ROWS],
            "rows": ROWS,
            "submissions": submissions,
            "standing": next((item for item in submissions if item.withdrawn_at is None), None),
            "channel_states": channel_states(definition, value.arrivals),
            "history": timeline(queries.history(found, limit=60), limit=12),
            **_money(at),
            **at.once("tables", lambda: _tables(at)),
        },
    )
