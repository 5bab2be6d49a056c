"""A member's own answers on exclusions: "fact:<member>:<fact>:<value|follow_up|ended|note>"."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from gongmo.applications.commands.base import require_present
from gongmo.applications.fields.base import (
    Json,
    Kind,
    Place,
    UnknownField,
    is_number,
    require_length,
    text_of,
)
from gongmo.applications.models import Declaration
from gongmo.applications.policies import may_speak_for
from gongmo.definition.application import Truth
from gongmo.kernel import clock
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput

NOTE_LIMIT = 2000
PARTS = ("value", "follow_up", "ended", "note")


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
        if fact not in {item.id for item in at.definition.facts} or int(member) not in at.members:
            raise UnknownField
        return FactKey(int(member), fact, part)

    def require(self, at: Place, key: FactKey) -> None:
        member = at.members[key.member_id]
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
        for key, value in values.items():
            place = (key.member_id, key.fact)
            answer = touched.get(place) or stored.get(place)
            if answer is None:
                answer = Declaration(member_id=key.member_id, fact=key.fact, value=Truth.UNKNOWN.value)
            touched[place] = answer
            if key.part == "ended":
                answer.earlier_ended_on = date.fromisoformat(value) if value else None
            else:
                setattr(answer, key.part, value)
        for answer in touched.values():
            answer.declared_at = clock.now()
            answer.declared_by_id = at.actor.person
            answer.save()

    def told(self, key: FactKey, value: Json) -> Json:
        return sha256_hex(value)[:32] if key.part == "note" and value else value


def _stored(at: Place, keys: Iterable[FactKey]) -> dict[tuple[int, str], Declaration]:
    owners = {key.member_id for key in keys}
    return {(item.member_id, item.fact): item for item in Declaration.objects.filter(member__in=owners)}


def _part(answer: Declaration | None, part: str) -> Json:
    if answer is None:
        return {"value": Truth.UNKNOWN.value, "follow_up": None}.get(part, "")
    if part == "ended":
        return answer.earlier_ended_on.isoformat() if answer.earlier_ended_on else ""
    return getattr(answer, part)
