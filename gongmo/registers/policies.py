"""Who asks registers and who sees how they fare."""

from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.policy import policy


@policy(
    "registers.ask",
    ko="외부 등록부에는 시스템이 묻습니다. 담당자와 신청 기관은 저마다의 화면에서 확인을 맡깁니다.",
    en="The system asks outside registers; officers and applicants have it done from their own pages.",
)
def ask(actor: Actor) -> bool:
    return actor.role in (Role.SYSTEM, Role.OPERATOR)


@policy(
    "registers.operate",
    ko="외부 등록부의 상태는 운영자가 보고, 멈춘 등록부를 바로 다시 확인하게 합니다.",
    en="Operators see how the outside registers fare and have one tried again at once.",
)
def operate(actor: Actor) -> bool:
    return actor.role in (Role.OPERATOR, Role.SYSTEM)


@policy(
    "registers.verify_own",
    ko="기관의 대표 담당자와 작성자, 운영자가 그 기관의 사업자등록번호를 국세청에 확인합니다.",
    en="An organisation's owners and writers and operators have its business number verified.",
)
def verify_own(actor: Actor, organisation_id: int) -> bool:
    if actor.role in (Role.OPERATOR, Role.SYSTEM):
        return True
    return actor.organisation == organisation_id and actor.organisation_role in (
        OrganisationRole.OWNER,
        OrganisationRole.WRITER,
    )


@policy(
    "registers.see_own",
    ko="기관에 속한 사람과 운영자가 그 기관에 대한 등록부의 답을 봅니다. 심사하는 담당자는 심사 화면에서 봅니다.",
    en="People of an organisation and operators see what registers say of it; reviewing officers see it in their review.",
)
def see_own(actor: Actor, organisation_id: int) -> bool:
    return actor.role in (Role.OPERATOR, Role.SYSTEM) or actor.organisation == organisation_id
