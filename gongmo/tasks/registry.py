"""What a task is: a module's function with a name, and what happens when it fails. What a schedule is: a task with a rhythm."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ParamSpec, TypeVar

from django_tasks_db.compat import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.compat import Task as BaseTask

from gongmo.kernel.clock import SEOUL

P = ParamSpec("P")
T = TypeVar("T")

_FIRST_DAY = date(2001, 1, 1)  # a Monday: a weekly schedule comes on Mondays
RETRIES = 6
"""Tries after the first: the last comes about four hours after it."""
TIME_LIMIT = timedelta(minutes=15)

_tasks: dict[str, "Task[Any, Any]"] = {}
_schedules: dict[str, "Schedule"] = {}


class GiveUp(Exception):
    """A task cannot succeed and is not to be tried again. The sentences say why and what to do."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(f"{ko} / {en}")
        self.ko = ko
        self.en = en


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(BaseTask[P, T]):
    """A django-tasks task with a name that outlives moves between modules, retries and a time limit.

    `retries`: tries after the first that failed, each later than the one before. `time_limit`: a run that takes longer ends its
    worker process; another takes the task up.
    """

    name: str
    ko: str = ""
    en: str = ""
    retries: int = RETRIES
    time_limit: timedelta = TIME_LIMIT

    def enqueue(  # type: ignore[override]
        self, *, key: str = "", again: bool = False, delay: timedelta = timedelta(), **arguments: Any
    ) -> None:
        """Have the task run after the surrounding transaction commits (never when it is rolled back), and not before `delay`.

        `arguments` must be JSON values. With a `key` no second job is made while one with that key waits or runs, and none after
        one has succeeded; `again` runs it anew then, and once more after a run that is under way (whose arguments stay).
        Raises TypeError for arguments that the function does not take or that are not JSON.
        """
        from gongmo.tasks import queue

        inspect.signature(self.func).bind(**arguments)
        queue.put(self, arguments, key=key, again=again, delay=delay)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function here and now."""
        return self.func(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A task that runs at each occurrence of its rhythm, counted in Seoul's time from midnight (`at`: from that time of day)."""

    task: Task[Any, Any]
    every: timedelta
    at: time

    def following(self, instant: datetime) -> datetime:
        """The first occurrence after an aware instant."""
        start = datetime.combine(_FIRST_DAY, self.at, SEOUL)
        steps = (instant - start) // self.every + 1
        return start + steps * self.every


FIRST, LAST = 50, -50
"""Priorities of what somebody waits for at this moment (a mail with a code), and of what nobody waits for."""


def task(
    *,
    name: str,
    ko: str = "",
    en: str = "",
    retries: int = RETRIES,
    time_limit: timedelta = TIME_LIMIT,
    priority: int = 0,
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Make a function of a module a task under a name ("files.inspect"); `ko` and `en` say what it does on the operator's page.

    `priority` (-100 to 100): of the tasks that are due, those of the higher number come first (FIRST: somebody waits for it; LAST: nobody does).
    It may run more than once (its worker may die after the work and before it is noted): write it so that a second run changes
    nothing. Raises ValueError when the name is taken.
    """

    def register(function: Callable[P, T]) -> Task[P, T]:
        if name in _tasks:
            raise ValueError(f"two tasks are named {name}")
        made: Task[P, T] = Task(
            func=function,
            name=name,
            ko=ko,
            en=en,
            retries=retries,
            time_limit=time_limit,
            priority=priority,
            queue_name=DEFAULT_TASK_QUEUE_NAME,
            backend=DEFAULT_TASK_BACKEND_ALIAS,
        )
        _tasks[name] = made
        return made

    return register


def schedule(
    *,
    name: str,
    every: timedelta,
    at: time = time(),
    ko: str = "",
    en: str = "",
    retries: int = 2,
    time_limit: timedelta = TIME_LIMIT,
) -> Callable[[Callable[[], None]], Task[[], None]]:
    """Make a function without arguments a task that runs at each occurrence: once though several workers run, once for all that
    were missed while none ran, and not while the occurrence before still waits or runs.
    """
    if every < timedelta(seconds=1):
        raise ValueError("a schedule's rhythm is at least a second")

    def register(function: Callable[[], None]) -> Task[[], None]:
        made = task(name=name, ko=ko, en=en, retries=retries, time_limit=time_limit)(function)
        _schedules[name] = Schedule(made, every, at)
        return made

    return register


def named(name: str) -> Task[Any, Any] | None:
    """The task of that name, or None where this version has none."""
    return _tasks.get(name)


def schedules() -> list[Schedule]:
    """Every schedule, by name."""
    return [_schedules[name] for name in sorted(_schedules)]
