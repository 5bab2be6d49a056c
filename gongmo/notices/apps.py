"""The app's name for Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices."""

    name = "gongmo.notices"
    default_auto_field = "django.db.models.BigAutoField"
