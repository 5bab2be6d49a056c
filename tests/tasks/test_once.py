"""One effect for each task: what holds when a worker dies, or is paused, between doing and noting."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from gongmo.kernel import tracing
from gongmo.notices import mail as mails
from gongmo.notices.models import Mail
from gongmo.tasks import queue, run_waiting, runner, task
from gongmo.tasks.models import Job
from tests.tasks.sample_tasks import note

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=60)
seen: list[str] = []


@task(name="test.whose", retries=0)
def whose() -> None:
    seen.append(tracing.request_id())


def lose(held: queue.Claim) -> None:
    """The worker is gone for longer than its lease, and others take its task back."""
    Job.objects.filter(pk=held.job).update(lease_until=timezone.now() - timedelta(seconds=1))
    queue.reclaim()


def claim(name: str = "first") -> queue.Claim:
    held = queue.claim(name, LEASE)
    assert held is not None
    return held


@pytest.fixture
def letter(settings: Settings) -> Mail:
    settings.GONGMO_MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mails.Backend().send_messages(
        [EmailMessage("선정 안내", "협약 일정을 알려 드립니다.", "from@example.kr", ["to@example.kr"])]
    )
    return Mail.objects.get()


def message_ids() -> list[str]:
    return [str(each.message()["Message-ID"]) for each in outbox.outbox]


def test_a_mail_is_sent_once_however_often_its_task_runs(letter: Mail) -> None:
    run_waiting()
    task = queue.named("notices.send")
    assert task is not None
    task.func(mail=letter.pk)
    run_waiting()

    assert len(outbox.outbox) == 1


def test_a_mail_whose_worker_died_before_noting_it_goes_out_as_the_same_message(letter: Mail) -> None:
    # SMTP cannot say afterwards whether a message was taken: it is sent again rather than lost, under the same Message-ID,
    # by which mail servers and programs know it for the same.
    held = claim()
    mails.deliver(letter)
    lose(held)

    run_waiting()
    run_waiting()

    first, second = message_ids()
    assert first == second
    assert Mail.objects.get().sent_at is not None


def test_a_paused_worker_does_not_send_what_another_has_by_then(letter: Mail) -> None:
    paused = claim("paused")
    lose(paused)
    claim("other")

    runner.run(paused)

    assert outbox.outbox == []
    assert DBTaskResult.objects.get(job=paused.job).status == "RUNNING"


def test_a_paused_worker_cannot_end_another_s_run(tmp_path: Path) -> None:
    note.enqueue(key="k", folder=str(tmp_path), word="one")
    paused = claim("paused")
    lose(paused)
    other = claim("other")

    assert not queue.complete(paused)
    assert not queue.fail(paused, ValueError("x"))
    assert queue.complete(other)


def test_a_task_runs_under_the_number_of_the_request_that_asked_for_it() -> None:
    seen.clear()
    with tracing.carrying("request-4711"):
        whose.enqueue()
    whose.enqueue()

    run_waiting()

    assert sorted(seen) == ["-", "request-4711"]
    assert set(Job.objects.filter(name="test.whose").values_list("request", flat=True)) == {
        "",
        "request-4711",
    }
    assert tracing.request_id() == "-"
