"""Independent readers: what stands in a PDF (pypdf) and in an HWPX (hwp-hwpx-parser, and the bare ZIP and XML)."""

import io
import re
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from hwp_hwpx_parser import Reader
from pypdf import PdfReader

HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"


def squeezed(text: str) -> str:
    """Without spaces and line ends, which a page sets as it needs."""
    return re.sub(r"\s+", "", text)


def pdf_text(data: bytes) -> str:
    """All words of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def hwpx_text(data: bytes) -> str:
    """All words of an HWPX as the reader sees them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.hwpx"
        path.write_bytes(data)
        with Reader(str(path)) as reader:
            return str(reader.text)


def hwpx_xml_text(data: bytes) -> str:
    """All words of an HWPX by its XML alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        section = ElementTree.fromstring(package.read("Contents/section0.xml"))
    return "\n".join("".join(each.itertext()) for each in section.iter(f"{HP}t"))


def hwpx_tables(data: bytes) -> list[list[list[str]]]:
    """Every table of an HWPX by its XML: rows of cells' words."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        section = ElementTree.fromstring(package.read("Contents/section0.xml"))
    return [
        [
            ["".join("".join(t.itertext()) for t in cell.iter(f"{HP}t")) for cell in row.findall(f"{HP}tc")]
            for row in table.findall(f"{HP}tr")
        ]
        for table in section.iter(f"{HP}tbl")
    ]


def missing(texts: tuple[str, ...], found: str) -> list[str]:
    """The texts that do not stand in what was read."""
    read = squeezed(found)
    return [text for text in texts if squeezed(text) not in read]
