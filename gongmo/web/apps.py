"""The web floor as a Django app (it stores nothing)."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gongmo.web"
    label = "web"
    verbose_name = "공모 웹"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in
        from django.db.backends.signals import connection_created

        from gongmo.web import acting, numbers, second_factor, statements

        numbers.begin()
        user_logged_in.connect(acting.choose_first)
        connection_created.connect(statements.watch, dispatch_uid="gongmo.statements")
        authenticator_added.connect(second_factor.added)
