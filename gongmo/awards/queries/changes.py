"""What a person may see of an agreement's amendments and yearly results."""

import json
from dataclasses import dataclass

from gongmo.awards import policies
from gongmo.awards.commands.versions import definition_for
from gongmo.awards.consortium import party_findings
from gongmo.awards.content import Content, Difference, differences, read_content
from gongmo.awards.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Amendment,
    PartyChange,
    YearlyResult,
)
from gongmo.awards.queries.overview import agreement_for
from gongmo.awards.states import AgreementState, AmendmentState, JoinState, VersionState
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The content in force, requests newest first with their differences, yearly results, and what this person may do."""

    content: Content | None
    definition: Definition | None
    requests: list[tuple[Amendment, list[Difference]]]
    results: list[YearlyResult]
    may_ask: bool
    may_answer: bool
    may_record: bool
    signing: bool
    findings: tuple[Finding, ...]
    """What rules say against the change of parties that waits: failed or not known yet."""
    said: tuple[tuple[Text, bool, str], ...]
    """What its newcomer answered, for who decides on it: question, whether yes, what was added."""

    @property
    def newcomer_silent(self) -> bool:
        """The request that waits is the newcomer's to answer before the operator's."""
        change = getattr(self.waiting, "party_change", None)
        return change is not None and change.state == JoinState.ASKED

    @property
    def waiting(self) -> Amendment | None:
        """The request that waits for an answer."""
        return next((each for each, _ in self.requests if each.state == AmendmentState.ASKED), None)


def former_parties(actor: Actor, agreement: Agreement) -> list[AgreementParty]:
    """The organisations that were party and have left, in the order in which they left. One statement. Raises NotFound."""
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    gone = AgreementParty.everyone.filter(agreement=agreement).exclude(left_at=None)
    return list(gone.select_related("organisation").order_by("left_at", "pk"))


def agreement_of_amendment(actor: Actor, amendment_id: int) -> Agreement:
    """The agreement that a request for a change is about, as `agreement_for` gives it. Raises NotFound."""
    key = Amendment.objects.filter(pk=amendment_id).values_list("agreement_id", flat=True).first()
    if key is None:
        raise NotFound
    return agreement_for(actor, key)


def changes_of(actor: Actor, agreement: Agreement) -> ChangesView:
    """Everything on changes of an agreement. `agreement` has its parties at hand."""
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    versions = {each.pk: each for each in AgreementVersion.objects.filter(agreement=agreement)}
    base = next((each for each in versions.values() if each.state == VersionState.IN_FORCE), None)
    signing = any(each.state == VersionState.SIGNING for each in versions.values())
    names = {party.organisation_id: party.organisation.name for party in agreement.parties.all()}
    content = read_content(base.content) if base is not None else None
    definition = definition_for(content) if content is not None else None
    requests = []
    findings: tuple[Finding, ...] = ()
    said: tuple[tuple[Text, bool, str], ...] = ()
    for each in (
        Amendment.objects.filter(agreement=agreement)
        .select_related(
            "asked_by",
            "answered_by",
            "organisation",
            "party_change__leaving",
            "party_change__heir",
            "party_change__joining",
        )
        .prefetch_related("files__file")
    ):
        before = read_content(versions[each.base_id].content)
        requests.append(
            (
                each,
                differences(before, read_content(each.proposed), definition or definition_for(before), names),
            )
        )
        change = getattr(each, "party_change", None)
        if each.state == AmendmentState.ASKED and change is not None:
            findings = party_findings(
                agreement, definition or definition_for(before), change, before, read_content(each.proposed)
            )
            said = _said(definition or definition_for(before), change)
    in_force = agreement.state == AgreementState.IN_FORCE and content is not None
    manages = policies.manage(actor, agreement.call)
    asked = any(each.state == AmendmentState.ASKED for each, _ in requests)
    return ChangesView(
        content=content,
        definition=definition,
        requests=requests,
        results=list(YearlyResult.objects.filter(agreement=agreement).order_by("-year")),
        may_ask=in_force and not signing and not asked and policies.ask_amendment(actor, agreement),
        may_answer=in_force and manages,
        may_record=in_force and manages,
        signing=signing,
        findings=findings,
        said=said if manages else (),
    )


def _said(definition: Definition, change: PartyChange) -> tuple[tuple[Text, bool, str], ...]:
    notes = json.loads(change.notes) if change.notes else {}
    return tuple(
        (kind.question, change.facts[kind.id]["value"] == "yes", str(notes.get(kind.id, "")))
        for kind in definition.facts
        if kind.id in change.facts
    )
