"""The web floor as a Django app (it stores nothing)."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gongmo.web"
    label = "web"
    verbose_name = "공모 웹"
