"""What every command prints, and how it ends.

A command module `gongmo/cli/<name>.py` has

    NAME = "check"
    def register(subparsers: output.Subparsers) -> None:
        parser = subparsers.add_parser(NAME, help="...")
        output.add_common(parser)              # --json and --lang
    def run(args: argparse.Namespace) -> int:  # output.OK, output.FAILED or output.UNUSABLE

and stands in the table of `gongmo.cli.main`. A command may raise `gongmo.definition.problems.Unusable` (printed, exit 2) or
`gongmo.kernel.errors.Refused` (printed; exit 2 for BadInput, else 1): `main` turns them into sentences, or JSON with --json.

Exit codes: OK 0 all is well; FAILED 1 findings fail or are unknown, a tie stands on the cut line, nothing fits;
UNUSABLE 2 the input or the call of the command cannot be used.

Helpers: `pick(text, lang)` one language of a two-language value; `emit(text)` text as it is; `table(headers, rows, right=...)` columns aligned by the width
that Korean takes on a terminal; `say(...)` one line; `heading(...)`; `print_json(value)` canonical types (Decimal as text, instants as UTC
ISO text); `instant(text)` an argparse type for `--at`. Text that people wrote is cleaned of control characters.
"""

import argparse
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from gongmo.kernel.canonical import plain
from gongmo.kernel.korean import settled

OK = 0
FAILED = 1
UNUSABLE = 2

LANGUAGES = ("ko", "en")
Subparsers = Any
"""What `ArgumentParser.add_subparsers` returns (argparse keeps its class private)."""


class Bilingual(Protocol):
    """Anything with a Korean and an English text."""

    @property
    def ko(self) -> str: ...

    @property
    def en(self) -> str: ...


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command has: `--json` and `--lang`."""
    parser.add_argument("--json", action="store_true", help="기계가 읽는 JSON으로 출력 / print JSON")
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=language(),
        help="출력 언어, 기본 ko / language of the output (or GONGMO_LANG)",
    )


def language() -> str:
    """The language asked for by GONGMO_LANG, else Korean."""
    asked = os.environ.get("GONGMO_LANG", "ko")
    return asked if asked in LANGUAGES else "ko"


def pick(text: Bilingual, lang: str) -> str:
    """One language of a two-language value, particles settled."""
    return text.en if lang == "en" else settled(text.ko)


def clean(text: object) -> str:
    """Text fit for a terminal: control characters (escape sequences, carriage returns) become "�"; line breaks and tabs a space."""
    spaced = str(text).replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join("�" if unicodedata.category(letter) in {"Cc", "Cf"} else letter for letter in spaced)


def width(text: str) -> int:
    """Columns that a text takes on a terminal: wide letters (Hangul, full-width marks) take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most `columns` terminal columns, at spaces where it can."""
    lines, line, used = [], "", 0
    for word in text.split(" "):
        rest, room = word, width(word)
        if line and used + 1 + room <= columns:
            line, used = f"{line} {rest}", used + 1 + room
            continue
        if line:
            lines.append(line)
        while room > columns:
            head = ""
            while rest and width(head + rest[0]) <= columns:
                head, rest = head + rest[0], rest[1:]
            if not head:
                break
            lines.append(head)
            room = width(rest)
        line, used = rest, room
    return [*lines, line] if line or not lines else lines


def _room(columns: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Widths of the columns; where they are wider than `limit` in all, the widest give way down to 12."""
    widths = [max((width(cell) for cell in column), default=0) for column in columns]
    spare = limit - 2 * (len(widths) - 1)
    while sum(widths) > spare and max(widths, default=0) > 12:
        widths[widths.index(max(widths))] -= 1
    return widths


PAPER = 160
"""Columns that a table takes in a file or a pipe: whole sentences side by side would fill lines that no window shows."""


def terminal_columns() -> int:
    """Width of the terminal; PAPER where the output goes into a file or a pipe."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout and sys.stdout.isatty() else PAPER


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Collection[int] = (),
    limit: int | None = None,
) -> str:
    """A plain table. `right` names the columns (from 0) that are aligned right; `limit` the terminal columns it may take.

    Without `limit` the terminal's own width counts, for a pipe or file PAPER.
    """
    body = [[clean(cell) for cell in row] for row in rows]
    everything = [list(headers), *body]
    widths = _room(list(zip(*everything, strict=True)), limit if limit is not None else terminal_columns())

    def lines(row: Sequence[str]) -> list[str]:
        cells = [wrap(cell, max(1, room)) for cell, room in zip(row, widths, strict=True)]
        drawn = []
        for height in range(max(len(cell) for cell in cells)):
            parts = []
            for column, cell in enumerate(cells):
                text = cell[height] if height < len(cell) else ""
                pad = " " * max(0, widths[column] - width(text))
                parts.append(pad + text if column in right else text + pad)
            drawn.append("  ".join(parts).rstrip())
        return drawn

    rule = "  ".join("─" * room for room in widths)
    return "\n".join([*lines(everything[0]), rule, *(line for row in body for line in lines(row))])


class CannotWrite(Exception):
    """The output cannot be written (a full disk). The command's answer is lost, so it ends as unusable."""


def emit(text: str) -> None:
    """Write text as it is and a line end. A reader who left (head, less) is no error: the rest goes nowhere and the verdict stands.

    Raises CannotWrite when the output cannot be written.
    """
    try:
        print(text)
    except BrokenPipeError:
        _nowhere()
    except OSError as error:
        _nowhere()
        raise CannotWrite(error.strerror) from error


def finish() -> None:
    """Write what the output still holds back. Raises CannotWrite."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _nowhere()
    except OSError as error:
        _nowhere()
        raise CannotWrite(error.strerror) from error


def _nowhere() -> None:
    """Turn the output away, so that Python does not complain about it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: object = "") -> None:
    """Print one line of plain text (line breaks of the text itself are kept)."""
    emit("\n".join(clean(line) for line in str(text).split("\n")))


def heading(text: str) -> None:
    """Print a heading with an empty line before it."""
    emit(f"\n{clean(text)}\n{'─' * width(clean(text))}")


def print_table(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Collection[int] = ()
) -> None:
    """Print a table (see `table`)."""
    emit(table(headers, rows, right=right))


def print_json(value: Any) -> None:
    """Print a value as JSON: Decimal and ratios as text, instants in UTC, Korean letters kept. Floats are a TypeError."""
    emit(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def complain(text: object) -> None:
    """Print one line on the error stream."""
    print("\n".join(clean(line) for line in str(text).split("\n")), file=sys.stderr)


def instant(text: str) -> datetime:
    """An argparse type: ISO text with an offset ("2030-01-02T17:00:00+09:00") → aware datetime."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"‘{text}’는 시각이 아닙니다. 2030-01-02T17:00:00+09:00처럼 적어 주세요 / write an instant as 2030-01-02T17:00:00+09:00"
        ) from error
    if not 1900 <= found.year <= 2200:
        raise argparse.ArgumentTypeError(
            f"‘{text}’의 연도는 1900에서 2200 사이여야 합니다 / the year lies between 1900 and 2200"
        )
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"‘{text}’에 시간대가 없습니다. +09:00을 붙여 주세요 / add the offset, for example +09:00"
        )
    return found
