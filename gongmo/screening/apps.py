"""Django's registration of this floor."""

from importlib import import_module

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "gongmo.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("gongmo.screening.acts")
        import_module("gongmo.screening.doors")
        import_module("gongmo.screening.commands.similar_facts")
