"""What happens to invitations beside the requests."""

from datetime import timedelta

from gongmo.kernel.actor import system
from gongmo.parties.commands import forget_invited_addresses
from gongmo.tasks import schedule


@schedule(
    name="parties.forget_invited_addresses",
    every=timedelta(days=1),
    ko="끝난 지 한 달이 지난 초대의 전자우편 주소를 지웁니다.",
    en="Forgets the addresses of invitations that ended a month ago.",
)
def forget() -> None:
    """The addresses of people who did not answer are kept no longer than needed."""
    forget_invited_addresses(actor=system("tasks"))
