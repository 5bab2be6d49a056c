"""Tables that come as spreadsheet files: rows of plain values from XLSX or CSV, whatever people and programs have made of them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any

from gongmo.kernel.archives import Crowded, require_few
from gongmo.kernel.errors import BadInput
from gongmo.kernel.xlsx import Cell, TooMany, Workbook

MOST_PARTS = 500
ALONE = 2 * 1024**2
"""Bytes, once unpacked, from which on one workbook at a time is read in a process."""
_one = Lock()


class Formula(str):
    """A formula that stood in a cell; its value is not to be trusted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken: bytes, bytes once unpacked, rows below the heads, columns, and cells altogether."""

    size: int = 5 * 1024 * 1024
    unpacked: int = 16 * 1024 * 1024
    rows: int = 10_000
    columns: int = 80
    cells: int = 160_000

    @property
    def elements(self) -> int:
        """XML elements of a workbook with so many cells, each with a text of its own, and of its formats."""
        return 5 * self.cells + 50_000


def read_table(
    name: str, content: bytes, *, sheet: str = "", limits: Limits | None = None
) -> list[tuple[int, list[Any]]]:
    """Rows with their numbers in the file, from 1. `sheet` is the sheet that is read where there is one of that name, else the first.

    Raises BadInput (field "file") where the file as a whole cannot be used.
    """
    limits = limits or Limits()
    if len(content) > limits.size:
        most = limits.size // 1024**2
        raise _unusable(
            "file_too_large",
            f"{most} MB까지 올릴 수 있습니다. 표만 남겨 다시 저장해 주세요.",
            f"At most {most} MB. Keep only the table and save it again.",
        )
    if name.lower().endswith((".csv", ".txt", ".tsv")):
        return _csv(content, limits)
    return _xlsx(content, sheet, limits)


def plain(value: Any) -> str:
    """A cell as text: whole numbers without a point, spaces made one, without the apostrophe that keeps a text a text."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else format(value, "f")
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value if value is not None else "").split())
    return text[1:] if text[:1] == "'" else text


def _unusable(code: str, ko: str, en: str) -> BadInput:
    return BadInput(code, ko, en, field="file")


def _xlsx(content: bytes, sheet: str, limits: Limits) -> list[tuple[int, list[Any]]]:
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _unusable(
            "file_locked_or_old",
            "암호가 걸려 있거나 옛 형식(.xls)인 파일입니다. 암호를 풀고 ‘Excel 통합 문서(.xlsx)’로 저장해 주세요.",
            "The file is protected by a password or in the old .xls format. Save it as .xlsx without a password.",
        )
    large = _unusable(
        "file_too_large",
        "압축을 풀면 너무 큰 파일입니다. 표만 남겨 다시 저장해 주세요.",
        "The file unpacks to too much. Keep only the table and save it again.",
    )
    try:
        require_few(io.BytesIO(content), MOST_PARTS)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # A small file may unpack to gigabytes. Readers take no more of a part than its entry declares, so the sum is a bound.
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > limits.unpacked:
                raise large
            with _in_turn(unpacked):
                return _cells(
                    Workbook(archive, elements=limits.elements, letters=limits.unpacked), sheet, limits
                )
    except BadInput:
        raise
    except Crowded as error:
        raise large from error
    except TooMany as error:
        raise _too_many_cells(limits) from error
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        raise _unusable(
            "file_unreadable",
            "엑셀(.xlsx)이나 CSV 파일로 읽을 수 없습니다. 파일을 열어 다시 저장한 뒤 올려 주세요.",
            "This cannot be read as an Excel (.xlsx) or CSV file. Open it, save it again and upload that.",
        ) from error


@contextmanager
def _in_turn(unpacked: int) -> Iterator[None]:
    """One large table at a time: each works for a second and more, and several at once would hold up whoever saves."""
    if unpacked <= ALONE:
        yield
        return
    if not _one.acquire(blocking=False):
        raise _unusable(
            "reading_another",
            "지금 다른 큰 표를 읽고 있습니다. 10초 뒤 다시 올려 주세요. 저장한 내용은 그대로 있습니다.",
            "Another large table is being read. Please upload it again in 10 seconds; what was saved is still there.",
        )
    try:
        yield
    finally:
        _one.release()


def _cells(book: Workbook, sheet: str, limits: Limits) -> list[tuple[int, list[Any]]]:
    part = dict(reversed(book.sheets)).get(sheet) or book.sheets[0][1]
    found, more = book.rows(part, rows=limits.rows + 1, columns=limits.columns)
    if more:
        raise _too_long(limits)
    return [(number, [_value(cell) for cell in row]) for number, row in enumerate(found, start=1)]


def _value(cell: Cell | None) -> Any:
    if cell is None:
        return None
    return Formula("=") if cell.kind == "f" else cell.value


def _csv(content: bytes, limits: Limits) -> list[tuple[int, list[Any]]]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = ""
    if not text.strip() or "\x00" in text:
        raise _unusable(
            "file_unreadable",
            "글자를 읽을 수 없는 파일입니다. 엑셀에서 ‘CSV UTF-8’로 저장해 주세요.",
            "The text of this file cannot be read. Save it as “CSV UTF-8”.",
        )
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    if text.count(delimiter) > limits.cells:
        raise _too_many_cells(limits)
    found: list[tuple[int, list[Any]]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if number > limits.rows + 1:
                raise _too_long(limits)
            found.append((number, [value or None for value in row[: limits.columns]]))
    except csv.Error as error:
        raise _unusable(
            "file_unreadable",
            "CSV 형식이 어긋난 파일입니다. 다시 저장해 주세요.",
            "The CSV is malformed. Save it again.",
        ) from error
    return found


def _too_long(limits: Limits) -> BadInput:
    return _unusable(
        "file_too_long",
        f"한 번에 {limits.rows:,}줄까지 가져올 수 있습니다. 나누어 올려 주세요.",
        f"At most {limits.rows:,} rows are brought in at once. Upload it in parts.",
    )


def _too_many_cells(limits: Limits) -> BadInput:
    return _unusable(
        "file_too_many_cells",
        f"칸이 너무 많은 파일입니다. 한 번에 {limits.cells:,}칸까지 읽습니다. 빈 줄과 쓰지 않는 열을 지우고 표만 남겨 다시 저장해 주세요.",
        f"The file has too many cells: at most {limits.cells:,} are read at once. Delete empty rows and unused columns, keep only the table and save it again.",
    )
