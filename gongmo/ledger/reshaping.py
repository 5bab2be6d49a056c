"""Row seals over an upgrade: a migration may change the columns of sealed tables and what they hold, and nothing else slips through with it.

A seal covers a row's columns by name. What a migration alters is therefore compared with the record before, by the columns of that moment,
and sealed anew after it, both in the one transaction in which the upgrade is done:

    with transaction.atomic():
        upgrade = Upgrade(connection)
        upgrade.begin(plan, apps_before)      # others cannot write these tables; every row is held against its seal
        …                                     # the migrations
        upgrade.end(apps_after)               # `ledger.reshape` for each table: columns before and after, the new seals

A row that was not as recorded before is not sealed anew: it stays found, and the entry names it. So does the record prove, across any number
of upgrades, that every row is what commands and migrations made of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps as present
from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, operations

from gongmo import __version__
from gongmo.kernel.actor import system
from gongmo.ledger import commands, queries, rows
from gongmo.ledger.models import Entry
from gongmo.migrating import SealRows

Plan = Iterable[tuple[Migration, bool]]
"""Migrations in their order, each with whether it is undone; as Django gives it."""

MOST = 5000
"""Rows whose seals one entry holds: some 250 kB."""
NAMED = 1000
"""Rows that an entry names as not having been as recorded."""

_ASIDE = frozenset(
    {
        operations.CreateModel,
        operations.AlterModelOptions,
        operations.AlterModelManagers,
        operations.AlterModelTable,
        operations.AlterModelTableComment,
        operations.AlterUniqueTogether,
        operations.AlterIndexTogether,
        operations.AddIndex,
        operations.RemoveIndex,
        operations.RenameIndex,
        operations.AddConstraint,
        operations.AlterConstraint,
        operations.RemoveConstraint,
    }
)
"""Operations that change no column and no value of a table that is there."""
_COLUMNS = (
    operations.AddField,
    operations.RemoveField,
    operations.AlterField,
    operations.RenameField,
    operations.AlterOrderWithRespectTo,
)


@dataclass(slots=True)
class Reach:
    """What a plan may alter: tables by any name that they have on the way (None: any table), where a table goes, which become sealed."""

    tables: set[str] | None = field(default_factory=set)
    goes: dict[str, str] = field(default_factory=dict)
    sealed: set[str] = field(default_factory=set)

    def may_alter(self, label: str) -> bool:
        return self.tables is None or label in self.tables or self.goes.get(label) in self.tables

    def concerns_sealed(self) -> bool:
        """Whether a sealed table may be altered. One that this version has no model for may have been one."""
        sealed, here = rows.sealed_models(), {each._meta.label_lower for each in present.get_models()}
        return (
            self.tables is None
            or bool(self.sealed)
            or any(each in sealed or each not in here for each in self.tables)
        )

    def add(self, *labels: str) -> None:
        if self.tables is not None:
            self.tables.update(labels)


def reach(plan: Plan) -> Reach:
    """What a plan may alter of rows that are there, read off its operations. Whatever is not known to leave them alone may alter all."""
    found = Reach()
    for migration, backwards in plan:
        app = migration.app_label
        steps: list[Any] = list(migration.operations)
        for step in reversed(steps) if backwards else steps:
            if type(step) in _ASIDE:
                # Undone, a table that was made is dropped.
                if backwards and type(step) is operations.CreateModel:
                    found.add(f"{app}.{step.name_lower}")
            elif type(step) is SealRows:
                found.sealed.add(f"{app}.{step.name.lower()}")
            elif type(step) is operations.RenameModel:
                names = f"{app}.{step.old_name_lower}", f"{app}.{step.new_name_lower}"
                old, new = reversed(names) if backwards else names
                found.add(old, new)
                origin = next((each for each, now in found.goes.items() if now == old), old)
                found.goes[origin] = new
            elif type(step) is operations.DeleteModel:
                found.add(f"{app}.{step.name_lower}")
            elif type(step) in _COLUMNS and not _is_key(step):
                found.add(f"{app}.{getattr(step, 'model_name_lower', '') or step.name_lower}")
            else:
                found.tables = None
    return found


def _is_key(step: Any) -> bool:
    """Whether a step alters a primary key: then it alters what refers to it, too."""
    altered = getattr(step, "field", None)
    return altered is not None and bool(altered.primary_key)


@dataclass(slots=True)
class Before:
    """A table as the migrations found it: its columns, its rows by the record, and those that were not as recorded (why, by key)."""

    columns: tuple[str, ...]
    told: Mapping[str, str | None]
    wrong: dict[str, str]


class Upgrade:
    """One upgrade of the default database, inside one transaction (see the module)."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.before: dict[str, Before] = {}
        self.known: set[str] = set()
        self.active = False
        self.reach = Reach()
        self.names: list[str] = []
        self.made: list[Entry] = []

    @property
    def wrong(self) -> list[str]:
        """Rows that were not as recorded before the upgrade, and were left so."""
        return [f"{label} {key}" for label, each in sorted(self.before.items()) for key in each.wrong]

    def begin(self, plan: Plan, apps: Apps) -> None:
        """Keep others from writing what the plan may alter, and compare it with the record. `apps`: the models as the tables are now."""
        plan = list(plan)
        self.reach, self.names = reach(plan), [f"{each.app_label}.{each.name}" for each, _ in plan]
        if not self.reach.concerns_sealed():
            return
        self.active = True
        self._hold(_found(apps, rows.sealed_models()).values())
        told = queries.row_seals()
        # A table that is sealed no longer, or has another name by now, is known by what the record tells of it.
        for label, model in _found(apps, {*rows.sealed_models(), *told}).items():
            self.known.add(self.reach.goes.get(label, label))
            if label in self.reach.sealed and label not in told:
                self.before[label] = Before(rows.columns(model), {}, {})
            elif self.reach.may_alter(label):
                seals = told.get(label, {})
                compared = rows.compared(model, seals, self.connection.alias)
                wrong = {key: observed for key, observed, _ in compared}
                self.before[label] = Before(rows.columns(model), seals, wrong)

    def end(self, apps: Apps) -> None:
        """Seal anew what the migrations altered. `apps`: the models as the tables are now."""
        if not self.active:
            return
        for old, before in sorted(self.before.items()):
            self._seal(old, self.reach.goes.get(old, old), before, apps)
        # Tables that the migrations made, with the rows that they put there.
        for label in sorted(set(_found(apps, rows.sealed_models())) - self.known):
            self._seal(label, label, Before((), {}, {}), apps)
        rows.forget_columns()

    def _seal(self, old: str, new: str, before: Before, apps: Apps) -> None:
        model = _found(apps, [new]).get(new)
        right = {key: seal for key, seal in before.told.items() if seal and key not in before.wrong}
        seals: list[tuple[str, str, str | None]] = []
        counts = {"kept": 0, "rewritten": 0, "made": 0, "removed": 0}
        seen = set()
        if model is not None:
            for row in model._base_manager.using(self.connection.alias).iterator(chunk_size=rows.CHUNK):
                key = str(row.pk)
                if key in before.wrong:
                    continue
                seen.add(key)
                was, now = right.get(key), rows.seal(row)
                same = was == now and old == new
                counts["made" if was is None else "kept" if same else "rewritten"] += 1
                if not same:
                    seals.append((new, key, now))
        counts["removed"] = len(right.keys() - seen)
        seals += [(old, key, None) for key in right if key not in seen or old != new]
        columns = rows.columns(model) if model is not None else ()
        if not seals and (not before.columns or (old == new and sorted(before.columns) == sorted(columns))):
            return
        payload = {
            "version": __version__,
            "migrations": self.names,
            "before": {"table": old, "columns": sorted(before.columns)},
            "after": {"table": new if model is not None else "", "columns": sorted(columns)},
            **counts,
            "wrong": len(before.wrong),
            "wrong_rows": dict(list(before.wrong.items())[:NAMED]),
        }
        # At least one entry, for it tells of the columns.
        for start in range(0, max(len(seals), 1), MOST):
            for label, key, each in seals[start : start + MOST]:
                rows.tell(label, {key: each}, self.connection.alias)
            self.made.append(
                commands.append(
                    actor=system("upgrade"),
                    act="ledger.reshape",
                    subject=("table", new),
                    payload=payload if start == 0 else {"version": __version__, "from_row": start},
                )
            )

    def _hold(self, tables: Iterable[type[models.Model]]) -> None:
        """Nobody else writes to these tables, nor to the record, until the transaction ends; reading goes on. SQLite's transaction does
        that by itself. Raises OperationalError where others do not let go of them."""
        if self.connection.vendor != "postgresql":
            return
        quote = self.connection.ops.quote_name
        names = ", ".join([*(quote(each._meta.db_table) for each in tables), quote(Entry._meta.db_table)])
        with self.connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _found(apps: Apps, labels: Iterable[str]) -> dict[str, type[models.Model]]:
    """Those of the models that are there."""
    found = {}
    for label in labels:
        try:
            found[label] = apps.get_model(label)
        except LookupError:
            continue
    return found
