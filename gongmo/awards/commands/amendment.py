"""Changing an agreement in force: asked for and approved, or only told; and the yearly re-agreement (programme clause A-7)."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from gongmo.applications.queries import submitted_value
from gongmo.awards import policies
from gongmo.awards.commands.case_base import locked_agreement
from gongmo.awards.commands.joining import let_in, require_joined
from gongmo.awards.commands.versions import (
    add_version,
    bring_into_force,
    definition_for,
    enqueue_print,
    told,
)
from gongmo.awards.content import Content, content_text, facts_of, read_content
from gongmo.awards.models import (
    Agreement,
    AgreementVersion,
    Amendment,
    PartyChange,
    VersionCause,
    YearlyResult,
)
from gongmo.awards.states import AgreementState, AmendmentState, VersionState, amendments_table
from gongmo.definition.application import Application
from gongmo.definition.base import Severity
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.rules.amendment import judge
from gongmo.rules.finding import Status
from gongmo.rules.money import check_money

LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be different; None leaves it. `cells` are won by cell key; `heads` and `addresses` by organisation."""

    period_ends: date | None = None
    director: str | None = None
    scope: str | None = None
    goals_text: str | None = None
    conditions: tuple[str, ...] | None = None
    cells: dict[str, int] = field(default_factory=dict)
    heads: dict[int, tuple[str, str]] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)


def ask_amendment(*, actor: Actor, agreement_id: int, wish: Wish, reason: str) -> Amendment:
    """The lead asks for a change of the agreement. Where the definition only wants to be told, it counts at once, as a new version.

    Raises NotFound, NotAllowed, BadInput for what cannot be read, Refused where nothing changes, another request waits, the change
    breaks a money rule, or comes later than its kind allows.
    """
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        base = base_to_change(actor, agreement)
        reason = reason_of(reason)
        before = read_content(base.content)
        definition = definition_for(before)
        after = wished(before, wish)
        today = clock.now().astimezone(clock.SEOUL).date()
        terms = definition.agreement
        judged = judge(
            terms.amendments if terms is not None else (), facts_of(before), facts_of(after), on=today
        )
        if not judged.aspects:
            raise Refused("nothing_changed", "바뀌는 내용이 없습니다.", "Nothing would change.")
        if judged.late:
            kind = judged.late[0]
            raise Refused(
                "amendment_late",
                f"‘{kind.name.ko}’은(는) 협약이 끝나기 {kind.days_before_end}일 전까지 요청할 수 있습니다.",
                f"“{kind.name.en}” is asked for at least {kind.days_before_end} days before the agreement ends.",
            )
        _check(agreement, definition, before, after)
        amendment = Amendment.objects.create(
            agreement=agreement,
            base=base,
            kinds=[kind.id for kind in judged.kinds],
            needs=judged.needs,
            state=AmendmentState.ASKED,
            proposed=content_text(after),
            reason=reason,
            asked_at=clock.now(),
            asked_by_id=actor.person,
            organisation_id=agreement.application.lead_id,
        )
        payload = {
            "amendment": amendment.pk,
            "kinds": amendment.kinds,
            "needs": judged.needs,
            "reason": reason,
        }
        if judged.needs == "approval":
            payload["proposed_sha256"] = sha256_hex(amendment.proposed)
            record(actor, agreement, "awards.ask_amendment", payload)
            return amendment
        amendment.state = AmendmentState.TOLD
        version = add_version(actor, agreement, after, VersionCause.AMENDMENT, reason)
        amendment.version = version
        amendment.save()
        record(
            actor,
            agreement,
            "awards.tell_amendment",
            {**payload, **told(version), **bring_into_force(agreement, version)},
        )
        enqueue_print(version)
        return amendment


def answer_amendment(*, actor: Actor, amendment_id: int, approved: bool, answer: str) -> Amendment:
    """An officer approves or refuses. What is approved becomes a new version: signed by every party where its kind says so, else in force."""
    with transaction.atomic():
        amendment, agreement = _amendment(actor, amendment_id)
        policies.manage.require(actor, agreement.call)
        amendment.state = amendments_table.require(
            AmendmentState(amendment.state), AmendmentState.APPROVED if approved else AmendmentState.REFUSED
        )
        if not answer.strip():
            raise BadInput("empty_text", "판단한 까닭을 적어 주세요.", "Give the reasons.", field="answer")
        amendment.answer, amendment.answered_at = answer.strip(), clock.now()
        amendment.answered_by_id = actor.person
        payload: dict[str, object] = {
            "amendment": amendment.pk,
            "approved": approved,
            "answer": amendment.answer,
        }
        version: AgreementVersion | None = None
        if approved:
            base = _base(agreement)
            if base.pk != amendment.base_id:
                raise Refused(
                    "amendment_stale",
                    "요청한 뒤에 협약이 바뀌었습니다. 바뀐 협약을 바탕으로 다시 요청받아 주세요.",
                    "The agreement changed after this was asked for; have it asked for again.",
                )
            content = read_content(amendment.proposed)
            change = PartyChange.objects.select_related("joining").filter(amendment=amendment).first()
            if change is not None:
                require_joined(agreement, change, read_content(base.content), content)
                let_in(agreement, change)
            version = add_version(actor, agreement, content, VersionCause.AMENDMENT, amendment.reason)
            amendment.version = version
            payload |= told(version)
            terms = definition_for(content).agreement
            judged = judge(
                terms.amendments if terms is not None else (),
                facts_of(read_content(base.content)),
                facts_of(content),
                on=clock.now().astimezone(clock.SEOUL).date(),
            )
            if not judged.signed:
                payload |= bring_into_force(agreement, version)
        amendment.save()
        record(
            actor, agreement, "awards.approve_amendment" if approved else "awards.refuse_amendment", payload
        )
        if version is not None:
            enqueue_print(version)
        return amendment


def withdraw_amendment(*, actor: Actor, amendment_id: int) -> Amendment:
    """The lead takes a request back before it is answered."""
    with transaction.atomic():
        amendment, agreement = _amendment(actor, amendment_id)
        policies.ask_amendment.require(actor, agreement)
        amendment.state = amendments_table.require(AmendmentState(amendment.state), AmendmentState.WITHDRAWN)
        amendment.answered_at = clock.now()
        amendment.save()
        record(actor, agreement, "awards.withdraw_amendment", {"amendment": amendment.pk})
        return amendment


def record_yearly_result(
    *, actor: Actor, agreement_id: int, year: int, goes_on: bool, grade: str, opinion: str
) -> YearlyResult:
    """Record the result of the annual evaluation of a year: whether support goes on, with its grade. Once a year."""
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        policies.manage.require(actor, agreement.call)
        if agreement.state != AgreementState.IN_FORCE:
            raise _not_in_force()
        if not agreement.period_starts.year <= year <= agreement.period_ends.year:
            raise BadInput(
                "year_outside",
                "협약 기간 안의 연도를 적어 주세요.",
                "Give a year of the agreement.",
                field="year",
            )
        if YearlyResult.objects.filter(agreement=agreement, year=year).exists():
            raise Refused(
                "year_recorded",
                f"{year}년의 결과는 이미 기록했습니다.",
                f"The result of {year} is recorded already.",
            )
        if not opinion.strip():
            raise BadInput("empty_text", "종합의견을 적어 주세요.", "Write the opinion.", field="opinion")
        result = YearlyResult.objects.create(
            agreement=agreement,
            year=year,
            goes_on=goes_on,
            grade=grade.strip()[:40],
            opinion=opinion.strip(),
            recorded_at=clock.now(),
            recorded_by_id=actor.person,
        )
        record(
            actor,
            agreement,
            "awards.record_yearly_result",
            {"year": year, "goes_on": goes_on, "grade": result.grade, "opinion": result.opinion},
        )
        return result


def re_agree(*, actor: Actor, agreement_id: int, year: int, wish: Wish, reason: str) -> AgreementVersion:
    """The re-agreement after a year's evaluation: period, money and scope as a new version that every party signs (A-7).

    Refused where the year's result is not recorded or says to stop, where a version is being signed, or where a money rule breaks.
    """
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        policies.manage.require(actor, agreement.call)
        base = _base(agreement)
        result = YearlyResult.objects.filter(agreement=agreement, year=year).first()
        if result is None or not result.goes_on:
            raise Refused(
                "no_yearly_result",
                f"{year}년의 연차평가 결과가 없거나 계속 지원하지 않기로 했습니다. 결과를 먼저 기록해 주세요.",
                f"The evaluation of {year} is not recorded, or says to stop.",
            )
        before = read_content(base.content)
        after = wished(before, wish)
        if content_text(after) == content_text(before):
            raise Refused("nothing_changed", "바뀌는 내용이 없습니다.", "Nothing would change.")
        _check(agreement, definition_for(before), before, after)
        version = add_version(actor, agreement, after, VersionCause.RE_AGREEMENT, reason_of(reason))
        record(actor, agreement, "awards.re_agree", {"year": year, "reason": version.reason, **told(version)})
        enqueue_print(version)
        return version


def base_to_change(actor: Actor, agreement: Agreement) -> AgreementVersion:
    """The version in force of a locked agreement, for the lead who asks for a change. Raises NotFound, NotAllowed, Refused."""
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    policies.ask_amendment.require(actor, agreement)
    base = _base(agreement)
    if Amendment.objects.filter(agreement=agreement, state=AmendmentState.ASKED).exists():
        raise Refused(
            "amendment_waits",
            "승인을 기다리는 변경이 있습니다. 답이 온 뒤에, 또는 그 요청을 거두고 다시 요청해 주세요.",
            "A change waits for approval; ask again after its answer, or withdraw it.",
        )
    return base


def wished(before: Content, wish: Wish) -> Content:
    """A content with what is wished. Raises BadInput for cells and organisations that it does not have."""
    known = {cell.key for cell in before.budget}
    parties = {party.organisation for party in before.parties}
    if not set(wish.cells) <= known or not {*wish.heads, *wish.addresses} <= parties:
        raise BadInput(
            "unknown_place",
            "협약에 없는 칸이나 기관입니다. 화면을 새로 열어 다시 적어 주세요.",
            "A cell or organisation that the agreement does not have; open the page anew.",
        )
    changed: dict[str, object] = {
        name: value.strip()[:LONGEST] if isinstance(value, str) else value
        for name in ("period_ends", "director", "scope", "goals_text", "conditions")
        if (value := getattr(wish, name)) is not None
    }
    if wish.period_ends is not None and wish.period_ends < before.period_starts:
        raise BadInput(
            "period",
            "끝나는 날이 시작하는 날보다 앞섭니다. 날짜를 확인해 주세요.",
            "The period would end before it starts.",
            field="period_ends",
        )
    if any(amount < 0 for amount in wish.cells.values()):
        raise BadInput("not_won", "금액은 0 이상이어야 합니다.", "Sums are at least 0.", field="cells")
    changed["budget"] = tuple(
        cell.model_copy(update={"amount": wish.cells.get(cell.key, cell.amount)}) for cell in before.budget
    )
    changed["parties"] = tuple(
        party.model_copy(
            update={
                "head_title": wish.heads.get(party.organisation, (party.head_title, ""))[0],
                "head_name": wish.heads.get(party.organisation, ("", party.head_name))[1],
                "address": wish.addresses.get(party.organisation, party.address),
            }
        )
        for party in before.parties
    )
    return before.model_copy(update=changed)


def _check(agreement: Agreement, definition: Definition, before: Content, after: Content) -> None:
    """The changed budget keeps every money rule that decides. What was broken before already is not held against it."""
    if after.budget == before.budget:
        return
    value: Application = submitted_value(agreement.application)
    broken = {
        (finding.rule, str(finding.subject))
        for finding in check_money(definition, value.model_copy(update={"budget": before.budget}))
        if finding.status is Status.FAIL
    }
    found = tuple(
        finding
        for finding in check_money(definition, value.model_copy(update={"budget": after.budget}))
        if finding.status is Status.FAIL
        and finding.severity is Severity.BLOCKING
        and (finding.rule, str(finding.subject)) not in broken
    )
    if found:
        raise Refused(
            "money_rule",
            f"바뀐 사업비가 규칙에 어긋납니다. {found[0].message.ko}",
            f"The changed budget breaks a rule. {found[0].message.en}",
            findings=found,
        )


def _base(agreement: Agreement) -> AgreementVersion:
    """The version in force. Refused where there is none, or another is being signed."""
    if agreement.state != AgreementState.IN_FORCE:
        raise _not_in_force()
    if AgreementVersion.objects.filter(agreement=agreement, state=VersionState.SIGNING).exists():
        raise Refused(
            "version_signing",
            "새 판의 서명을 받고 있습니다. 모두 서명한 뒤에 바꿔 주세요.",
            "A new version is being signed; change it afterwards.",
        )
    found = AgreementVersion.objects.filter(agreement=agreement, state=VersionState.IN_FORCE).first()
    if found is None:
        raise _not_in_force()
    return found


def _not_in_force() -> Refused:
    return Refused(
        "agreement_state",
        "발효 중인 협약만 바꿀 수 있습니다. 협약 상태를 확인해 주세요.",
        "Only an agreement in force is changed; see how it stands.",
    )


def _amendment(actor: Actor, amendment_id: int) -> tuple[Amendment, Agreement]:
    key = Amendment.objects.filter(pk=amendment_id).values_list("agreement_id", flat=True).first()
    if key is None:
        raise NotFound
    agreement = locked_agreement(key)
    if not policies.see_agreement(actor, agreement):
        raise NotFound
    return Amendment.objects.get(pk=amendment_id), agreement


def reason_of(text: str) -> str:
    """The reason that must be given for a change. Raises BadInput."""
    if not text.strip():
        raise BadInput("empty_text", "바꾸는 까닭을 적어 주세요.", "Say why it is changed.", field="reason")
    return text.strip()


def record(actor: Actor, agreement: Agreement, act: str, payload: dict[str, object]) -> None:
    """Append an act on an agreement."""
    ledger.append(
        actor=actor,
        act=act,
        subject=("application", agreement.application_id),
        call=agreement.call.slug,
        payload={"agreement": agreement.pk, **payload},
    )


__all__ = [
    "Wish",
    "answer_amendment",
    "ask_amendment",
    "re_agree",
    "record_yearly_result",
    "wished",
    "withdraw_amendment",
]
