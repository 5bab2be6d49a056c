"""What must always hold of notices and mail."""

from collections.abc import Iterable

from django.db.models import Max
from django_tasks_db.compat import TaskResultStatus

from gongmo.kernel.invariants import Broken, invariant
from gongmo.ledger.models import Entry
from gongmo.notices.models import Cursor, Mail, Notice, Posting
from gongmo.notices.telling import CURSOR, told_acts
from gongmo.tasks.models import Job

PENDING = (TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED)


@invariant(
    "notices.told",
    ko="알릴 사람이 있는 처리 내용은 모두 알렸거나 알리는 작업이 기다리고 있습니다.",
    en="Every act that concerns somebody was told, or the task that tells it waits.",
)
def acts_are_told() -> Iterable[Broken]:
    newest = Entry.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    cursor = Cursor.objects.filter(name=CURSOR).values_list("sequence", flat=True).first() or 0
    if cursor > newest:
        yield Broken("cursor", str(cursor), f"at most {newest}, the newest entry")
    untold = Entry.objects.filter(sequence__gt=cursor, act__in=told_acts()).order_by("sequence").first()
    waits = Job.objects.filter(name="notices.tell", result__status__in=PENDING).exists()
    if untold is not None and not waits:
        yield Broken(f"entry {untold.sequence}", f"{untold.act} told to nobody", "a task that tells it")


@invariant(
    "notices.posted",
    ko="전자우편으로 보낼 알림과 보내지 않은 전자우편에는 모두 보내는 작업이 있습니다.",
    en="Every notice to be mailed and every unsent mail has a task that sends it.",
)
def mail_is_on_its_way() -> Iterable[Broken]:
    due = Notice.objects.filter(posting=Posting.DUE).count()
    if due and not Job.objects.filter(name="notices.post", result__status__in=PENDING).exists():
        yield Broken("notices", f"{due} to be mailed", "a task that mails them")
    sending = set(
        Job.objects.filter(name="notices.send", result__status__in=PENDING).values_list("key", flat=True)
    )
    for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True).iterator():
        if f"mail:{pk}" not in sending:
            yield Broken(f"mail {pk}", "not sent", "a task that sends it")
