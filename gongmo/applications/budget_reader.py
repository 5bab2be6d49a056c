"""A budget that comes back as a spreadsheet file: compared row by row, every fault told at its place, no right row lost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongmo.applications.amounts import FAULTS, NotAnAmount, read_amount
from gongmo.applications.budget_file import DIRECT, KEYS, ROW_KEY, SHEET
from gongmo.applications.commands.money import Key
from gongmo.applications.presentation import Column
from gongmo.applications.proposals import Proposed
from gongmo.definition.application import Application
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.errors import BadInput
from gongmo.kernel.tables import Formula, Limits, plain, read_table
from gongmo.rules.values import FORM_NAMES

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
LIMITS = Limits(size=MOST_BYTES, rows=MOST_ROWS)
_SUMS = ("합계", "소계", "총계", "계", "total")
_YES = {"예", "y", "yes", "o", "ㅇ", "○", "v", "true", "1", "직접지원", "직접"}
_NO = {"", "아니요", "아니오", "n", "no", "x", "×", "false", "0", "-"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was not taken: its number in the file, the column's number and name (0, "": the whole row), a sentence."""

    row: int
    column: int
    name: str
    text: Text


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file that would change something: its number and the cells."""

    number: int
    changes: tuple[Proposed, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says against what is stored: rows that change something, problems, how many rows say what is stored already."""

    rows: tuple[FileRow, ...]
    problems: tuple[Problem, ...]
    unchanged: int


def read(
    name: str, content: bytes, definition: Definition, value: Application, writable: frozenset[str]
) -> Reading:
    """Compare a file with the stored budget. Each row is judged alone: one that is wrong does not lose the others.

    Rows that the file does not name stay as they are. `writable` are ids of organisations whose rows may change. Raises BadInput
    where the file as a whole cannot be used.
    """
    lines = read_table(name, content, sheet=SHEET, limits=LIMITS)
    return _Reader(definition, value, writable).read(iter(lines))


def _unusable(code: str, ko: str, en: str) -> BadInput:
    return BadInput(code, ko, en, field="file")


class _Wrong(Exception):
    def __init__(self, head: str, ko: str, en: str) -> None:
        super().__init__(en)
        self.head, self.text = head, Text(ko=ko, en=en)


class _Reader:
    def __init__(self, definition: Definition, value: Application, writable: frozenset[str]) -> None:
        self.definition, self.writable = definition, writable
        self.stored = {
            Key(
                int(c.organisation), c.year, c.field, c.category, c.source, c.form.value, c.direct_support
            ): c.amount
            for c in value.budget
        }
        every = [Column(source.id, form.value, name) for source, form, name in _every_column(definition)]
        self.columns = {_head(text): column for column in every for text in (column.name.ko, column.name.en)}
        self.fields = _by_name(definition.fields)
        self.categories = _by_name(definition.budget.categories)
        self.years = (
            {str(year.year): year.year for year in definition.budget.years}
            | {f"{year.year}년": year.year for year in definition.budget.years}
            | {year.name.ko: year.year for year in definition.budget.years}
        )
        self.allowed = {
            "연도": [str(year.year) for year in definition.budget.years],
            "분야": [item.name.ko for item in definition.fields],
            "비목": [item.name.ko for item in definition.budget.categories],
        }
        self.organisations: dict[str, list[str]] = {}
        for item in value.organisations:
            self.organisations.setdefault(plain(item.name), []).append(item.id)

    def read(self, lines: Iterator[tuple[int, list[Any]]]) -> Reading:
        heads = self._heads(lines)
        rows: list[FileRow] = []
        problems: list[Problem] = []
        seen: dict[tuple[Any, ...], int] = {}
        unchanged = 0
        for number, values in lines:
            row = {head: values[place] if place < len(values) else None for head, place in heads.items()}
            if all(value is None or plain(value) == "" for value in row.values()):
                continue
            first = plain(row.get("기관")).casefold()
            if first in _SUMS or (
                not first and any(plain(value).casefold() in _SUMS for value in values[:6])
            ):
                continue
            key, faults = self._key(row)
            amounts, more = self._amounts(row)
            faults += more
            if key is not None and not faults and key in seen:
                faults.append(
                    _Wrong(
                        "",
                        f"{seen[key]}행과 같은 줄입니다. 하나로 합쳐 주세요.",
                        f"The same row as row {seen[key]}. Put the two together.",
                    )
                )
            if faults or key is None:
                for wrong in faults:
                    place = heads.get(wrong.head, -1) + 1
                    problems.append(Problem(number, place, wrong.head, wrong.text))
                continue
            seen[key] = number
            changes = self._changes(key, amounts)
            if changes and key[0] not in self.writable:
                problems.append(
                    Problem(
                        number,
                        heads["기관"] + 1,
                        "기관",
                        Text(
                            ko="다른 기관의 줄은 고칠 수 없습니다. 그 기관이나 주관기관의 작성자가 고칩니다.",
                            en="You may not change another organisation's row; its own or the lead's writers do.",
                        ),
                    )
                )
            elif changes:
                rows.append(FileRow(number, tuple(changes)))
            else:
                unchanged += 1
        return Reading(tuple(rows), tuple(problems), unchanged)

    def _heads(self, lines: Iterator[tuple[int, list[Any]]]) -> dict[str, int]:
        """The place of every known column by its canonical head, read from the first row that holds the key columns."""
        for number, values in lines:
            found: dict[str, int] = {}
            for place, value in enumerate(values):
                head = _head(plain(value))
                column = self.columns.get(head)
                name = f"{column.source}-{column.form}" if column else _KEY_HEADS.get(head, "")
                if name:
                    found.setdefault(name, place)
            if all(key in found for key in KEYS):
                if any("-" in name for name in found):
                    return found
                break
            if number >= 30:
                break
        raise _unusable(
            "heads_missing",
            "첫 줄에서 ‘기관’, ‘연도’, ‘분야’, ‘비목’과 금액 열을 찾지 못했습니다. ‘엑셀로 받기’로 받은 파일의 첫 줄을 그대로 두고 적어 주세요.",
            "The heads 기관, 연도, 분야, 비목 and the amounts were not found. Start from the downloaded file and keep its first row.",
        )

    def _key(self, row: Mapping[str, Any]) -> tuple[tuple[str, int, str, str, bool] | None, list[_Wrong]]:
        faults: list[_Wrong] = []
        organisation, year, field, category, direct = "", 0, "", "", False
        kept = plain(row.get(ROW_KEY)).split("/")
        try:
            organisation = self._organisation(plain(row["기관"]), kept[0])
        except _Wrong as wrong:
            faults.append(wrong)
        for head, known, ko, en in (
            ("연도", self.years, "이 공고의 사업 연도가 아닙니다", "not a year of this call"),
            ("분야", self.fields, "이 공고에 없는 분야입니다", "no field of this call"),
            ("비목", self.categories, "이 공고에 없는 비목입니다", "no category of this call"),
        ):
            given = plain(row[head])
            if isinstance(row[head], Formula):
                faults.append(
                    _Wrong(
                        head,
                        "수식은 쓸 수 없습니다. 값으로 바꾸어 주세요.",
                        "Formulas cannot be used; write the value.",
                    )
                )
            elif given not in known:
                names = ", ".join(self.allowed[head][:12])
                faults.append(
                    _Wrong(
                        head,
                        f"‘{given[:40]}’: {ko}. 다음 가운데 하나로 적어 주세요: {names}"
                        if given
                        else f"{head} 칸이 비어 있습니다. 다음 가운데 하나로 적어 주세요: {names}",
                        f"“{given[:40]}”: {en}. Use one of: {names}",
                    )
                )
            elif head == "연도":
                year = int(known[given])
            elif head == "분야":
                field = str(known[given])
            else:
                category = str(known[given])
        mark = plain(row.get(DIRECT)).casefold()
        if mark in _YES and self.definition.budget.direct_support is not None:
            direct = True
        elif mark not in _NO:
            faults.append(_Wrong(DIRECT, "‘예’나 빈칸으로 적어 주세요.", "Write 예 (yes) or leave it empty."))
        return ((organisation, year, field, category, direct) if not faults else None), faults

    def _organisation(self, name: str, kept: str) -> str:
        found = self.organisations.get(name, [])
        if len(found) == 1 or kept in found:
            return kept if kept in found else found[0]
        if found:
            raise _Wrong(
                "기관",
                f"‘{name[:60]}’이라는 기관이 {len(found)}곳 있습니다. 받은 파일의 그 기관 줄을 복사해 적어 주세요.",
                f"There are {len(found)} organisations named “{name[:60]}”. Copy one of its rows from the downloaded file.",
            )
        if not name:
            raise _Wrong("기관", "기관 칸이 비어 있습니다.", "The organisation is missing.")
        raise _Wrong(
            "기관",
            f"‘{name[:60]}’은(는) 이 컨소시엄에 없습니다. 이름을 확인하거나 먼저 초대해 주세요.",
            f"“{name[:60]}” is not in the consortium. Check the name or invite it first.",
        )

    def _amounts(self, row: Mapping[str, Any]) -> tuple[dict[str, int], list[_Wrong]]:
        amounts: dict[str, int] = {}
        faults: list[_Wrong] = []
        for head, value in row.items():
            if "-" not in head:
                continue
            try:
                amounts[head] = read_amount(value)
            except NotAnAmount as fault:
                text = FAULTS[fault.fault]
                faults.append(_Wrong(head, text.ko, text.en))
        return amounts, faults

    def _changes(self, key: tuple[str, int, str, str, bool], amounts: Mapping[str, int]) -> list[Proposed]:
        organisation, year, field, category, direct = key
        found: list[Proposed] = []
        for name, amount in amounts.items():
            source, form = name.rsplit("-", 1)
            place = Key(int(organisation), year, field, category, source, form, direct)
            before = self.stored.get(place, 0)
            if before != amount:
                found.append(Proposed(place, before, amount))
        return found


def _every_column(definition: Definition) -> Iterator[tuple[Any, Any, Text]]:
    for source in definition.budget.sources:
        for form in definition.budget.forms:
            ko, en = FORM_NAMES[form]
            yield source, form, Text(ko=f"{source.name.ko} {ko}", en=f"{source.name.en}, {en}")


def _by_name(items: Iterable[Any]) -> dict[str, str]:
    items = list(items)
    found = {item.id: item.id for item in items} | {item.name.en: item.id for item in items}
    # Korean names first: they are what a fault lists.
    return {item.name.ko: item.id for item in items} | found


def _head(text: str) -> str:
    return text.replace(" ", "").replace("(원)", "").casefold()


_KEY_HEADS = {_head(name): name for name in (*KEYS, DIRECT, ROW_KEY)}
