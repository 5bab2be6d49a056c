"""Django's registration of this floor."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "gongmo.awards"
    label = "awards"
    default_auto_field = "django.db.models.BigAutoField"
