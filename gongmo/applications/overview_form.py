"""The overview's form: every field with its value, the revision that is shown, and what became of it after it was sent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongmo.applications.commands.autosave import FieldInput, Saved, SaveState
from gongmo.applications.fields.form import KPI_COLUMNS, kpi_value
from gongmo.applications.models import Kpi
from gongmo.applications.queries.regions import asks_region
from gongmo.definition.application import Application
from gongmo.definition.form import Section
from gongmo.definition.model import Definition
from gongmo.kernel.canonical import digest
from gongmo.rules.form import Asked, asked

_NOT_IN_IDS = re.compile("[^a-z0-9]+")


def field_id(path: str) -> str:
    """The id of a field's control in the page."""
    return "q-" + _NOT_IN_IDS.sub("-", path.removeprefix("answer:"))


def fingerprint(value: Any) -> str:
    """A short mark by which a field that nobody touched is known again."""
    return digest(value)[:12]


@dataclass(slots=True)
class Row:
    """One field: path, id, value as typed or stored, and `seen` (revision and mark of what was shown)."""

    path: str
    id: str
    value: Any
    seen: str
    base: int
    refused: Saved | None = None
    conflict: Saved | None = None

    @property
    def attrs(self) -> dict[str, Any]:
        """What the saving script reads at the control."""
        return {"data-save": self.path, "data-base": self.base}


@dataclass
class OverviewForm:
    """Title, region (where the call asks for one), summary, fields of support, the call's own questions by section, and the indicators."""

    definition: Definition
    rows: dict[str, Row]
    sections: list[tuple[Section, list[Asked]]]
    kpis: list[Kpi]
    kpi_columns: tuple[str, ...] = field(default=tuple(KPI_COLUMNS))

    def at(self, path: str) -> Row:
        """The field of that path."""
        return self.rows[path]


def form_of(
    definition: Definition,
    value: Application,
    summary: str,
    kpis: Iterable[Kpi],
    revisions: Mapping[str, int],
) -> OverviewForm:
    """The form as it is stored."""
    kpis = list(kpis)
    asking = asked(definition, value.fields)
    stored: dict[str, Any] = {"title": value.title, "summary": summary, "fields": list(value.fields)}
    if asks_region(definition):
        stored["region"] = value.region or ""
    answers = value.answers or {}
    stored |= {f"answer:{place}": answers.get(place, "") for item in asking for place in item.places}
    stored |= {f"kpi:{kpi.pk}:{column}": kpi_value(kpi, column) for kpi in kpis for column in KPI_COLUMNS}
    rows = {
        path: Row(
            path,
            field_id(path),
            content,
            f"{revisions.get(path, 0)}-{fingerprint(content)}",
            revisions.get(path, 0),
        )
        for path, content in stored.items()
    }
    sections: dict[str, tuple[Section, list[Asked]]] = {}
    for item in asking:
        sections.setdefault(item.section.id, (item.section, []))[1].append(item)
    return OverviewForm(definition, rows, list(sections.values()), kpis)


def sent(form: OverviewForm, posted: Mapping[str, str], chosen: list[str]) -> list[FieldInput]:
    """What a sent form changes. Takes over what was typed; what its writer did not touch is left out."""
    changes: list[FieldInput] = []
    for path, row in form.rows.items():
        if path not in posted and (path == "region" or f"seen:{path}" not in posted):
            continue
        value: Any = chosen if path == "fields" else posted.get(path, "").replace("\r\n", "\n")
        number, _, mark = posted.get(f"seen:{path}", str(row.base)).partition("-")
        row.base = int(number) if number.isdecimal() and len(number) < 10 else 0
        if mark == fingerprint(value):
            continue
        row.value, row.seen = value, str(row.base)
        changes.append(FieldInput(path, value, row.base))
    return changes


def noted(form: OverviewForm, results: Iterable[Saved]) -> bool:
    """Note what became of the changes. Whether any needs a look."""
    found = False
    for result in results:
        row = form.rows[result.path]
        if result.state is SaveState.REFUSED:
            row.refused = result
        elif result.state is SaveState.CONFLICT:
            row.conflict = result
        found |= result.state is not SaveState.SAVED
        if result.state is not SaveState.REFUSED:
            # Sent again, it is saved over what is shown beside it now.
            row.base, row.seen = result.revision, str(result.revision)
    return found
