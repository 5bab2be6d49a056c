"""Django's registration of this floor."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class TasksConfig(AppConfig):
    name = "gongmo.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Whoever runs a task must know it by name, whichever page asked for it.
        for app in apps.get_app_configs():
            if app.name.startswith("gongmo.") and find_spec(f"{app.name}.tasks") is not None:
                import_module(f"{app.name}.tasks")
