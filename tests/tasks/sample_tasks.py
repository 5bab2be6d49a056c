"""Tasks that the tests run: they note what happened in the database's own tables, so that other processes see it."""

import os
import time
from datetime import timedelta
from pathlib import Path

from gongmo.tasks import GiveUp, schedule, task


@task(name="test.note", retries=2)
def note(*, folder: str, word: str) -> None:
    with (Path(folder) / "notes").open("a", encoding="utf-8") as notes:
        notes.write(f"{word}\n")


@task(name="test.fail", retries=2)
def fail(*, folder: str, times: int) -> None:
    tries = Path(folder) / "tries"
    made = len(tries.read_text("utf-8")) if tries.exists() else 0
    if made < times:
        tries.write_text("x" * (made + 1), "utf-8")
        raise ValueError("아직 아닙니다")
    note.func(folder=folder, word="done")


@task(name="test.hopeless", retries=5)
def hopeless() -> None:
    raise GiveUp("그런 파일이 없습니다.", "There is no such file.")


@task(name="test.slow", retries=0, time_limit=timedelta(seconds=30))
def slow(*, folder: str, seconds: float) -> None:
    (Path(folder) / "pid").write_text(str(os.getpid()), "utf-8")
    time.sleep(seconds)
    note.func(folder=folder, word="slept")


@task(name="test.hung", retries=0, time_limit=timedelta(seconds=1))
def hung(*, folder: str) -> None:
    note.func(folder=folder, word="hung")
    time.sleep(60)


@schedule(name="test.hourly", every=timedelta(hours=1))
def hourly() -> None:
    pass
