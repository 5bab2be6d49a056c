"""What a correction notice changes: the differences between two versions of a definition, in words.

    for change in differences(old, new):
        print(change.clause, change.ko)

Lists whose items have an id (clauses, rules, documents ...) are compared item by item, so that one item added is one change and a
moved item is told as a change of order. Rules and documents are told as the sentences that `explain` makes; money, dates, instants and shares as people write them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from gongmo.definition.base import Based, Model, Text, ratio_text
from gongmo.definition.evaluation import CriteriaGroup, Criterion
from gongmo.definition.explain import amount, explain_document, explain_rule
from gongmo.definition.labels import label
from gongmo.definition.model import Clause, Definition, DocumentKind
from gongmo.definition.rules import RuleBase
from gongmo.kernel.korean import day, stamp

MONEY = {"at_most", "at_least", "pot", "floor", "ceiling"}
"""Names of whole-number keys that are won (where they are not money, as in required_role, the rule is told by its sentence)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `path` names the value ("intake.closes"), `clause` the clause it rests on (None for a default or none)."""

    path: str
    clause: str | None
    ko: str
    en: str


Place = tuple[tuple[str, Text], ...]
"""A path as pairs of key and readable name."""


def differences(old: Definition, new: Definition) -> list[Change]:
    """Every difference between two definitions, in the order of the new one, clause texts first."""
    return list(_models(old, new, (), None, (old, new)))


def _models(
    old: Model, new: Model, path: Place, clause: str | None, calls: tuple[Definition, Definition]
) -> Iterator[Change]:
    """Differences between two values of one type, key by key."""
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield from _values(before, after, (*path, (name, label(name))), _clause(new, clause), calls)


def _clause(value: object, outer: str | None) -> str | None:
    """The clause on which a value rests: its own, none where it is a default, else that of what it stands in."""
    if isinstance(value, Based):
        return value.clause
    return value.id if isinstance(value, Clause) else outer


def _values(
    before: Any, after: Any, path: Place, clause: str | None, calls: tuple[Definition, Definition]
) -> Iterator[Change]:
    if isinstance(before, tuple) and isinstance(after, tuple) and _keyed([*before, *after]):
        yield from _lists(before, after, path, clause, calls)
    elif isinstance(before, RuleBase | DocumentKind) and isinstance(after, RuleBase | DocumentKind):
        yield from _told(before, after, path, clause, calls)
    elif isinstance(before, Model) and type(before) is type(after) and not isinstance(before, Text):
        yield from _models(before, after, path, clause, calls)
    else:
        yield _changed(before, after, path, clause)


def _key(item: object) -> str | None:
    for name in ("id", "year"):
        value = getattr(item, name, None)
        if value is not None:
            return str(value)
    return None


def _keyed(items: Sequence[object]) -> bool:
    return bool(items) and all(isinstance(item, Model) and _key(item) is not None for item in items)


def _lists(
    before: Sequence[Any],
    after: Sequence[Any],
    path: Place,
    clause: str | None,
    calls: tuple[Definition, Definition],
) -> Iterator[Change]:
    had = {_key(item): item for item in before}
    has = {_key(item): item for item in after}
    for key, item in has.items():
        here = (*path, (str(key), _item_name(item, str(key))))
        if key not in had:
            text = _whole(item, calls[1])
            yield _item(here, _clause(item, clause), f"새로 넣음: {text.ko}", f"added: {text.en}")
        elif had[key] != item:
            yield from _values(had[key], item, here, _clause(item, clause), calls)
    kept = [key for key in had if key in has]
    order = [key for key in has if key in had]
    if kept != order:
        yield _change(
            path,
            clause,
            f"순서가 바뀜: {', '.join(str(key) for key in order)}",
            f"order changed: {', '.join(str(key) for key in order)}",
        )
    for key, item in had.items():
        if key not in has:
            text = _whole(item, calls[0])
            here = (*path, (str(key), _item_name(item, str(key))))
            yield _item(here, _clause(item, clause), f"뺌: {text.ko}", f"removed: {text.en}")


UNTOLD = {"clause", "default", "citation", "note", "number", "handed_in_by", "generated", "contains", "paper"}
"""Keys of rules and documents that their sentences do not tell."""


def _told(
    before: RuleBase | DocumentKind,
    after: RuleBase | DocumentKind,
    path: Place,
    clause: str | None,
    calls: tuple[Definition, Definition],
) -> Iterator[Change]:
    """A changed rule or document: its two sentences where they differ, then whatever the sentences do not tell."""
    was, now = _whole(before, calls[0]), _whole(after, calls[1])
    same = _named(before) == _named(after)
    told = Text(
        ko=f"{was.ko} → {_asked(after, calls[1]).ko if same else now.ko}",
        en=f"{was.en} → {_asked(after, calls[1]).en if same else now.en}",
    )
    if was != now:
        yield _item(path, after.clause, told.ko, told.en)
    for change in _models(before, after, path, clause, calls):
        if was == now or change.path.removeprefix(_key_path(path) + ".").split(".")[0] in UNTOLD:
            yield change


def _named(item: RuleBase | DocumentKind) -> Text:
    return item.title if isinstance(item, RuleBase) else item.name


def _asked(item: RuleBase | DocumentKind, call: Definition) -> Text:
    if isinstance(item, DocumentKind):
        return explain_document(call, item)
    return explain_rule(call, item)  # type: ignore[arg-type]  # every RuleBase in a definition is of a declared kind


def _whole(item: Any, call: Definition) -> Text:
    """An item of a list as one text."""
    if isinstance(item, RuleBase | DocumentKind):
        name, asked = _named(item), _asked(item, call)
        return Text(ko=f"{name.ko}: {asked.ko}", en=f"{name.en}: {asked.en}")
    for key in ("text", "title", "name"):
        value = getattr(item, key, None)
        if isinstance(value, Text):
            return value
    return shown(item)


def _changed(before: Any, after: Any, path: Place, clause: str | None) -> Change:
    money = path[-1][0] in MONEY
    was, now = shown(before, money=money), shown(after, money=money)
    if was.ko == now.ko:
        return _change(
            path, clause, "표현은 다르지만 뜻은 같습니다.", "Written differently, the same in meaning."
        )
    return _change(path, clause, f"{was.ko} → {now.ko}", f"{was.en} → {now.en}")


def _change(path: Place, clause: str | None, ko: str, en: str) -> Change:
    """A change with the readable name of its place in front."""
    place_ko, place_en = " › ".join(name.ko for _, name in path), " › ".join(name.en for _, name in path)
    return Change(_key_path(path), clause, f"{place_ko}: {ko}", f"{place_en}: {en}")


def _item(path: Place, clause: str | None, ko: str, en: str) -> Change:
    """A change of a whole item, whose text names it already."""
    return replace(_change(path[:-1], clause, ko, en), path=_key_path(path))


def _key_path(path: Place) -> str:
    return ".".join(key for key, _ in path)


def _item_name(item: Any, key: str) -> Text:
    """What readers call an item of a list: its name or title; clauses and criteria go by their number."""
    if isinstance(item, Clause | Criterion | CriteriaGroup):
        return Text(ko=key, en=key)
    found = getattr(item, "name", None) or getattr(item, "title", None)
    return found if isinstance(found, Text) else Text(ko=key, en=key)


NOTHING = Text(ko="(없음)", en="(none)")


def shown(value: Any, *, money: bool = False) -> Text:
    """A value as people write it: "2030. 1. 2. 17:00", "60%", "1,200,000,000원(12억)", "예"."""
    if value is None or value == () or value == "":
        return NOTHING
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text(ko="예" if value else "아니요", en="yes" if value else "no")
    if isinstance(value, int) and money:
        return amount(value)
    if isinstance(value, tuple):
        items = [shown(item, money=money) for item in value]
        return Text(ko=", ".join(item.ko for item in items), en=", ".join(item.en for item in items))
    if isinstance(value, Model):
        parts = [
            (name, shown(getattr(value, name)))
            for name in type(value).model_fields
            if getattr(value, name) not in (None, ())
        ]
        if not parts:
            return Text(ko="(전체)", en="(all)")
        return Text(
            ko="; ".join(f"{label(name).ko} {text.ko}" for name, text in parts),
            en="; ".join(f"{label(name).en} {text.en}" for name, text in parts),
        )
    text = _plain(value)
    return Text(ko=text, en=text)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return stamp(value, seconds=value.second != 0)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Fraction):
        return ratio_text(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
