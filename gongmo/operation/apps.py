"""Django's registration of this floor."""

from importlib import import_module

from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "gongmo.operation"
    label = "operation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("gongmo.operation.acts")
