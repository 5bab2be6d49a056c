"""The record's public pages: checkpoints that anyone can keep, and proofs between them."""

import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.kernel.actor import system
from gongmo.ledger import merkle, signing
from gongmo.ledger.commands import append, checkpoint
from gongmo.ledger.models import Checkpoint, Entry
from gongmo.ledger.tasks import sign

pytestmark = pytest.mark.django_db


def grow(entries: int) -> int:
    """So many acts more, signed; the record's size."""
    for number in range(entries):
        with transaction.atomic():
            append(actor=system("test"), act="test.act", subject=("thing", number), payload={})
    made = checkpoint(actor=system("test"))
    assert made is not None
    return made.size


def test_empty_record_says_what_will_stand_there() -> None:
    assert "아직 서명한 기록이 없습니다" in Client().get("/record/").content.decode()
    assert json.loads(Client().get("/record/checkpoints.json").content)["checkpoints"] == []


def test_checkpoints_are_told_so_that_anyone_can_check_the_signature() -> None:
    grow(3)
    size = grow(2)

    told = json.loads(Client().get("/record/checkpoints.json").content)

    first = told["checkpoints"][0]
    point = Checkpoint.objects.get(size=size)
    assert (first["size"], first["root"]) == (size, point.root)
    statement = f"gongmo/checkpoint/1\n{first['size']}\n{first['root']}\n{first['at']}\n".encode()
    assert signing.verify(statement, first["signature"], told["public_key"])


@pytest.mark.parametrize(("first", "more"), [(1, 1), (3, 4), (4, 4), (5, 11)])
def test_proof_shows_that_a_later_record_continues_an_earlier_one(first: int, more: int) -> None:
    earlier, later = grow(first), grow(more)

    answer = Client().get(f"/record/consistency.json?earlier={earlier}&later={later}")
    proof = json.loads(answer.content)

    assert merkle.verify_consistency(
        earlier,
        bytes.fromhex(proof["earlier"]["root"]),
        later,
        bytes.fromhex(proof["later"]["root"]),
        [bytes.fromhex(step) for step in proof["path"]],
    )
    page = Client().get(f"/record/?earlier={earlier}&later={later}").content.decode()
    assert "그대로 이어졌습니다" in page


def test_page_says_so_when_the_signed_record_does_not_continue() -> None:
    later = grow(3)
    # As if the first two entries had been others when they were signed.
    root, at = "ab" * 32, Checkpoint.objects.get(size=later).at
    signature, key = signing.sign(signing.statement(2, root, at))
    Checkpoint.objects.create(size=2, root=root, at=at, signature=signature, public_key=key)

    page = Client().get(f"/record/?earlier=2&later={later}").content.decode()

    assert "이어지지 않습니다" in page


@pytest.mark.parametrize(
    "query", ["earlier=2&later=99", "earlier=9&later=3", "earlier=-1&later=x", "earlier=1"]
)
def test_sizes_without_a_signature_are_told_and_not_proven(query: str) -> None:
    grow(3)

    assert Client().get(f"/record/consistency.json?{query}").status_code == 404
    assert "그 건수의 서명이 없습니다" in Client().get(f"/record/?{query}").content.decode()


def test_new_signature_shows_at_once_and_a_kept_page_costs_one_query() -> None:
    client = Client()
    grow(2)
    before = client.get("/record/")
    size = grow(1)
    after = client.get("/record/")

    with CaptureQueriesContext(connection) as queries:
        again = client.get("/record/", headers={"if-none-match": after["ETag"]})

    assert before["ETag"] != after["ETag"]
    assert f">{size}</" in str(BeautifulSoup(after.content, "html.parser").select_one("#newest"))
    assert (again.status_code, len(queries)) == (304, 1)


def test_hourly_task_signs_what_was_added_and_nothing_twice() -> None:
    grow(2)
    before = Checkpoint.objects.count()
    sign()
    same = Checkpoint.objects.count()
    with transaction.atomic():
        append(actor=system("test"), act="test.act", subject=("thing", 1), payload={})
    sign()

    assert (same - before, Checkpoint.objects.count() - before) == (0, 1)
    assert Checkpoint.objects.order_by("-size").first().size == Entry.objects.count()  # type: ignore[union-attr]


def test_page_says_nothing_of_what_is_recorded() -> None:
    with transaction.atomic():
        append(actor=system("test"), act="secret.act", subject=("secret-thing", 7), payload={"a": "secret"})
    grow(1)

    for path in ("/record/", "/record/checkpoints.json"):
        assert "secret" not in Client().get(path).content.decode()
