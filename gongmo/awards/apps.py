"""Django's registration of this floor."""

from importlib import import_module

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "gongmo.awards"
    label = "awards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("gongmo.awards.doors")
        import_module("gongmo.awards.handover")
        import_module("gongmo.awards.result_link")
        import_module("gongmo.awards.party_notices")
