"""The paper of a version as it was signed: read from the kept text, so that a later program prints the same words."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gongmo.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Items,
    Note,
    Paper,
    Paragraph,
    SignatureLine,
    Signatures,
    Signed,
    Table,
)

_PLAIN: dict[str, type[Heading] | type[Paragraph] | type[Note]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "note": Note,
}


def read_paper(text: str, at: datetime) -> Paper:
    """A paper from its canonical text (`gongmo.papers.content_text`). Raises ValueError for another format or a block that agreements lack."""
    said = json.loads(text)
    if said.pop("format", None) != "gongmo/paper/1":
        raise ValueError("no kept paper")
    blocks = tuple(_block(dict(each)) for each in said.pop("blocks"))
    return Paper(at=at, blocks=blocks, **said)


def signed_by(paper: Paper, signed: Sequence[Signed | None]) -> Paper:
    """The paper with the signatures in its lines, in their order."""
    return replace(
        paper,
        blocks=tuple(
            replace(
                block,
                lines=tuple(
                    replace(line, signed=each) for line, each in zip(block.lines, signed, strict=True)
                ),
            )
            if isinstance(block, Signatures)
            else block
            for block in paper.blocks
        ),
    )


def _block(said: dict[str, Any]) -> Block:
    kind = said.pop("block")
    if kind in _PLAIN:
        return _PLAIN[kind](**said)
    if kind == "items":
        return Items(tuple(said["items"]), said["ordered"])
    if kind == "facts":
        return Facts(tuple((key, value) for key, value in said["rows"]), said["columns"])
    if kind == "table":
        return Table(
            columns=tuple(Column(**each) for each in said["columns"]),
            rows=tuple(tuple(row) for row in said["rows"]),
            caption=said["caption"],
            foot=tuple(tuple(row) for row in said["foot"]),
            note=said["note"],
        )
    if kind == "signatures":
        labels = said["labels"]
        return Signatures(
            lines=tuple(
                SignatureLine(each["organisation"], each["title"], each["name"]) for each in said["lines"]
            ),
            seal=said["seal"],
            on=said["on"],
            labels=(labels[0], labels[1], labels[2], labels[3], labels[4]),
        )
    raise ValueError(f"a kept paper with a block {kind!r}")
