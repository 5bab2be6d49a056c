"""Budget cells: checked one by one, written together."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction

from gongmo.applications.amounts import MOST
from gongmo.applications.commands.base import changed, locked, require_editable
from gongmo.applications.commands.journal import Change, latest_of
from gongmo.applications.commands.members import require_part
from gongmo.applications.models import Application, BudgetCell, Member
from gongmo.applications.policies import PRESENT, may_edit
from gongmo.applications.values import CellInput
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Form
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.korean import won
from gongmo.parties.models import Person


class Key(NamedTuple):
    """What tells one cell from another."""

    organisation_id: int
    year: int
    field: str
    category: str
    source: str
    form: str
    direct_support: bool


def key_of(cell: BudgetCell | CellInput) -> Key:
    """The key of a stored or entered cell."""
    return Key(
        cell.organisation_id,
        cell.year,
        cell.field,
        cell.category,
        cell.source,
        Form(cell.form).value,
        cell.direct_support,
    )


def path_of(key: Key) -> str:
    """The path under which a cell is saved and journalled (gongmo.applications.fields)."""
    return f"cell:{':'.join(map(str, key[:6]))}:{int(key.direct_support)}"


def set_cells(
    *,
    actor: Actor,
    application_id: int,
    cells: Sequence[CellInput],
    replace: bool = False,
    seen: Sequence[int | None] | None = None,
    what: str = "사업비를 저장함",
) -> Application:
    """Write budget cells; an amount of 0 won empties a cell. With `replace`, cells that are not named are emptied too.

    The lead may write every organisation's cells, a member its own (and `replace` then empties only its own). `seen` tells, cell by
    cell, the won that the writer saw there (None: not looked at); `what` names the version that is kept. Raises BadInput whose
    details list every unusable cell by its place: {"cells": [{"index", "field", "ko", "en"}]}, and Refused "cells_changed" where a
    cell holds neither what its writer saw nor what it shall hold: {"cells": [{"index", "now", "by", "ko", "en"}]}.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        require_part(actor, application, {cell.organisation_id for cell in cells})
        require_editable(application)
        _require_usable(application, definition_of(application.call), cells)
        rows = application.cells.all()
        if not replace:
            rows = rows.filter(organisation__in={cell.organisation_id for cell in cells})
        stored = {key_of(cell): cell for cell in rows}
        if seen is not None:
            _require_unchanged(application, stored, cells, seen)
        wanted = {key_of(cell): cell.amount for cell in cells}
        if replace:
            everything = may_edit(actor, application)
            for key in stored:
                if everything or key.organisation_id == actor.organisation:
                    wanted.setdefault(key, 0)
        changes = _write(application, stored, wanted)
        if changes:
            changed(
                actor,
                application,
                "applications.set_cells",
                {"cells": changes},
                keep=what,
                fields=[Change(path_of(Key(*key)), before, after) for *key, before, after in changes],
            )
    return application


def _require_unchanged(
    application: Application,
    stored: dict[Key, BudgetCell],
    cells: Sequence[CellInput],
    seen: Sequence[int | None],
) -> None:
    """Refuse where somebody else has written another amount since the writer looked."""
    others: list[tuple[int, Key, int]] = []
    for index, (cell, before) in enumerate(zip(cells, seen, strict=True)):
        key = key_of(cell)
        now = stored[key].amount if key in stored else 0
        if before is not None and now not in (before, cell.amount):
            others.append((index, key, now))
    if not others:
        return
    latest = latest_of(application, [path_of(key) for _, key, _ in others])
    people = {line.changed_by for line in latest.values() if line.changed_by is not None}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "display_name"))
    told: list[dict[str, Any]] = []
    for index, key, now in others:
        line = latest.get(path_of(key))
        by = names.get(line.changed_by or 0, "") if line else ""
        told.append(
            {
                "index": index,
                "now": now,
                "by": by,
                "ko": f"그사이 {f'{by}님이 ' if by else ''}{won(now)}으로 바꾸었습니다. 다시 저장하면 적으신 금액으로 바뀝니다.",
                "en": f"Changed meanwhile to KRW {now:,}{f' by {by}' if by else ''}. Save again to put your amount there.",
            }
        )
    raise Refused(
        "cells_changed",
        f"보신 뒤에 다른 사람이 바꾼 칸이 {len(told):,}개 있습니다. 표시한 칸을 확인해 주세요. 아직 아무것도 저장하지 않았습니다.",
        f"{len(told):,} cells were changed by others since you looked. See the marked ones; nothing has been saved yet.",
        details={"cells": told},
    )


def _write(
    application: Application, stored: dict[Key, BudgetCell], wanted: dict[Key, int]
) -> list[list[Any]]:
    """Bring the stored cells to the wanted amounts. Answers each change as [key ..., earlier won, later won]."""
    added: list[BudgetCell] = []
    altered: list[BudgetCell] = []
    emptied: list[int] = []
    changes: list[list[Any]] = []
    for key, amount in wanted.items():
        cell = stored.get(key)
        before = cell.amount if cell is not None else 0
        if before == amount:
            continue
        changes.append([*key, before, amount])
        if cell is None:
            added.append(BudgetCell(application=application, amount=amount, **key._asdict()))
        elif amount == 0:
            emptied.append(cell.pk)
        else:
            cell.amount = amount
            altered.append(cell)
    BudgetCell.objects.filter(pk__in=emptied).delete()
    BudgetCell.objects.bulk_update(altered, ["amount"], batch_size=500)
    BudgetCell.objects.bulk_create(added, batch_size=500)
    return changes


def _require_usable(application: Application, definition: Definition, cells: Sequence[CellInput]) -> None:
    members = set(
        Member.objects.filter(application=application, state__in=PRESENT).values_list(
            "organisation_id", flat=True
        )
    )
    budget = definition.budget
    axes: tuple[tuple[str, set[Any], str, str], ...] = (
        (
            "organisation_id",
            members,
            "컨소시엄에 없는 기관입니다.",
            "This organisation is not in the consortium.",
        ),
        (
            "year",
            {item.year for item in budget.years},
            "사업기간에 없는 연도입니다.",
            "This year lies outside the project.",
        ),
        (
            "field",
            {item.id for item in definition.fields},
            "공고에 없는 분야입니다.",
            "The call has no such field.",
        ),
        (
            "category",
            {item.id for item in budget.categories},
            "공고에 없는 비목입니다.",
            "The call has no such category.",
        ),
        (
            "source",
            {item.id for item in budget.sources},
            "공고에 없는 재원입니다.",
            "The call has no such source.",
        ),
        (
            "form",
            {form.value for form in budget.forms},
            "현금이나 현물 가운데 골라 주세요.",
            "Choose cash or in kind.",
        ),
    )
    wrong: list[dict[str, Any]] = []
    seen: set[Key] = set()
    for index, cell in enumerate(cells):
        bad: list[tuple[str, str, str]] = []
        for axis, known, ko, en in axes:
            value = getattr(cell, axis)
            if (value.value if isinstance(value, Form) else value) not in known:
                bad.append((axis, ko, en))
        if cell.direct_support and budget.direct_support is None:
            bad.append(
                (
                    "direct_support",
                    "이 공고에는 직접지원 표시가 없습니다.",
                    "This call has no direct-support mark.",
                )
            )
        if type(cell.amount) is not int or not 0 <= cell.amount <= MOST:
            bad.append(
                (
                    "amount",
                    f"금액은 0원부터 {MOST:,}원 사이의 정수로 적어 주세요.",
                    f"Write a whole number of won from 0 to {MOST:,}.",
                )
            )
        if not bad:
            key = key_of(cell)
            if key in seen:
                bad.append(
                    (
                        "cell",
                        "같은 칸이 두 번 있습니다. 하나로 합쳐 주세요.",
                        "This cell stands twice. Put the two together.",
                    )
                )
            seen.add(key)
        wrong += [{"index": index, "field": field, "ko": ko, "en": en} for field, ko, en in bad]
    if wrong:
        raise BadInput(
            "cells_unusable",
            f"사업비에서 고칠 칸이 {len({item['index'] for item in wrong}):,}개 있습니다. {wrong[0]['ko']}",
            f"{len({item['index'] for item in wrong}):,} budget cells need mending. {wrong[0]['en']}",
            field="cells",
            details={"cells": wrong},
        )
