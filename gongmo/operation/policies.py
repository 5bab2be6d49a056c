"""Who watches over the service and who tells of it."""

from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy


@policy(
    "operation.watch",
    ko="서버의 상태와 수치는 시스템 운영자가 봅니다.",
    en="Operators see how the servers fare.",
)
def watch(actor: Actor) -> bool:
    return actor.role in (Role.OPERATOR, Role.SYSTEM)


@policy(
    "operation.announce",
    ko="서비스 안내는 시스템 운영자가 올리고 내립니다.",
    en="Operators put service notices up and take them down.",
)
def announce(actor: Actor) -> bool:
    return actor.role in (Role.OPERATOR, Role.SYSTEM)
