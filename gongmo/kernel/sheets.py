"""Tables for spreadsheet programs. Text from people stays text: no cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from gongmo.kernel.clock import SEOUL

Cell = str | int | date | datetime | None
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes spreadsheet programs read a CSV cell as a formula or as something hidden."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML and no UTF-8 can hold: control characters, half letters, and two code points that are none."""


def writable(text: str) -> str:
    """The text without what a file cannot hold; line ends become \\n."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_cell(sheet: Any, text: str) -> Any:
    """A cell of a write-only sheet that is a text and stays one when somebody edits it, however it begins."""
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet, value=writable(text))
    made.data_type = "s"
    made.quotePrefix = text.startswith(_STARTS)
    return made


def to_csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV with a byte order mark, so that Korean text opens right everywhere. Text that looks like a formula gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_text(head) for head in heads])
    writer.writerows([[_text(_shown(cell)) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """XLSX with one sheet: heads in bold and fixed, texts as texts, whole numbers and days as such."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(each for each in title if each not in "[]:*?/\\")[:31] or "Sheet")
    sheet.freeze_panes = "A2"
    lines = [list(row) for row in rows]
    for place, head in enumerate(heads):
        longest = max([_width(head), *(_width(str(_shown(line[place]))) for line in lines[:500])])
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(60, longest + 2)

    def cell(value: Cell, bold: bool = False) -> object:
        shown = _shown(value)
        made = text_cell(sheet, shown) if isinstance(shown, str) else WriteOnlyCell(sheet, value=shown)
        if isinstance(value, date) and not isinstance(value, datetime):
            made.number_format = "yyyy-mm-dd"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(head, bold=True) for head in heads])
    for line in lines:
        sheet.append([cell(value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _shown(value: Cell) -> str | int | date:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
    return value


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = writable(value)
    return f"'{text}" if text.startswith(_STARTS) else text


def _width(text: str) -> int:
    """Columns that a text takes: Korean letters take two."""
    return max((sum(2 if each > "ᄀ" else 1 for each in line) for line in text.split("\n")), default=0)
