"""Statements put together once: Django builds the SQL of a queryset at the first call, each later call only fills in its values.

Putting a statement together costs Django five to twenty times what the database needs to answer it. What every request or every command
asks is therefore prepared; everything else stays an ordinary queryset.

    @prepared
    def _place(*, person: int, now: datetime) -> QuerySet[Membership]:
        return Membership.objects.filter(person=person, since__lte=now)

    _place(person=3, now=clock.now())       # a list, as list(queryset) would give

Keyword arguments (int, str, datetime) are values of the statement. Positional arguments are its shape (a role, a flag): each combination is
a statement of its own. The function must not look at a keyword argument: it is called with stand-ins, once for each database and shape.
"""

import inspect
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, get_type_hints

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from gongmo.ledger.asking import ask

T = TypeVar("T")

_MOST = 2**63
# Two sets of stand-ins: what differs between the two statements that they give are the places of the values. Numbers fit into the smallest
# column: Django drops a condition that no stored number can meet.
_NUMBERS = (31_001, 32_001)
_INSTANTS = (datetime(1907, 3, 1, 4, 5, 6, 789, tzinfo=UTC), datetime(1908, 3, 1, 4, 5, 6, 789, tzinfo=UTC))
_TEXTS = ("\u2060gongmo-{}\u2060", "\u2060mogong-{}\u2060")


def _stand_ins(hints: Mapping[str, Any], names: list[str], which: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for place, name in enumerate(names):
        kind = hints[name]
        if kind is int:
            made[name] = _NUMBERS[which] + place
        elif kind is datetime:
            made[name] = _INSTANTS[which] + timedelta(days=place)
        elif kind is str:
            made[name] = _TEXTS[which].format(place)
        else:
            raise TypeError(f"{name}: a prepared statement takes int, str and datetime")
    return made


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one shape for one kind of database. `places`: index among `params`, name, and what makes a parameter of the value."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str, Callable[[Any, Any], Any] | None], ...]
    converters: tuple[tuple[int, Any, Any], ...]
    make: Callable[[Sequence[Any]], Any]
    locks: bool

    def run(self, using: str, values: Mapping[str, Any]) -> list[Any]:
        connection = connections[using]
        if any(isinstance(value, int) and not -_MOST <= value < _MOST for value in values.values()):
            return []  # An address may name a number that no database holds.
        if self.locks and not connection.in_atomic_block and connection.features.has_select_for_update:
            raise transaction.TransactionManagementError("a row is locked inside a transaction only")
        params = list(self.params)
        for index, name, adapt in self.places:
            params[index] = values[name] if adapt is None else adapt(connection, values[name])
        return self.told(ask(connection, self.sql, params), connection)

    def told(self, rows: Iterable[tuple[Any, ...]], connection: Any) -> list[Any]:
        """What rows of these columns, as the driver gives them, are in Python."""
        if self.converters:
            return [self.make(self.converted(row, connection)) for row in rows]
        return [self.make(row) for row in rows]

    def converted(self, row: Sequence[Any], connection: Any) -> Sequence[Any]:
        """The row's values in Python."""
        values = list(row)
        for index, converters, expression in self.converters:
            value = values[index]
            for convert in converters:
                value = convert(value, expression, connection)
            values[index] = value
        return values


def _places(
    connection: Any, one: Sequence[Any], other: Sequence[Any], stand_ins: Mapping[str, Any]
) -> Iterator[tuple[int, str, Callable[[Any, Any], Any] | None]]:
    """Where the values stand among the parameters. Raises TypeError for one that Django has made something else of."""
    for index, (param, differing) in enumerate(zip(one, other, strict=True)):
        if param == differing:
            continue
        for name, value in stand_ins.items():
            if isinstance(value, datetime):
                if param == connection.ops.adapt_datetimefield_value(value):
                    yield index, name, _instant
                    break
            elif param == value:
                yield index, name, None
                break
            elif isinstance(value, str) and param == f"{value}%":
                yield index, name, _beginning
                break
        else:
            raise TypeError(f"a value becomes {param!r}")


def _instant(connection: Any, value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def _beginning(connection: Any, value: str) -> str:
    """For __startswith."""
    return f"{connection.ops.prep_for_like_query(value)}%"


class Prepared(Generic[T]):
    """A queryset by its values (see the module). Called: the rows as a list."""

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self.build = build
        self.__doc__, self.__name__ = build.__doc__, build.__name__
        self._names: list[str] | None = None
        self._kept: dict[tuple[str, tuple[Hashable, ...]], Statement | None] = {}

    def __call__(self, *shape: Hashable, **values: Any) -> list[T]:
        statement = self.statement(*shape)
        return [] if statement is None else statement.run(DEFAULT_DB_ALIAS, values)

    def first(self, *shape: Hashable, **values: Any) -> T | None:
        """The first row, None where there is none. The queryset itself says in which order, and that it wants one."""
        found = self(*shape, **values)
        return found[0] if found else None

    def statement(self, *shape: Hashable) -> Statement | None:
        """The statement of a shape. None: it finds nothing, whatever its values."""
        key = (DEFAULT_DB_ALIAS, shape)
        if key not in self._kept:
            self._kept[key] = self._made(DEFAULT_DB_ALIAS, shape)
        return self._kept[key]

    def _made(self, using: str, shape: tuple[Hashable, ...]) -> Statement | None:
        hints = get_type_hints(self.build)
        every = inspect.signature(self.build).parameters.values()
        names = [each.name for each in every if each.kind is inspect.Parameter.KEYWORD_ONLY]
        connection = connections[using]
        stand_ins = _stand_ins(hints, names, 0)
        found = self.build(*shape, **stand_ins)
        compiler = found.using(using).query.get_compiler(using)
        other = self.build(*shape, **_stand_ins(hints, names, 1)).using(using).query.get_compiler(using)
        try:
            (sql, params), (same, others) = compiler.as_sql(), other.as_sql()
        except EmptyResultSet:
            return None
        places = tuple(_places(connection, params, others, stand_ins))
        unused = set(stand_ins) - {name for _, name, _ in places}
        if unused or sql != same:
            raise TypeError(f"{self.__name__}: {', '.join(sorted(unused))} does not reach the statement")
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        converters = tuple(
            (index, tuple(converts), expression)
            for index, (converts, expression) in compiler.get_converters(columns).items()
        )
        make = (
            _objects(compiler, using) if issubclass(found._iterable_class, ModelIterable) else _plain(found)
        )
        return Statement(sql, tuple(params), places, converters, make, found.query.select_for_update)


def hold(row: models.Model, name: str, found: Sequence[models.Model]) -> None:
    """Let `row.<name>.all()` give these rows, as prefetch_related does with rows that it reads."""
    kept = getattr(row, name).get_queryset()
    kept._result_cache, kept._prefetch_done = list(found), True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept


def prepared(build: Callable[..., QuerySet[Any, T]]) -> Prepared[T]:
    """The decorator (see the module)."""
    return Prepared(build)


def _objects(compiler: Any, using: str) -> Callable[[Sequence[Any]], Any]:
    """Rows as model instances, with what select_related and annotate added: what Django's ModelIterable does with each row."""
    kept = compiler.klass_info
    model, fields = kept["model"], kept["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    # The stubs describe a newer Django.
    related = get_related_populators(kept, compiler.select, using)  # type: ignore[call-arg]
    annotations = tuple((compiler.annotation_col_map or {}).items())

    def make(row: Sequence[Any]) -> Any:
        made = model.from_db(using, names, row[start:end])
        for each in related:
            each.populate(row, made)
        for name, index in annotations:
            setattr(made, name, row[index])
        return made

    return make


def _plain(found: QuerySet[Any, Any]) -> Callable[[Sequence[Any]], Any]:
    """Rows of values_list: tuples, or the bare value of a flat one."""
    if getattr(found, "_fields", None) is None or found._iterable_class.__name__ not in (
        "ValuesListIterable",
        "FlatValuesListIterable",
    ):
        raise TypeError("a prepared statement gives model instances or values_list")
    return (lambda row: row[0]) if found._iterable_class.__name__ == "FlatValuesListIterable" else tuple
