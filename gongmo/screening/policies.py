"""Who may do and see what in the eligibility review."""

from gongmo.applications.models import Application
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.policy import policy

WRITING = frozenset({OrganisationRole.OWNER, OrganisationRole.WRITER, OrganisationRole.SIGNER})


@policy(
    "screening.review",
    ko="적격성 검토는 이 공고를 운영하는 기관의 담당자가 합니다.",
    en="Officers of the organisation that operates this call review eligibility.",
)
def review(actor: Actor, call: Call) -> bool:
    return operates(actor, call)


@policy(
    "screening.oversee",
    ko="적격성 검토 내용은 운영기관 담당자와 소관부처 담당자가 봅니다.",
    en="Officers of the operating organisation and of the ministry see the eligibility reviews.",
)
def oversee(actor: Actor, call: Call) -> bool:
    return operates(actor, call) or actor.role is Role.MINISTRY


@policy(
    "screening.confirm_exclusion",
    ko="제외 확정은 제외를 제안한 사람이 아닌 다른 담당자가 합니다.",
    en="An exclusion is confirmed by an officer other than the one who proposed it.",
)
def confirm(actor: Actor, call: Call, proposed_by: int | None) -> bool:
    return operates(actor, call) and actor.person is not None and actor.person != proposed_by


@policy(
    "screening.answer_objection",
    ko="이의신청에는 그 제외를 제안한 사람이 아닌 다른 담당자가 답합니다.",
    en="An objection is answered by an officer other than the one who proposed the exclusion.",
)
def answer_objection(actor: Actor, call: Call, proposed_by: int | None) -> bool:
    return operates(actor, call) and actor.person is not None and actor.person != proposed_by


@policy(
    "screening.object_to_exclusion",
    ko="이의신청은 주관기관의 작성 권한이 있는 사람이 냅니다.",
    en="Members of the lead organisation who may write object to an exclusion.",
)
def object_to_exclusion(actor: Actor, application: Application) -> bool:
    return (
        actor.role is Role.APPLICANT
        and actor.organisation == application.lead_id
        and actor.organisation_role in WRITING
    )


@policy(
    "screening.keep_views",
    ko="보기는 이 공고를 운영하는 기관의 담당자가 자기 것으로 저장합니다.",
    en="Officers of the operator keep views of their own.",
)
def keep_views(actor: Actor, call: Call) -> bool:
    return operates(actor, call) and actor.person is not None


@policy(
    "screening.answer",
    ko="보완 자료는 주관기관의 작성 권한이 있는 사람이 냅니다.",
    en="Members of the lead organisation who may write answer a supplement request.",
)
def answer(actor: Actor, application: Application) -> bool:
    return (
        actor.role is Role.APPLICANT
        and actor.organisation == application.lead_id
        and actor.organisation_role in WRITING
    )


@policy(
    "screening.hand_in_proof",
    ko="증빙은 요구받은 기관이나 주관기관의 작성 권한이 있는 사람이 냅니다.",
    en="Members who may write, of the organisation that was asked or of the lead, hand in proof.",
)
def hand_in(actor: Actor, application: Application, organisation_id: int) -> bool:
    return (
        actor.role is Role.APPLICANT
        and actor.organisation in (application.lead_id, organisation_id)
        and actor.organisation_role in WRITING
    )


@policy(
    "screening.see_own_result",
    ko="신청의 검토 결과는 컨소시엄에 참여한 기관의 구성원이 봅니다.",
    en="Members of the consortium's organisations see their own result.",
)
def see_own(actor: Actor, application: Application) -> bool:
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        return False
    if actor.organisation == application.lead_id:
        return True
    return any(
        member.organisation_id == actor.organisation and member.state == MemberState.ACCEPTED
        for member in application.members.all()
    )
