"""Worker processes: tasks of a killed one are taken up by another, and no task is run twice by two."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gongmo.tasks import crew as crew_module
from gongmo.tasks import queue, worker
from gongmo.tasks.crew import Crew
from gongmo.tasks.models import Job, Occurrence
from gongmo.tasks.scheduling import Clockwork
from gongmo.tasks.worker import Worker
from tests.tasks.sample_tasks import hung, note, slow

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


def wait_for(what: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def jobs() -> QuerySet[Job]:
    """The tests' own jobs: a worker that sees a minute's edge enqueues what is scheduled for it, too."""
    return Job.objects.filter(name__in=("test.slow", "test.note", "test.hung"))


def statuses() -> list[str]:
    """Where the tests' own jobs stand."""
    return list(jobs().values_list("result__status", flat=True))


def notes(folder: Path) -> list[str]:
    file = folder / "notes"
    return file.read_text("utf-8").split() if file.exists() else []


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """For a process that shall see this test's database."""
    home = tmp_path / "home"
    home.mkdir()
    given = {name: value for name, value in os.environ.items() if not name.startswith("GONGMO_")}
    given |= {
        "GONGMO_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "gongmo.web.settings",
        "PYTHONPATH": str(ROOT),
    }
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        (home / "gongmo.sqlite3").symlink_to(name)
    else:
        host = connection.settings_dict["HOST"]
        given["GONGMO_DATABASE_URL"] = (
            f"postgresql://{settings.DATABASES['default']['USER']}@/{name}?host={host}"
        )
    return given


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    made: list[subprocess.Popen[bytes]] = []

    def starter(
        name: str, *, lease: float = 2, grace: float = 20, parent: int = 0
    ) -> "subprocess.Popen[bytes]":
        words = [
            sys.executable,
            "-m",
            "tests.tasks.worker_process",
            name,
            str(lease),
            str(grace),
            str(parent),
        ]
        made.append(subprocess.Popen(words, env=environment, cwd=ROOT))
        return made[-1]

    yield starter
    for process in made:
        process.kill()
        process.wait()


def test_a_task_of_a_killed_process_is_run_by_another(start: Start, tmp_path: Path) -> None:
    slow.enqueue(folder=str(tmp_path), seconds=2)
    first = start("first")
    wait_for((tmp_path / "pid").exists)
    first.kill()
    first.wait()
    start("second")
    wait_for(lambda: notes(tmp_path) == ["slept"])
    wait_for(lambda: statuses() == ["SUCCESSFUL"])
    assert jobs().get().losses == 1


def test_a_long_task_keeps_its_lease_and_is_run_once(start: Start, tmp_path: Path) -> None:
    slow.enqueue(folder=str(tmp_path), seconds=4)
    start("first", lease=1)
    start("second", lease=1)
    wait_for(lambda: statuses() == ["SUCCESSFUL"])
    assert notes(tmp_path) == ["slept"]


def test_a_worker_that_is_asked_to_stop_finishes_its_task(start: Start, tmp_path: Path) -> None:
    slow.enqueue(folder=str(tmp_path), seconds=1.5)
    note.enqueue(folder=str(tmp_path), word="later")
    worker = start("first")
    wait_for((tmp_path / "pid").exists)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0
    assert notes(tmp_path) == ["slept"]
    assert sorted(statuses()) == ["READY", "SUCCESSFUL"]


def test_a_worker_whose_grace_ends_gives_its_task_back(start: Start, tmp_path: Path) -> None:
    slow.enqueue(folder=str(tmp_path), seconds=60)
    worker = start("first", grace=0.5)
    wait_for((tmp_path / "pid").exists)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0
    assert statuses() == ["READY"]
    assert jobs().get().attempts == 0


def test_a_task_over_its_time_limit_ends_its_worker(start: Start, tmp_path: Path) -> None:
    hung.enqueue(folder=str(tmp_path))
    assert start("first").wait(timeout=60) == 70


def test_a_worker_ends_with_the_process_that_started_it(start: Start) -> None:
    worker = start("first", parent=999_999_999)
    assert worker.wait(timeout=60) == 0


class SampleCrew(Crew):
    """A crew whose workers know the tests' tasks."""

    environment: dict[str, str]

    def _command(self, name: str) -> list[str]:
        variables = [f"{key}={value}" for key, value in self.environment.items()]
        return [
            *("env", "-C", str(ROOT), *variables),
            *(sys.executable, "-m", "tests.tasks.worker_process", name, "60", "5", "0"),
        ]


def test_a_crew_starts_a_dead_worker_anew_and_it_goes_on_at_once(
    environment: dict[str, str], tmp_path: Path
) -> None:
    slow.enqueue(folder=str(tmp_path), seconds=2)
    crew = SampleCrew(1, grace=timedelta(seconds=5))
    crew.environment = environment
    crew.start()
    try:
        wait_for((tmp_path / "pid").exists)
        os.kill(int((tmp_path / "pid").read_text("utf-8")), signal.SIGKILL)
        # Its lease has a minute to go: only the name, which the new worker has from the dead one, tells that it is lost.
        wait_for(lambda: notes(tmp_path) == ["slept"])
    finally:
        crew.stop()
    crew.wait()


def test_a_worker_that_has_become_large_does_its_task_and_hands_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LARGE", 0)
    monkeypatch.setattr(worker, "SETTLED", 0.0)
    for word in ("first", "second"):
        note.enqueue(folder=str(tmp_path), word=word)

        # It returns.
        Worker("large").run()

    assert notes(tmp_path) == ["first", "second"]
    assert statuses() == ["SUCCESSFUL", "SUCCESSFUL"]
    assert not Job.objects.exclude(worker="").exists()


class BriefCrew(Crew):
    """A crew whose workers end in good order at once."""

    def __init__(self, begun: Path) -> None:
        super().__init__(1, grace=timedelta(seconds=1))
        self.begun = begun

    def _command(self, name: str) -> list[str]:
        return ["sh", "-c", f"echo {name} >> {self.begun}"]


def test_a_crew_replaces_at_once_and_without_a_word_a_worker_that_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(crew_module, "STEADY", 0.0)
    begun = tmp_path / "begun"
    crew = BriefCrew(begun)

    crew.start()
    try:
        wait_for(lambda: begun.exists() and len(begun.read_text("utf-8").split()) > 3)
    finally:
        crew.stop()
    crew.wait()

    assert set(begun.read_text("utf-8").split()) == set(crew.names)
    assert [each for each in caplog.records if each.name == crew_module.__name__] == []


def in_threads(count: int, work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_workers_run_every_task_once(tmp_path: Path) -> None:
    for number in range(40):
        note.enqueue(folder=str(tmp_path), word=str(number))

    def work() -> None:
        worker = Worker(f"w{threading.get_ident()}")
        while "READY" in statuses():
            worker.turn()

    in_threads(4, work)
    assert sorted(map(int, notes(tmp_path))) == list(range(40))
    assert set(statuses()) == {"SUCCESSFUL"}


def test_one_key_asked_for_by_many_at_once_makes_one_job(tmp_path: Path) -> None:
    in_threads(6, lambda: note.enqueue(key="k", again=True, folder=str(tmp_path), word="one"))
    assert len(statuses()) == 1


def test_an_occurrence_is_taken_once_by_many_workers_and_missed_ones_once() -> None:
    Clockwork().turn()
    Occurrence.objects.filter(name="test.hourly").update(next_at=timezone.now() - timedelta(days=3))
    taken: list[int] = []
    in_threads(4, lambda: taken.append(Clockwork().turn()))
    assert sum(taken) == 1
    assert Job.objects.filter(name="test.hourly").count() == 1
    assert Occurrence.objects.get(name="test.hourly").next_at > timezone.now()


def test_an_occurrence_is_left_out_while_the_one_before_still_runs() -> None:
    Clockwork().turn()
    held = None
    for _ in range(2):
        Occurrence.objects.filter(name="test.hourly").update(next_at=timezone.now() - timedelta(days=3))
        Clockwork().turn()
        held = held or queue.claim("w", timedelta(seconds=60))
    assert held is not None
    queue.complete(held)
    assert DBTaskResult.objects.get(job__name="test.hourly").status == "SUCCESSFUL"
