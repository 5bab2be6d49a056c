"""Django's registration of this floor."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "gongmo.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
