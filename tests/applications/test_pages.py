from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongmo.applications import commands
from gongmo.applications.models import Application, ApplicationDocument, BudgetCell, Member, Submission
from gongmo.calls.models import Call
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.numbers import Kind, token
from gongmo.ledger.receipts import check
from gongmo.ledger.signing import public_key
from gongmo.parties.models import Organisation, Person
from gongmo.screening import commands as screening
from tests.applications.signing import ready_to_sign
from tests.builders import (
    AT_OPENING,
    AT_REGIONAL,
    CLOSES,
    Filled,
    close_sample_call,
    filled_application,
    make_applicant,
    make_ministry_officer,
    make_organisation,
    make_person,
    member_actor,
    officer,
    pdf,
    publish_sample_call,
    publish_sample_regional,
    submitted_application,
)

pytestmark = pytest.mark.django_db
PAGES = (
    "",
    "content/",
    "findings/",
    "overview/",
    "members/",
    "money/",
    "statements/",
    "documents/",
    "submit/",
    "versions/",
)


def client_of(person: Person | Actor) -> Client:
    found = person if isinstance(person, Person) else Person.objects.get(pk=person.person)
    client = Client()
    client.force_login(found, backend="gongmo.notices.people.SignedIn")
    return client


def soup(response: Any) -> BeautifulSoup:
    assert response.status_code in (200, 409, 422), response.status_code
    return BeautifulSoup(response.content, "html.parser")


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


def test_a_wrong_business_number_is_told_at_its_field_and_what_was_typed_is_kept() -> None:
    call = publish_sample_regional()
    newcomer = client_of(make_person())
    typed = {"name": "가상 기업", "kind": "company", "region": "KR-48", "business_number": "123-45-67890"}
    with clock.at(AT_REGIONAL):
        answer = newcomer.post(f"/calls/{call.slug}/apply/organisation/", typed)

    assert answer.status_code == 422
    field = soup(answer).select_one("#business_number")
    assert field is not None
    assert (field["value"], field.get("aria-invalid")) == ("123-45-67890", "true")
    assert not Organisation.objects.filter(name="가상 기업").exists()


def test_newcomer_registers_a_company_and_applies_to_a_second_level_call_without_javascript() -> None:
    call = publish_sample_regional()
    newcomer = client_of(make_person())
    with clock.at(AT_REGIONAL):
        first = soup(newcomer.get(f"/calls/{call.slug}/apply/"))
        assert first.select_one("input[name=business_number]")
        newcomer.post(
            f"/calls/{call.slug}/apply/organisation/",
            {"name": "가상 새내기 기업", "kind": "company", "region": "KR-48", "founded_on": "2020-01-02"},
        )
        assert Organisation.objects.get(name="가상 새내기 기업").region_id == "KR-48"
        started = newcomer.post(f"/calls/{call.slug}/apply/", {"title": "가상 도입 사업"})
        application = Application.objects.get()
        base = f"/applications/{token(application.pk, Kind.APPLICATION)}/"
        assert started.url == base + "overview/"  # type: ignore[attr-defined]
        form = soup(newcomer.get(base + "overview/"))
        newcomer.post(
            base + "overview/",
            {
                "title": "가상 도입 사업",
                "summary": "검사 공정에 AI를 씁니다.",
                "fields": ["solution"],
                "seen:title": form.select_one("input[name='seen:title']")["value"],  # type: ignore[index]
            },
        )
        place = Member.objects.get(application=application)
        newcomer.post(base + "statements/", {f"fact:{place.pk}:arrears:value": "no"})
        newcomer.post(base + "statements/consents/", {"consent": ["personal_data", "integrity_pledge"]})
        money = soup(newcomer.get(base + "money/"))
        posted = _fields(money)
        posted |= {
            "row-0-year": "2030",
            "row-0-field": "solution",
            "row-0-category": "equipment",
            "row-0-national-cash": "30,000,000",
            "row-0-local-cash": "10,000,000원",
            "row-0-private-in_kind": "10000000",
        }
        assert newcomer.post(base + "money/", posted).status_code == 302
        missing = soup(newcomer.get(base + "submit/"))
        assert "1가지" in missing.h1.get_text()  # type: ignore[union-attr]
        upload = SimpleUploadedFile("계획서.pdf", pdf().read())
        newcomer.post(base + "documents/attach/", {"kind": "plan", "file": upload})
        ready = soup(newcomer.get(base + "submit/"))
        assert "이제 제출해 주세요" in ready.h1.get_text()  # type: ignore[union-attr]
        done = newcomer.post(base + "submit/", {"confirm": "제출"}, follow=True)

        receipt = newcomer.get(base + "receipt.json").json()
    assert "sample-regional-0001" in soup(done).get_text()
    assert sha256_hex(receipt["manifest"]) == Submission.objects.get().sha256
    assert all(checked.holds for checked in check(receipt, public_key=public_key()))
    assert sum(BudgetCell.objects.values_list("amount", flat=True)) == 50_000_000


def _fields(page: BeautifulSoup) -> dict[str, str]:
    """What a browser would send of the money form untouched."""
    found: dict[str, str] = {}
    form = page.select_one("form#budget")
    assert form is not None
    for item in form.select("input[name]"):
        if item.get("type") != "checkbox" and item["name"] != "csrfmiddlewaretoken":
            found[str(item["name"])] = str(item.get("value", ""))
    for item in form.select("select"):
        chosen = item.select_one("option[selected]") or item.select_one("option")
        found[str(item["name"])] = str(chosen["value"]) if chosen else ""
    return found


def test_company_of_another_region_is_told_before_it_starts() -> None:
    call = publish_sample_regional(region="KR-48")
    outside = make_applicant("KR-49", OrganisationKind.COMPANY)

    with clock.at(AT_REGIONAL):
        page = soup(client_of(outside).get(f"/calls/{call.slug}/apply/"))

    assert "이 기관으로는 제출할 수 없습니다" in page.get_text()
    assert page.select_one("main a[href^='/organisations/']") is not None


def test_visitor_is_asked_to_sign_in_before_applying(call: Call) -> None:
    response = Client().get(f"/calls/{call.slug}/apply/")

    assert response.status_code == 302
    assert "login" in response.url  # type: ignore[attr-defined]


def test_starting_again_opens_the_running_application(filled: Filled, call: Call) -> None:
    with clock.at(AT_OPENING):
        response = client_of(filled.lead).get(f"/calls/{call.slug}/apply/")

    assert response.url == reverse("applications:application", args=[filled.application.pk])  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_lead_and_holds_no_inline_style(filled: Filled, page: str) -> None:
    with clock.at(AT_OPENING):
        response = client_of(filled.lead).get(
            f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/{page}"
        )

    assert response.status_code == 200
    assert "style=" not in response.content.decode()
    assert "onclick" not in response.content.decode()


@pytest.mark.parametrize("page", [*PAGES, "receipt/", "receipt.json"])
def test_what_a_role_may_not_see_is_not_there(call: Call, page: str) -> None:
    submitted = submitted_application(call, partners=0)
    address = f"/applications/{token(submitted.application.pk, Kind.APPLICATION)}/{page}"

    for client in (Client(), client_of(make_applicant()), client_of(officer(Role.EVALUATOR, None))):
        assert client.get(address).status_code == 404


def test_documents_are_sent_to_those_who_may_see_the_application(filled: Filled, call: Call) -> None:
    document = ApplicationDocument.objects.get(kind="plan")
    address = f"/application-documents/{document.pk}/"

    for actor in (filled.lead, officer(Role.AGENCY, call.operator), make_ministry_officer()):
        response = client_of(actor).get(address)
        assert response.status_code == 200
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert client_of(make_applicant()).get(address).status_code == 404
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("partners", [0, 5])
def test_application_page_takes_the_same_queries_whatever_the_consortium(call: Call, partners: int) -> None:
    filled = filled_application(call, partners=partners)
    client = client_of(filled.lead)
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/"
    client.get(address)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200

    assert len(queries) == 3


def test_application_page_shows_limits_findings_and_history(filled: Filled) -> None:
    with clock.at(AT_OPENING):
        client = client_of(filled.lead)
        page = soup(client.get(f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/"))
        rules = soup(client.get(f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/findings/"))

    assert page.select(".gm-bar__picture .gm-limit")
    assert rules.select(".gm-finding")
    assert "사업비를 고침" in page.select_one("#history").get_text()  # type: ignore[union-attr]


def test_operator_and_ministry_read_and_get_no_edit_links(filled: Filled, call: Call) -> None:
    for actor in (officer(Role.AGENCY, call.operator), make_ministry_officer()):
        page = soup(client_of(actor).get(f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/"))
        assert "이어서 작성하기" not in page.get_text()
        assert "고치러 가기" not in page.get_text()


def test_refused_overview_keeps_the_text_and_shows_what_is_saved(filled: Filled) -> None:
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/overview/"
    client = client_of(filled.lead)

    response = client.post(address, {"title": "", "summary": "길게 쓴 글"})

    assert response.status_code == 422
    assert "길게 쓴 글" in response.content.decode()


def test_summary_that_fills_the_box_is_not_refused_for_its_line_ends(filled: Filled) -> None:
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/overview/"
    client = client_of(filled.lead)
    summary = "가나\r\n" * 3333

    response = client.post(address, {"title": "가상 사업", "summary": summary})

    filled.application.refresh_from_db()
    assert response.status_code == 302
    assert filled.application.summary == summary.replace("\r\n", "\n").strip()


def test_invited_organisation_answers_on_the_page(filled: Filled) -> None:
    organisation = make_organisation()
    lead, guest = client_of(filled.lead), client_of(member_actor(organisation))
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/"
    found = soup(lead.get(address + "members/invite/", {"q": organisation.name}))
    assert found.select_one("form.app-invite")
    lead.post(address + "members/invite/", {"organisation": organisation.pk, "role": "partner"})
    member = Member.objects.get(organisation=organisation)

    assert "초대받았습니다" in soup(guest.get("/applications/")).get_text()
    assert "참여 수락하기" in soup(guest.get(address)).get_text()
    guest.post(f"/application-members/{member.pk}/answer/", {"accept": "yes"})

    member.refresh_from_db()
    assert member.state == "accepted"


def test_submitting_needs_the_word_and_the_time(filled: Filled) -> None:
    client = client_of(filled.lead)
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/submit/"

    with clock.at(AT_OPENING):
        assert client.post(address, {"confirm": "네"}).status_code == 422
    with clock.at(CLOSES):
        late = client.post(address, {"confirm": "제출"})
    assert late.status_code == 409
    assert "17:00:00" in late.content.decode()
    with clock.at(CLOSES - timedelta(microseconds=1)):
        assert client.post(address, {"confirm": "제출"}).status_code == 302


def test_withdrawing_on_the_page(call: Call) -> None:
    submitted = submitted_application(call, partners=0)
    client = client_of(submitted.lead)
    address = f"/applications/{token(submitted.application.pk, Kind.APPLICATION)}/"

    with clock.at(AT_OPENING + timedelta(days=2)):
        assert client.post(address + "withdraw/", {"reason": ""}).status_code == 422
        assert client.post(address + "withdraw/", {"reason": "고칩니다"}).status_code == 302

    assert Application.objects.get(pk=submitted.application.pk).state == "withdrawn"


def test_submitted_application_leads_its_consortium_to_the_review_once_there_is_one(
    filled: Filled, call: Call
) -> None:
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/"
    review = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/screening/"
    agency = officer(Role.AGENCY, call.operator)
    commands.submit(actor=filled.lead, application_id=filled.application.pk)
    close_sample_call(call, agency)
    with clock.at(CLOSES + timedelta(days=1)):
        client = client_of(filled.lead)
        before = client.get(address).content.decode()

        screening.open_reviews(actor=agency, call_id=call.pk)

        after = client.get(address).content.decode()
        assert client.get(review).status_code == 200
        assert review not in client_of(agency).get(address).content.decode()
    assert review not in before
    assert review in after
    assert reverse("evaluation:result", args=[filled.application.pk]) not in after


def test_who_has_submitted_sees_where_to_change_it_and_no_clock_run_down(filled: Filled) -> None:
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/"
    with clock.at(CLOSES - timedelta(hours=2)):
        client = client_of(filled.lead)
        commands.submit(actor=filled.lead, application_id=filled.application.pk)

        pages = [soup(client.get(address + page)) for page in ("", "overview/", "content/")]
        mine = soup(client.get("/applications/"))

    for page in [*pages, mine]:
        assert page.select_one("main [data-countdown]") is None
    for page in pages[:2]:
        assert "고쳐서 다시 낼 수 있습니다" in page.get_text()
        assert page.select_one(f'main a[href="{address}submit/#withdraw"]') is not None


def test_own_documents_are_called_by_what_is_to_be_done_with_them() -> None:
    filled = ready_to_sign()
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/"

    own = soup(client_of(filled.lead).get(address)).select_one("#own")

    assert own is not None
    link = next(each for each in own.select("a") if "가상 확인서" in each.get_text())
    assert link.get_text() == "가상 확인서에 서명하기"
    assert link["href"] == address + "documents/"


def test_operator_registers_arrivals_and_others_do_not_know_the_page(filled: Filled, call: Call) -> None:
    operator = client_of(officer(Role.AGENCY, call.operator))
    address = f"/calls/{call.slug}/arrivals/"
    posted = {"application": filled.application.pk, "channel": "post", "arrived_on": "2030-02-09"}

    assert client_of(filled.lead).get(address).status_code == 404
    assert operator.get(address).status_code == 200
    assert operator.post(address, posted | {"arrived_on": "2030-02-11"}).status_code == 422
    assert operator.post(address, posted).status_code == 302

    assert filled.application.arrivals.count() == 1


def test_restore_on_the_page(filled: Filled) -> None:
    client = client_of(filled.lead)
    address = f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/versions/"

    assert client.post(address + "1/restore/").status_code == 302

    assert not filled.application.cells.exists()


def test_text_from_people_is_never_html(filled: Filled) -> None:
    Application.objects.update(title="<script>alert(1)</script>", summary="<b>굵게</b>")
    client = client_of(filled.lead)

    for page in PAGES:
        content = client.get(
            f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/{page}"
        ).content.decode()
        assert "<script>alert" not in content
        assert "<b>굵게" not in content


@pytest.mark.parametrize("count", [1, 4])
def test_list_takes_the_same_queries_however_long_it_is(call: Call, count: int) -> None:
    operator = client_of(officer(Role.AGENCY, call.operator))
    for _ in range(count):
        filled_application(call, partners=0)
    with CaptureQueriesContext(connection) as first:
        operator.get("/applications/")

    with CaptureQueriesContext(connection) as queries:
        assert operator.get("/applications/").status_code == 200

    # And how many there are, one page of them, the calls to choose from.
    assert len(first) == 6

    # The session, who acts, whether anything was done since.
    assert len(queries) == 3
