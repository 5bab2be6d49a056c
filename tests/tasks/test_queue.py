"""The queue: a task runs after its transaction, is tried again when it fails, and a key keeps it from running twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from gongmo.files.tasks import inspect_waiting
from gongmo.notices.tasks import send
from gongmo.tasks import queue, run_waiting
from gongmo.tasks.models import Job
from tests.tasks.sample_tasks import fail, hopeless, note

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=60)


def notes(folder: Path) -> list[str]:
    file = folder / "notes"
    return file.read_text("utf-8").split() if file.exists() else []


def due_now() -> None:
    DBTaskResult.objects.update(run_after=timezone.now())


def test_a_task_runs_with_its_arguments(tmp_path: Path) -> None:
    note.enqueue(folder=str(tmp_path), word="one")
    assert notes(tmp_path) == []
    assert run_waiting() == 1
    assert notes(tmp_path) == ["one"]
    assert run_waiting() == 0


def test_a_task_of_a_transaction_that_was_rolled_back_never_runs(tmp_path: Path) -> None:
    with transaction.atomic():
        note.enqueue(folder=str(tmp_path), word="one")
        transaction.set_rollback(True)
    assert run_waiting() == 0
    assert not Job.objects.exists()


def test_arguments_that_do_not_fit_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        note.enqueue(folder=str(tmp_path))
    with pytest.raises(TypeError):
        note.enqueue(folder=tmp_path, word="one")


def test_a_key_keeps_a_second_job_from_being_made(tmp_path: Path) -> None:
    for word in ("one", "two"):
        note.enqueue(key="k", folder=str(tmp_path), word=word)
    assert run_waiting() == 1
    note.enqueue(key="k", folder=str(tmp_path), word="three")
    assert run_waiting() == 0
    assert notes(tmp_path) == ["one"]


def test_again_runs_a_key_once_more_after_it_succeeded(tmp_path: Path) -> None:
    for word in ("one", "two"):
        note.enqueue(key="k", again=True, folder=str(tmp_path), word=word)
        run_waiting()
    assert notes(tmp_path) == ["one", "two"]
    assert Job.objects.count() == DBTaskResult.objects.count() == 1


def test_again_during_a_run_runs_it_once_more_after_it(tmp_path: Path) -> None:
    note.enqueue(key="k", folder=str(tmp_path), word="one")
    held = queue.claim("w", LEASE)
    assert held is not None
    note.enqueue(key="k", folder=str(tmp_path), word="two")
    note.enqueue(key="k", again=True, folder=str(tmp_path), word="two")
    assert queue.claim("v", LEASE) is None
    assert queue.complete(held)
    assert run_waiting() == 1


def test_a_failed_task_is_tried_again_later_until_it_succeeds(tmp_path: Path) -> None:
    fail.enqueue(folder=str(tmp_path), times=2)
    assert run_waiting() == 1
    job = Job.objects.get()
    assert "아직 아닙니다" in job.error
    assert run_waiting() == 0, "not before its time"
    due_now()
    run_waiting()
    due_now()
    run_waiting()
    assert notes(tmp_path) == ["done"]
    assert Job.objects.get().error == ""


def test_a_task_that_used_up_its_tries_has_failed_and_may_be_asked_for_again(tmp_path: Path) -> None:
    told: list[Job] = []

    def listen(job: Job, **_: object) -> None:
        told.append(job)

    queue.gave_up.connect(listen)
    fail.enqueue(key="k", folder=str(tmp_path), times=3)
    for _ in range(3):
        run_waiting()
        due_now()
    assert DBTaskResult.objects.get().status == "FAILED"
    assert [job.name for job in told] == ["test.fail"]
    fail.enqueue(key="k", folder=str(tmp_path), times=3)
    assert run_waiting() == 1
    assert notes(tmp_path) == ["done"]


def test_a_task_that_gives_up_is_not_tried_again() -> None:
    hopeless.enqueue()
    run_waiting()
    assert DBTaskResult.objects.get().status == "FAILED"
    assert Job.objects.get().error == "그런 파일이 없습니다. / There is no such file."


def test_a_failing_task_undoes_nothing_of_the_transaction_around_it(tmp_path: Path) -> None:
    with transaction.atomic():
        fail.enqueue(folder=str(tmp_path), times=1)
        run_waiting()
        assert Job.objects.get().attempts == 1


def test_a_delayed_task_waits(tmp_path: Path) -> None:
    note.enqueue(delay=timedelta(hours=1), folder=str(tmp_path), word="late")
    assert run_waiting() == 0
    due_now()
    assert run_waiting() == 1


def test_a_job_whose_lease_ended_is_run_by_another_and_the_first_cannot_end_it(tmp_path: Path) -> None:
    note.enqueue(folder=str(tmp_path), word="one")
    first = queue.claim("w", timedelta(seconds=-1))
    assert first is not None
    assert queue.reclaim() == 1
    second = queue.claim("v", LEASE)
    assert second is not None
    assert not queue.renew(first, LEASE)
    assert not queue.complete(first)
    assert not queue.fail(first, ValueError())
    assert queue.complete(second)
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_worker_that_starts_anew_takes_back_what_it_had(tmp_path: Path) -> None:
    note.enqueue(folder=str(tmp_path), word="one")
    assert queue.claim("w", LEASE) is not None
    assert queue.reclaim("other") == 0
    assert queue.reclaim("w") == 1
    assert run_waiting() == 1


def test_a_lost_task_is_taken_up_at_once_and_then_after_growing_waits(tmp_path: Path) -> None:
    note.enqueue(folder=str(tmp_path), word="one")
    waits = []
    for _ in range(queue.LOSSES - 1):
        DBTaskResult.objects.update(run_after=get_date_max())
        assert queue.claim("w", LEASE) is not None
        queue.reclaim("w")
        due = DBTaskResult.objects.get().run_after
        waits.append(timedelta() if due == get_date_max() else due - timezone.now())
    assert DBTaskResult.objects.get().status == "READY"
    assert waits[0] == timedelta()
    assert timedelta(seconds=5) < waits[1] < waits[2] < waits[3]


def test_a_task_that_takes_five_workers_with_it_is_given_up(tmp_path: Path) -> None:
    note.enqueue(folder=str(tmp_path), word="one")
    for _ in range(queue.LOSSES):
        DBTaskResult.objects.update(run_after=get_date_max())
        assert queue.claim("w", LEASE) is not None
        queue.reclaim("w")
    assert DBTaskResult.objects.get().status == "FAILED"
    assert "프로세스" in Job.objects.get().error


def test_a_mail_is_sent_before_files_are_looked_into_however_long_those_wait() -> None:
    inspect_waiting.enqueue()
    send.enqueue(mail=1)

    first, second = queue.claim("w", LEASE), queue.claim("w", LEASE)

    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("notices.send", "files.inspect")


def test_a_released_job_has_lost_no_try(tmp_path: Path) -> None:
    note.enqueue(folder=str(tmp_path), word="one")
    held = queue.claim("w", LEASE)
    assert held is not None
    queue.release(held)
    assert Job.objects.get().attempts == 0
    assert run_waiting() == 1


def test_the_waits_between_tries_grow_and_end_at_six_hours() -> None:
    waits = [queue.wait_before(attempt) for attempt in range(1, 40)]
    assert timedelta(seconds=8) <= waits[0] <= timedelta(seconds=12)
    assert waits[0] < waits[1] < waits[2] < waits[3]
    assert max(waits) <= queue.LONGEST_WAIT * 1.2
