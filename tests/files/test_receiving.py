"""No view waits for a sender: pieces are short enough to be taken in before, and a longer one is refused unread."""

import io
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from gongmo.files.models import Upload
from gongmo.files.views import LARGEST_PIECE
from gongmo.parties.models import Person
from gongmo.web import taking_in

BYTES = "application/offset+octet-stream"


class Unread(io.BytesIO):
    """The body of a sender who keeps it back: whoever reads it waits for ever."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("a view waited for its sender")


def entered(email: str) -> Client:
    client = Client()
    client.force_login(Person.objects.create_user(email=email, password=None))
    return client


def sent(client: Client, method: str, place: str, source: Any, length: int, **told: str) -> Any:
    """The answer to a request whose body is read from `source`."""
    extra = {"wsgi.input": source, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": BYTES}
    return client.generic(method, place, headers={"Tus-Resumable": "1.0.0", **told}, **extra)


def begun(client: Client, size: int) -> str:
    answer = sent(client, "POST", "/uploads/", io.BytesIO(), 0, **{"Upload-Length": str(size)})
    return str(answer["Location"])


@pytest.mark.django_db
def test_one_account_that_announces_much_and_sends_little_holds_nothing_and_nobody_up() -> None:
    attacker, lead = entered("low@example.org"), entered("lead@example.org")
    place = begun(attacker, 20_000_000)

    told = [
        sent(attacker, "PATCH", place, Unread(), 20_000_000, **{"Upload-Offset": "0", **more}).status_code
        for more in ({}, {"Upload-Checksum": "sha256 AAAA"}) * 6
    ]
    answer = sent(lead, "PATCH", begun(lead, 3), io.BytesIO(b"%PD"), 3, **{"Upload-Offset": "0"})

    assert set(told) == {413}
    assert (answer.status_code, answer["Upload-Offset"]) == (204, "3")


@pytest.mark.django_db
def test_a_creation_with_more_than_a_piece_is_refused_before_anything_is_begun() -> None:
    answer = sent(
        entered("a@example.org"), "POST", "/uploads/", Unread(), 20_000_000, **{"Upload-Length": "20000000"}
    )

    assert (answer.status_code, Upload.objects.count()) == (413, 0)


@pytest.mark.django_db
def test_the_largest_piece_is_taken() -> None:
    client = entered("a@example.org")
    place = begun(client, 2 * LARGEST_PIECE)

    answer = sent(
        client, "PATCH", place, io.BytesIO(bytes(LARGEST_PIECE)), LARGEST_PIECE, **{"Upload-Offset": "0"}
    )

    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(LARGEST_PIECE))


def test_every_piece_that_is_taken_was_taken_in_by_the_gate() -> None:
    assert LARGEST_PIECE <= taking_in.LARGEST


def test_our_own_page_sends_no_longer_pieces_and_short_ones_over_a_slow_line() -> None:
    with open(str(finders.find("files/upload.js")), encoding="utf-8") as script:
        text = script.read()
    least, most = (int(number) for number in re.findall(r"(?:LEAST|MOST) = (\d+) \* 1024", text))
    scale = {"LEAST": 1024, "MOST": 1024**2}
    slow = 50_000

    assert most * scale["MOST"] <= LARGEST_PIECE
    assert slow > taking_in.PACE
    assert least * scale["LEAST"] / slow < taking_in.GRACE
