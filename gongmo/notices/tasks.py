"""What the queue does for notices and mail."""

import smtplib
from datetime import time, timedelta

from django.db import transaction

from gongmo.kernel import clock
from gongmo.ledger import queries as ledger
from gongmo.notices import mail as mails
from gongmo.notices.models import Mail, Notice, Posting
from gongmo.notices.posting import post_all
from gongmo.notices.telling import told_acts, walk
from gongmo.tasks import FIRST, GiveUp, schedule, still_ours, task

KEEP_READ = timedelta(days=3 * 365)
KEEP_MAIL = timedelta(days=30)


@task(name="notices.tell", ko="새 처리 내용을 알릴 사람에게 알립니다", en="Tell people of new acts")
def tell() -> None:
    """Tell all acts that the record holds and nobody has been told of yet."""
    while walk():
        pass


@schedule(
    name="notices.tell_missed",
    every=timedelta(minutes=10),
    ko="알리지 못한 처리 내용이 없는지 살핍니다",
    en="Look for acts that nobody has told",
)
def tell_missed() -> None:
    """The net below the hook in the record: an act that came in by another door is told, too."""
    tell()


@task(
    name="notices.tell_one",
    ko="알리지 못한 처리 내용을 다시 알립니다",
    en="Tell one act that could not be told",
)
def tell_one(*, sequence: int) -> None:
    """Tell one act, whose telling failed when its turn came."""
    from gongmo.notices.telling import tellings_of
    from gongmo.notices.writing import write

    for record in ledger.after(sequence - 1, sequence, acts=told_acts(), limit=1):
        tellings = tellings_of(record)
        with transaction.atomic():
            write([(record, tellings)])


@task(name="notices.post", ko="알림을 전자우편으로 보냅니다", en="Mail notices")
def post() -> None:
    """Mail the notices that are to go out at once."""
    post_all(Posting.DUE)


@schedule(
    name="notices.daily",
    every=timedelta(days=1),
    at=time(8, 0),
    ko="하루치 알림을 모아 전자우편으로 보냅니다",
    en="Mail the day's notices together",
)
def daily() -> None:
    """Mail the notices of people who want them once a day."""
    post_all(Posting.DAILY)


@task(name="notices.send", retries=10, priority=FIRST, ko="전자우편을 보냅니다", en="Send a mail")
def send(*, mail: int) -> None:
    """Hand a mail to the mail server, and empty it once the server has it. Tried for a day and more; given up at once where the server
    refuses the address for good. In a rehearsal it goes to the mailbox page only."""
    row = Mail.objects.filter(pk=mail, sent_at=None).first()
    if row is None:
        return
    rehearsal = mails.in_rehearsal()
    if not rehearsal:
        # A worker that was paused past its lease must not send what another has sent by now.
        still_ours()
        try:
            mails.deliver(row)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                raise GiveUp(
                    "전자우편 서버가 받는 주소를 거절했습니다. 주소가 맞는지 확인해 주세요.",
                    "The mail server refuses the address. Check that it is right.",
                ) from error
            raise
    written = {"sent_at": clock.now()} | ({} if rehearsal else {"source": b""})
    Mail.objects.filter(pk=mail).update(**written)


@schedule(
    name="notices.prune",
    every=timedelta(days=1),
    at=time(4, 20),
    ko="오래된 전자우편과 알림을 지웁니다",
    en="Remove old mails and notices",
)
def prune() -> None:
    """Delete mails a month after they were sent (three months after they were written), and notices read three years ago."""
    if mails.in_rehearsal():
        return
    now = clock.now()
    Mail.objects.filter(sent_at__lt=now - KEEP_MAIL).delete()
    Mail.objects.filter(made_at__lt=now - 3 * KEEP_MAIL).delete()
    Notice.objects.filter(read_at__lt=now - KEEP_READ).delete()
