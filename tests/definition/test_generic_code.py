"""The packages' code knows no call: what the 2025 call says, its numbers and its names live in its definition alone.

The forbidden list is built from the definition files themselves, so that it grows with them. Region tables (data) are exempt, and
so are comments and docstrings, which may show a date or a sum as an example.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from gongmo.definition.base import Model, Text
from gongmo.definition.loader import load_definition
from gongmo.definition.model import Definition
from gongmo.kernel.korean import day, eok

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("*.py", "*.html", "*.js", "*.css", "*.txt", "*.jinja")
CALLS = ("2025-regional-ai", "2026-regional-ai")
# Shorter texts are vocabulary ("Operating agency", "서면평가") that programmes of the kind share.
SHORTEST_SENTENCE = 16
SHORTEST_AMOUNT = 1_000_000_000


def texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)


def values(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, Model):
        for name in type(value).model_fields:
            yield from values(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from values(item)


def places(call: Definition) -> set[str]:
    """The regions that the clause on applicants lists, in both languages."""
    clause = call.clause("A-3")
    korean = re.findall(r"[가-힣]{2}(?=[,)])", clause.text.ko)
    english = re.findall(r"\b[A-Z][a-z]{3,}\b", clause.text.en.split("Seoul")[-1])
    return {*korean, *(name for name in english if name not in {"Seoul", "Special"})}


def forbidden(call: Definition) -> set[str]:
    found: set[str] = {call.id, call.title.ko, call.title.en, call.short_title.ko, call.short_title.en}
    for text in texts(call):
        found |= {
            part for part in (text.ko, text.en) if len(part) >= SHORTEST_SENTENCE and part.count(" ") >= 3
        }
    for value in values(call):
        if isinstance(value, int) and value >= SHORTEST_AMOUNT:
            found |= {str(value), f"{value:,}", f"{value:_}", f"{eok(value)}원", f"{eok(value)} 원"}
        elif isinstance(value, datetime):
            found |= {value.isoformat(), day(value), value.date().isoformat()}
        elif isinstance(value, date):
            found |= {value.isoformat(), day(value)}
    for actor in call.actors:
        if actor.organisation is not None:
            found |= {actor.organisation.ko, *re.findall(r"\b[A-Z]{4,}\b", actor.organisation.en)}
    for baseline in call.baselines:
        found.add(baseline.percent)
    return found


def code_files() -> list[Path]:
    return sorted(
        path
        for kind in KINDS
        for path in (ROOT / "gongmo").rglob(kind)
        if "migrations" not in path.parts and "vendor" not in path.parts
    )


def without_remarks(path: Path) -> list[str]:
    """The lines of a file with comments and docstrings blanked out; line numbers stay."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return re.sub(
            r"\{#.*?#\}", lambda hit: "\n" * hit.group(0).count("\n"), text, flags=re.DOTALL
        ).splitlines()
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            for row in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                lines[row - 1] = ""
    return lines


def pattern(words: set[str]) -> re.Pattern[str]:
    """Any of the words, not inside a longer number or Latin word; a Korean place name also not inside a longer Korean word."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w.])(?:{listed})(?![0-9A-Za-z])")


@pytest.mark.parametrize("name", CALLS)
def test_no_sentence_number_or_name_of_the_call_stands_in_the_packages(name: str) -> None:
    call = load_definition(ROOT / "calls" / name)
    wanted = pattern(forbidden(call) | places(call))
    found = [
        f"{path.relative_to(ROOT)}:{number}: {hit.group(0)}"
        for path in code_files()
        for number, line in enumerate(without_remarks(path), 1)
        for hit in wanted.finditer(line)
    ]
    assert found == []


def test_the_forbidden_list_holds_what_the_call_is_known_by() -> None:
    call = load_definition(ROOT / "calls" / "2025-regional-ai")
    words = forbidden(call) | places(call)
    assert {"2025-08-29", "2025. 8. 29.", "48.8", "KOSMES", "부산", "Gyeongnam", call.title.ko} <= words
    assert len(places(call)) == 32


def test_code_is_read_but_its_remarks_are_not(tmp_path: Path) -> None:
    file = tmp_path / "sample.py"
    file.write_text('"""2025-08-29"""\nAT = "2025-08-29"  # 2025-08-30\n', "utf-8")
    assert without_remarks(file) == ["", 'AT = "2025-08-29"  ']
