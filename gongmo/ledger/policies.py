"""Who may read and sign the record."""

from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy


@policy(
    "ledger.checkpoint",
    ko="시스템, 운영자, 전담기관 담당자가 기록에 서명할 수 있습니다.",
    en="The system, operators and the agency's officers may sign the record.",
)
def may_checkpoint(actor: Actor) -> bool:
    return actor.role in (Role.SYSTEM, Role.OPERATOR, Role.AGENCY)


@policy(
    "ledger.read",
    ko="소관부처와 전담기관 담당자, 운영자가 전체 기록을 볼 수 있습니다.",
    en="The ministry's and the agency's officers and operators may read the whole record.",
)
def may_read(actor: Actor) -> bool:
    return actor.role in (Role.SYSTEM, Role.OPERATOR, Role.AGENCY, Role.MINISTRY)
