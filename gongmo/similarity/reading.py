"""Lists of earlier projects as people have them: CSV or XLSX with the columns of the national R&D list's exports, read row by row."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gongmo.definition.base import Text
from gongmo.kernel.archives import require_few
from gongmo.kernel.errors import BadInput
from gongmo.kernel.tables import MOST_PARTS, Formula, plain

LIMIT = 2 * 1024**3
UNPACKED = 8 * 1024**3
ROWS = 1_000_000
CELL = 20_000
"""Letters of one cell that are kept."""
HEAD_ROWS = 10
"""Rows in which the heads are looked for: exports begin with a title and the day of the export."""

PARTS = {
    "number": Text(ko="과제번호", en="Number"),
    "title": Text(ko="과제명", en="Title"),
    "organisation": Text(ko="수행기관", en="Organisation"),
    "funder": Text(ko="지원 부처·기관", en="Funder"),
    "programme": Text(ko="사업명", en="Programme"),
    "year": Text(ko="연도", en="Year"),
    "ended_on": Text(ko="종료일", en="Ended on"),
    "money": Text(ko="연구비", en="Money"),
    "goals": Text(ko="목표", en="Goals"),
    "content": Text(ko="내용", en="Content"),
    "effects": Text(ko="기대효과", en="Effects"),
    "keywords": Text(ko="주제어", en="Keywords"),
}
"""What is taken from a list. Names of people are not."""
_HEADS = {
    "number": ("과제고유번호", "과제번호", "세부과제번호", "과제관리번호", "관리번호", "번호", "projectnumber", "number"),
    "title": ("과제명국문", "국문과제명", "한글과제명", "세부과제명", "연구과제명", "과제명", "사업과제명", "제목", "title"),
    "organisation": ("과제수행기관명", "과제수행기관", "주관연구기관명", "주관연구기관", "주관연구개발기관", "연구수행기관", "수행기관명", "수행기관", "주관기관", "organisation"),
    "funder": ("부처명", "소관부처", "지원부처", "부처", "지원기관", "과제관리기관", "전문기관", "funder"),
    "programme": ("세부사업명", "사업명", "내역사업명", "programme"),
    "year": ("과제수행연도", "기준연도", "기준년도", "제출년도", "사업연도", "사업년도", "연도", "년도", "year"),
    "ended_on": ("총연구기간종료", "총연구기간종료일", "총연구종료일", "당해연구기간종료", "당해연도연구종료일", "연구종료일", "과제종료일", "종료일자", "종료일", "endedon"),
    "money": ("총연구비합계원", "총연구비합계", "총연구비", "연구비합계", "정부투자연구비", "정부출연금", "정부연구비", "연구비", "사업비", "지원금액", "money"),
    "goals": ("요약문연구목표", "연구목표요약", "연구목표", "최종목표", "목표", "goals"),
    "content": ("요약문연구내용", "연구내용요약", "연구내용", "연구범위", "내용", "요약", "과제요약", "content", "summary"),
    "effects": ("요약문기대효과", "기대효과요약", "기대효과", "활용방안", "effects"),
    "keywords": ("요약문한글키워드", "한글키워드", "국문키워드", "키워드", "주제어", "핵심어", "keywords"),
}  # fmt: skip
_LENGTHS = {"number": 60, "title": 500, "organisation": 200, "funder": 200, "programme": 300}
_DAY = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Row:
    """A project as its row tells it; `row` is its number in the file, from 1."""

    row: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is left out, or a cell that is, and why."""

    row: int
    text: Text


@dataclass(slots=True)
class Reading:
    """A file being read: the column of each part that was found, and the heads nobody takes."""

    columns: dict[str, int]
    heads: dict[str, str]
    unused: list[str]
    first: int
    problems: list[Problem] = field(default_factory=list)


def _bare(head: object) -> str:
    return re.sub(r"[^0-9a-z가-힣]", "", plain(head).lower())


def mapped(cells: list[Any]) -> Reading | None:
    """The columns of a row of heads; None where it is none (it must name the title and one more part)."""
    bare = [_bare(cell) for cell in cells]
    columns: dict[str, int] = {}
    for part, names in _HEADS.items():
        for name in names:
            place = next(
                (at for at, head in enumerate(bare) if head == name and at not in columns.values()), None
            )
            if place is not None:
                columns[part] = place
                break
    if "title" not in columns or len(columns) < 2:
        return None
    heads = {part: plain(cells[at]) for part, at in columns.items()}
    unused = [plain(cell) for at, cell in enumerate(cells) if at not in columns.values() and plain(cell)]
    return Reading(columns, heads, unused, 0)


def rows_of(path: Path, name: str) -> Iterator[tuple[Reading, Row | Problem]]:
    """Every row below the heads, read one after another, each with the reading. Raises BadInput where the file cannot be used."""
    reading: Reading | None = None
    with _cells(path, name) as cells:
        for number, values in cells:
            if reading is None:
                reading = mapped(values)
                if reading is None and number >= HEAD_ROWS:
                    raise _no_heads()
                if reading is not None:
                    reading.first = number + 1
                continue
            if number > ROWS + reading.first:
                raise BadInput(
                    "file_too_long",
                    f"한 파일에 {ROWS:,}줄까지 가져올 수 있습니다. 나누어 올려 주세요.",
                    f"At most {ROWS:,} rows a file. Upload it in parts.",
                    field="file",
                )
            if not any(plain(value) for value in values):
                continue
            yield reading, _row(reading, number, values)
    if reading is None:
        raise _no_heads()


def _no_heads() -> BadInput:
    return BadInput(
        "heads_missing",
        "‘과제명’ 열과, 연구목표·연구내용·과제번호 가운데 하나 이상의 열이 있어야 합니다. 첫 열 줄 안에 열 이름을 적어 주세요.",
        "The columns 과제명 (title) and at least one more (goals, content, number) are needed, within the first ten rows.",
        field="file",
    )


def _row(reading: Reading, number: int, values: list[Any]) -> Row | Problem:
    given = {part: values[at] if at < len(values) else None for part, at in reading.columns.items()}
    if any(isinstance(value, Formula) for value in given.values()):
        return Problem(
            number,
            Text(
                ko="수식이 든 칸이 있어 가져오지 않습니다. 값으로 바꾸어 주세요.",
                en="A cell holds a formula; write its value.",
            ),
        )
    told: dict[str, Any] = {}
    for part, value in given.items():
        text = plain(value)
        if part == "year":
            year = int(text[:4]) if text[:4].isdecimal() else None
            told[part] = year if year is not None and 1950 <= year <= 2100 else None
        elif part == "ended_on":
            told[part] = _day(value, text)
        elif part == "money":
            digits = text.replace(",", "").removesuffix("원").split(".")[0]
            told[part] = int(digits) if digits.isdecimal() and len(digits) <= 15 else None
        else:
            told[part] = _storable(text)[: _LENGTHS.get(part, CELL)]
    if not told["title"]:
        return Problem(number, Text(ko="과제명이 비어 있어 가져오지 않습니다.", en="The title is empty."))
    if len(told["title"] + told.get("goals", "") + told.get("content", "")) < 10:
        return Problem(
            number,
            Text(
                ko="견주어 볼 글이 열 글자도 되지 않아 가져오지 않습니다.",
                en="Fewer than ten letters to compare.",
            ),
        )
    return Row(number, told)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _day(value: object, text: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DAY.match(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


@contextmanager
def _cells(path: Path, name: str) -> Iterator[Iterator[tuple[int, list[Any]]]]:
    if name.lower().endswith((".csv", ".txt", ".tsv")):
        with path.open("rb") as raw:
            encoding = _encoding(raw.read(256 * 1024))
        with path.open(encoding=encoding, errors="replace", newline="") as handle:
            head = handle.readline(100_000)
            handle.seek(0)
            delimiter = max(",\t;", key=head.count)
            yield _csv(handle, delimiter)
        return
    with _book(path) as book:
        sheet = book.worksheets[0]
        yield (
            (number, [_value(cell) for cell in row])
            for number, row in enumerate(sheet.iter_rows(max_col=120), 1)
        )


def _csv(handle: io.TextIOBase, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    try:
        yield from enumerate((row[:120] for row in csv.reader(handle, delimiter=delimiter)), 1)
    except csv.Error as error:
        raise BadInput(
            "file_unreadable",
            "CSV 형식이 어긋난 파일입니다. 다시 저장해 주세요.",
            "The CSV is malformed. Save it again.",
            field="file",
        ) from error


def _encoding(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "cp949"):
        try:
            # The piece may end within a letter.
            start[: len(start) - (len(start) == 256 * 1024) * 4].decode(encoding)
        except UnicodeDecodeError as error:
            if error.end >= len(start) - 8 and len(start) == 256 * 1024:
                return encoding
            continue
        if b"\x00" not in start:
            return encoding
    raise BadInput(
        "file_unreadable",
        "글자를 읽을 수 없는 파일입니다. 엑셀에서 ‘CSV UTF-8’로 저장해 주세요.",
        "The text of this file cannot be read. Save it as “CSV UTF-8”.",
        field="file",
    )


@contextmanager
def _book(path: Path) -> Iterator[Any]:
    from openpyxl import load_workbook

    broken = BadInput(
        "file_unreadable",
        "엑셀(.xlsx)이나 CSV 파일로 읽을 수 없습니다. 파일을 열어 다시 저장한 뒤 올려 주세요.",
        "This cannot be read as an Excel (.xlsx) or CSV file. Open it, save it again and upload that.",
        field="file",
    )
    try:
        with path.open("rb") as packed:
            require_few(packed, MOST_PARTS)
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > UNPACKED:
            raise broken
        handle = path.open("rb")  # By its name the reader would judge the file, and the name is ours.
        book = load_workbook(handle, read_only=True, data_only=False, keep_links=False)
    except BadInput:
        raise
    except Exception as error:  # whatever a damaged file makes the reader raise
        raise broken from error
    try:
        yield book
    finally:
        book.close()
        handle.close()


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula("=")
    return str(cell.value) if cell.data_type == "e" else cell.value
