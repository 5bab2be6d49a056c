"""Reads YAML and JSON files into plain values and remembers where each value stands.

Only text, whole numbers, true/false, null, lists and maps exist. Numbers with a point, dates and "yes"/"no" stay text, so that money and
scores never pass through a float. Refused: keys given twice, anchors and aliases, tags, several documents in one file, deep
nesting, files above the limit, text that is not UTF-8.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gongmo.definition.problems import Problem, Unusable, unusable

DEFINITION_LIMIT = 1_000_000
"""Bytes of a definition file."""
APPLICATION_LIMIT = 16_000_000
"""Bytes of an application file (a consortium of a thousand organisations has some megabytes)."""
DEPTH = 40

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,29})")
_WORDS: dict[str, bool | None] = {
    "null": None,
    "~": None,
    "": None,
    "true": True,
    "True": True,
    "false": False,
    "False": False,
}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value with its place (line and column from 1). `children` holds the nodes of a map by key or of a list by index."""

    value: Any
    line: int
    column: int
    children: "dict[str, Node] | list[Node] | None" = None


@dataclass(slots=True)
class Source:
    """A file that was read: its name, its value and the tree of places (None for JSON until it is needed)."""

    name: str
    text: str
    value: Any
    root: Node | None = field(default=None)

    def places(self) -> Node | None:
        """The tree of places. JSON is read a second time, as YAML, only when a problem has to be placed."""
        if self.root is None and len(self.text) < DEFINITION_LIMIT:
            try:
                self.root = _yaml(self.text, self.name)
            except Unusable:
                return None
        return self.root


def read(path: Path, limit: int) -> Source:
    """Read a .yaml, .yml or .json file. Raises Unusable with the place and the reason."""
    name = str(path)
    try:
        size = path.stat().st_size
        if size > limit:
            raise unusable(
                name,
                f"파일이 {size:,}바이트입니다. {limit:,}바이트 이하로 줄여 주세요.",
                f"The file has {size:,} bytes. It may have at most {limit:,}.",
                observed=f"{size:,} bytes",
                expected=f"<= {limit:,} bytes",
            )
        # A device or a pipe has no size beforehand: never take in more than may be used.
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise unusable(
            name,
            f"파일을 읽을 수 없습니다. 경로와 권한을 확인해 주세요. ({error.strerror})",
            f"The file cannot be read. Check the path and your rights to it. ({error.strerror})",
            observed=str(error.strerror),
        ) from error
    return parse(data, name, limit)


def parse(data: bytes, name: str, limit: int) -> Source:
    """Parse the bytes of a file; a name ending in .json is read as JSON, everything else as YAML. Raises Unusable."""
    if len(data) > limit:
        raise unusable(
            name,
            f"내용이 {len(data):,}바이트입니다. {limit:,}바이트 이하로 줄여 주세요.",
            f"There are {len(data):,} bytes. There may be at most {limit:,}.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unusable(
            name,
            f"UTF-8 글이 아닙니다({error.start + 1}번째 바이트). UTF-8로 저장해 주세요.",
            f"This is not UTF-8 text (byte {error.start + 1}). Save the file as UTF-8.",
            expected="UTF-8",
        ) from error
    if name.endswith(".json"):
        return Source(name, text, _json(text, name))
    root = _yaml(text, name)
    return Source(name, text, root.value, root)


def _at(name: str, line: int, column: int, ko: str, en: str, observed: str = "", path: str = "") -> Unusable:
    return Unusable([Problem(name, line, column, path, observed, "", ko, en)])


def _json(text: str, name: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise unusable(
                name,
                f"‘{twice}’ 항목이 두 번 나옵니다. 하나만 남겨 주세요.",
                f"The key “{twice}” stands twice. Keep one.",
                observed=twice,
            )
        return found

    def number(value: str) -> int:
        if len(value) > 30:
            raise unusable(name, "수가 너무 큽니다.", "A number is too large.", observed=value[:30])
        return int(value)

    try:
        return json.loads(text, object_pairs_hook=once, parse_float=str, parse_constant=str, parse_int=number)
    except json.JSONDecodeError as error:
        raise _at(
            name,
            error.lineno,
            error.colno,
            f"JSON 형식이 아닙니다. 이 자리를 고쳐 주세요. ({error.msg})",
            f"This is not JSON. Mend this place. ({error.msg})",
        ) from error
    except RecursionError as error:
        raise unusable(
            name, "너무 깊이 겹쳐 있습니다.", "The values are nested too deeply.", expected=f"<= {DEPTH}"
        ) from error


def _yaml(text: str, name: str) -> Node:
    events = _events(text, name)
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent | yaml.DocumentEndEvent):
            continue
        if isinstance(event, yaml.StreamEndEvent):
            break
        if root is not None:
            raise _at(
                name,
                *_place(event),
                "한 파일에 문서가 둘 이상입니다. 파일을 나누어 주세요.",
                "There is more than one document in the file. Split the file.",
            )
        root = _node(event, events, name, 0)
    if root is None:
        raise unusable(name, "파일이 비어 있습니다.", "The file is empty.")
    return root


def _events(text: str, name: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "?"
        raise Unusable(
            [
                Problem(
                    name,
                    mark.line + 1 if mark else None,
                    mark.column + 1 if mark else None,
                    "",
                    "",
                    "YAML",
                    f"YAML 형식이 아닙니다. 이 자리와 바로 위의 들여쓰기·따옴표를 고쳐 주세요. ({reason})",
                    f"This is not YAML. Look at the indentation and quotes here and just above. ({reason})",
                )
            ]
        ) from error


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _node(event: Any, events: Iterator[Any], name: str, depth: int) -> Node:
    mark = event.start_mark
    line, column = mark.line + 1, mark.column + 1
    if depth > DEPTH:
        raise _at(name, line, column, "너무 깊이 겹쳐 있습니다.", "The values are nested too deeply.")
    kind = type(event)
    if kind is yaml.AliasEvent or event.anchor is not None:
        raise _at(
            name,
            line,
            column,
            "앵커(&)와 별칭(*)은 쓸 수 없습니다. 값을 그대로 적거나, 글이라면 따옴표로 묶어 주세요.",
            "Anchors (&) and aliases (*) are not allowed. Write the value itself, or quote it if it is text.",
        )
    if event.tag is not None and event.tag != "!":
        raise _at(
            name,
            line,
            column,
            f"태그({event.tag})는 쓸 수 없습니다. 지워 주세요.",
            f"Tags ({event.tag}) are not allowed. Remove it.",
            event.tag,
        )
    if kind is yaml.ScalarEvent:
        # Only a text without quotes and without a block mark may mean something else than text.
        return Node(_scalar(event.value) if event.implicit[0] else event.value, line, column)
    if kind is yaml.SequenceStartEvent:
        items: list[Node] = []
        for inner in events:
            if type(inner) is yaml.SequenceEndEvent:
                break
            items.append(_node(inner, events, name, depth + 1))
        return Node([item.value for item in items], line, column, items)
    entries = _entries(events, name, depth)
    return Node({key: node.value for key, node in entries.items()}, line, column, entries)


def _entries(events: Iterator[Any], name: str, depth: int) -> dict[str, Node]:
    entries: dict[str, Node] = {}
    for inner in events:
        if type(inner) is yaml.MappingEndEvent:
            break
        if type(inner) is not yaml.ScalarEvent or inner.value == "<<" or inner.anchor or inner.tag:
            raise _at(
                name,
                *_place(inner),
                "항목의 이름은 글이어야 하고, 병합(<<)·앵커(&)·태그(!)는 쓸 수 없습니다.",
                "A key is plain text; merging (<<), anchors (&) and tags (!) are not allowed.",
            )
        key = inner.value
        if key in entries:
            raise _at(
                name,
                *_place(inner),
                f"‘{key}’ 항목이 두 번 나옵니다(처음은 {entries[key].line}번째 줄). 하나만 남겨 주세요.",
                f"The key “{key}” stands twice (first at line {entries[key].line}). Keep one.",
                key,
            )
        node = entries[key] = _node(next(events), events, name, depth + 1)
        if node.children is not None:
            # A block is found where its key stands.
            node.line, node.column = _place(inner)
    return entries


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INT.fullmatch(text) else text
