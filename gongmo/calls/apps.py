"""Django's registration of this floor."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "gongmo.calls"
    label = "calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongmo.calls import marks

        marks.watch()
