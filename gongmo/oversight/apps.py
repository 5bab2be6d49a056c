"""Django's registration of this floor."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "gongmo.oversight"
    label = "oversight"
