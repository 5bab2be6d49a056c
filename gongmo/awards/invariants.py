"""What must always hold of negotiations, allocations, agreements and the calls under them."""

import json
from collections.abc import Iterator

from django.db.models import Count, F, Min, Q, Sum

from gongmo.applications.models import PaperContent
from gongmo.applications.states import ApplicationState
from gongmo.awards.allocating import recompute, without_words
from gongmo.awards.content import read_content, sums
from gongmo.awards.models import (
    Agreement,
    AgreementMoney,
    AgreementVersion,
    AllocationRun,
    Amendment,
    Negotiation,
    TerminationCase,
)
from gongmo.awards.record import AgreementTold, Told, told_by_record
from gongmo.awards.states import AgreementState, CaseState, NegotiationState, VersionState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.evaluation.queries import ranking_then, ranking_value
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.invariants import Broken, invariant
from gongmo.screening.states import ReviewState

BOUND = Q(parties__left_at=None, parties__pending=False)
"""Parties as joined to agreements: those who stand today."""


@invariant(
    "awards.allocation_recomputes",
    ko="배분 결과는 저장된 입력으로 다시 계산해도 같고, 합계는 재원을 넘지 않습니다.",
    en="Every allocation is what its kept inputs give, and stays within the pot.",
)
def allocation_recomputes() -> Iterator[Broken]:
    runs = AllocationRun.objects.select_related("call__version").annotate(lines_total=Sum("lines__amount"))
    for run in runs:
        name = f"allocation {run.call.slug}/{run.number}"
        if sha256_hex(run.inputs) != run.inputs_hash:
            yield Broken(name, "inputs changed", f"SHA-256 {run.inputs_hash}")
            continue
        result = json.loads(run.result)
        kept, expected = (
            canonical_json(without_words(each))
            for each in (result, recompute(definition_of(run.call), json.loads(run.inputs)))
        )
        if expected != kept:
            yield Broken(name, kept, expected)
        if run.lines_total != result["total"] or result["total"] > result["pot"]:
            yield Broken(
                name, f"lines {run.lines_total}, total {result['total']}", f"at most {result['pot']}, equal"
            )


@invariant(
    "awards.places_follow_ranking",
    ko="협상 순서는 확정된 순위와 같습니다.",
    en="The order of negotiation is that of the fixed ranking.",
)
def places_follow_ranking() -> Iterator[Broken]:
    for call in Call.objects.filter(negotiations__isnull=False).select_related("version").distinct():
        # A later version, after an objection, does not move negotiations by itself.
        opened = call.negotiations.filter(opened_at__isnull=False).aggregate(first=Min("opened_at"))["first"]
        ranking = ranking_value(call) if opened is None else ranking_then(call, opened)
        expected = [int(name) for name in (*ranking.selected, *ranking.reserve)]
        found = list(
            Negotiation.objects.filter(call=call).order_by("place").values_list("application_id", flat=True)
        )
        if found != expected:
            yield Broken(f"negotiations {call.slug}", str(found), str(expected))


@invariant(
    "awards.no_more_than_selected",
    ko="협상 중이거나 협상을 마친 신청은 선정할 수보다 많지 않습니다.",
    en="No more applications are negotiated with than are to be selected.",
)
def no_more_than_selected() -> Iterator[Broken]:
    counts = (
        Negotiation.objects.filter(state__in=[NegotiationState.OPEN, NegotiationState.AGREED])
        .values("call")
        .annotate(count=Count("id"))
    )
    for row in counts:
        call = Call.objects.select_related("version").get(pk=row["call"])
        most = definition_of(call).selection.count
        if row["count"] > most:
            yield Broken(f"negotiations {call.slug}", str(row["count"]), f"at most {most}")


@invariant(
    "awards.promotion_follows_failure",
    ko="차순위 승계는 결렬된 협상 하나에 하나뿐입니다.",
    en="A promotion stands for exactly one failed negotiation of the same call.",
)
def promotion_follows_failure() -> Iterator[Broken]:
    wrong = Negotiation.objects.filter(promoted_for__isnull=False).exclude(
        promoted_for__state=NegotiationState.FAILED, promoted_for__call=F("call")
    )
    for found in wrong:
        yield Broken(
            f"negotiation {found.pk}",
            f"promoted for {found.promoted_for_id}",
            "a failed negotiation of the same call",
        )


@invariant(
    "awards.in_force_is_signed",
    ko="발효된 협약은 모든 당사자가 서명했습니다.",
    en="An agreement that came into force bears every party's signature.",
)
def in_force_is_signed() -> Iterator[Broken]:
    for agreement in Agreement.objects.filter(in_force_at__isnull=False).annotate(
        all=Count("parties", filter=BOUND),
        missing=Count("parties", filter=BOUND & Q(parties__signed_at__isnull=True)),
    ):
        if agreement.missing or not agreement.all:
            yield Broken(
                f"agreement {agreement.number}",
                f"{agreement.missing} of {agreement.all} missing",
                "all signed",
            )


@invariant(
    "awards.signed_as_read",
    ko="협약의 각 판의 글은 만든 때 그대로 있고, 서명은 모두 그 글에 대한 것이며, 시행 중인 판은 모든 당사자가 서명했거나 승인된 변경입니다.",
    en="Every version's text is kept as it was made, every signature is over that text, and what is in force was signed by all or approved.",
)
def signed_as_read() -> Iterator[Broken]:
    for version in AgreementVersion.objects.select_related("agreement__application").prefetch_related(
        "signatures"
    ):
        name = f"agreement {version.agreement.number}, version {version.number}"
        content = read_content(version.content)
        kept = PaperContent.objects.filter(pk=version.paper_sha256).values_list("content", flat=True).first()
        destroyed = kept == "" and version.agreement.application.destroyed_at is not None
        if not destroyed and (kept is None or sha256_hex(kept) != version.paper_sha256):
            yield Broken(name, "a text that is not kept as it was", version.paper_sha256)
        for signature in version.signatures.all():
            if signature.paper_sha256 != version.paper_sha256:
                yield Broken(name, f"signature over {signature.paper_sha256}", version.paper_sha256)
        if version.state == VersionState.IN_FORCE:
            money = {(row.year, row.source, row.form): row.amount for row in version.agreement.money.all()}
            if money != sums(content):
                yield Broken(f"{name}, money", str(money), str(sums(content)))
            signed = {each.party_id for each in version.signatures.all()}
            bound = dict(version.agreement.parties.filter(pending=False).values_list("pk", "organisation_id"))
            parties = set(bound)
            named = {party.organisation for party in content.parties}
            if named != set(bound.values()):
                yield Broken(f"{name}, parties", str(sorted(bound.values())), str(sorted(named)))
            amended = Amendment.objects.filter(version=version).exists()
            if signed != parties and not (amended and not signed):
                yield Broken(name, f"{len(signed)} signatures", f"{len(parties)}, or an approved change")


@invariant(
    "awards.terminated_by_two",
    ko="해약된 협약에는 서로 다른 두 담당자가 제안하고 확인한 건이 하나 있고, 유지하기로 한 협약은 해약되지 않았습니다.",
    en="A terminated agreement has one case that one officer proposed and another confirmed; nothing else ends an agreement.",
)
def terminated_by_two() -> Iterator[Broken]:
    for agreement in Agreement.objects.filter(state=AgreementState.TERMINATED).prefetch_related("cases"):
        ending = [case for case in agreement.cases.all() if case.state == CaseState.TERMINATED]
        if len(ending) != 1 or ending[0].proposed_by_id in (None, ending[0].decided_by_id):
            yield Broken(f"agreement {agreement.number}", f"{len(ending)} case(s)", "one, by two officers")
    standing = TerminationCase.objects.filter(state=CaseState.TERMINATED).exclude(
        agreement__state=AgreementState.TERMINATED
    )
    for case in standing.select_related("agreement"):
        yield Broken(f"case {case.pk}", f"agreement {case.agreement.state}", "terminated")


@invariant(
    "awards.no_agreement_with_excluded",
    ko="제외되었거나 철회한 신청과는 협약이 유지되지 않습니다.",
    en="No agreement stands with an excluded or withdrawn application.",
)
def no_agreement_with_excluded() -> Iterator[Broken]:
    standing = Agreement.objects.filter(state__in=[AgreementState.DRAFT, AgreementState.IN_FORCE])
    for agreement in standing.filter(
        Q(application__review__state=ReviewState.EXCLUDED) | ~Q(application__state=ApplicationState.SUBMITTED)
    ):
        yield Broken(f"agreement {agreement.number}", "application excluded or withdrawn", "terminated")


@invariant(
    "awards.children_within_parent",
    ko="지역 공고의 재원을 모두 더해도 상위 협약의 돈을 넘지 않습니다.",
    en="The calls under an agreement hand on no more than its money.",
)
def children_within_parent() -> Iterator[Broken]:
    sums = (
        Call.objects.filter(parent_agreement__isnull=False)
        .exclude(state=CallState.CANCELLED)
        .values("parent_agreement")
        .annotate(total=Sum("pot"))
    )
    for row in sums:
        agreement = Agreement.objects.filter(pk=row["parent_agreement"] or 0).first()
        if agreement is None:
            yield Broken(f"agreement {row['parent_agreement']}", "missing", "the parent of a call")
            continue
        held = (
            AgreementMoney.objects.filter(agreement=agreement, form="cash").aggregate(total=Sum("amount"))[
                "total"
            ]
            or 0
        )
        if row["total"] > held:
            yield Broken(f"agreement {agreement.number}", f"handed on {row['total']}", f"at most {held}")


@invariant(
    "awards.as_recorded",
    ko="협상과 협약의 상태·금액·기간은 기록된 처리 결과와 같습니다.",
    en="Negotiations and agreements stand as the recorded acts left them.",
)
def as_recorded() -> Iterator[Broken]:
    for call in Call.objects.filter(negotiations__isnull=False).distinct():
        told = told_by_record(call.slug)
        for negotiation in Negotiation.objects.filter(call=call):
            expected = told.negotiations.get(negotiation.application_id)
            if negotiation.state != expected:
                yield Broken(f"negotiation {negotiation.pk}", negotiation.state, str(expected))
        for agreement in Agreement.objects.filter(call=call).prefetch_related("money", "parties"):
            yield from _agreement_as_told(agreement, told)
        for case in TerminationCase.objects.filter(agreement__call=call):
            if case.state != told.cases.get(case.pk):
                yield Broken(f"case {case.pk}", case.state, str(told.cases.get(case.pk)))


def _agreement_as_told(agreement: Agreement, told: Told) -> Iterator[Broken]:
    name = f"agreement {agreement.number}"
    expected = told.agreements.get(agreement.pk)
    if expected is None:
        yield Broken(name, "no entry in the record", "drawn up by a recorded act")
        return
    seen = AgreementTold(
        state=agreement.state,
        period=(agreement.period_starts.isoformat(), agreement.period_ends.isoformat()),
        money={(row.year, row.source, row.form): row.amount for row in agreement.money.all()},
        signed={party.organisation_id for party in agreement.parties.all() if party.signed_at is not None},
        parties={party.organisation_id: party.role for party in agreement.parties.all() if not party.pending},
    )
    for part in ("state", "period", "money", "signed", "parties"):
        if getattr(seen, part) != getattr(expected, part):
            yield Broken(f"{name}, {part}", str(getattr(seen, part)), str(getattr(expected, part)))
