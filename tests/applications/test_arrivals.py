import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gongmo.applications import commands
from gongmo.applications.commands.arrivals import Line, Taken
from gongmo.applications.models import Arrival
from gongmo.applications.papers import code_of
from gongmo.applications.queries.arrivals import ArrivalState, channel_states, register_of
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound
from gongmo.ledger.models import Entry
from gongmo.parties.models import Person
from tests.builders import (
    AT_OPENING,
    Submitted,
    filled_application,
    make_agency_officer,
    publish_sample_call,
    submitted_application,
)
from tests.custody.reasons import say_why

pytestmark = pytest.mark.django_db
TODAY = date(2030, 3, 14)
NOW = AT_OPENING + timedelta(days=32)
POST = "post"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


@pytest.fixture
def submitted(call: Call) -> Submitted:
    return submitted_application(call, partners=0)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0), backend="gongmo.notices.people.SignedIn")
    return client


def soup(response: Any) -> BeautifulSoup:
    assert response.status_code in (200, 409, 422), response.status_code
    return BeautifulSoup(response.content, "html.parser")


def register(agency: Actor, call: Call, *codes: str, on: date = TODAY) -> list[Taken]:
    lines = [Line(code) for code in codes]
    found = commands.register_arrivals(
        actor=agency, call_id=call.pk, channel=POST, arrived_on=on, lines=lines
    )
    return [outcome.taken for outcome in found]


def test_cover_sheets_code_and_receipt_number_name_the_application(
    agency: Actor, call: Call, submitted: Submitted
) -> None:
    other = submitted_application(call, partners=0)

    taken = register(
        agency, call, code_of(submitted.application.pk).lower(), other.submission.receipt_number, "XXXX-1"
    )

    assert taken == [Taken.REGISTERED, Taken.REGISTERED, Taken.UNKNOWN]
    assert set(Arrival.objects.values_list("application_id", flat=True)) == {
        submitted.application.pk,
        other.application.pk,
    }


def test_scanning_twice_registers_once_and_another_day_is_told_not_overwritten(
    agency: Actor, call: Call, submitted: Submitted
) -> None:
    code = code_of(submitted.application.pk)

    first = register(agency, call, code, code)
    later = register(agency, call, code, on=TODAY - timedelta(days=1))

    assert (first, later) == ([Taken.REGISTERED, Taken.KNOWN], [Taken.OTHER_DAY])
    assert Arrival.objects.get().arrived_on == TODAY
    assert Entry.objects.filter(act="applications.register_arrival").count() == 1


def test_code_of_another_call_is_unknown_here(agency: Actor, call: Call) -> None:
    elsewhere = filled_application(publish_sample_call(agency, slug="elsewhere"), partners=0)

    assert register(agency, call, code_of(elsewhere.application.pk)) == [Taken.UNKNOWN]


def test_days_to_come_and_strangers_are_refused(agency: Actor, call: Call, submitted: Submitted) -> None:
    code = code_of(submitted.application.pk)

    with pytest.raises(BadInput):
        register(agency, call, code, on=TODAY + timedelta(days=1))
    with pytest.raises(NotFound):
        register(make_agency_officer(), call, code)
    with pytest.raises(NotAllowed):
        commands.register_arrival(
            actor=submitted.lead, application_id=submitted.application.pk, channel=POST, arrived_on=TODAY
        )


def test_taking_back_a_mistake_keeps_both_acts_in_the_record(
    agency: Actor, call: Call, submitted: Submitted
) -> None:
    register(agency, call, code_of(submitted.application.pk))

    commands.undo_arrival(
        actor=agency, application_id=submitted.application.pk, channel=POST, reason="다른 신청의 봉투"
    )

    assert not Arrival.objects.exists()
    acts = Entry.objects.filter(act__endswith="arrival").order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["applications.register_arrival", "applications.undo_arrival"]
    with pytest.raises(NotFound):
        commands.undo_arrival(
            actor=agency, application_id=submitted.application.pk, channel=POST, reason="다시"
        )


def test_file_names_sent_by_mail_are_kept_safe(agency: Actor, call: Call, submitted: Submitted) -> None:
    arrival = commands.register_arrival(
        actor=agency,
        application_id=submitted.application.pk,
        channel=POST,
        arrived_on=TODAY,
        files=["../../계획서.pdf", " "],
    )

    assert arrival.files == ["계획서.pdf"]


@pytest.mark.parametrize(
    ("arrived_on", "today", "state"),
    [
        (None, date(2030, 3, 15), ArrivalState.WAITING),
        (None, date(2030, 3, 16), ArrivalState.MISSING),
        (date(2030, 3, 15), date(2030, 3, 16), ArrivalState.ARRIVED),
        (date(2030, 3, 16), date(2030, 3, 16), ArrivalState.LATE),
    ],
)
def test_state_of_a_channel_follows_its_due_day(
    call: Call, arrived_on: date | None, today: date, state: ArrivalState
) -> None:
    arrivals = [Arrival(channel=POST, arrived_on=arrived_on)] if arrived_on else []

    assert [each.state for each in channel_states(definition_of(call), arrivals, today)] == [state]


def test_hand_scanner_types_a_code_and_enter(agency: Actor, call: Call, submitted: Submitted) -> None:
    client = client_of(agency)

    response = client.post(
        f"/calls/{call.slug}/arrivals/",
        {"channel": POST, "arrived_on": TODAY.isoformat(), "code": code_of(submitted.application.pk)},
    )
    page = soup(client.get(response["Location"]))

    assert "도착을 등록했습니다" in page.get_text()
    assert page.select_one("#code[autofocus]")
    assert page.select_one("#arrived_on")["value"] == TODAY.isoformat()  # type: ignore[index]


def test_pasted_lines_are_judged_alone_and_the_wrong_ones_come_back(
    agency: Actor, call: Call, submitted: Submitted
) -> None:
    code = code_of(submitted.application.pk)

    page = soup(
        client_of(agency).post(
            f"/calls/{call.slug}/arrivals/",
            {
                "channel": POST,
                "arrived_on": TODAY.isoformat(),
                "codes": f"{code}\t가상-12호\r\n<b>WRONG</b>\r\n",
            },
        )
    )

    assert Arrival.objects.get().note == "가상-12호"
    box = page.select_one("#codes")
    assert box is not None
    assert box.get_text().strip() == "<b>WRONG</b>"


def test_exports_hold_no_formula(agency: Actor, call: Call, submitted: Submitted) -> None:
    commands.register_arrival(
        actor=agency,
        application_id=submitted.application.pk,
        channel=POST,
        arrived_on=TODAY,
        note="=HYPERLINK(1)",
    )
    client = client_of(agency)
    for form in ("csv", "xlsx"):
        say_why(client, f"/calls/{call.slug}/arrivals.{form}")

    csv = client.get(f"/calls/{call.slug}/arrivals.csv").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(client.get(f"/calls/{call.slug}/arrivals.xlsx").content))

    assert ",'=HYPERLINK(1)," in csv
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=HYPERLINK(1)"] == ["s"]


def test_register_costs_the_same_for_any_number_of_applications(
    agency: Actor, call: Call, submitted: Submitted
) -> None:
    for _ in range(3):
        filled_application(call, partners=0)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = register_of(agency, call, definition_of(call), TODAY)

    assert len(rows) == 4
    assert len(queries) == 3
