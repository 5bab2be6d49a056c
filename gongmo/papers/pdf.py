"""A paper as PDF, set by typst: tagged, PDF/A and PDF/UA-1, with the bundled fonts. Text reaches typst as JSON, never as markup."""

import json
import os
import re
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from fractions import Fraction
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import segno
import typst

from gongmo.papers.values import Paper, Qr, Stroke, plain_block

Form = Literal["pdf", "png"]
TEMPLATE = Path(__file__).with_name("paper.typ")
_BREAKING = {"\t": " ", "\u00a0": " "}
_lock = Lock()
_letters_kept = 0
_KEPT = 10
"""For how many papers more the compiler keeps what it worked out for one, whole documents among it."""
_MOST = 200_000
"""Letters of papers, as JSON, after which it is made to give that up: some 25 MB. Each time costs it a few milliseconds."""


def fonts_folder() -> Path:
    """Where the printed documents' fonts are: GONGMO_ASSETS/fonts, else the repository's .assets/fonts."""
    given = os.environ.get("GONGMO_ASSETS", "").strip()
    return (Path(given) if given else Path(__file__).resolve().parents[2] / ".assets") / "fonts"


@cache
def _compiler(fonts: Path, system: bool) -> typst.Compiler:
    """One compiler a process keeps its fonts; the machine's own fonts only where `system`."""
    return typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=not system)


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def qr_runs(data: str) -> list[list[tuple[int, int]]]:
    """The dark modules of a QR code, level M with its quiet zone: for each row the runs (first column, length)."""
    rows = []
    for row in segno.make(data, error="m", micro=False).matrix_iter(border=2):
        bits = "".join("1" if module else "0" for module in row)
        rows.append([(found.start(), len(found.group())) for found in re.finditer("1+", bits)])
    return rows


def clean(text: str) -> str:
    """A text without control and direction characters, in composed form: what both writers put on the page."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        _BREAKING.get(letter, letter)
        for letter in composed
        if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list | tuple) else value


def inputs(paper: Paper) -> dict[str, Any]:
    """What the template reads, as JSON types."""
    blocks = []
    for block in paper.blocks:
        told = _cleaned(plain_block(block))
        if isinstance(block, Qr):
            told |= {"modules": qr_runs(block.data), "alt": clean(block.title or block.caption)}
        blocks.append(told)
    utc = paper.at.astimezone(UTC)
    return {
        **_cleaned({
            name: getattr(paper, name)
            for name in ("title", "subtitle", "number", "running", "footer", "language", "author")
        }),
        "date": [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second],
        "blocks": blocks,
        "attachments": [
            {"name": each.name, "data": each.data, "media_type": each.media_type, "description": each.description}
            for each in paper.attachments
        ],
    }  # fmt: skip


def to_pdf(paper: Paper, fonts: Path | None = None) -> bytes:
    """The paper as PDF/A-2b (A-3b with attachments) and PDF/UA-1. `fonts` is a folder of font files.

    A letter that the bundled fonts lack is drawn with a font of the machine; where no font has it, its number stands
    there ("[U+1F600]"), so that nothing is lost unseen.
    """
    return _written(paper, fonts or fonts_folder(), "pdf")[0]


def to_png(paper: Paper, fonts: Path | None = None, ppi: int = 96) -> list[bytes]:
    """The paper's pages as PNG images, for previews."""
    return _written(replace(paper, attachments=()), fonts or fonts_folder(), "png", ppi)


_STROKES = b"""
#set page(width: 60mm, height: auto, margin: 1mm, fill: none)
#let scale = 58mm / 1000
#for (number, drawing) in json(bytes(sys.inputs.drawings)).enumerate() {
  if number > 0 { pagebreak() }
  let tall = calc.max(1, ..drawing.flatten().chunks(2).map(point => point.at(1)))
  box(width: 58mm, height: tall * scale, for stroke in drawing {
    let points = stroke.map(point => (point.at(0) * scale, point.at(1) * scale))
    if points.len() == 1 { points.push((points.at(0).at(0) + 1pt, points.at(0).at(1))) }
    place(top + left, curve(
      stroke: (paint: rgb("#0b2a6b"), thickness: 1.6pt, cap: "round", join: "round"),
      curve.move(points.first()), ..points.slice(1).map(point => curve.line(point)),
    ))
  })
}
"""


def stroke_pngs(
    drawings: Sequence[tuple[Stroke, ...]], fonts: Path | None = None
) -> list[tuple[bytes, Fraction]]:
    """Signatures' strokes as transparent PNGs, each with its height as a share of its width. All in one go: hundreds sign a paper."""
    if not drawings:
        return []
    given = {"drawings": json.dumps(drawings)}
    made = _set(fonts or fonts_folder(), False, input=_STROKES, format="png", ppi=110.0, sys_inputs=given)
    found = []
    for data in made:
        width, height = struct.unpack_from(">II", data, 16)
        found.append((data, Fraction(height, width)))
    return found


def _written(paper: Paper, fonts: Path, form: Form, ppi: int = 96) -> list[bytes]:
    value = inputs(paper)
    standards = ["a-3b" if paper.attachments else "a-2b", "ua-1"] if form == "pdf" else []
    try:
        return _compiled(value, fonts, form, standards, ppi, system=False)
    except typst.TypstError as error:
        if not _letters_missing(error):
            raise
    try:
        return _compiled(value, fonts, form, standards, ppi, system=True)
    except typst.TypstError as error:
        if not _letters_missing(error):
            raise
    return _compiled(_numbered(value, fonts), fonts, form, standards, ppi, system=False)


def _compiled(
    value: dict[str, Any], fonts: Path, form: Form, standards: Any, ppi: int, *, system: bool
) -> list[bytes]:
    return _set(
        fonts,
        system,
        input=_template(),
        format=form,
        ppi=float(ppi),
        sys_inputs={"paper": json.dumps(value, ensure_ascii=False)},
        pdf_standards=standards,
        timestamp=0,
    )


def _set(fonts: Path, system: bool, **wanted: Any) -> list[bytes]:
    """What the compiler makes of it: one file, or one image a page."""
    global _letters_kept
    with _lock:
        compiler = _compiler(fonts, system)
        _letters_kept += sum(map(len, wanted["sys_inputs"].values()))
        try:
            made = compiler.compile(**wanted)
        finally:
            if _letters_kept >= _MOST:
                _letters_kept = 0
                _forget(compiler)
    return made if isinstance(made, list) else [made or b""]


def put_away() -> None:
    """Give up what the papers set so far needed."""
    global _letters_kept
    with _lock:
        if _letters_kept:
            _letters_kept = 0
            _forget(_compiler(fonts_folder(), False))


def _forget(compiler: typst.Compiler) -> None:
    """Have the compiler give up what it keeps of the papers just set. Papers are unlike each other, so that it helps none of the next;
    but ten large ones made a process 200 MB larger.

    It has no word for that: what is of no use while so many empty pages are set is given up.
    """
    for _ in range(_KEPT + 1):
        compiler.compile(input=b"", format="png", ppi=1.0, sys_inputs={})


def _letters_missing(error: typst.TypstError) -> bool:
    return "could not be displayed with" in error.message


def _numbered(value: Any, fonts: Path) -> Any:
    """The value with every letter that the bundled fonts lack written as its number."""
    known = _letters(fonts)

    def told(text: str) -> str:
        return "".join(
            letter if ord(letter) in known or letter == "\n" else f"[U+{ord(letter):04X}]" for letter in text
        )

    if isinstance(value, str):
        return told(value)
    if isinstance(value, dict):
        return {key: item if key == "attachments" else _numbered(item, fonts) for key, item in value.items()}
    return [_numbered(item, fonts) for item in value] if isinstance(value, list) else value


@cache
def _letters(fonts: Path) -> frozenset[int]:
    """The code points that the regular bundled font has (the sfnt's "cmap", formats 4 and 12)."""
    regular = sorted(fonts.glob("*Regular*"))
    if not regular:
        raise FileNotFoundError(f"no fonts for printed documents in {fonts}: run make setup")
    data = regular[0].read_bytes()
    tables = {data[at : at + 4]: struct.unpack(">II", data[at + 8 : at + 16]) for at in _records(data)}
    start = tables[b"cmap"][0]
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for index in range(count):
        (offset,) = struct.unpack_from(">I", data, start + 4 + 8 * index + 4)
        at = start + offset
        (form,) = struct.unpack_from(">H", data, at)
        if form == 12:
            (groups,) = struct.unpack_from(">I", data, at + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif form == 4:
            (segments,) = struct.unpack_from(">H", data, at + 6)
            ends = struct.unpack_from(f">{segments // 2}H", data, at + 14)
            starts = struct.unpack_from(f">{segments // 2}H", data, at + 16 + segments)
            for first, last in zip(starts, ends, strict=True):
                found.update(range(first, min(last, 0xFFFE) + 1))
    return frozenset(found)


def _records(data: bytes) -> range:
    return range(12, 12 + 16 * struct.unpack_from(">H", data, 4)[0], 16)
