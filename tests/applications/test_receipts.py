"""The receipt's page: what it says, of earlier submissions too, and what whoever asks too early is told."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands
from gongmo.kernel import clock
from gongmo.ledger.receipts import check
from tests.applications.ready import Ready, make_ready
from tests.applications.test_pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready() -> Ready:
    return make_ready()


def twice(ready: Ready) -> None:
    """Submitted, withdrawn, changed, submitted again."""
    pk = ready.application.pk
    commands.submit(actor=ready.lead, application_id=pk)
    commands.withdraw(actor=ready.lead, application_id=pk, reason="사업명을 고치려고")
    commands.update_overview(
        actor=ready.lead, application_id=pk, title="고친 가상 사업", summary="개요", fields=["solution"]
    )
    commands.submit(actor=ready.lead, application_id=pk)


def words(client, address: str, status: int = 200) -> str:  # type: ignore[no-untyped-def]
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())


def test_every_submission_keeps_its_receipt_and_the_second_tells_what_differs(ready: Ready) -> None:
    twice(ready)
    client, base = client_of(ready.lead), f"/applications/{ready.application.pk}/receipt/"

    second, first = words(client, base), words(client, f"{base}1/")

    assert "접수되었습니다" in second
    assert "앞선 제출과 달라진 곳" in second
    assert "고친 가상 사업" in second
    assert "철회한 제출의 접수증입니다" in first
    assert "유효한 접수증 보기" in first
    receipts = [client.get(f"{base}{number}/receipt.json").json() for number in (1, 2)]
    assert all(each.holds for receipt in receipts for each in check(receipt))
    assert [json.loads(receipt["manifest"])["number"] for receipt in receipts] == [1, 2]
    assert client.get(f"{base}3/").status_code == 404


def test_a_receipt_takes_few_statements(ready: Ready) -> None:
    commands.submit(actor=ready.lead, application_id=ready.application.pk)
    client, address = client_of(ready.lead), f"/applications/{ready.application.pk}/receipt.json"

    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return [query["sql"] for query in asked if query["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]

    signing, signed = statements(), statements()

    # Session, person, application, submission, entry, checkpoint, and what the tree has not seen.
    assert len(signed) <= 7, signed
    # Who comes first signs the record as well; a tree that has seen another test's record begins again.
    assert len(signing) <= 12 + (1 if connection.vendor == "postgresql" else 0), signing


def test_a_withdrawn_submission_shows_its_receipt_and_says_that_it_does_not_count(ready: Ready) -> None:
    pk = ready.application.pk
    commands.submit(actor=ready.lead, application_id=pk)
    commands.withdraw(actor=ready.lead, application_id=pk, reason="고치려고")

    text = words(client_of(ready.lead), f"/applications/{pk}/receipt/")

    assert "지금 유효한 제출은 아닙니다" in text
    assert "다시 제출하기" in text


def test_who_asks_for_a_receipt_before_submitting_is_told_so_with_the_servers_time(ready: Ready) -> None:
    text = words(client_of(ready.lead), f"/applications/{ready.application.pk}/receipt/", 404)

    assert "아직 접수되지 않았습니다" in text
    assert "서버 시각" in text


def test_the_receipt_tells_the_instant_to_the_millisecond(ready: Ready) -> None:
    at = clock.now().replace(microsecond=412_345) + timedelta(seconds=1)
    with clock.at(at):
        commands.submit(actor=ready.lead, application_id=ready.application.pk)

        text = words(client_of(ready.lead), f"/applications/{ready.application.pk}/receipt/")

    assert f"{at.astimezone(clock.SEOUL):%H:%M:%S}.412" in text
