"""Django's registration of this floor."""

from importlib import import_module

from django.apps import AppConfig


class SimilarityConfig(AppConfig):
    name = "gongmo.similarity"
    label = "similarity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("gongmo.similarity.acts")
