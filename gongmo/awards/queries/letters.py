"""The official letters that an agreement's state calls for."""

from gongmo.awards import letters
from gongmo.awards.commands.versions import definition_for
from gongmo.awards.content import read_content
from gongmo.awards.letters import Letter
from gongmo.awards.models import Agreement
from gongmo.awards.queries.cases import case_view, cases_of
from gongmo.awards.queries.changes import changes_of
from gongmo.awards.queries.versions import current_version
from gongmo.awards.states import UNDER_WAY, AmendmentState, VersionState
from gongmo.calls.due import due_day
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor

SIGNING = "agreement_signing"
"""The period's id under which a definition says by when an agreement is made."""


def letters_of(actor: Actor, agreement: Agreement) -> list[Letter]:
    """Letters by what is under way: signing or in force, the case on ending it, the last answered change. Newest matter first."""
    version = current_version(agreement)
    if version is None:
        return []
    content = read_content(version.content)
    definition = definition_for(content)
    found: list[Letter] = []
    for case in cases_of(actor, agreement)[:1]:
        if case.state in UNDER_WAY and case.kind == "cause":
            found += [
                letters.hearing_letter(
                    content,
                    definition,
                    clause=ground.clause,
                    reason=ground.reason,
                    evidence=ground.evidence,
                    due=case.due_on,
                )
                for ground in case.grounds.all()
            ]
        elif case.state == "terminated" and case.decided_at is not None:
            money = case_view(actor, agreement, case).money
            found.append(
                letters.termination_letter(
                    content,
                    definition,
                    clause=case.clause,
                    reason=case.grounds_text,
                    on=case.decided_at.astimezone(clock.SEOUL).date(),
                    returned=money.returned,
                    interest=money.interest,
                )
            )
    answered = (AmendmentState.APPROVED, AmendmentState.REFUSED)
    for amendment, changes in changes_of(actor, agreement).requests[:1]:
        if amendment.state in answered:
            found.append(
                letters.amendment_letter(
                    content,
                    definition,
                    approved=amendment.state == AmendmentState.APPROVED,
                    answer=amendment.answer,
                    asked_on=amendment.asked_at.astimezone(clock.SEOUL).date(),
                    changes=changes,
                )
            )
    if version.state == VersionState.SIGNING:
        period = next((each for each in definition.periods if each.id == SIGNING), None)
        due = due_day(period, version.made_at) if period is not None else None
        found.append(letters.signing_letter(content, definition, due=due))
    elif version.in_force_at is not None:
        on = version.in_force_at.astimezone(clock.SEOUL).date()
        found.append(letters.in_force_letter(content, definition, on=on))
    return found
