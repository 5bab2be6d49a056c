"""Notices, mails and failed tasks for tests."""

from django_tasks_db.models import DBTaskResult

from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.notices import commands
from gongmo.notices.categories import Category
from gongmo.notices.models import Mail, Notice
from gongmo.notices.telling import Telling
from gongmo.tasks.models import Job
from tests.tasks.sample_tasks import hopeless


def telling(
    *people: int, key: str = "test", url: str = "/calls/", category: Category = Category.CALL
) -> Telling:
    return Telling(
        people=people,
        category=category,
        title=Text(ko="공고가 바뀌었습니다", en="The call has changed"),
        body=Text(ko="바뀐 내용을 확인해 주세요.", en="See what has changed."),
        url=url,
        key=key,
    )


def tell(person: int, **fields: str) -> Notice:
    commands.tell(telling(person, **fields))  # type: ignore[arg-type]
    return Notice.objects.filter(person=person).latest("pk")


def failed_job() -> Job:
    """A task that has failed for good."""
    hopeless.enqueue(key="failed")
    job = Job.objects.get(key="failed")
    DBTaskResult.objects.filter(pk=job.result_id).update(status="FAILED", finished_at=clock.now())
    return job


def addresses(reader: Actor) -> dict[str, str]:
    """What the table of all addresses needs of this floor, for one reader."""
    assert reader.person is not None
    mail = Mail.objects.create(
        sender="a@example.kr", recipients=["b@example.kr"], subject="편지", source=b"", made_at=clock.now()
    )
    return {
        "notice": str(tell(reader.person).pk),
        "calendar": commands.renew_calendar(actor=reader).token,
        "mail": str(mail.pk),
        "job": str(failed_job().pk),
    }
