"""Django's registration of this floor."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gongmo.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
