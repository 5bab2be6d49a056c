"""The backend named in settings.TASKS: the database's, making tasks of our kind."""

from django_tasks_db.backend import DatabaseBackend

from gongmo.tasks.registry import Task


class Backend(DatabaseBackend):
    """django-tasks' database backend whose tasks know retries and keys."""

    task_class = Task
