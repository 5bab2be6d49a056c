"""What the access log does by itself."""

from datetime import time, timedelta

from gongmo.kernel.actor import system
from gongmo.privacy import commands
from gongmo.tasks import schedule


@schedule(
    name="privacy.drain_access",
    every=timedelta(minutes=1),
    ko="접속기록을 데이터베이스로 옮깁니다",
    en="Carries the access log into the database",
)
def drain() -> None:
    """This machine's notes, also those of processes that have died. Web processes carry their own every few seconds."""
    commands.drain(actor=system("schedule"))


@schedule(
    name="privacy.seal_access",
    every=timedelta(days=1),
    at=time(0, 20),
    ko="접속기록의 해시를 기록에 남깁니다",
    en="Records the access log's hash",
)
def seal() -> None:
    """The newest batch's hash."""
    commands.seal(actor=system("schedule"))


@schedule(
    name="privacy.prune_access",
    every=timedelta(days=1),
    at=time(3, 40),
    ko="보관 기간이 지난 접속기록을 지웁니다",
    en="Deletes the access log's notes that were kept long enough",
)
def prune() -> None:
    """Notes older than GONGMO_ACCESS_YEARS."""
    commands.prune(actor=system("schedule"))
