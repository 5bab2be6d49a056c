"""The record grows at its end, says what happened, and cannot be altered unseen."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role, system
from gongmo.kernel.errors import NotAllowed
from gongmo.ledger import guards, queries
from gongmo.ledger.commands import GENESIS, append, checkpoint
from gongmo.ledger.models import Checkpoint, Entry

OFFICER = Actor(
    role=Role.AGENCY, person=7, name="담당자 A", organisation=3, organisation_name="가상 전담기관"
)
NOON = datetime(2025, 8, 29, 3, 0, tzinfo=UTC)


def grow(count: int = 1, *, act: str = "tests.act", call: str = "sample") -> list[Entry]:
    with transaction.atomic(), clock.at(NOON):
        return [
            append(actor=OFFICER, act=act, subject=("thing", number), call=call, payload={"number": number})
            for number in range(1, count + 1)
        ]


@contextmanager
def unguarded() -> Iterator[None]:
    """As the owner of the database could: the triggers away."""
    guards.remove(connection)
    yield
    guards.install(connection)


@pytest.mark.django_db
def test_entries_are_numbered_and_chained() -> None:
    first, second = grow(2)

    assert (first.sequence, first.previous_hash) == (1, GENESIS)
    assert (second.sequence, second.previous_hash) == (2, first.hash)
    assert queries.verify() == []


@pytest.mark.django_db
def test_body_holds_who_what_when_and_exact_numbers() -> None:
    with transaction.atomic(), clock.at(NOON):
        append(
            actor=OFFICER,
            act="tests.score",
            subject=("sheet", 4),
            payload={"points": Decimal("8.50"), "won": 14_000_000_000},
        )

    record = queries.history("sheet", 4)[0]
    assert record.payload == {"points": "8.50", "won": 14_000_000_000}
    assert (record.at, record.actor_name, record.organisation) == (NOON, "담당자 A", 3)
    assert record.actor_role == "agency"


@pytest.mark.django_db
def test_floats_are_refused_in_a_payload() -> None:
    with pytest.raises(TypeError), transaction.atomic():
        append(actor=OFFICER, act="tests.act", subject=("thing", 1), payload={"share": 0.6})


@pytest.mark.django_db(transaction=True)
def test_append_refuses_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        append(actor=OFFICER, act="tests.act", subject=("thing", 1), payload={})


@pytest.mark.django_db
def test_history_is_newest_first_and_only_of_the_wanted_acts() -> None:
    grow(1)
    grow(1, act="tests.other")
    grow(1)

    assert [each.sequence for each in queries.history("thing", 1)] == [3, 2, 1]
    assert [each.sequence for each in queries.history("thing", "1", acts=frozenset({"tests.other"}))] == [2]
    assert len(queries.history("thing", 1, limit=2)) == 2


@pytest.mark.django_db
def test_entries_of_a_call_come_in_order_and_only_of_that_call() -> None:
    grow(2, call="one")
    grow(1, call="other")

    assert [each.sequence for each in queries.entries_of_call("one")] == [1, 2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET act = 'forged'",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_checkpoint SET root = 'forged'",
        "DELETE FROM ledger_checkpoint",
    ],
)
def test_database_refuses_to_change_or_delete(statement: str) -> None:
    grow(2)
    checkpoint(actor=system())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert queries.verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_checkpoint"])
def test_database_refuses_to_empty_or_replace(table: str) -> None:
    grow(2)
    checkpoint(actor=system())
    statement = (
        f"TRUNCATE {table}"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    )

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(("sequence", "previous"), [(5, None), (3, "f" * 64)])
def test_database_refuses_an_entry_that_does_not_follow(sequence: int, previous: str | None) -> None:
    last = grow(2)[-1]

    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(
            sequence=sequence,
            at=NOON,
            act="x",
            subject_type="x",
            subject_id="1",
            actor_role="system",
            body="{}",
            previous_hash=previous or last.hash,
            hash="a" * 64,
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "seen"),
    [
        ({"body": "{}"}, "hash of the body"),
        ({"actor_name": "다른 사람"}, "column name"),
        ({"act": "forged"}, "column act"),
        ({"previous_hash": "0" * 63 + "1"}, "previous hash"),
    ],
)
def test_verify_names_an_entry_that_was_altered(changed: dict[str, str], seen: str) -> None:
    grow(3)
    with unguarded():
        Entry.objects.filter(sequence=2).update(**changed)

    broken = queries.verify()

    assert any(each.subject == "entry 2" for each in broken)
    assert any(seen in each.observed for each in broken)


@pytest.mark.django_db
def test_verify_names_a_missing_entry() -> None:
    grow(3)
    with unguarded():
        Entry.objects.filter(sequence=2).delete()

    assert any("sequence 3" in each.observed for each in queries.verify())


@pytest.mark.django_db
def test_checkpoint_exposes_a_record_rewritten_as_a_whole() -> None:
    grow(3)
    point = checkpoint(actor=system())
    with unguarded():
        Entry.objects.all().delete()
    grow(3, act="tests.rewritten")

    broken = queries.verify()

    assert point is not None
    assert [each.subject for each in broken] == ["checkpoint 3"]
    assert "root" in broken[0].observed


@pytest.mark.django_db
def test_checkpoint_with_another_root_does_not_pass() -> None:
    grow(2)
    checkpoint(actor=system())
    with unguarded():
        Checkpoint.objects.update(root="0" * 64)

    assert {each.expected for each in queries.verify()} >= {"a signature by the key beside it"}


@pytest.mark.django_db
def test_checkpoint_of_the_same_record_is_made_once_and_of_none_never() -> None:
    assert checkpoint(actor=system()) is None
    grow(2)

    assert checkpoint(actor=system()) == checkpoint(actor=OFFICER)
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_applicants_do_not_sign_the_record() -> None:
    with pytest.raises(NotAllowed):
        checkpoint(actor=Actor(role=Role.APPLICANT, person=1))


@pytest.mark.django_db
def test_inclusion_proof_holds_offline_and_fails_for_another_entry() -> None:
    entries = grow(5)
    assert queries.prove(3) is None
    checkpoint(actor=system())

    proof = queries.prove(3)

    assert proof is not None
    assert proof.entry_hash == entries[2].hash
    assert proof.holds()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    barrier = threading.Barrier(4)
    errors: list[Exception] = []

    def write() -> None:
        try:
            barrier.wait()
            for _ in range(5):
                grow(1)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert Entry.objects.count() == 20
    assert queries.verify() == []
