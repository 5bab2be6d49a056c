"""The published JSON Schemas (for editors and other programs) and the reference page that is generated from them."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from gongmo.definition.application import Application
from gongmo.definition.labels import LABELS
from gongmo.definition.model import Definition

Kind = Literal["call", "application"]
KINDS: tuple[Kind, ...] = ("call", "application")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema(kind: Kind) -> Schema:
    """The JSON Schema (draft 2020-12) of a call definition or an application."""
    model = Definition if kind == "call" else Application
    made = model.model_json_schema()
    return {"$schema": DIALECT, "$id": f"urn:gongmo:schema:{kind}:1", **made}


def schema_text(kind: Kind) -> str:
    """The schema as the text of its published file."""
    return json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"


def reference() -> str:
    """The reference page of the call definition as Markdown: every block with its keys, generated from the schema."""
    made = schema("call")
    parts = [_INTRO, *_block("call.yaml", made, made)]
    for name in _order(made):
        parts += _block(name, made["$defs"][name], made)
    return "\n".join(parts).rstrip() + "\n"


def _order(made: Schema) -> list[str]:
    """Blocks in the order in which a reader meets them, depth first from the top."""
    found: list[str] = []

    def visit(part: object) -> None:
        for name in _refs(part):
            if name not in found:
                found.append(name)
                visit(made["$defs"][name])

    visit(made.get("properties"))
    return found


def _refs(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix("#/$defs/")
        for key, value in part.items():
            if key != "mapping":
                yield from _refs(value)
    elif isinstance(part, list):
        for item in part:
            yield from _refs(item)


def _block(name: str, part: Schema, made: Schema) -> list[str]:
    lines = [f'<a id="{_anchor(name)}"></a>', "", f"## {name}", ""]
    if part.get("description"):
        lines += [_flat(part["description"]), ""]
    if "enum" in part:
        return [*lines, "Values: " + ", ".join(f"`{value}`" for value in part["enum"]), ""]
    required = set(part.get("required", ()))
    lines += ["| key | 뜻 | type | required | default | what it is |", "|---|---|---|---|---|---|"]
    for key, value in part.get("properties", {}).items():
        korean = LABELS[key].ko if key in LABELS else ""
        default = (
            ""
            if key in required or value.get("default") is None
            else f"`{json.dumps(value['default'], ensure_ascii=False)}`"
        )
        about = _flat(_about(value, made)).replace("|", "\\|")
        must = "yes" if key in required else ""
        lines.append(f"| `{key}` | {korean} | {_type(value)} | {must} | {default} | {about} |")
    return [*lines, ""]


def _about(value: Schema, made: Schema) -> str:
    if value.get("description"):
        return str(value["description"])
    for name in _refs(value):
        if name == "Text":
            continue
        description = made["$defs"][name].get("description")
        if description:
            return str(description)
    return ""


def _flat(text: str) -> str:
    return " ".join(text.split())


def _anchor(name: str) -> str:
    return name.lower().replace(".", "-")


def _type(value: Schema) -> str:
    """A type in words, with its limits; references become links."""
    if "$ref" in value:
        name = value["$ref"].removeprefix("#/$defs/")
        return f"[{name}](#{_anchor(name)})"
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " \\| ".join(f"`{item}`" for item in value["enum"])
    for union in ("anyOf", "oneOf"):
        if union in value:
            return " or ".join(dict.fromkeys(_type(item) for item in value[union]))
    kind = value.get("type", "")
    if kind == "array":
        return f"list of {_type(value.get('items', {}))}"
    if kind == "object":
        extra = value.get("additionalProperties")
        return f"map to {_type(extra)}" if isinstance(extra, dict) else "map"
    if kind == "string":
        if value.get("format") == "date-time":
            return "instant with offset"
        if value.get("format") == "date":
            return "date"
        return f"text `{value['pattern'].replace('|', chr(92) + '|')}`" if "pattern" in value else "text"
    limits = [
        f"{sign} {value[key]}"
        for key, sign in (
            ("minimum", "≥"),
            ("exclusiveMinimum", ">"),
            ("maximum", "≤"),
            ("exclusiveMaximum", "<"),
        )
        if key in value
    ]
    words = {"integer": "whole number", "number": "number", "boolean": "true or false", "null": "nothing"}
    return " ".join([words.get(kind, str(kind)), *limits])


_INTRO = """# The call definition

This page is generated: `gongmo call reference > docs/call-definition.md`. Do not edit it by hand; a test compares the two.

A call is a directory with `call.yaml` (format `gongmo/call/1`), and beside it, where wanted, the announcement page's long text
(`announcement.ko.md`, `announcement.en.md`) and form templates (`templates/`).

    gongmo call validate calls/some-call     # right, or what is wrong in which line
    gongmo call show calls/some-call         # the call as readable text, each rule beside its clause
    gongmo call diff old/ new/               # what a correction notice changes, in words
    gongmo call schema call                  # JSON Schema for editors

How the file is read:

- YAML with text, whole numbers, true/false, null, lists and maps only. A number with a point, a date or an instant is text and is read by
  the key that it belongs to, so that no money and no score ever passes through a float. Anchors, aliases, tags, keys given twice and files
  above 1 MB are refused.
- Money is a whole number of won. A share is written `60%` or `2/5`. An instant carries its offset: `2030-01-02T17:00:00+09:00`.
- `{ko, en}` is a sentence in Korean and English. In `{ko: ..., en: ...}` on one line, quote a text that holds a comma or a colon.
- Everything that the call settles names its ground, exactly one of two: `clause` (a clause of this call) or `default` (no clause says so; the
  text says why this choice stands, `citation` where it comes from). Screens mark defaults as defaults.
- A name that is used (a role, a source, a fact, a clause) has to be declared in the same file.
"""
