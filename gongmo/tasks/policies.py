"""Who may see the queue and run a failed task again."""

from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy


@policy(
    "tasks.operate",
    ko="작업 현황은 시스템 운영자만 보고, 실패한 작업도 운영자만 다시 합니다.",
    en="Only operators see the queue of tasks and run failed ones again.",
)
def may_operate(actor: Actor) -> bool:
    return actor.role in (Role.OPERATOR, Role.SYSTEM)
