"""Who may do and see what after the ranking."""

from gongmo.awards.models import Agreement, CaseKind, Negotiation, PartyChange, TerminationCase
from gongmo.awards.states import NegotiationState
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.policy import policy

SIGNING = frozenset({OrganisationRole.OWNER, OrganisationRole.SIGNER})


@policy(
    "awards.manage",
    ko="이 공모를 운영하는 기관의 담당자만 협상·배분·협약을 처리할 수 있습니다.",
    en="Only officers of the organisation that operates this call handle negotiation, allocation and agreement.",
)
def manage(actor: Actor, call: Call) -> bool:
    return operates(actor, call)


@policy(
    "awards.oversee",
    ko="운영기관 담당자와 소관부처 담당자가 선정 과정을 볼 수 있습니다.",
    en="Officers of the operating organisation and of the ministry see the selection.",
)
def oversee(actor: Actor, call: Call) -> bool:
    return operates(actor, call) or actor.role is Role.MINISTRY


@policy(
    "awards.see_agreement",
    ko="운영기관, 소관부처, 그리고 협약 당사자인 기관의 구성원이 협약을 볼 수 있습니다.",
    en="The operating organisation, the ministry and members of the organisations that are parties see an agreement.",
)
def see_agreement(actor: Actor, agreement: Agreement) -> bool:
    if oversee(actor, agreement.call):
        return True
    if actor.organisation is None or actor.role not in (Role.APPLICANT, Role.TASK_FORCE):
        return False
    return any(party.organisation_id == actor.organisation for party in agreement.parties.all())


@policy(
    "awards.sign_agreement",
    ko="협약 당사자인 기관의 대표(소유자)나 서명 권한자, 운영기관은 담당자가 서명할 수 있습니다.",
    en="Owners and signers of a party sign for it; an officer signs for the operating organisation.",
)
def sign_agreement(actor: Actor, agreement: Agreement) -> bool:
    if operates(actor, agreement.call):
        return True
    is_party = any(party.organisation_id == actor.organisation for party in agreement.parties.all())
    return is_party and actor.role is Role.APPLICANT and actor.organisation_role in SIGNING


@policy(
    "awards.open_regional_call",
    ko="협약에 참여하는 기관의 지역 사업단 담당자가 그 기관이 운영하는 공모를 열 수 있습니다.",
    en="A task force officer of an organisation that is party to the agreement opens calls that this organisation operates.",
)
def open_regional_call(actor: Actor, agreement: Agreement, operator_id: int) -> bool:
    if actor.role is not Role.TASK_FORCE or actor.organisation != operator_id:
        return False
    return any(
        party.organisation_id == operator_id and not party.pending for party in agreement.parties.all()
    )


@policy(
    "awards.speak_in_case",
    ko="해약을 다룰 때 협약 당사자인 기관의 대표(소유자)나 서명 권한자가 의견을 내고, 합의 해약에는 운영기관 담당자도 답합니다.",
    en="In a case on ending an agreement a party's owner or signer speaks for it; where consent is asked the operator's officers answer, too.",
)
def speak_in_case(actor: Actor, case: TerminationCase) -> bool:
    if operates(actor, case.agreement.call):
        return case.kind == CaseKind.CONSENT and actor.organisation is not None
    return sign_agreement(actor, case.agreement)


@policy(
    "awards.see_negotiation",
    ko="협상은 운영기관 담당자와 소관부처, 그리고 협상이 시작된 뒤 그 신청의 주관기관이 봅니다. 예비순위인 신청기관에는 알리지 않습니다.",
    en="A negotiation is seen by the operator's officers, the ministry, and, once it has begun, by that application's lead. Reserves are told nothing.",
)
def see_negotiation(actor: Actor, negotiation: Negotiation) -> bool:
    if oversee(actor, negotiation.call):
        return True
    return (
        negotiation.state != NegotiationState.RESERVE
        and actor.role is Role.APPLICANT
        and actor.organisation == negotiation.application.lead_id
    )


@policy(
    "awards.negotiate",
    ko="협상에서는 주관기관의 대표(소유자)나 서명 권한자가 컨소시엄을 대표합니다.",
    en="In a negotiation the lead's owner or signer speaks for the consortium.",
)
def negotiate(actor: Actor, negotiation: Negotiation) -> bool:
    return (
        see_negotiation(actor, negotiation)
        and actor.role is Role.APPLICANT
        and actor.organisation_role in SIGNING
    )


@policy(
    "awards.ask_amendment",
    ko="협약 변경은 주관기관의 대표(소유자)나 서명 권한자가 요청합니다.",
    en="An agreement's change is asked for by the lead's owner or signer.",
)
def ask_amendment(actor: Actor, agreement: Agreement) -> bool:
    return (
        actor.role is Role.APPLICANT
        and actor.organisation == agreement.application.lead_id
        and actor.organisation_role in SIGNING
    )


@policy(
    "awards.see_joining",
    ko="협약에 들어와 달라는 요청은 그 기관의 구성원이 봅니다.",
    en="Members of an organisation that is asked to join an agreement see what is asked of it.",
)
def see_joining(actor: Actor, change: PartyChange) -> bool:
    return (
        actor.role is Role.APPLICANT
        and actor.organisation is not None
        and actor.organisation == change.joining_id
    )


@policy(
    "awards.answer_joining",
    ko="협약에 들어올지는 그 기관의 대표(소유자)나 서명 권한자가 답합니다.",
    en="Owners and signers of the organisation that is asked to join answer for it.",
)
def answer_joining(actor: Actor, change: PartyChange) -> bool:
    return see_joining(actor, change) and actor.organisation_role in SIGNING
