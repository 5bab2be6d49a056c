"""Who may see the committee from outside, and challenge a member."""

from gongmo.applications.models import Application
from gongmo.applications.policies import WRITING
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy


@policy(
    "evaluation.see_committee",
    ko="공고가 정한 때에만 주관기관 사람이 자기 신청을 평가할 위원을 봅니다.",
    en="Only where the call says so, people of the lead see who evaluates their application.",
)
def see_committee(actor: Actor, application: Application) -> bool:
    shown = definition_of(application.call).evaluation.formed_by().applicants_see == "names"
    return shown and actor.role is Role.APPLICANT and actor.organisation == application.lead_id


@policy(
    "evaluation.ask_challenge",
    ko="기피는 주관기관의 대표(소유자)나 작성 권한자가 신청합니다.",
    en="Owners and writers of the lead organisation challenge a member.",
)
def ask_challenge(actor: Actor, application: Application) -> bool:
    return see_committee(actor, application) and actor.organisation_role in WRITING
