"""Turns Pydantic's error list into problems with a place and plain Korean and English sentences."""

import difflib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from gongmo.definition.base import Misnamed
from gongmo.definition.problems import Problem
from gongmo.definition.source import Node, Source

Schema = dict[str, Any]
Step = str | int


def problems_of(error: ValidationError, source: Source, kind: type[BaseModel]) -> list[Problem]:
    """The problems in the order of the file. `kind` is the model that was read, for the names that it knows."""
    schema = kind.model_json_schema()
    root = source.places()
    found: list[Problem] = []
    details = error.errors(include_url=False)
    # A file of another kind breaks nearly everything; its format says all that is to be said.
    details = [d for d in details if d["loc"] == ("format",) and d["type"] == "literal_error"] or details
    for detail in details:
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, Misnamed):
            found += [
                _placed(source.name, root, (*detail["loc"], *wrong.loc), "", "", wrong.ko, wrong.en)
                for wrong in cause.problems
            ]
            continue
        observed, expected, ko, en = _sentence(detail, schema)
        found.append(_placed(source.name, root, detail["loc"], observed, expected, ko, en))
    return sorted(found, key=lambda problem: (problem.line or 0, problem.column or 0, problem.path))


def _placed(
    name: str, root: Node | None, loc: Sequence[Step], observed: str, expected: str, ko: str, en: str
) -> Problem:
    """Find the nearest known place of a path; the path itself leaves out the names of union members."""
    node, steps = root, []
    for number, step in enumerate(loc):
        children = node.children if node is not None else None
        if isinstance(children, dict) and step in children:
            node = children[str(step)]
        elif isinstance(children, list) and isinstance(step, int) and step < len(children):
            node = children[step]
        elif number < len(loc) - 1 or _is_member(node, step):
            continue
        steps.append(str(step))
    return Problem(
        name,
        node.line if node is not None else None,
        node.column if node is not None else None,
        ".".join(steps),
        observed,
        expected,
        ko,
        en,
    )


def _is_member(node: Node | None, step: Step) -> bool:
    """True where a step of the path is the name of the union member that was chosen, not a key."""
    value = node.value if node is not None else None
    return isinstance(value, dict) and value.get("kind") == step


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _schema_at(schema: Schema, loc: Sequence[Step]) -> Schema:
    """The part of a JSON Schema that a path leads to, {} where it leads nowhere."""
    here = _resolve(schema, schema)
    for step in loc:
        here = _step(schema, here, step)
    return here


def _resolve(schema: Schema, part: Schema) -> Schema:
    while "$ref" in part:
        part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
    options = [option for option in part.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        return _resolve(schema, options[0])
    return part


def _step(schema: Schema, here: Schema, step: Step) -> Schema:
    here = _resolve(schema, here)
    if isinstance(step, int):
        return _resolve(schema, here.get("items", {}))
    mapping = here.get("discriminator", {}).get("mapping", {})
    if step in mapping:
        return _resolve(schema, {"$ref": mapping[step]})
    if step in here.get("properties", {}):
        return _resolve(schema, here["properties"][step])
    extra = here.get("additionalProperties")
    return _resolve(schema, extra) if isinstance(extra, dict) else {}


def _choices(context: dict[str, Any]) -> str:
    return str(context.get("expected") or context.get("expected_tags") or "").replace(" or ", ", ")


def _sentence(detail: Any, schema: Schema) -> tuple[str, str, str, str]:
    """(observed, expected, Korean, English) of one Pydantic error."""
    kind, context, value, loc = detail["type"], detail.get("ctx", {}), detail["input"], detail["loc"]
    seen = _shown(value)
    if kind == "missing":
        name = loc[-1]
        return (
            "",
            str(name),
            f"‘{name}’ 항목이 빠졌습니다. 적어 주세요.",
            f"The key “{name}” is missing. Add it.",
        )
    if kind == "extra_forbidden":
        return _extra(str(loc[-1]), sorted(_schema_at(schema, loc[:-1]).get("properties", {})))
    if kind == "json_invalid":
        return (
            "",
            "",
            "너무 깊이 겹쳐 있습니다. 묶음을 풀어 적어 주세요.",
            "The values are nested too deeply. Flatten them.",
        )
    if kind in ("literal_error", "enum"):
        return _one_of(seen, _choices(context), value)
    if kind == "union_tag_invalid":
        return _one_of(_shown(context.get("tag", value)), _choices(context), context.get("tag"), what="kind")
    if kind == "union_tag_not_found":
        known = ", ".join(sorted(_schema_at(schema, loc).get("discriminator", {}).get("mapping", {})))
        return (
            seen,
            known,
            f"무슨 종류인지 ‘kind’에 적어 주세요. 쓸 수 있는 값: {known}",
            f"Say what it is in “kind”. Known kinds: {known}",
        )
    if kind in ("value_error", "assertion_error"):
        ko, _, en = str(context.get("error", detail["msg"])).partition(" / ")
        return seen, "", ko, en or ko
    if kind in _TYPES:
        expected, ko, en = _TYPES[kind]
        return seen, expected, f"{ko} 지금 값: {seen}", f"{en} It is now {seen}."
    if kind in _LIMITS:
        key, ko, en = _LIMITS[kind]
        limit = context.get(key, "")
        return (
            seen,
            str(limit),
            f"{ko.format(limit)} 지금 값: {seen}",
            f"{en.format(limit)} It is now {seen}.",
        )
    return (
        seen,
        "",
        f"값이 맞지 않습니다. 지금 값: {seen} ({detail['msg']})",
        f"{detail['msg']}. It is now {seen}.",
    )


def _extra(name: str, known: Sequence[str]) -> tuple[str, str, str, str]:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return (
            name,
            near[0],
            f"‘{name}’은(는) 없는 항목입니다. 혹시 ‘{near[0]}’인가요? 고치거나 지워 주세요.",
            f"There is no key “{name}”. Did you mean “{near[0]}”? Rename or remove it.",
        )
    listed = ", ".join(known)
    return (
        name,
        listed,
        f"‘{name}’은(는) 없는 항목입니다. 지워 주세요. 쓸 수 있는 항목: {listed}",
        f"There is no key “{name}”. Remove it. Known keys: {listed}",
    )


def _one_of(seen: str, choices: str, value: object, what: str = "") -> tuple[str, str, str, str]:
    words = [word.strip().strip("'") for word in choices.split(",")]
    near = difflib.get_close_matches(str(value), words, n=1, cutoff=0.6)
    hint_ko = f" 혹시 ‘{near[0]}’인가요?" if near else ""
    hint_en = f" Did you mean “{near[0]}”?" if near else ""
    subject_ko, subject_en = (f"‘{what}’에 ", f" for “{what}”") if what else ("", "")
    listed = ", ".join(words)
    return (
        seen,
        listed,
        f"{subject_ko}{seen}은(는) 쓸 수 없는 값입니다.{hint_ko} 쓸 수 있는 값: {listed}",
        f"{seen} is not a known value{subject_en}.{hint_en} Known values: {listed}",
    )


_TEXT = (
    "text",
    "글이어야 합니다. 숫자나 날짜라면 따옴표로 묶어 주세요.",
    "This must be text; quote it if it is a number or a date.",
)
_INT = (
    "whole number",
    "쉼표·따옴표·소수점 없는 정수여야 합니다.",
    "This must be a whole number without commas, quotes or a point.",
)
_BOOL = ("true | false", "true 또는 false여야 합니다.", "This must be true or false.")
_DATE = ("YYYY-MM-DD", "날짜는 2030-01-02처럼 적어 주세요.", "Write a date as 2030-01-02.")
_INSTANT = (
    "YYYY-MM-DDThh:mm:ss+09:00",
    "시각은 시간대까지 2030-01-02T17:00:00+09:00처럼 적어 주세요.",
    "Write an instant with its offset as 2030-01-02T17:00:00+09:00.",
)
_LIST = (
    "list",
    "목록이어야 합니다. 줄마다 ‘- ’로 시작해 주세요.",
    "This must be a list, each item on a line that starts with “- ”.",
)
_MAP = ("map", "‘이름: 값’으로 된 묶음이어야 합니다.", "This must be a map of “name: value”.")
_POINTS = ("number", "수여야 합니다.", "This must be a number.")
_TYPES: dict[str, tuple[str, str, str]] = {
    "string_type": _TEXT,
    "int_type": _INT,
    "int_parsing": _INT,
    "int_from_float": _INT,
    "bool_type": _BOOL,
    "bool_parsing": _BOOL,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "timezone_aware": _INSTANT,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _MAP,
    "model_type": _MAP,
    "model_attributes_type": _MAP,
    "decimal_type": _POINTS,
    "decimal_parsing": _POINTS,
    "finite_number": _POINTS,
    "none_required": ("null", "비워 두어야 합니다.", "This must be empty."),
}
_LIMITS: dict[str, tuple[str, str, str]] = {
    "greater_than": ("gt", "{}보다 커야 합니다.", "This must be above {}."),
    "greater_than_equal": ("ge", "{} 이상이어야 합니다.", "This must be at least {}."),
    "less_than": ("lt", "{}보다 작아야 합니다.", "This must be below {}."),
    "less_than_equal": ("le", "{} 이하여야 합니다.", "This must be at most {}."),
    "string_too_short": ("min_length", "{}자 이상 적어 주세요.", "Write at least {} letters."),
    "string_too_long": ("max_length", "{}자 이하로 적어 주세요.", "Write at most {} letters."),
    "too_short": ("min_length", "{}개 이상 적어 주세요.", "Give at least {}."),
    "too_long": ("max_length", "{}개 이하로 적어 주세요.", "Give at most {}."),
    "string_pattern_mismatch": ("pattern", "정해진 모양({})에 맞게 적어 주세요.", "Write it in the form {}."),
    "decimal_max_digits": ("max_digits", "숫자는 {}자리까지입니다.", "At most {} digits."),
    "decimal_max_places": ("decimal_places", "소수점 아래는 {}자리까지입니다.", "At most {} decimal places."),
}
