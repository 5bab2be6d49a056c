"""Who may write the access log and clear it."""

from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.policy import policy


@policy(
    "privacy.keep_access",
    ko="접속기록을 데이터베이스에 옮기고, 보관 기간이 지난 것을 지우는 일은 시스템만 합니다. 사람은 고치거나 지울 수 없습니다.",
    en="Only the system carries the access log into the database and deletes what was kept long enough. Nobody changes it.",
)
def keep_access(actor: Actor) -> bool:
    return actor.role is Role.SYSTEM
