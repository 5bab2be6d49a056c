"""The cells of a workbook (ECMA-376, SpreadsheetML) that a stranger wrote: read once from beginning to end, counted while it is read.

General readers take a workbook for a friend's: a row of millions of cells, thousands of sheets that are one part, a formula shared by every cell or
a range of ranges cost them minutes. Here nothing is built but the cells that are asked for, nothing is read twice, and formulas are not looked at.
"""

import posixpath
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from xml.parsers import expat

_CHUNK = 64 * 1024
_LONGEST = 1024**2
"""Bytes of a text, or of a tag with its attributes: the parser builds it whole. A cell holds 32,767 letters at most."""
_DIGITS = 308
"""Places before or behind the point that a number of a workbook may have: those of the programs that write them."""
_FIRST = 16384
"""Columns of a sheet (ECMA-376): what a cell claims beyond them is nonsense."""


class TooMany(Exception):
    """More elements (cells, texts, formats), or more letters in cells, than were asked for."""


class Cell(NamedTuple):
    """What stands in a cell: its type as the format names it (f: a formula, e: an error), and its value."""

    kind: str
    value: Any


_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str, str], None]


class Workbook:
    """A workbook in an open archive, of which at most `elements` XML elements are read, all parts together, and `letters` letters taken:
    one long text may stand in every cell.

    Raises TooMany, and whatever a damaged file makes the reader stumble over (ValueError, KeyError, expat.ExpatError, zlib.error, ...).
    """

    def __init__(self, archive: zipfile.ZipFile, *, elements: int, letters: int) -> None:
        self.archive, self.left, self.letters = archive, elements, letters
        self.sheets: list[tuple[str, str]] = []
        """Names and parts, in order."""
        self.since_1904 = False
        links = self._links("")
        book = next(target for kind, target in links.values() if kind == "officeDocument")
        links = self._links(book)
        self._sheets(book, links)
        by_kind = dict(links.values())
        self.texts = self._texts(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else []
        self.days = self._days(by_kind["styles"]) if "styles" in by_kind else frozenset()

    def rows(self, part: str, *, rows: int, columns: int) -> tuple[list[list[Cell | None]], bool]:
        """The first `rows` rows of a sheet, each as far as it goes within `columns`; and whether something stands below them."""
        found: list[list[Cell | None]] = []
        here: list[Cell | None] = []
        at_row, at_column, kind, style, formula, more = 0, 0, "n", 0, False, False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal here, at_row, at_column, kind, style, formula
            if name == "row":
                at_row = int(attributes["r"]) if "r" in attributes else at_row + 1
                at_column, here = 0, []
            elif name == "c":
                told = attributes.get("r", "")
                at_column = _column(told) if told else at_column + 1
                kind, style, formula = attributes.get("t", "n"), int(attributes.get("s", "0")), False
            elif name == "f":
                formula = True

        def end(name: str, text: str) -> None:
            nonlocal more
            if name == "c" and at_column <= columns:
                cell = Cell("f", "=") if formula else self._cell(kind, style, text)
                if cell is not None:
                    here.extend([None] * (at_column - len(here)))
                    here[at_column - 1] = cell
            elif name == "row":
                if at_row > rows:
                    more = more or any(here)
                elif at_row > len(found):
                    found.extend([] for _ in range(at_row - len(found)))
                    found[-1] = here

        self._walk(part, start, end, whole="c", texts=("v", "t"))
        return found, more

    def _cell(self, kind: str, style: int, text: str) -> Cell | None:
        if not text:
            return None
        if kind == "s":
            return Cell("s", self._said(self.texts[int(text)]))
        if kind == "n":
            return self._number(text, style)
        if kind == "b":
            return Cell("b", bool(int(text)))
        if kind == "d":
            return Cell("d", datetime.fromisoformat(text))
        return Cell("e" if kind == "e" else "s", self._said(text))

    def _said(self, text: str) -> str:
        self.letters -= len(text)
        if self.letters < 0:
            raise TooMany
        return text

    def _number(self, text: str, style: int) -> Cell:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        # Exactly as it stands: money is among them.
        value = Decimal(text) if set(text) & set(".Ee") else int(text)
        if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= _DIGITS):
            return Cell("e", "#NUM!")
        if style not in self.days:
            return Cell("n", value)
        try:
            day = from_excel(float(value), CALENDAR_MAC_1904 if self.since_1904 else CALENDAR_WINDOWS_1900)
        except (OverflowError, ValueError):
            return Cell("e", "#VALUE!")
        return Cell("d", day)

    def _links(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: kinds and parts by id."""
        folder, _, name = part.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                path = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], path.lstrip("/")

        place = f"{folder}/_rels/{name}.rels".lstrip("/")
        if place in self.archive.NameToInfo:
            self._walk(place, start)
        return found

    def _sheets(self, book: str, links: dict[str, tuple[str, str]]) -> None:
        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                told = next((value for key, value in attributes.items() if key.endswith(" id")), "")
                kind, part = links.get(told, ("", ""))
                if kind == "worksheet":
                    self.sheets.append((attributes.get("name", ""), part))
            elif name == "workbookPr":
                self.since_1904 = attributes.get("date1904") in ("1", "true")

        self._walk(book, start)

    def _texts(self, part: str) -> list[str]:
        found: list[str] = []

        def end(name: str, text: str) -> None:
            if name == "si":
                found.append(text.replace("x005F_", ""))

        self._walk(part, None, end, whole="si", texts=("t",))
        return found

    def _days(self, part: str) -> frozenset[int]:
        """The styles in which a number is a day or a time."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        codes: dict[int, str] = {}
        used: list[int] = []
        inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if name == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:255]
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                used.append(int(attributes.get("numFmtId", "0")))

        def end(name: str, text: str) -> None:
            nonlocal inside
            inside = inside and name != "cellXfs"

        self._walk(part, start, end)
        days = {
            number for number in set(used) if is_date_format(codes.get(number) or BUILTIN_FORMATS.get(number))
        }
        return frozenset(style for style, number in enumerate(used) if number in days)

    def _walk(
        self,
        part: str,
        start: _Start | None,
        end: _End | None = None,
        *,
        whole: str = "",
        texts: tuple[str, ...] = (),
    ) -> None:
        """Tell of every element of a part, by its local name: its beginning with attributes, and its end with the words within.

        Only the words of `texts` inside an element `whole` are kept, without how they are read aloud (rPh), and told at its end.
        """
        pieces: list[str] = []
        taken = mute = False

        def started(name: str, attributes: dict[str, str]) -> None:
            nonlocal taken, mute
            self.left -= 1
            if self.left < 0:
                raise TooMany
            local = name.rpartition(" ")[2]
            if local == whole:
                pieces.clear()
            mute = mute or local == "rPh"
            taken = local in texts and not mute
            if start is not None:
                start(local, attributes)

        def ended(name: str) -> None:
            nonlocal taken, mute
            local = name.rpartition(" ")[2]
            taken = False
            mute = mute and local != "rPh"
            if end is not None:
                end(local, "".join(pieces) if local == whole else "")

        def said(text: str) -> None:
            if taken:
                pieces.append(text)

        def refuse(*_: Any) -> None:
            raise ValueError("a document type in a part")

        parser = expat.ParserCreate(None, " ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.CharacterDataHandler = said
        # No office file has one; entities are declared in it.
        parser.StartDoctypeDeclHandler = refuse
        with self.archive.open(part) as stream:
            since = 0
            while chunk := stream.read(_CHUNK):
                end_of_tag = chunk.rfind(b">")
                since = since + len(chunk) if end_of_tag < 0 else len(chunk) - end_of_tag - 1
                if since > _LONGEST:
                    raise TooMany
                parser.Parse(chunk)
            parser.Parse(b"", True)


def _column(reference: str) -> int:
    """The column of a cell's reference, "B7": 2."""
    number = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= _FIRST:
        raise ValueError(f"no column: {reference[:10]}")
    return number
