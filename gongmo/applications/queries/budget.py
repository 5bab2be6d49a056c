"""What the money of an application comes to: read quickly enough to be asked after every change of a cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max

from gongmo.applications.models import Application, BudgetCell, FieldChange, Member
from gongmo.applications.policies import PRESENT
from gongmo.applications.queries.snapshot import submitted_value
from gongmo.calls.queries import definition_of
from gongmo.definition import application as plain
from gongmo.definition.base import Form, OrganisationKind
from gongmo.definition.model import Definition
from gongmo.rules.finding import Finding
from gongmo.rules.money import check_money
from gongmo.rules.values import SumTable


@dataclass(frozen=True, slots=True)
class Budget:
    """An application's money judged: the value holds title, organisations and budget only; sums are won."""

    definition: Definition
    value: plain.Application
    table: SumTable
    findings: tuple[Finding, ...]


def budget_of(application: Application) -> Budget:
    """The money as it is stored now, judged by the same rules as the whole check. Two queries whatever the size."""
    definition = definition_of(application.call)
    members = (
        Member.objects.filter(application=application, state__in=PRESENT)
        .order_by("pk")
        .values_list("organisation_id", "organisation__name", "role", "organisation__kind")
    )
    found = sorted(members, key=lambda row: row[0] != application.lead_id)
    value = plain.Application.model_construct(
        format="gongmo/application/1",
        call=application.call.slug,
        title=application.title,
        organisations=tuple(_organisation(*row) for row in found),
        budget=plain_cells(application),
    )
    table = SumTable.of(value)
    return Budget(definition, value, table, check_money(definition, value, table=table))


def plain_cells(application: Application) -> tuple[plain.Cell, ...]:
    """The stored cells as plain values, in the order in which they were first written. One query."""
    rows = BudgetCell.objects.filter(application=application).values_list(
        "organisation_id", "year", "field", "category", "source", "form", "amount", "direct_support"
    )
    return tuple(plain_cell(*row) for row in rows)


_CELL = set(plain.Cell.model_fields)
"""What is set in a cell: one set for all of them, for each process holds thousands."""


@lru_cache(maxsize=8_000)
def plain_cell(
    organisation: int,
    year: int,
    field: str,
    category: str,
    source: str,
    form: str,
    amount: int,
    direct: bool,
) -> plain.Cell:
    """A stored cell as a plain value. After a save nearly all cells are as they were: values are kept and shared.

    Rows need no second validation: commands and the database's constraints let nothing else in.
    """
    return plain.Cell.model_construct(
        _CELL,
        organisation=str(organisation),
        year=year,
        field=field,
        category=category,
        source=source,
        form=Form(form),
        amount=amount,
        direct_support=direct,
    )


@lru_cache(maxsize=4_000)
def _organisation(pk: int, name: str, role: str, kind: str) -> plain.Organisation:
    return plain.Organisation.model_construct(
        id=str(pk), name=name, role=role, kind=OrganisationKind(kind), facts={}
    )


def cell_revisions(application: Application, organisations: Iterable[int] | None = None) -> dict[str, int]:
    """The revision of every cell that was ever written, by path; of some organisations when given. One query."""
    lines = FieldChange.objects.filter(application=application, path__startswith="cell:")
    found = dict(
        lines.order_by().values("path").annotate(newest=Max("revision")).values_list("path", "newest")
    )
    if organisations is None:
        return found
    prefixes = tuple(f"cell:{pk}:" for pk in organisations)
    return {path: revision for path, revision in found.items() if path.startswith(prefixes)}


def submitted_budget(application: Application) -> Budget:
    """The money of the standing submission. Raises Refused where none stands."""
    value = submitted_value(application)
    definition = definition_of(application.call)
    table = SumTable.of(value)
    return Budget(definition, value, table, check_money(definition, value, table=table))
