"""Spreadsheets of strangers are read to the cells that are asked for, and no further."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from gongmo.kernel import tables
from gongmo.kernel.errors import BadInput
from gongmo.kernel.tables import Formula, Limits, plain, read_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SMALL = Limits(rows=20, columns=6, cells=120)


def workbook(rows: str, *, texts: str = "", sheets: int = 1, before: str = "") -> bytes:
    """A workbook whose sheets are one part with these rows."""
    link = '<Relationship Id="{0}" Type="' + OFFICE + '/{1}" Target="{2}"/>'
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{0}</Relationships>'
    listed = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="s"/>' for n in range(sheets))
    parts = {
        "_rels/.rels": links.format(link.format("b", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links.format(
            link.format("s", "worksheet", "sheet.xml") + link.format("t", "sharedStrings", "/xl/texts.xml")
        ),
        "xl/sheet.xml": f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/texts.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def refused(content: bytes, name: str = "표.xlsx", limits: Limits = SMALL) -> str:
    with pytest.raises(BadInput) as told:
        read_table(name, content, limits=limits)
    return told.value.code


def test_a_workbook_says_what_was_written_into_it() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "다른 표"
    sheet.append(["아니다"])
    read = book.create_sheet("참여기관")
    day = datetime(2030, 3, 15, 9, 30)  # noqa: DTZ001 - a workbook knows no zone
    rows: list[list[Any]] = [["기관", "금액", "비율"], ["가상\n기관", 1_000, 0.5], [None, True, day]]
    for row in rows:
        read.append(row)
    read["B5"] = "=SUM(B2:B3)"
    read["C5"] = "#N/A"
    read["C5"].data_type = "e"
    read["D5"] = date(2030, 1, 2)
    held = io.BytesIO()
    book.save(held)

    found = read_table("표.xlsx", held.getvalue(), sheet="참여기관")

    assert found[:4] == [(1, rows[0]), (2, rows[1]), (3, rows[2]), (4, [])]
    assert found[4] == (5, [None, "=", "#N/A", datetime(2030, 1, 2)])  # noqa: DTZ001 - the same
    assert isinstance(found[4][1][1], Formula)
    assert read_table("표.xlsx", held.getvalue(), sheet="없는 이름") == [(1, ["아니다"])]


def test_numbers_are_read_as_they_stand_and_none_is_rounded_or_endless() -> None:
    written = ("100000000000000.0001", "1E10", "1E999999999", "12345678901234567")
    row = "".join(f"<c><v>{text}</v></c>" for text in written)

    ((_, cells),) = read_table("표.xlsx", workbook(f"<row>{row}</row>"))

    assert cells == [Decimal("100000000000000.0001"), 10**10, "#NUM!", 12345678901234567]
    assert [plain(cell) for cell in cells[:2]] == ["100000000000000.0001", "10000000000"]


def test_texts_of_every_make_are_read_without_how_they_are_spoken() -> None:
    texts = "<si><t>하나</t></si><si><r><t>두</t></r><r><t>울</t></r><rPh><t>ふた</t></rPh></si>"
    row = '<row r="2"><c r="B2" t="s"><v>1</v></c><c t="inlineStr"><is><t>셋</t></is></c><c t="str"><v>넷</v></c></row>'

    found = read_table("표.xlsx", workbook(row, texts=texts))

    assert found == [(1, []), (2, [None, "두울", "셋", "넷"])]


@pytest.mark.parametrize(
    "content",
    [
        workbook("<row>" + "<c/>" * 60_000 + "</row>"),
        workbook("<row/>" * 60_000),
        workbook("<row/>", texts="<si/>" * 60_000),
        workbook("<row/>", sheets=60_000),
        workbook("<row><c " + " ".join(f'a{n}=""' for n in range(150_000)) + "/></row>"),
    ],
    ids=["cells", "rows", "texts", "sheets", "attributes"],
)
def test_more_than_the_form_could_use_is_refused_while_it_is_counted(content: bytes) -> None:
    assert len(content) < 400_000
    assert refused(content) == "file_too_many_cells"


def test_one_long_text_does_not_stand_in_every_cell() -> None:
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
    limits = Limits(rows=20, columns=6, cells=120, unpacked=50_000)

    content = workbook(row, texts=f"<si><t>{'가' * 10_000}</t></si>")

    assert len(read_table("표.xlsx", content, limits=limits)) == 1
    assert refused(workbook(row * 3, texts=f"<si><t>{'가' * 10_000}</t></si>"), limits=limits) == (
        "file_too_many_cells"
    )


def test_many_names_of_one_sheet_are_read_as_one_and_formulas_are_not_looked_at() -> None:
    long = "+".join(["A1"] * 5_000)
    row = f'<row><c><f t="shared" si="0">{long}</f></c>' + '<c><f t="shared" si="0"/></c>' * 5 + "</row>"

    found = read_table("표.xlsx", workbook(row, sheets=500), limits=SMALL)

    assert found == [(1, ["="] * 6)]


def test_what_stands_beyond_the_rows_is_told_and_what_is_empty_there_is_not() -> None:
    below = '<row r="5000"><c r="A5000">{0}</c></row>'

    assert refused(workbook(below.format("<v>1</v>"))) == "file_too_long"
    assert read_table("표.xlsx", workbook(below.format("")), limits=SMALL) == []


@pytest.mark.parametrize(
    "content",
    [
        workbook("<row/>", before='<!DOCTYPE a [<!ENTITY b "c">]>'),
        workbook('<row><c r="ZZZZ1"><v>1</v></c></row>'),
        workbook(f"<row><c><v>{'1' * 5_000}</v></c></row>"),
        workbook('<row><c t="s"><v>7</v></c></row>'),
        workbook("<row>"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_told_as_such(content: bytes) -> None:
    assert refused(content) == "file_unreadable"


def test_one_large_table_is_read_at_a_time_and_small_ones_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook("<row><c><v>1</v></c></row>")
    with tables._one:
        assert read_table("표.xlsx", content) == [(1, [1])]
        monkeypatch.setattr(tables, "ALONE", 10)
        assert refused(content) == "reading_another"
    assert read_table("표.xlsx", content) == [(1, [1])]


def test_csv_with_more_cells_than_the_form_could_use_is_refused() -> None:
    assert refused(b"a,b\n" + b"," * 121, "표.csv") == "file_too_many_cells"
