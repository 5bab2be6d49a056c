"""Django's registration of this floor."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class NoticesConfig(AppConfig):
    name = "gongmo.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("gongmo.notices.receivers")
        import_module("gongmo.notices.parties")
        for app in apps.get_app_configs():
            if app.name.startswith("gongmo.") and find_spec(f"{app.name}.notices") is not None:
                import_module(f"{app.name}.notices")
