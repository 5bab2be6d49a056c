"""The journal in words: what a field is called, what it held, and how two texts differ, word by word."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from gongmo.applications.models import FieldChange, Member
from gongmo.applications.queries.versions import cell_name
from gongmo.definition.application import Cell
from gongmo.definition.base import Form, Text
from gongmo.definition.model import Definition
from gongmo.kernel.difference import common
from gongmo.parties.queries import region_table
from gongmo.rules.form import PERSON_PARTS, question_at, told_answer
from gongmo.rules.values import money_en, money_ko

NOTHING = Text(ko="(없음)", en="(none)")
TOGETHER = timedelta(minutes=10)
"""One person's changes within this time stand under one heading."""
MOST_WORDS = 3000
"""Longer texts are compared line by line."""
_WORDS = re.compile(r"\S+\s*|\s+")
_KPI = {
    "name": Text(ko="지표", en="what is measured"),
    "unit": Text(ko="단위", en="unit"),
    "baseline": Text(ko="지금 값", en="baseline"),
    "target": Text(ko="목표 값", en="target"),
    "measured_by": Text(ko="재는 방법", en="how it is measured"),
}
_FACT = {
    "value": Text(ko="답", en="answer"),
    "follow_up": Text(ko="후속 지원", en="follow-up"),
    "ended": Text(ko="앞선 과제가 끝난 날", en="end of the earlier project"),
    "note": Text(ko="설명", en="note"),
}
_TRUTHS = {
    "yes": Text(ko="예", en="yes"),
    "no": Text(ko="아니요", en="no"),
    "unknown": Text(ko="아직 모름", en="not sure yet"),
}


class Piece(NamedTuple):
    """A run of words: `same`, `gone` (only before) or `new` (only after)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change of one field in words. `pieces` compares two texts; empty where before and after are told apart."""

    id: int
    where: Text
    before: Text
    after: Text
    pieces: tuple[Piece, ...]
    at: datetime
    path: str

    @property
    def had(self) -> bool:
        """Whether there was anything before."""
        return self.before is not NOTHING


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one person changed at one sitting, newest first."""

    who: str
    since: datetime
    until: datetime
    lines: tuple[Line, ...]


def words_apart(before: str, after: str) -> tuple[Piece, ...]:
    """How two texts differ, in words with the spaces between them; long ones in lines, very long ones as a whole. Joining same and gone gives
    the first, same and new the second."""
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    if len(one) + len(other) > MOST_WORDS:
        one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(one) + len(other) > MOST_WORDS:
        one, other = [before], [after]
    found: list[Piece] = []
    a = b = 0
    for a_same, b_same in [*common(one, other), (len(one), len(other))]:
        found += _pieces("gone", one[a:a_same]) + _pieces("new", other[b:b_same])
        if found and found[-1].kind == "same" and a_same < len(one):
            found[-1] = Piece("same", found[-1].text + one[a_same])
        else:
            found += _pieces("same", one[a_same : a_same + 1])
        a, b = a_same + 1, b_same + 1
    return tuple(found)


def _pieces(kind: str, words: list[str]) -> list[Piece]:
    return [Piece(kind, "".join(words))] if words else []


def sittings(
    definition: Definition, members: Iterable[Member], kpis: Mapping[int, str], changes: Iterable[FieldChange]
) -> list[Sitting]:
    """Journal lines (newest first) grouped by person and time. `kpis` are the indicators' names by id."""
    names = {str(member.organisation_id): member.organisation.name for member in members}
    owners = {str(member.pk): member.organisation.name for member in members}
    found: list[tuple[int | None, str, list[FieldChange]]] = []
    for change in changes:
        who = change.changed_by.display_name if change.changed_by else ""
        last = found[-1] if found else None
        if (
            last is not None
            and last[0] == change.changed_by_id
            and last[2][-1].changed_at - change.changed_at < TOGETHER
        ):
            last[2].append(change)
        else:
            found.append((change.changed_by_id, who, [change]))
    return [
        Sitting(
            who,
            same[-1].changed_at,
            same[0].changed_at,
            tuple(_line(definition, names, owners, kpis, change) for change in same),
        )
        for _, who, same in found
    ]


def _line(
    definition: Definition,
    names: Mapping[str, str],
    owners: Mapping[str, str],
    kpis: Mapping[int, str],
    change: FieldChange,
) -> Line:
    before, after = change.before, change.after
    pieces: tuple[Piece, ...] = ()
    if isinstance(before, str) and isinstance(after, str) and len(before) + len(after) > 60:
        pieces = words_apart(before, after)
    return Line(
        change.pk,
        field_name(definition, names, owners, kpis, change.path),
        field_value(definition, change.path, before),
        field_value(definition, change.path, after),
        pieces,
        change.changed_at,
        change.path,
    )


def field_name(
    definition: Definition,
    names: Mapping[str, str],
    owners: Mapping[str, str],
    kpis: Mapping[int, str],
    path: str,
) -> Text:
    """What a field is called. `names` by organisation's id, `owners` the organisations' names by member's id, as texts."""
    kind, _, rest = path.partition(":")
    if kind == "title":
        return Text(ko="사업명", en="Title")
    if kind == "region":
        return Text(ko="신청 지역", en="Region")
    if kind == "summary":
        return Text(ko="개요", en="Summary")
    if kind == "fields":
        return Text(ko="지원 분야", en="Fields of support")
    if kind == "answer" and (found := question_at(definition, rest)) is not None:
        return _question_name(definition, found[0].name, found[1], rest)
    if kind == "kpi":
        number, _, column = rest.partition(":")
        measured = kpis.get(int(number), "") if number.isdecimal() else ""
        part = _KPI.get(column, Text(ko=column or path, en=column or path))
        one = f"‘{measured}’ " if measured else ""
        return Text(ko=f"성과지표 {one}· {part.ko}", en=f"Indicator {one}· {part.en}")
    if kind == "cell" and (cell := _cell(rest)) is not None:
        return cell_name(definition, names, cell)
    if kind == "fact":
        return _fact_name(definition, owners, rest)
    return Text(ko=path, en=path)


def _fact_name(definition: Definition, owners: Mapping[str, str], rest: str) -> Text:
    member, _, tail = rest.partition(":")
    fact, _, part = tail.partition(":")
    asks = next((item.name for item in definition.facts if item.id == fact), Text(ko=fact, en=fact))
    what, owner = _FACT.get(part, NOTHING), owners.get(member, "")
    return Text(ko=f"{owner} · {asks.ko} · {what.ko}", en=f"{owner} · {asks.en} · {what.en}")


def _question_name(definition: Definition, name: Text, part: str, place: str) -> Text:
    field = place.partition(".")[0].partition("@")[2]
    of = next((item.name for item in definition.fields if item.id == field), None)
    ko, en = (f"{name.ko} ({of.ko})", f"{name.en} ({of.en})") if of else (name.ko, name.en)
    if part:
        ko, en = f"{ko} · {PERSON_PARTS[part].ko}", f"{en} · {PERSON_PARTS[part].en}"
    return Text(ko=ko, en=en)


def _cell(rest: str) -> Cell | None:
    parts = rest.split(":")
    if len(parts) != 7 or not parts[1].isdecimal():
        return None
    try:
        return Cell(
            organisation=parts[0],
            year=int(parts[1]),
            field=parts[2],
            category=parts[3],
            source=parts[4],
            form=Form(parts[5]),
            amount=0,
            direct_support=parts[6] == "1",
        )
    except ValueError:
        return None


def field_value(definition: Definition, path: str, value: Any) -> Text:
    """What a field held, in words."""
    kind, _, rest = path.partition(":")
    if value is None or value in ("", []):
        return NOTHING
    if kind == "region":
        return region_table().name(str(value))
    if kind == "cell" and isinstance(value, int):
        return Text(ko=money_ko(value), en=money_en(value))
    if kind == "fields" and isinstance(value, list):
        chosen = [field.name for field in definition.fields if field.id in value]
        if chosen:
            return Text(ko=", ".join(name.ko for name in chosen), en=", ".join(name.en for name in chosen))
    if kind == "answer" and (found := question_at(definition, rest)) is not None:
        return told_answer(*found, str(value))
    if kind == "fact" and isinstance(value, bool):
        return _TRUTHS["yes" if value else "no"]
    if kind == "fact" and rest.endswith(":value"):
        return _TRUTHS.get(str(value), NOTHING)
    return Text(ko=str(value), en=str(value))
