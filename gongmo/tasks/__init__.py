"""The task queue: work that must not make a request wait, with retries, schedules and tasks of dead workers taken up again.

@task(name="files.inspect", retries=6)
def inspect(*, sha256: str) -> None: ...

inspect.enqueue(key=f"inspect:{sha256}", sha256=sha256)   # runs once the surrounding transaction has committed

Tasks live in a floor's `tasks.py`, which is imported at start. Built on django-tasks and its database backend (docs/tasks.md).
"""

from gongmo.tasks.registry import FIRST, LAST, GiveUp, Task, schedule, task

__all__ = ["FIRST", "LAST", "GiveUp", "Task", "run_waiting", "schedule", "still_ours", "task"]


def run_waiting(*, limit: int = 10_000, only: str = "") -> int:
    """Run all that is due now, and what it enqueues, here and one after another. Returns how many runs that were.

    `only`: how the names of the tasks begin that are run ("notices."); the others are left to the workers.
    """
    from gongmo.tasks import runner

    return runner.run_waiting(limit=limit, only=only)


def still_ours() -> None:
    """Called by a task just before what cannot be taken back (a mail leaves): raises where the task was handed to another worker
    meanwhile, because this one was paused for longer than its lease."""
    from gongmo.tasks import runner

    runner.still_ours()
