"""The app's name for Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Tasks."""

    name = "gongmo.tasks"
    default_auto_field = "django.db.models.BigAutoField"
