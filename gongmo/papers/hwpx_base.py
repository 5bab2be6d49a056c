"""What every HWPX paper shares: page, fonts, paragraph and letter shapes, borders. Made once a process by python-hwpx.

The sections themselves are written by `papers.hwpx`, so that a table of thousands of cells takes milliseconds and the same paper
gives the same bytes.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hwpx import HwpxDocument

MM = 7200 / 25.4
"""HWP units in a millimetre (a unit is 1/7200 inch)."""
PAGE_WIDTH, MARGIN = round(210 * MM), round(20 * MM)
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
BODY, HEAD = "함초롬바탕", "함초롬돋움"
INK, QUIET, ACCENT, SIGNED, LINE = "#1B1F26", "#58616A", "#063A74", "#0B2A6B", "#B1B8BE"

LETTERS: Mapping[str, Mapping[str, Any]] = {
    "text": {"font": BODY, "size": 10.5, "color": INK},
    "strong": {"font": HEAD, "size": 10.5, "color": INK, "bold": True},
    "title": {"font": HEAD, "size": 20, "color": INK, "bold": True},
    "subtitle": {"font": HEAD, "size": 11, "color": QUIET},
    "h1": {"font": HEAD, "size": 13, "color": ACCENT, "bold": True},
    "h2": {"font": HEAD, "size": 11.5, "color": INK, "bold": True},
    "h3": {"font": HEAD, "size": 10.5, "color": INK, "bold": True},
    "lead": {"font": BODY, "size": 11.5, "color": INK},
    "quiet": {"font": HEAD, "size": 9, "color": QUIET},
    "addressee": {"font": HEAD, "size": 15, "color": INK, "bold": True},
    "cell": {"font": HEAD, "size": 9.5, "color": INK},
    "cell_strong": {"font": HEAD, "size": 9.5, "color": INK, "bold": True},
    "small": {"font": HEAD, "size": 8.5, "color": INK},
    "small_strong": {"font": HEAD, "size": 8.5, "color": INK, "bold": True},
    "signed": {"font": HEAD, "size": 9.5, "color": SIGNED, "bold": True},
    "page": {"font": HEAD, "size": 8.5, "color": QUIET},
}
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"alignment": "left", "line_spacing_percent": 165, "spacing_after_pt": 5},
    "title": {"alignment": "center", "line_spacing_percent": 130, "spacing_after_pt": 16},
    "subtitle": {"alignment": "center", "line_spacing_percent": 130, "spacing_after_pt": 4},
    "h1": {"alignment": "left", "line_spacing_percent": 140, "spacing_before_pt": 14, "spacing_after_pt": 6, "keep_with_next": True},
    "h2": {"alignment": "left", "line_spacing_percent": 140, "spacing_before_pt": 10, "spacing_after_pt": 4, "keep_with_next": True},
    "h3": {"alignment": "left", "line_spacing_percent": 140, "spacing_before_pt": 8, "spacing_after_pt": 3, "keep_with_next": True},
    "center": {"alignment": "center", "line_spacing_percent": 165, "spacing_before_pt": 12, "spacing_after_pt": 12},
    "right": {"alignment": "right", "line_spacing_percent": 165, "spacing_after_pt": 3},
    "note": {"alignment": "right", "line_spacing_percent": 130, "spacing_before_pt": 6, "spacing_after_pt": 2, "keep_with_next": True},
    "caption": {"alignment": "left", "line_spacing_percent": 130, "spacing_before_pt": 8, "spacing_after_pt": 3, "keep_with_next": True},
    "item": {"alignment": "left", "line_spacing_percent": 155, "spacing_after_pt": 3, "indent_left_mm": 6, "first_line_indent_mm": -5},
    "addressee": {"alignment": "left", "line_spacing_percent": 140, "spacing_before_pt": 26, "spacing_after_pt": 4},
    "table": {"alignment": "left", "line_spacing_percent": 100, "spacing_after_pt": 6},
    "cell_left": {"alignment": "left", "line_spacing_percent": 130},
    "cell_center": {"alignment": "center", "line_spacing_percent": 130},
    "cell_right": {"alignment": "right", "line_spacing_percent": 130},
    "break": {"alignment": "left", "line_spacing_percent": 100, "page_break_before": True},
}  # fmt: skip
FILLS: Mapping[str, Mapping[str, Any]] = {
    "cell": {"border_color": LINE, "border_width": "0.12 mm"},
    "head": {"border_color": LINE, "border_width": "0.12 mm", "fill_color": "#EEF2F7"},
    "key": {"border_color": LINE, "border_width": "0.12 mm", "fill_color": "#F5F7FA"},
}


@dataclass(frozen=True, slots=True)
class Base:
    """The parts of the package that all papers share, and the ids under which shapes are known."""

    parts: Mapping[str, bytes]
    opening: str
    """The section's XML up to the first run's controls: page and columns."""
    letters: Mapping[str, str]
    shapes: Mapping[str, str]
    fills: Mapping[str, str]


@cache
def base() -> Base:
    """The shared parts. The library reads the shapes back, so they are as it writes them."""
    document = HwpxDocument.new()
    letters = {name: document.styles.ensure_run(**kwargs) for name, kwargs in LETTERS.items()}
    fills = {name: document.styles.ensure_border_fill(**kwargs) for name, kwargs in FILLS.items()}
    shapes: dict[str, str] = {}
    for name, kwargs in SHAPES.items():
        paragraph = document.add_paragraph("", inherit_style=False)
        document.styles.apply_paragraph_format(paragraphs=[paragraph], **kwargs)
        shapes[name] = str(paragraph.para_pr_id_ref)
    document.page.setup(
        paper_size="A4",
        margins_mm={"left": 20, "right": 20, "top": 18, "bottom": 15, "header": 10, "footer": 10},
    )
    written = document.to_bytes()
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    section = parts.pop("Contents/section0.xml").decode()
    opening = section[: section.index("</hp:run>", section.index("</hp:secPr>"))]
    return Base(
        {name: data for name, data in parts.items() if name not in ("Contents/content.hpf", "mimetype")},
        opening,
        {name: str(value) for name, value in letters.items()},
        shapes,
        {name: str(value) for name, value in fills.items()},
    )
