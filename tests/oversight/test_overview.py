"""The overview of a call: sums, regions, exports, and who reads it."""

import csv
import io
import re
from http import HTTPStatus

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from gongmo.applications.models import BudgetCell
from gongmo.kernel import clock
from gongmo.kernel.errors import NotFound
from gongmo.oversight.queries import overview, participants
from gongmo.parties.models import Person
from tests.awards.builders import LATER, reviewed_call
from tests.builders import (
    filled_application,
    make_agency_officer,
    make_ministry_officer,
    publish_sample_call,
)
from tests.evaluation.builders import make_expert

pytestmark = pytest.mark.django_db


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.split("<main")[1].split("</main>")[0]))


def client_of(actor) -> Client:  # type: ignore[no-untyped-def]
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    return client


def test_the_sums_of_the_overview_are_the_sums_of_the_cells() -> None:
    found = reviewed_call(3)
    with clock.at(LATER):
        seen = overview(make_ministry_officer(), found.call)
    cells = list(BudgetCell.objects.all())
    assert seen.money.applied == sum(cell.amount for cell in cells)
    assert sum(seen.money.fields.values()) == seen.money.applied
    for where, each in seen.handed_in:
        own = [cell for cell in cells if cell.application_id == each.pk]
        assert each.money.applied == sum(cell.amount for cell in own)
        assert where.money.sources == each.money.sources
    assert sorted(where.code for where, _ in seen.handed_in) == ["KR-26", "KR-27", "KR-48"]
    assert (seen.money.allocated, seen.money.agreed) == (None, None)


def test_drafts_and_withdrawn_applications_are_counted_and_told_no_further() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    filled_application(call, "KR-48")
    seen = overview(make_ministry_officer(), call)
    where = seen.place("KR-48")
    assert (where.unfinished, where.applications, where.money.applied, seen.money.applied) == (1, [], 0, 0)
    whole = words(client_of(make_ministry_officer()).get(f"/oversight/{call.slug}/").content.decode())
    assert (seen.standings, seen.unfinished) == ([], 1)
    assert "내지 않았거나 철회한 신청 1건은 세지 않았습니다" in whole
    page = client_of(make_ministry_officer()).get(f"/oversight/{call.slug}/regions/KR-48/")
    assert "쓰고 있거나 철회한 신청이 1건" in words(page.content.decode())
    assert "가상 사업" not in page.content.decode()


def test_the_overview_takes_the_same_statements_for_one_and_for_three(
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    found = reviewed_call(3)
    ministry = make_ministry_officer()
    with django_assert_max_num_queries(25):
        overview(ministry, found.call)


def test_the_page_says_sums_by_region_and_the_map_opens_each_region() -> None:
    found = reviewed_call(2)
    with clock.at(LATER):
        page = client_of(make_ministry_officer()).get(f"/oversight/{found.call.slug}/").content.decode()
    total = sum(cell.amount for cell in BudgetCell.objects.all())
    assert "2개 지역에서 신청 2건이 접수되었습니다" in words(page)
    assert f"{total:,}원" in words(page)
    # In 2030 one integrated region stands where two stood in 2025.
    assert page.count('class="ov-tile ') == 16
    for code in ("KR-11", "KR-26", "KR-49"):
        assert f"/oversight/{found.call.slug}/regions/{code}/" in page


def test_a_region_shows_its_money_its_organisations_and_its_indicators() -> None:
    found = reviewed_call(1)
    item = found.order[0]
    with clock.at(LATER):
        ministry = make_ministry_officer()
        page = client_of(ministry).get(f"/oversight/{found.call.slug}/regions/KR-26/").content.decode()
        joined = participants(ministry, found.call, "KR-26")[item.application.pk]
    assert item.application.title in words(page)
    assert all(one.name in words(page) for one in joined)
    assert len(joined) == item.application.members.count()


def test_exports_hold_the_figures_of_the_page_and_no_formula() -> None:
    found = reviewed_call(2)
    item = found.order[0].application
    type(item).objects.filter(pk=item.pk).update(title="=HYPERLINK(1)")
    client = client_of(make_ministry_officer())
    total = sum(cell.amount for cell in BudgetCell.objects.filter(application=item))
    address = f"/oversight/{found.call.slug}/export/"
    with clock.at(LATER):
        sheet = load_workbook(io.BytesIO(client.get(address + "xlsx/").content)).worksheets[0]
        lines = list(csv.reader(io.StringIO(client.get(address + "csv/").content.decode("utf-8-sig"))))
        printed = client.get(address + "pdf/")
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert (rows[1][1], rows[1][5]) == ("=HYPERLINK(1)", total)
    assert sheet.cell(2, 2).data_type == "s"
    assert (lines[1][1], lines[1][5]) == ("'=HYPERLINK(1)", str(total))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    assert f"{total:,}" in text
    assert client.get(address + "exe/").status_code == HTTPStatus.NOT_FOUND


def test_only_the_ministry_and_the_calls_own_officers_look_over_a_call() -> None:
    found = reviewed_call(1)
    others = [make_agency_officer(), found.order[0].lead, make_expert(1).actor]
    for actor in others:
        with pytest.raises(NotFound):
            overview(actor, found.call)
        for path in ("", "regions/KR-26/", "export/xlsx/", "export/csv/", "export/pdf/"):
            answer = client_of(actor).get(f"/oversight/{found.call.slug}/{path}")
            assert answer.status_code == HTTPStatus.NOT_FOUND
    assert overview(found.agency, found.call).money.applied > 0
