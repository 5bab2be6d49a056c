"""What an approval of a change of parties needs, and the newcomer's place among the parties."""

from collections.abc import Sequence

from gongmo.awards.commands.versions import definition_for
from gongmo.awards.consortium import party_findings
from gongmo.awards.content import Content
from gongmo.awards.models import Agreement, AgreementParty, PartyChange
from gongmo.awards.states import JoinState
from gongmo.kernel.errors import Refused
from gongmo.rules.finding import Finding, Status


def keeps_rules(found: Sequence[Finding]) -> None:
    """Refuse a change that fails these findings."""
    if found:
        raise Refused(
            "party_rule",
            f"바뀐 컨소시엄이 규칙에 어긋납니다. {found[0].message.ko}",
            f"The changed consortium breaks a rule. {found[0].message.en}",
            findings=tuple(found),
        )


def require_joined(agreement: Agreement, change: PartyChange, before: Content, after: Content) -> None:
    """What an approval needs: the newcomer has accepted, and every rule is kept as things stand today. Raises Refused."""
    if change.state == JoinState.ASKED:
        raise Refused(
            "newcomer_silent",
            "들어올 기관이 아직 답하지 않았습니다. 그 기관이 자가점검을 마치고 수락한 뒤에 승인할 수 있습니다.",
            "The newcomer has not answered yet; approve once it has checked itself and accepted.",
        )
    keeps_rules(
        [
            each
            for each in party_findings(agreement, definition_for(before), change, before, after)
            if each.status is Status.FAIL
        ]
    )


def let_in(agreement: Agreement, change: PartyChange) -> None:
    """The newcomer signs the new version: it is a party that is pending. One that left before takes its place again."""
    if change.joining_id is None:
        return
    party = AgreementParty.everyone.filter(agreement=agreement, organisation=change.joining_id).first()
    if party is None:
        party = AgreementParty(agreement=agreement, organisation_id=change.joining_id)
    party.role, party.pending, party.left_at = change.role, True, None
    party.signed_at, party.signed_by = None, None
    party.save()
