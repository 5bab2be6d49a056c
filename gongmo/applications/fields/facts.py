"""A member's own answers on exclusions: "fact:<member>:<fact>:<value|follow_up|ended|note>"."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet

from gongmo.applications.commands.base import require_present
from gongmo.applications.commands.journal import with_newest
from gongmo.applications.fields.base import (
    Json,
    Kind,
    Place,
    UnknownField,
    is_number,
    present_members,
    require_length,
    text_of,
)
from gongmo.applications.models import Declaration, Member
from gongmo.applications.policies import may_speak_for
from gongmo.definition.application import Truth
from gongmo.kernel import clock
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import insert, update

NOTE_LIMIT = 2000
COLUMNS = {"value": "value", "follow_up": "follow_up", "ended": "earlier_ended_on", "note": "note"}
"""The column of each part of an answer."""
PARTS = tuple(COLUMNS)


class FactKey(NamedTuple):
    """A member's id, the fact's id, and which part of the answer."""

    member_id: int
    fact: str
    part: str


class Facts(Kind):
    """Parts: `value` yes, no or unknown; `follow_up` true, false or null; `ended` a day ("2025-03-31") or ""; `note` a text."""

    def key(self, at: Place, rest: str) -> Hashable:
        member, _, tail = rest.partition(":")
        fact, _, part = tail.partition(":")
        if not is_number(member) or part not in PARTS:
            raise UnknownField
        if fact not in {item.id for item in at.definition.facts}:
            raise UnknownField
        key = FactKey(int(member), fact, part)
        if at.alone:
            _read_alone(at, key)
        if at.member(key.member_id) is None:
            raise UnknownField
        return key

    def require(self, at: Place, key: FactKey) -> None:
        member = at.member(key.member_id)
        if member is None:  # pragma: no cover - its key was read with the member there
            raise UnknownField
        may_speak_for.require(at.actor, member)
        require_present(member, joined=True)

    def clean(self, at: Place, key: FactKey, value: Json) -> Json:
        if key.part == "note":
            note = text_of(value, lines=True)
            require_length("설명은", "the note", note, NOTE_LIMIT, field="note")
            return note
        if key.part == "value" and value in [truth.value for truth in Truth]:
            return value
        if key.part == "follow_up" and (value is None or isinstance(value, bool)):
            return value
        if key.part == "ended" and isinstance(value, str):
            try:
                return date.fromisoformat(value).isoformat() if value else ""
            except ValueError:
                pass
        raise BadInput(
            "answer_unusable", "보기 가운데 다시 골라 주세요.", "Choose the answer again.", field=key.part
        )

    def read(self, at: Place, keys: Iterable[FactKey]) -> dict[Any, Json]:
        keys = list(keys)
        stored = _stored(at, keys)
        return {key: _part(stored.get((key.member_id, key.fact)), key.part) for key in keys}

    def write(self, at: Place, values: Mapping[FactKey, Json]) -> None:
        stored = _stored(at, values)
        touched: dict[tuple[int, str], Declaration] = {}
        columns: dict[tuple[int, str], list[str]] = {}
        for key, value in values.items():
            place = (key.member_id, key.fact)
            answer = touched.get(place) or stored.get(place)
            if answer is None:
                answer = Declaration(member_id=key.member_id, fact=key.fact, value=Truth.UNKNOWN.value)
            touched[place] = answer
            columns.setdefault(place, []).append(COLUMNS[key.part])
            if key.part == "ended":
                answer.earlier_ended_on = date.fromisoformat(value) if value else None
            else:
                setattr(answer, key.part, value)
        for place, answer in touched.items():
            answer.declared_at = clock.now()
            answer.declared_by_id = at.actor.person
            if answer.pk is None:
                insert(answer)
            else:
                update(answer, *columns[place], "declared_at", "declared_by")
        at.declarations.clear()

    def told(self, key: FactKey, value: Json) -> Json:
        return sha256_hex(value)[:32] if key.part == "note" and value else value


def _stored(at: Place, keys: Iterable[FactKey]) -> dict[tuple[int, str], Declaration | None]:
    keys = list(keys)
    if any((key.member_id, key.fact) not in at.declarations for key in keys):
        at.declarations |= {(key.member_id, key.fact): None for key in keys}
        rows = Declaration.objects.filter(member__in={key.member_id for key in keys})
        at.declarations |= {(item.member_id, item.fact): item for item in rows}
    return at.declarations


def _read_alone(at: Place, key: FactKey) -> None:
    """Note the member, its answer and the journal's newest line. One query."""
    found: Any = _alone.first(
        application=at.application.pk, member=key.member_id, fact=key.fact, path=at.alone
    )
    at.note_member(found, pk=key.member_id)
    if found is None:
        return
    at.note_line(found)
    place = (key.member_id, key.fact)
    at.declarations[place] = (
        None
        if found.own_pk is None
        else Declaration(
            pk=found.own_pk,
            member=found,
            fact=key.fact,
            **{name: getattr(found, f"own_{name}") for name in COLUMNS.values()},
        )
    )


@prepared
def _alone(*, application: int, member: int, fact: str, path: str) -> QuerySet[Member]:
    own = FilteredRelation("declarations", condition=Q(declarations__fact=fact))
    found = present_members(application).filter(pk=member).annotate(own=own)
    found = found.annotate(
        own_pk=F("own__pk"), **{f"own_{name}": F(f"own__{name}") for name in COLUMNS.values()}
    )
    return with_newest(found, application, path)


def _part(answer: Declaration | None, part: str) -> Json:
    if answer is None:
        return {"value": Truth.UNKNOWN.value, "follow_up": None}.get(part, "")
    if part == "ended":
        return answer.earlier_ended_on.isoformat() if answer.earlier_ended_on else ""
    return getattr(answer, part)
