"""What differs between a paper as it was signed and as it would be written now, in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gongmo.applications.values import Difference
from gongmo.definition.base import Text
from gongmo.papers import Paper, content_text

NOTHING = Text(ko="(없음)", en="(none)")


def paper_differences(before: str, now: Paper) -> list[Difference]:
    """Every text that differs, by its place: heading, row and column. `before` is the canonical text that was kept (gongmo/paper/1)."""
    old, new = _lines(json.loads(before)), _lines(json.loads(content_text(now)))
    found: list[Difference] = []
    for place in [*old, *(place for place in new if place not in old)]:
        if old.get(place) != new.get(place):
            where = place[0]
            found.append(Difference(_text(where), _text(old.get(place)), _text(new.get(place))))
    return found


def _text(value: str | None) -> Text:
    return Text(ko=value, en=value) if value else NOTHING


def _lines(content: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    """The paper's texts by their place; the number tells places of one name apart."""
    found: dict[tuple[str, int], str] = {}
    for where, said in _walk(content):
        number = 0
        while (where, number) in found:
            number += 1
        found[where, number] = said
    return found


def _walk(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, ko in (("title", "제목"), ("subtitle", "기관"), ("running", "공고"), ("number", "문서 번호")):
        yield ko, str(content.get(name, ""))
    heading = ""
    for block in content["blocks"]:
        kind = block["block"]
        if kind == "heading":
            heading = block["text"]
            yield heading, heading
        elif kind in ("paragraph", "note"):
            yield heading or "본문", block["text"]
        elif kind == "facts":
            yield from ((key, value) for key, value in block["rows"])
        elif kind == "items":
            yield from ((heading or "목록", item) for item in block["items"])
        elif kind == "table":
            yield from _table(block)
        elif kind == "signatures":
            yield from (
                ("서명할 곳", " ".join(filter(None, (line["organisation"], line["title"], line["name"]))))
                for line in block["lines"]
            )


def _table(block: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    labels = [column["label"] for column in block["columns"]]
    caption = f"{block['caption']} · " if block["caption"] else ""
    for row in (*block["rows"], *block["foot"]):
        yield f"{caption}{row[0]}", row[0]
        for label, cell in zip(labels[1:], row[1:], strict=False):
            yield f"{caption}{row[0]} · {label}", cell
