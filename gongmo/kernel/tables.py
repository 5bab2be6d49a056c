"""Tables that come as spreadsheet files: rows of plain values from XLSX or CSV, whatever people and programs have made of them."""

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Any

from gongmo.kernel.errors import BadInput

MOST_PARTS = 500


class Formula(str):
    """A formula that stood in a cell; its value is not to be trusted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken: bytes, bytes once unpacked, rows below the heads, columns."""

    size: int = 5 * 1024 * 1024
    unpacked: int = 40 * 1024 * 1024
    rows: int = 10_000
    columns: int = 80


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
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value if value is not None else "").split())
    return text[1:] if text[:1] == "'" else text


def _unusable(code: str, ko: str, en: str) -> BadInput:
    return BadInput(code, ko, en, field="file")


def _xlsx(content: bytes, sheet: str, limits: Limits) -> list[tuple[int, list[Any]]]:
    from openpyxl import load_workbook

    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _unusable(
            "file_locked_or_old",
            "암호가 걸려 있거나 옛 형식(.xls)인 파일입니다. 암호를 풀고 ‘Excel 통합 문서(.xlsx)’로 저장해 주세요.",
            "The file is protected by a password or in the old .xls format. Save it as .xlsx without a password.",
        )
    broken = _unusable(
        "file_unreadable",
        "엑셀(.xlsx)이나 CSV 파일로 읽을 수 없습니다. 파일을 열어 다시 저장한 뒤 올려 주세요.",
        "This cannot be read as an Excel (.xlsx) or CSV file. Open it, save it again and upload that.",
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise broken from error
    # A small file may unpack to gigabytes. Readers take no more of a part than its entry declares, so the sum is a bound.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
        raise _unusable(
            "file_too_large",
            "압축을 풀면 너무 큰 파일입니다. 표만 남겨 다시 저장해 주세요.",
            "The file unpacks to too much. Keep only the table and save it again.",
        )
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            page = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
            rows = page.iter_rows(max_row=limits.rows + 2, max_col=limits.columns)
            found = [(number, [_value(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
        finally:
            book.close()
    except Exception as error:  # whatever a damaged file makes the reader raise
        raise broken from error
    if len(found) > limits.rows + 1 and any(value is not None for value in found[-1][1]):
        raise _too_long(limits)
    return found


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula("=")
    if cell.data_type == "e":
        return str(cell.value)
    return cell.value


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
