"""The task queue: work that must not make a request wait, with retries, schedules and tasks of dead workers taken up again."""
