"""Django's registration of this floor."""

from importlib import import_module

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "gongmo.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("gongmo.evaluation.acts")
        import_module("gongmo.evaluation.doors")
        import_module("gongmo.evaluation.committee_acts")
        import_module("gongmo.evaluation.control_notices")
        import_module("gongmo.evaluation.day_notices")
        import_module("gongmo.evaluation.committee_invariants")
        import_module("gongmo.evaluation.committee_notices")
        import_module("gongmo.evaluation.handover")
        import_module("gongmo.evaluation.receivers")
