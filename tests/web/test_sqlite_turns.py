"""Those who write to SQLite take turns."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError
from pytest_django import DjangoDbBlocker

from gongmo.web import config
from gongmo.web.sqlite.base import DatabaseWrapper, Turn


@pytest.fixture
def line(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[list[DatabaseWrapper]]:
    """Three connections to one new database with an empty table; not the site's."""
    with django_db_blocker.unblock():
        yield from _line(tmp_path)


def _line(tmp_path: Path) -> Iterator[list[DatabaseWrapper]]:
    made = []
    for _ in range(3):
        settings = config.database("", tmp_path) | {
            "ATOMIC_REQUESTS": False,
            "AUTOCOMMIT": True,
            "CONN_HEALTH_CHECKS": False,
            "TIME_ZONE": None,
            "TEST": {"NAME": None},
        }
        found = DatabaseWrapper(settings, alias="other")
        found.inc_thread_sharing()
        made.append(found)
    with made[0].cursor() as cursor:
        cursor.execute("CREATE TABLE told (word TEXT)")
    yield made
    for each in made:
        each.close()


def write(connection: BaseDatabaseWrapper, word: str) -> None:
    """One transaction."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO told VALUES (%s)", [word])
    connection.commit()
    connection.set_autocommit(True)


def begin(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def words(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM told ORDER BY rowid")
        return [row[0] for row in cursor.fetchall()]


def test_the_second_writer_waits_until_the_first_has_committed(line: list[DatabaseWrapper]) -> None:
    begin(line[0])
    with line[0].cursor() as cursor:
        cursor.execute("INSERT INTO told VALUES ('first')")
    second = Thread(target=write, args=(line[1], "second"), daemon=True)
    second.start()
    second.join(0.05)
    assert second.is_alive()

    line[0].commit()
    line[0].set_autocommit(True)
    second.join(10)

    assert words(line[2]) == ["first", "second"]


@pytest.mark.parametrize("end", ["rollback", "close"])
def test_a_writer_that_gives_up_gives_its_turn_back(line: list[DatabaseWrapper], end: str) -> None:
    begin(line[0])
    line[0].rollback() if end == "rollback" else line[0]._close()

    write(line[1], "second")

    assert words(line[1]) == ["second"]
    if end == "rollback":
        line[0].set_autocommit(True)


def test_waiting_too_long_is_told_as_sqlite_tells_it(tmp_path: Path) -> None:
    first, second = (Turn(str(tmp_path / "db"), 0.02) for _ in range(2))
    first.take()

    with pytest.raises(OperationalError, match="locked"):
        second.take()
    first.give_back()
    second.take()
    second.close()


def test_another_process_s_turn_is_waited_for_and_ends_with_it(tmp_path: Path) -> None:
    code = (
        "import fcntl,sys,time\n"
        f"handle = open({str(tmp_path / 'db-turn')!r}, 'w')\n"
        "fcntl.flock(handle, fcntl.LOCK_EX)\nprint('held', flush=True)\ntime.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-S", "-c", code], stdout=subprocess.PIPE)
    assert other.stdout is not None
    other.stdout.readline()
    turn, taken = Turn(str(tmp_path / "db"), 20), Event()

    def take() -> None:
        turn.take()
        taken.set()

    waiting = Thread(target=take, daemon=True)
    waiting.start()
    assert not taken.wait(0.05)

    other.kill()

    assert taken.wait(10)
    waiting.join(5)
    turn.close()
    other.wait()
    other.stdout.close()


def test_nobody_is_passed_over(line: list[DatabaseWrapper]) -> None:
    """Each of three that write without a pause gets its turns."""
    counts = [0, 0, 0]
    end = time.monotonic() + 0.3

    def run(place: int) -> None:
        while time.monotonic() < end:
            write(line[place], str(place))
            counts[place] += 1

    threads = [Thread(target=run, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert all(counts)
    assert len(words(line[0])) == sum(counts)
