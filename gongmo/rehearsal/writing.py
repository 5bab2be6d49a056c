"""What a rehearsal's applications write: answers to the call's questions, and indicators."""

from collections.abc import Mapping, Sequence

from gongmo.applications import commands as applications
from gongmo.applications.commands import FieldInput
from gongmo.applications.fields.form import KPI_COLUMNS
from gongmo.definition.application import Kpi
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor
from gongmo.kernel.korean import settled
from gongmo.rehearsal.play import Play
from gongmo.rules.form import asked


def write(
    play: Play,
    definition: Definition,
    actor: Actor,
    application_id: int,
    *,
    fields: Sequence[str],
    answers: Mapping[str, str],
    kpis: Sequence[Kpi],
    words: Mapping[str, str],
) -> None:
    """Answer every question that is asked and that the script answers; `words` fill the gaps ("{region}") in the answers, and particles settle by them."""
    places = [place for item in asked(definition, fields) for place in item.places if place in answers]
    changes = [
        FieldInput(f"answer:{place}", settled(answers[place].format_map(words)), 0) for place in places
    ]
    if kpis and definition.form is not None and definition.form.kpis is not None:
        rows = play.do(applications.add_kpi, actor=actor, application_id=application_id, count=len(kpis))
        changes += [
            FieldInput(f"kpi:{row.pk}:{column}", getattr(kpi, column) or "", 0)
            for row, kpi in zip(rows, kpis, strict=True)
            for column in KPI_COLUMNS
        ]
    if changes:
        play.do(
            applications.save_fields,
            actor=actor,
            application_id=application_id,
            changes=changes,
            by_hand=True,
        )
