"""The budget out as a file and back in: row by row, nothing lost, nothing written before it is accepted."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from gongmo.applications import commands
from gongmo.applications.budget_reader import Reading, read
from gongmo.applications.models import BudgetCell, Member
from gongmo.applications.proposals import packed, unpacked
from gongmo.applications.queries.budget import budget_of
from gongmo.applications.values import CellInput
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput
from gongmo.parties.models import Organisation
from tests.applications.test_money_pages import address_of, client_of, one, partner_of, soup
from tests.builders import AT_OPENING, Filled, filled_application, publish_sample_call

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _while_the_intake_is_open() -> Iterator[None]:
    with clock.at(AT_OPENING + timedelta(hours=1)):
        yield


@pytest.fixture
def call() -> Call:
    return publish_sample_call()


@pytest.fixture
def filled(call: Call) -> Filled:
    return filled_application(call)


def name_of(filled: Filled) -> str:
    return Organisation.objects.get(pk=filled.lead.organisation or 0).name


def book(*rows: Sequence[Any], title: str = "사업비") -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def reading_of(filled: Filled, content: bytes, name: str = "a.xlsx") -> Reading:
    budget = budget_of(filled.application)
    everyone = frozenset(item.id for item in budget.value.organisations)
    return read(name, content, budget.definition, budget.value, everyone)


# --- out ------------------------------------------------------------------------------------------------------------------


def test_the_file_holds_what_is_stored_and_the_verdicts(filled: Filled) -> None:
    response = client_of(filled.lead).get(address_of(filled) + "budget.xlsx")

    found = load_workbook(io.BytesIO(response.content))
    sheet = found["사업비"]
    rows = list(sheet.iter_rows(values_only=True))
    assert found.sheetnames == ["사업비", "기관별 합계", "규칙 확인", "적는 법"]
    assert rows[0][:4] == ("기관", "연도", "분야", "비목")
    assert rows[1][:4] == (name_of(filled), 2030, "솔루션", "인건비")
    assert [row[-2] for row in rows[1:]] == [500_000_000, 500_000_000]
    assert sheet.column_dimensions["L" if len(rows[0]) == 12 else chr(64 + len(rows[0]))].hidden
    assert found["기관별 합계"].cell(3, 1).value == "합계"
    assert {row[0] for row in found["규칙 확인"].iter_rows(min_row=2, values_only=True)} >= {"충족"}
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_goes_out_comes_back_without_a_change(filled: Filled, form: str) -> None:
    Organisation.objects.filter(pk=filled.lead.organisation or 0).update(name='=HYPERLINK("http://x")')
    content = client_of(filled.lead).get(address_of(filled) + f"budget.{form}").content

    found = reading_of(filled, content, f"a.{form}")

    assert (found.rows, found.problems, found.unchanged) == ((), (), 2)


def test_names_cannot_become_formulas(filled: Filled) -> None:
    Organisation.objects.filter(pk=filled.lead.organisation or 0).update(name="=1+1")
    client = client_of(filled.lead)

    sheet = load_workbook(io.BytesIO(client.get(address_of(filled) + "budget.xlsx").content))["사업비"]
    text = client.get(address_of(filled) + "budget.csv").content.decode("utf-8-sig")

    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("=1+1", "s", True)
    assert text.splitlines()[1].startswith("'=1+1,")


def test_a_member_gets_its_own_rows(filled: Filled) -> None:
    member, actor = partner_of(filled)
    commands.set_cells(
        actor=actor,
        application_id=filled.application.pk,
        cells=[CellInput(member.organisation_id, 2030, "people", "staff", "private", "in_kind", 500)],
    )

    content = client_of(actor).get(address_of(filled) + "budget.xlsx").content

    rows = list(load_workbook(io.BytesIO(content))["사업비"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [member.organisation.name]


# --- in -------------------------------------------------------------------------------------------------------------------


def row_of(filled: Filled, amount: Any, **keys: Any) -> list[Any]:
    values = {"기관": name_of(filled), "연도": 2030, "분야": "솔루션", "비목": "인건비"} | keys
    return [
        values.get(head, amount if head == "국비 현금" else None)
        for head in ("기관", "연도", "분야", "비목", "국비 현금")
    ]


SHORT = ("기관", "연도", "분야", "비목", "국비 현금")


def test_a_column_that_the_file_lacks_is_not_touched(filled: Filled) -> None:
    found = reading_of(filled, book(SHORT, row_of(filled, 300_000_000)))

    (row,) = found.rows
    (change,) = row.changes
    assert (row.number, change.before, change.after, change.key.source) == (
        2,
        295_000_000,
        300_000_000,
        "national",
    )


def test_a_wrong_row_is_told_at_its_place_and_the_right_ones_stay(filled: Filled) -> None:
    content = book(
        ("가상 사업의 예산표",),
        SHORT,
        row_of(filled, 1),
        row_of(filled, -5, 연도=2031),
        row_of(filled, 1, 연도=2029),
        row_of(filled, 1, 비목="술값"),
        row_of(filled, 1.5, 분야="인력"),
        row_of(filled, "=1+1", 분야="인력"),
        row_of(filled, 10**16, 분야="인력"),
        row_of(filled, "많이", 분야="인력"),
        row_of(filled, 1, 기관="없는 기관"),
        row_of(filled, 2),
        ("합계", None, None, None, 5),
        row_of(filled, 7, 분야="인력"),
    )

    found = reading_of(filled, content)

    assert [row.number for row in found.rows] == [3, 14]
    assert [(item.row, item.column) for item in found.problems] == [
        (4, 5),
        (5, 2),
        (6, 4),
        (7, 5),
        (8, 5),
        (9, 5),
        (10, 5),
        (11, 1),
        (12, 0),
    ]
    assert "수식" in found.problems[4].text.ko
    assert "3행과 같은 줄" in found.problems[-1].text.ko


def test_csv_of_korean_spreadsheets_is_read(filled: Filled) -> None:
    text = "\r\n".join(
        ["기관,연도,분야,비목,국비 현금(원)", f'{name_of(filled)},2030,솔루션,인건비,"300,000,000원"', ""]
    )
    for content in (text.encode("cp949"), text.encode("utf-8-sig"), text.encode("utf-16")):
        found = reading_of(filled, content, "a.csv")
        assert [change.after for row in found.rows for change in row.changes] == [300_000_000]


def test_two_organisations_of_one_name_are_told_apart_by_the_hidden_column(filled: Filled) -> None:
    partner = Member.objects.get(application=filled.application, role="partner")
    Organisation.objects.filter(pk__in=(partner.organisation_id, filled.lead.organisation or 0)).update(
        name="가상 같은 이름"
    )
    content = client_of(filled.lead).get(address_of(filled) + "budget.xlsx").content

    assert reading_of(filled, content).unchanged == 2
    found = reading_of(filled, book(SHORT, row_of(filled, 1)))
    assert "2곳" in found.problems[0].text.ko


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    return out.getvalue()


def laughs() -> bytes:
    """A workbook whose sheet expands an entity a billion times."""
    source, out = io.BytesIO(book(SHORT)), io.BytesIO()
    evil = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(
            f'<!ENTITY a{n} "{"&a" + (str(n - 1) if n else "") + ";" if n else "&a;"}{"&a;" * 9}">'
            for n in range(9)
        )
        + ']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&a8;</t></is></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            new.writestr(item, evil if item.filename.endswith("sheet1.xml") else old.read(item))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "file_unreadable"),
        ("a.xlsx", b"PK\x03\x04 broken", "file_unreadable"),
        ("a.xlsx", b"MZ\x90\x00" + b"\x00" * 100, "file_unreadable"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_locked_or_old"),
        ("a.csv", b"", "file_unreadable"),
        ("a.csv", b"\x00\x01\x02\xff\xfe\x81", "file_unreadable"),
        ("a.csv", "이름,나이\r\n가,1\r\n".encode(), "heads_missing"),
        ("a.xlsx", book(("이름", "나이"), ("가", 1)), "heads_missing"),
        (
            "a.csv",
            ("기관,연도,분야,비목,국비 현금\n" + "가,2030,나,다,1\n" * 10_001).encode(),
            "file_too_long",
        ),
    ],
    ids=["empty", "broken", "program", "protected", "empty csv", "binary csv", "other csv", "other", "long"],
)
def test_a_file_that_cannot_be_used_is_told(filled: Filled, name: str, content: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        reading_of(filled, content, name)
    assert refusal.value.code == code


def test_bombs_do_not_go_off(filled: Filled) -> None:
    with pytest.raises(BadInput) as too_large:
        reading_of(filled, bomb())
    assert too_large.value.code == "file_too_large"
    with pytest.raises(BadInput) as refused:
        reading_of(filled, laughs())
    assert refused.value.code in ("file_unreadable", "heads_missing")


# --- the pages ----------------------------------------------------------------------------------------------------------------


def test_upload_shows_what_would_change_and_writes_only_what_is_accepted(filled: Filled) -> None:
    client = client_of(filled.lead)
    content = book(
        SHORT, row_of(filled, 290_000_000), row_of(filled, 1, 연도=2031), row_of(filled, -1, 분야="인력")
    )

    preview = soup(
        client.post(address_of(filled) + "import/", {"file": SimpleUploadedFile("사업비.xlsx", content)})
    )

    assert not BudgetCell.objects.filter(amount__in=(1, 290_000_000)).exists()
    assert "4행 5열" in preview.get_text()
    form = {
        str(item["name"]): str(item["value"])
        for item in preview.select("form.mo-proposal input[type=hidden]")
    }
    answer = client.post(address_of(filled) + "accept/", form | {"take": "0"})
    assert answer.status_code == 302
    assert BudgetCell.objects.filter(amount=290_000_000).exists()
    assert not BudgetCell.objects.filter(amount=1).exists()


def test_accepting_an_old_preview_does_not_overwrite_what_others_wrote(filled: Filled) -> None:
    client = client_of(filled.lead)
    content = book(SHORT, row_of(filled, 290_000_000), row_of(filled, 290_000_000, 연도=2031))
    preview = soup(
        client.post(address_of(filled) + "import/", {"file": SimpleUploadedFile("a.xlsx", content)})
    )
    form = {
        str(item["name"]): str(item["value"])
        for item in preview.select("form.mo-proposal input[type=hidden]")
    }
    commands.set_cells(
        actor=filled.lead,
        application_id=filled.application.pk,
        cells=[CellInput(filled.lead.organisation or 0, 2030, "solution", "staff", "national", "cash", 5)],
    )

    response = client.post(address_of(filled) + "accept/", form | {"take": ["0", "1"]})

    page = soup(response)
    assert response.status_code == 409
    assert not BudgetCell.objects.filter(amount=290_000_000).exists()
    assert [("checked" in item.attrs) for item in page.select("input[name=take]")] == [False, True]
    again = {
        str(item["name"]): str(item["value"]) for item in page.select("form.mo-proposal input[type=hidden]")
    }
    assert client.post(address_of(filled) + "accept/", again | {"take": ["0", "1"]}).status_code == 302
    assert BudgetCell.objects.filter(amount=290_000_000).count() == 2


def test_a_member_cannot_bring_in_others_rows(filled: Filled) -> None:
    _, actor = partner_of(filled)
    client = client_of(actor)
    content = book(SHORT, row_of(filled, 1))

    page = soup(client.post(address_of(filled) + "import/", {"file": SimpleUploadedFile("a.xlsx", content)}))

    assert "다른 기관의 줄은 고칠 수 없습니다" in page.get_text()
    assert not page.select("form.mo-proposal")
    budget = budget_of(filled.application)
    forged = packed(
        [
            row.changes
            for row in read(
                "a.xlsx", content, budget.definition, budget.value, frozenset({str(filled.lead.organisation)})
            ).rows
        ]
    )
    assert client.post(address_of(filled) + "accept/", {"changes": forged}).status_code == 403


@pytest.mark.parametrize("size", [0, 6 * 1024 * 1024])
def test_an_empty_or_huge_upload_is_told(filled: Filled, size: int) -> None:
    upload = SimpleUploadedFile("a.xlsx", b"0" * size)

    response = client_of(filled.lead).post(address_of(filled) + "import/", {"file": upload})

    assert response.status_code == 422
    assert one(soup(response), "#file")["aria-describedby"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]1",
        '["a"]',
        "[[1]]",
        "[[[1,2,3]]]",
        '[[["1",2030,"a","b","c","cash",0,1,2]]]',
        "[" * 5000,
        '[[[1,2030,"a","b","c","cash",0,1,2.5]]]',
    ],
)
def test_a_forged_proposal_is_refused(filled: Filled, text: str) -> None:
    response = client_of(filled.lead).post(address_of(filled) + "accept/", {"changes": text})

    assert response.status_code == 422
    with pytest.raises(BadInput):
        unpacked(text)


def test_after_submission_nothing_is_brought_in(filled: Filled) -> None:
    client = client_of(filled.lead)
    commands.submit(actor=filled.lead, application_id=filled.application.pk)
    content = book(SHORT, row_of(filled, 1))
    changes = f'[[[{filled.lead.organisation},2030,"solution","staff","national","cash",0,295000000,1]]]'

    page = client.post(address_of(filled) + "import/", {"file": SimpleUploadedFile("a.xlsx", content)})

    assert "form.mo-proposal" not in page.content.decode()
    assert client.post(address_of(filled) + "accept/", {"changes": changes}).status_code == 409
    assert client.get(address_of(filled) + "budget.xlsx").status_code == 200
