"""Django's registration of this floor."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "gongmo.applications"
    label = "applications"
    default_auto_field = "django.db.models.BigAutoField"
