"""Reading the journal of an application's fields."""

from django.db.models import QuerySet

from gongmo.applications.models import Application, FieldChange, Kpi, Member
from gongmo.kernel.actor import Actor


def journal_of(actor: Actor, application: Application, own: Member | None) -> QuerySet[FieldChange]:
    """Saved changes of an application's fields, newest first, with who made them.

    An organisation's answers on exclusions are shown to its own people only.
    """
    lines = FieldChange.objects.filter(application=application).select_related("changed_by")
    others = lines.exclude(path__startswith="fact:")
    shown = others | lines.filter(path__startswith=f"fact:{own.pk}:") if own is not None else others
    return shown.order_by("-changed_at", "-id")


def kpi_names(application: Application) -> dict[int, str]:
    """The indicators' names by id."""
    return dict(Kpi.objects.filter(application=application).values_list("pk", "name"))
