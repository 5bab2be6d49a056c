"""What the record does by itself: it signs what stands so far, every hour."""

from datetime import timedelta

from gongmo.kernel.actor import system
from gongmo.ledger.commands import checkpoint
from gongmo.tasks import schedule


@schedule(
    name="ledger.checkpoint",
    every=timedelta(hours=1),
    ko="기록에 서명합니다",
    en="Signs the record",
)
def sign() -> None:
    """A checkpoint over everything recorded until now. None is made where nothing was added."""
    checkpoint(actor=system("schedule"))
