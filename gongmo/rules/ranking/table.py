"""Score sheets, panels and bonus points as CSV text (RFC 4180, comma, first line the column names in English or Korean)."""

import csv
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import StringIO

from gongmo.rules.ranking.admit import BadScores, problem
from gongmo.rules.ranking.values import BonusPoints, Score, Seat

NUMBER = re.compile(r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$")
NAMES = {
    "신청": "application",
    "단계": "stage",
    "평가위원": "evaluator",
    "평가항목": "criterion",
    "점수": "points",
    "의견": "comment",
    "사유": "reason",
}
Rows = Iterator[tuple[int, dict[str, str]]]


def read_scores(text: str) -> list[Score]:
    """Columns application, stage, evaluator, criterion, points and, at will, comment (not used).

    Points that are no plain number become NaN with the written text, for `rank` to refuse. Raises BadScores when the table
    itself cannot be read.
    """
    needed = ("application", "stage", "evaluator", "criterion", "points")
    return [
        Score(
            application=row["application"],
            stage=row["stage"],
            evaluator=row["evaluator"],
            criterion=row["criterion"],
            points=number(row["points"]),
            row=line,
            text=row["points"],
        )
        for line, row in _rows(text, needed, ("comment",))
    ]


def read_panel(text: str) -> list[Seat]:
    """Columns stage, evaluator and, at will, application (empty: every application of the stage). Raises BadScores."""
    return [
        Seat(row["stage"], row["evaluator"], row.get("application") or None, line)
        for line, row in _rows(text, ("stage", "evaluator"), ("application",))
    ]


def read_bonus(text: str) -> list[BonusPoints]:
    """Columns application, points and, at will, reason. Raises BadScores."""
    return [
        BonusPoints(row["application"], number(row["points"]), row.get("reason", ""), line)
        for line, row in _rows(text, ("application", "points"), ("reason",))
    ]


def number(text: str) -> Decimal:
    """A plain decimal number ("8", "8.5"), else NaN: no thousands mark, no exponent, no other script's digits."""
    return Decimal(text) if NUMBER.match(text) else Decimal("NaN")


def _rows(text: str, needed: tuple[str, ...], optional: tuple[str, ...]) -> Rows:
    """Every filled line with its number (of its first line, where a cell has line breaks), cells by column, trimmed."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    problems = []
    found: list[tuple[int, dict[str, str]]] = []
    columns: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            first, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells, needed, optional, first)
            elif len(cells) != len(columns):
                problems.append(
                    problem(
                        "wrong_width",
                        first,
                        f"칸이 {len(cells)}개입니다. 첫 줄처럼 {len(columns)}개여야 합니다.",
                        f"there are {len(cells)} cells; there should be {len(columns)} as in the first line.",
                    )
                )
            else:
                found.append((first, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        problems.append(
            problem(
                "broken_csv", line, f"CSV 형식이 깨져 있습니다({error}).", f"the CSV is broken ({error})."
            )
        )
    if columns is None and not problems:
        names = ", ".join(needed)
        problems.append(
            problem(
                "empty_table",
                None,
                f"표가 비어 있습니다. 첫 줄에 열 이름을 적어 주세요: {names}.",
                f"the table is empty; begin with {names}.",
            )
        )
    if problems:
        raise BadScores(problems)
    yield from found


def _columns(cells: list[str], needed: tuple[str, ...], optional: tuple[str, ...], line: int) -> list[str]:
    columns = [_name(cell, NAMES) for cell in cells]
    missing = [name for name in needed if name not in columns]
    unknown = [name for name in columns if name not in (*needed, *optional)]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if not (missing or unknown or twice):
        return columns
    ko = "; ".join(
        f"{label}: {', '.join(names)}"
        for label, names in (("없는 열", missing), ("모르는 열", unknown), ("겹친 열", twice))
        if names
    )
    en = "; ".join(
        f"{label}: {', '.join(names)}"
        for label, names in (("missing", missing), ("unknown", unknown), ("twice", twice))
        if names
    )
    wanted = ", ".join(needed)
    raise BadScores(
        [
            problem(
                "wrong_columns",
                line,
                f"첫 줄의 열 이름이 맞지 않습니다({ko}). 쉼표로 나누어 적어 주세요: {wanted}.",
                f"the column names are not right ({en}); write {wanted}, separated by commas.",
            )
        ]
    )


def _name(cell: str, known: Mapping[str, str]) -> str:
    name = cell.strip().lower()
    return known.get(name, name)
