"""Django's registration of this floor."""

from importlib import import_module

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "gongmo.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("gongmo.registers.acts")
        from gongmo.calls import due
        from gongmo.parties import outside
        from gongmo.registers import confirming, holidays

        outside.knows(outside.Outside(confirming.number, confirming.address_page))
        due.further_days_off(holidays.days_off)
