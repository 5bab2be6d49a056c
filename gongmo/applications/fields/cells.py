"""Budget cells: "cell:<organisation>:<year>:<field>:<category>:<source>:<form>:<0|1>", whole won; 0 empties a cell."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Subquery

from gongmo.applications.amounts import FAULTS, NotAnAmount, read_amount
from gongmo.applications.commands.journal import with_newest
from gongmo.applications.commands.money import Key, key_of
from gongmo.applications.fields.base import Json, Kind, Place, UnknownField, is_number, present_members
from gongmo.applications.models import Application, BudgetCell, Member
from gongmo.applications.policies import may_fill
from gongmo.kernel.errors import BadInput
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import insert, update


class Cells(Kind):
    """Money of one organisation, year, field, category, source and form. The lead writes all, a member its own."""

    short = True

    def key(self, at: Place, rest: str) -> Hashable:
        parts = rest.split(":")
        if len(parts) != 7 or not (is_number(parts[0]) and is_number(parts[1])) or parts[6] not in ("0", "1"):
            raise UnknownField
        field, category, source, form = parts[2:6]
        key = Key(int(parts[0]), int(parts[1]), field, category, source, form, parts[6] == "1")
        budget = at.definition.budget
        known = (
            key.year in {year.year for year in budget.years}
            and key.field in {item.id for item in at.definition.fields}
            and key.category in {item.id for item in budget.categories}
            and key.source in {item.id for item in budget.sources}
            and key.form in {form.value for form in budget.forms}
            and (budget.direct_support is not None or not key.direct_support)
            and (_read_alone if at.alone else _member)(at, key) is not None
        )
        if not known:
            raise UnknownField
        return key

    def require(self, at: Place, key: Key) -> None:
        member = _member(at, key)
        if member is None:  # pragma: no cover - its key was read with the member there
            raise UnknownField
        may_fill.require(at.actor, member)

    def clean(self, at: Place, key: Key, value: Json) -> Json:
        try:
            return read_amount(value)
        except NotAnAmount as fault:
            sentence = FAULTS[fault.fault]
            raise BadInput(f"amount_{fault.fault}", sentence.ko, sentence.en, field="amount") from fault

    def read(self, at: Place, keys: Iterable[Key]) -> dict[Any, Json]:
        keys = list(keys)
        stored = {key_of(cell): cell.amount for cell in _stored(at, keys)}
        return {key: stored.get(key, 0) for key in keys}

    def write(self, at: Place, values: Mapping[Key, Json]) -> None:
        stored = {key_of(cell): cell for cell in _stored(at, values)}
        altered: list[BudgetCell] = []
        for key, cell in stored.items():
            if values.get(key):
                cell.amount = values[key]
                altered.append(cell)
        emptied = [cell for key, cell in stored.items() if values.get(key) == 0]
        if len(emptied) == 1:
            emptied[0].delete()
        elif emptied:
            BudgetCell.objects.filter(pk__in=[cell.pk for cell in emptied]).delete()
        if len(altered) == 1:
            update(altered[0], "amount")
        elif altered:
            BudgetCell.objects.bulk_update(altered, ["amount"], batch_size=500)
        added = [
            BudgetCell(application=at.application, amount=amount, **key._asdict())
            for key, amount in values.items()
            if amount and key not in stored
        ]
        if len(added) == 1:
            insert(added[0])
        elif added:
            BudgetCell.objects.bulk_create(added, batch_size=500)
        at.cells.clear()


def _member(at: Place, key: Key) -> Member | None:
    return at.member_of(key.organisation_id)


def _read_alone(at: Place, key: Key) -> Member | None:
    """The member; the cell and its journal's newest line are noted. One query."""
    *of_text, direct = key
    organisation, year, *words = of_text
    asked = dict(zip(("field", "category", "source", "form"), words, strict=True))
    found = _alone.first(
        direct,
        application=at.application.pk,
        organisation=organisation,
        year=year,
        path=at.alone,
        **asked,
    )
    at.note_member(found, organisation=key.organisation_id)
    if found is not None:
        at.note_line(found)
        cell: Any = found
        at.cells[_where([key])] = (
            []
            if cell.cell_pk is None
            else [
                BudgetCell(
                    pk=cell.cell_pk, application=at.application, amount=cell.cell_amount, **key._asdict()
                )
            ]
        )
    return found


@prepared
def _alone(
    direct_support: bool,
    /,
    *,
    application: int,
    organisation: int,
    year: int,
    field: str,
    category: str,
    source: str,
    form: str,
    path: str,
) -> QuerySet[Member]:
    cells = BudgetCell.objects.order_by().filter(
        application=application,
        organisation=organisation,
        year=year,
        field=field,
        category=category,
        source=source,
        form=form,
        direct_support=direct_support,
    )
    members = present_members(application).select_related(None).filter(organisation=organisation)
    found = with_newest(members, application, path)
    return found.annotate(
        cell_pk=Subquery(cells.values("pk")[:1]), cell_amount=Subquery(cells.values("amount")[:1])
    )


def _where(keys: Iterable[Key]) -> tuple[frozenset[int], frozenset[int]]:
    keys = list(keys)
    return frozenset(key.organisation_id for key in keys), frozenset(key.year for key in keys)


def _stored(at: Place, keys: Iterable[Key]) -> list[BudgetCell]:
    place = _where(keys)
    if place not in at.cells:
        at.cells[place] = _read(at.application, *place)
    return at.cells[place]


def _read(application: Application, owners: frozenset[int], years: frozenset[int]) -> list[BudgetCell]:
    if len(owners) == len(years) == 1:
        return _cells(application=application.pk, organisation=min(owners), year=min(years))
    return list(BudgetCell.objects.filter(application=application, organisation__in=owners, year__in=years))


@prepared
def _cells(*, application: int, organisation: int, year: int) -> QuerySet[BudgetCell]:
    return BudgetCell.objects.filter(application=application, organisation=organisation, year=year)
