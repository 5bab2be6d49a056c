"""Django's registration of this floor."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "gongmo.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.account.signals import (
            email_changed,
            password_changed,
            password_reset,
            password_set,
            user_signed_up,
        )
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
        from django.db.models.signals import post_migrate

        from gongmo.parties import regions, signals

        post_migrate.connect(regions.after_migration, sender=self)
        user_logged_in.connect(signals.signed_in)
        user_logged_out.connect(signals.signed_out)
        user_login_failed.connect(signals.sign_in_failed)
        user_signed_up.connect(signals.signed_up)
        email_changed.connect(signals.email_changed)
        for changed in (password_changed, password_reset, password_set):
            changed.connect(signals.password_changed)
        authenticator_added.connect(signals.second_factor_added)
        authenticator_removed.connect(signals.second_factor_removed)
