"""The consortium as a file: out with text as text, in row by row with every fault in words."""

import csv
import io
import zipfile
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from gongmo.applications import commands, member_file, member_reader
from gongmo.applications.member_reader import HEADS, Reading
from gongmo.applications.models import Application, Member
from gongmo.applications.queries import snapshot
from gongmo.applications.queries.invitations import waiting_links
from gongmo.calls.queries import definition_of
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput
from gongmo.parties.checks import invented_business_number
from gongmo.parties.models import Organisation, Person
from gongmo.parties.queries import region_table
from tests.builders import AT_OPENING, make_applicant, make_organisation, publish_sample_call

pytestmark = pytest.mark.django_db
BACKEND = "gongmo.notices.people.SignedIn"


@pytest.fixture
def lead() -> Actor:
    return make_applicant()


@pytest.fixture
def application(lead: Actor) -> Application:
    call = publish_sample_call()
    with clock.at(AT_OPENING):
        return commands.start(actor=lead, call_id=call.pk, title="가상 사업")


def number(index: int) -> str:
    return invented_business_number(880000 + index)


def xlsx(*rows: Any, heads: Any = HEADS) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in (heads, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(application: Application, content: bytes, name: str = "members.xlsx", **known: str) -> Reading:
    return member_reader.read(
        name,
        content,
        definition_of(application.call),
        snapshot(application),
        region_table(),
        known=lambda numbers: {k: v for k, v in known.items() if k in numbers},
        waiting=frozenset(waiting_links(application.pk).values_list("business_number", "email")),
    )


def told(reading: Reading) -> dict[tuple[int, str], str]:
    return {(item.row, item.column): item.text.ko for item in reading.problems}


def test_right_rows_are_taken_and_wrong_ones_told_at_their_place(application: Application) -> None:
    content = xlsx(
        ("가상 하나", number(1), "참여기관", "기업", None, "one@example.test"),
        (
            "가상 둘",
            number(2)[:9] + str((int(number(2)[9]) + 1) % 10),
            "참여기관",
            None,
            None,
            "two@example.test",
        ),
        ("", "12345", "없는 역할", "이상한 종류", "없는 지역", "주소 아님"),
        ("가상 셋", number(3), "참여기관", None, None, None),
        (None, None, None, None, None, None),
        ("가상 넷", number(1), "참여기관", None, None, "four@example.test"),
        ("=HYPERLINK(1)", number(5), "참여기관", None, None, "five@example.test"),
    )

    reading = read(application, content)

    assert [(item.row.row, item.row.name, item.known) for item in reading.rows] == [(2, "가상 하나", "")]
    problems = told(reading)
    assert "확인 숫자가 맞지 않습니다" in problems[3, "사업자등록번호"]
    assert {column for row, column in problems if row == 4} == {
        "기관",
        "사업자등록번호",
        "역할",
        "종류",
        "지역",
        "담당자 전자우편",
    } - ({"사업자등록번호"} if (4, "사업자등록번호") not in problems else set())
    assert "아직 등록되지 않은 기관" in problems[5, "담당자 전자우편"]
    assert "2행과 같은" in problems[7, "사업자등록번호"]
    assert "수식" in problems[8, "기관"]


def test_other_heads_lost_zeros_and_korean_csv_are_understood(application: Application) -> None:
    text = (
        f"번호,업체명,사업자 번호,구분,이메일\r\n1,가상 하나,{int(number(1))},참여기관,One@Example.test\r\n"
    )

    reading = read(application, text.encode("cp949"), "목록.csv")

    assert [(item.row.business_number, item.row.email) for item in reading.rows] == [
        (number(1), "one@example.test")
    ]


def test_a_registered_organisation_needs_no_address_and_shows_its_registered_name(
    application: Application,
) -> None:
    reading = read(
        application,
        xlsx(("다른 이름", number(1), "참여기관", None, None, None)),
        **{number(1): "가상 등록사"},
    )

    assert [(item.known, item.row.name) for item in reading.rows] == [("가상 등록사", "다른 이름")]


def test_what_the_calls_conditions_say_of_kind_and_region_is_told_ahead(application: Application) -> None:
    reading = read(
        application, xlsx(("가상 기업", number(1), "지방자치단체", "기업", None, "a@example.test"))
    )

    assert [note.ko for note in reading.rows[0].notes] == ["이 역할은 광역지방자치단체가 맡습니다."]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (member_reader.LIMITS.unpacked + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "file_unreadable"),
        ("a.xlsx", b"MZ\x90 renamed program", "file_unreadable"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_locked_or_old"),
        ("a.csv", b"a,b\n\x00\x01", "file_unreadable"),
        ("a.csv", "이름만,있는,파일\n".encode(), "heads_missing"),
        ("a.csv", ("기관,사업자등록번호\n" + "가,1\n" * 501).encode(), "file_too_long"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    application: Application, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read(application, content, name)
    assert refused.value.code == code


def test_a_zip_bomb_is_not_unpacked(application: Application) -> None:
    with pytest.raises(BadInput) as refused:
        read(application, bomb())
    assert refused.value.code == "file_too_large"


def test_the_pages_preview_and_invite_three_hundred(application: Application, lead: Actor) -> None:
    known = make_organisation(OrganisationKind.COMPANY, "KR-48", "가상 등록사")
    Organisation.objects.filter(pk=known.pk).update(business_number=number(0))
    rows = [("가상 등록사", number(0), "참여기관", "", "", "")]
    rows += [
        (f"가상 기업 {n}", number(n), "참여기관", "기업", "", f"m{n}@example.test") for n in range(1, 300)
    ]
    client = Client()
    client.force_login(Person.objects.get(pk=lead.person or 0), backend=BACKEND)
    base = f"/applications/{application.pk}/members/"

    preview = client.post(base + "import/", {"file": SimpleUploadedFile("a.xlsx", xlsx(*rows))})
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "300곳을 초대할 수 있습니다" in page
    assert not Member.objects.filter(organisation=known).exists()
    field = BeautifulSoup(page, "html.parser").select_one("input[name=rows]")
    assert field is not None
    done = client.post(base + "import/accept/", {"rows": field["value"]})

    assert done.status_code == 302
    assert Member.objects.get(organisation=known).state == "invited"
    assert waiting_links(application.pk).count() == 299
    assert len(mail.outbox) == 299
    again = read(application, xlsx(*rows[:3]), **{number(0): "가상 등록사"})
    assert {item.row for item in again.problems} == {3, 4}


@pytest.mark.parametrize("rows", ["", "{}", "[[1]]", '[["1","a","b","c","d"]]', "[" * 100_000])
def test_a_forged_list_is_refused(rows: str) -> None:
    if rows == "{}":
        assert member_file.unpacked(rows) == []
        return
    with pytest.raises(BadInput):
        member_file.unpacked(rows)


def test_a_forged_row_is_judged_by_the_command(application: Application, lead: Actor) -> None:
    rows = [
        commands.MemberInput(2, "가상", number(1), "lead", "a@example.test"),
        commands.MemberInput(3, "가상", "1234567890", "partner", "b@example.test"),
        commands.MemberInput(4, "가상", number(3), "partner", "no address"),
        commands.MemberInput(5, "가상", number(4), "partner", "d@example.test"),
    ]

    done = commands.import_members(actor=lead, application_id=application.pk, rows=rows)

    assert done.mailed == 1
    assert [row.row for row, _ in done.left_out] == [2, 3, 4]


def test_exports_hold_text_as_text(application: Application, lead: Actor) -> None:
    organisation = make_organisation(OrganisationKind.COMPANY, "KR-48", "=1+1")
    commands.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role="partner"
    )
    client = Client()
    client.force_login(Person.objects.get(pk=lead.person or 0), backend=BACKEND)
    base = f"/applications/{application.pk}/members/"

    table = load_workbook(io.BytesIO(client.get(base + "members.xlsx").content)).active
    lines = list(csv.reader(io.StringIO(client.get(base + "members.csv").content.decode("utf-8-sig"))))
    template = client.get(base + "template.xlsx")

    assert table is not None
    assert [cell.data_type for cell in table["A"] if cell.value == "=1+1"] == ["s"]
    assert "'=1+1" in [line[0] for line in lines]
    assert read(application, template.content).rows == ()
