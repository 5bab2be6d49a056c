"""The officer's list of applications: what is found, how it is parted into pages, and for whom."""

import pytest
from django.test import Client

from gongmo.applications.commands import update_overview
from gongmo.applications.models import Application
from gongmo.applications.queries import listing
from gongmo.applications.queries.listing import Asked, listed_applications
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Person
from tests.builders import (
    AT_OPENING,
    filled_application,
    make_agency_officer,
    make_applicant,
    publish_sample_call,
    submitted_application,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def titled(call: Call, title: str) -> Application:
    application = filled_application(call, partners=0).application
    Application.objects.filter(pk=application.pk).update(title=title)
    application.title = title
    return application


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_application_stands_on_one_page_and_the_number_is_that_of_all(
    agency: Actor, call: Call, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SIZE", size)
    made = {titled(call, f"가상 사업 {number}").pk for number in range(3)}

    first = listed_applications(agency, Asked())
    shown = [
        application.pk
        for page in range(1, first.pages + 1)
        for application in listed_applications(agency, Asked(page=page)).applications
    ]

    assert first.total == 3
    assert len(shown) == 3
    assert set(shown) == made
    assert listed_applications(agency, Asked(page=99)).page == first.pages


def test_words_narrow_by_title_lead_and_receipt_number_and_all_must_fit(agency: Actor, call: Call) -> None:
    first, second = titled(call, "조선 기자재 100% 전환"), titled(call, "식품 전환")
    submitted = submitted_application(call)
    handed, receipt = submitted.application, submitted.submission.receipt_number

    def found(words: str) -> set[int]:
        return {each.pk for each in listed_applications(agency, Asked(words=words)).applications}

    assert found("전환") >= {first.pk, second.pk}
    assert found("전환 조선") == {first.pk}
    assert found("100%") == {first.pk}
    assert found("%") == {first.pk}
    assert found(second.lead.name) == {second.pk}
    assert found(receipt.upper()) == {handed.pk}
    assert found("없는말") == set()


def test_state_and_call_narrow_and_unknown_ones_find_what_they_must(agency: Actor, call: Call) -> None:
    draft, handed = titled(call, "작성 중인 사업"), submitted_application(call).application

    def found(**asked: str) -> set[int]:
        return {each.pk for each in listed_applications(agency, Asked(**asked)).applications}

    assert found(state="draft") == {draft.pk}
    assert found(state="submitted") == {handed.pk}
    assert found(state="nonsense") == {draft.pk, handed.pk}
    assert found(call=call.slug) == {draft.pk, handed.pk}
    assert found(call="nowhere") == set()


def test_others_find_nothing(call: Call) -> None:
    titled(call, "가상 사업")

    assert listed_applications(make_applicant(), Asked()).total == 0


def test_the_page_keeps_what_was_asked_for_and_says_how_to_go_on_where_nothing_fits(
    agency: Actor, call: Call
) -> None:
    titled(call, "가상 사업")
    client = Client()
    client.force_login(Person.objects.get(pk=agency.person or 0))

    page = client.get("/applications/", {"q": "<b>없는말", "state": "draft", "page": "x"}).content.decode()

    assert "조건에 맞는 신청이 없습니다" in page
    assert "&lt;b&gt;없는말" in page
    assert "<b>없는말" not in page


def test_the_page_shows_what_was_done_since_it_was_drawn(agency: Actor, call: Call) -> None:
    client = Client()
    client.force_login(Person.objects.get(pk=agency.person or 0))
    filled = filled_application(call, partners=0)
    before = client.get("/applications/").content.decode()

    with clock.at(AT_OPENING):
        update_overview(
            actor=filled.lead,
            application_id=filled.application.pk,
            title="새로 지은 사업명",
            summary=filled.application.summary,
            fields=filled.application.fields,
        )

    assert "새로 지은 사업명" not in before
    assert "새로 지은 사업명" in client.get("/applications/").content.decode()
    assert "새로 지은 사업명" not in client.get("/applications/?state=submitted").content.decode()
