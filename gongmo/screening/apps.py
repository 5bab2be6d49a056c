"""Django's registration of this floor."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "gongmo.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"
