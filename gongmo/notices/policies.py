"""Who may see notices and mails."""

from django.conf import settings

from gongmo.kernel.actor import Actor
from gongmo.kernel.policy import policy


@policy(
    "notices.own",
    ko="알림은 받은 사람만 보고, 전자우편 받는 방법도 본인만 바꿉니다.",
    en="Notices are seen, and the manner of mail is chosen, by the person they concern alone.",
)
def may_read_own(actor: Actor) -> bool:
    return actor.person is not None


@policy(
    "notices.mailbox",
    ko="연습 자료가 든 곳에서는 누구나 보낸 전자우편을 볼 수 있습니다. 실제 운영에서는 아무도 볼 수 없습니다.",
    en="In a rehearsal anyone may read the mails that were sent; in real use nobody.",
)
def may_see_mailbox(actor: Actor) -> bool:
    return bool(settings.GONGMO_REHEARSAL_MARK.exists())
