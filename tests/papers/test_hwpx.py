"""A paper as HWPX, read back by two readers that know nothing of its writer."""

import io
import subprocess
import sys
import warnings
import zipfile
from xml.etree import ElementTree

from hwpx import HwpxDocument
from hwpx.tools.package_validator import validate_editor_open_safety, validate_package
from hypothesis import given, settings
from hypothesis import strategies as st

from gongmo.papers import Heading, Paragraph, Table, to_hwpx
from gongmo.papers.pdf import clean
from gongmo.papers.values import texts
from tests.papers.reading import HP, hwpx_tables, hwpx_text, hwpx_xml_text, missing, squeezed
from tests.papers.samples import HOSTILE, paper

OPF = "{http://www.idpf.org/2007/opf/}"


def test_both_readers_see_every_word_and_figure():
    made = paper()
    data = to_hwpx(made)

    assert missing(texts(made), hwpx_text(data)) == []
    assert missing(texts(made), hwpx_xml_text(data)) == []
    assert HOSTILE in hwpx_xml_text(data)


def test_tables_keep_their_cells():
    made = paper()
    table = next(block for block in made.blocks if isinstance(block, Table))

    found = hwpx_tables(to_hwpx(made))

    head = [column.label for column in table.columns]
    assert [head, *map(list, table.rows), *map(list, table.foot)] in found


def test_the_package_is_built_as_its_standard_asks():
    data = to_hwpx(paper())

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert package.testzip() is None
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert package.read("mimetype") == b"application/hwp+zip"
        assert len(set(names)) == len(names)
        container = ElementTree.fromstring(package.read("META-INF/container.xml"))
        for root in container.iter("{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"):
            assert root.attrib["full-path"] in names
        content = ElementTree.fromstring(package.read("Contents/content.hpf"))
        listed = {item.attrib["id"]: item.attrib["href"] for item in content.iter(f"{OPF}item")}
        assert set(listed.values()) <= set(names)
        assert {ref.attrib["idref"] for ref in content.iter(f"{OPF}itemref")} <= set(listed)
        assert content.find(f"{OPF}metadata/{OPF}title").text == "가상 협약서"
        for name in names:
            if name.endswith((".xml", ".hpf", ".rdf")):
                ElementTree.fromstring(package.read(name))


def test_everything_that_the_section_refers_to_is_declared():
    data = to_hwpx(paper())

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        header = ElementTree.fromstring(package.read("Contents/header.xml"))
        section = ElementTree.fromstring(package.read("Contents/section0.xml"))
        pictures = [name for name in package.namelist() if name.startswith("BinData/")]
        assert all(package.read(name).startswith(b"\x89PNG") for name in pictures)
    hh = "{http://www.hancom.co.kr/hwpml/2011/head}"
    hc = "{http://www.hancom.co.kr/hwpml/2011/core}"
    for attribute, kind in (
        ("charPrIDRef", "charPr"),
        ("paraPrIDRef", "paraPr"),
        ("borderFillIDRef", "borderFill"),
    ):
        known = {each.attrib["id"] for each in header.iter(f"{hh}{kind}")}
        used = {each.attrib[attribute] for each in section.iter() if attribute in each.attrib}
        assert used <= known
    shown = {f"BinData/{each.attrib['binaryItemIDRef']}.png" for each in section.iter(f"{hc}img")}
    assert shown == set(pictures)
    assert len(pictures) == 2
    ids = [each.attrib["id"] for each in section.iter() if each.tag in (f"{HP}p", f"{HP}tbl", f"{HP}pic")]
    assert len(set(ids)) == len(ids) or ids.count("0") == len(ids) - len(set(ids)) + 1


def test_cells_lie_on_the_grid_that_their_table_declares():
    with zipfile.ZipFile(io.BytesIO(to_hwpx(paper()))) as package:
        section = ElementTree.fromstring(package.read("Contents/section0.xml"))
    for table in section.iter(f"{HP}tbl"):
        rows = table.findall(f"{HP}tr")
        assert len(rows) == int(table.attrib["rowCnt"])
        for number, row in enumerate(rows):
            column = width = 0
            for cell in row.findall(f"{HP}tc"):
                place = cell.find(f"{HP}cellAddr").attrib
                assert (place["colAddr"], place["rowAddr"]) == (str(column), str(number))
                column += int(cell.find(f"{HP}cellSpan").attrib["colSpan"])
                width += int(cell.find(f"{HP}cellSz").attrib["width"])
            assert column == int(table.attrib["colCnt"])
            assert width == int(table.find(f"{HP}sz").attrib["width"])


def test_the_writers_library_finds_nothing_to_complain_of(tmp_path):
    path = tmp_path / "paper.hwpx"
    path.write_bytes(to_hwpx(paper()))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert [issue for issue in validate_package(path).issues if issue.level != "warning"] == []
        safety = validate_editor_open_safety(path)
        assert safety.reopen_ok
        assert safety.blocking_package_errors == ()
        assert HwpxDocument.open(path).validate().issues == ()


def test_the_same_paper_gives_the_same_bytes_in_another_process():
    script = "import sys; from tests.papers.samples import paper; from gongmo.papers import to_hwpx; sys.stdout.buffer.write(to_hwpx(paper()))"

    there = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, check=True)

    assert there.stdout == to_hwpx(paper())


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_data(words: str):
    data = to_hwpx(paper(title="제목", blocks=(Heading("머리"), Paragraph(words))))

    assert squeezed(clean(words)) in squeezed(hwpx_xml_text(data))
