"""Indicators of success: a new line, and taking one out. Their columns are saved as fields."""

from django.db import transaction
from django.db.models import Max

from gongmo.applications.commands.base import changed, locked, require_editable
from gongmo.applications.commands.journal import Change
from gongmo.applications.fields.form import KPI_COLUMNS, kpi_value
from gongmo.applications.models import Kpi
from gongmo.applications.policies import may_edit
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused

MOST = 50


def add_kpi(*, actor: Actor, application_id: int, count: int = 1) -> list[Kpi]:
    """Add empty lines for indicators, after the last one. Refused beyond 50."""
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        there = application.kpis.aggregate(last=Max("position"))["last"] or 0
        if application.kpis.count() + count > MOST:
            raise Refused(
                "too_many_kpis",
                f"성과지표는 {MOST}개까지 적을 수 있습니다.",
                f"At most {MOST} indicators can be given.",
            )
        made = [
            Kpi.objects.create(application=application, position=there + number)
            for number in range(1, count + 1)
        ]
        changed(actor, application, "applications.add_kpi", {"kpis": [kpi.pk for kpi in made]})
    return made


def remove_kpi(*, actor: Actor, application_id: int, kpi_id: int) -> None:
    """Take an indicator out. What it held stays in the journal and in kept versions."""
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        kpi = application.kpis.filter(pk=kpi_id).first()
        if kpi is None:
            raise NotFound
        held = [
            Change(f"kpi:{kpi.pk}:{column}", value, None)
            for column in KPI_COLUMNS
            if (value := kpi_value(kpi, column))
        ]
        kpi.delete()
        changed(
            actor,
            application,
            "applications.remove_kpi",
            {"kpi": kpi_id},
            keep="성과지표를 뺌" if held else "",
            fields=held,
        )
