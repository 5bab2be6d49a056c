"""Submitting through a real server: double clicks, two members at once, an answer that was lost, the last millisecond."""

import http.client
import json
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings

from gongmo.applications.models import Submission
from gongmo.kernel.actor import Actor
from gongmo.kernel.numbers import Kind, token
from gongmo.ledger.models import Entry
from gongmo.ledger.receipts import check
from tests.applications.ready import Ready as Standing
from tests.applications.ready import make_ready, session_of

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "t" * 32


@dataclass
class Ready(Standing):
    """What stands there, and the address of the server."""

    address: str


@pytest.fixture
def ready(live_server) -> Ready:  # type: ignore[no-untyped-def]
    return Ready(**vars(make_ready()), address=live_server.url)


def cookie_of(actor: Actor) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={session_of(actor)}; gongmo_csrf={TOKEN}"


def request_of(ready: Ready, cookie: str) -> tuple[str, bytes, dict[str, str]]:
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "confirm": "제출"}).encode()
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    return f"/applications/{ready.application.pk}/submit/", body, headers


def ask(ready: Ready, cookie: str) -> tuple[int, str]:
    """Send the form and read the answer: status and Location."""
    connection = http.client.HTTPConnection(urlsplit(ready.address).netloc, timeout=30)
    path, body, headers = request_of(ready, cookie)
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.getheader("Location", "")


def receipt_of(ready: Ready, cookie: str) -> dict[str, object]:
    connection = http.client.HTTPConnection(urlsplit(ready.address).netloc, timeout=30)
    connection.request(
        "GET", f"/applications/{ready.application.pk}/receipt.json", headers={"Cookie": cookie}
    )
    answer: dict[str, object] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def test_double_clicks_and_two_members_at_once_make_one_submission_and_one_receipt(ready: Ready) -> None:
    cookies = [cookie_of(ready.lead), cookie_of(ready.colleague)] * 3
    answers: list[tuple[int, str]] = []
    barrier = threading.Barrier(len(cookies))

    def click(cookie: str) -> None:
        barrier.wait(timeout=20)
        answers.append(ask(ready, cookie))

    threads = [threading.Thread(target=click, args=(cookie,)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(302, f"/applications/{token(ready.application.pk, Kind.APPLICATION)}/receipt/")] * 6
    assert Submission.objects.count() == 1
    assert Entry.objects.filter(act="applications.submit").count() == 1
    receipt = receipt_of(ready, cookies[0])
    assert all(checked.holds for checked in check(receipt))
    assert json.loads(str(receipt["manifest"]))["receipt_number"] == Submission.objects.get().receipt_number


def test_an_answer_lost_on_the_way_is_given_again_to_who_asks_again(ready: Ready) -> None:
    cookie = cookie_of(ready.lead)
    path, body, headers = request_of(ready, cookie)
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {urlsplit(ready.address).netloc}",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection((urlsplit(ready.address).hostname, urlsplit(ready.address).port)) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        # The line breaks before the answer can be read.

    again = ask(ready, cookie)

    assert again == (302, f"/applications/{token(ready.application.pk, Kind.APPLICATION)}/receipt/")
    assert Submission.objects.count() == 1
