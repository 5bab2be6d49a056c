"""A row that many share and one may want for itself: PostgreSQL's locks, in several connections."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from gongmo.calls.models import Call
from gongmo.ledger.locks import lock, share
from tests.builders import make_agency_officer, publish_sample_call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call() -> Call:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time: there is nothing to share")
    return publish_sample_call(make_agency_officer())


def in_turn(act: Callable[[], object], told: list[str], name: str) -> threading.Thread:
    """Run the act in a transaction of another connection, and note its name once it has its lock."""

    def run() -> None:
        try:
            with transaction.atomic():
                act()
                told.append(name)
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def until_waiting(count: int) -> None:
    """Wait until so many connections wait in the advisory locks' queue."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone() == (count,):
                return
        time.sleep(0.02)
    raise AssertionError(f"{count} should be waiting")


def test_those_who_share_a_row_do_not_wait_for_each_other(call: Call) -> None:
    told: list[str] = []

    with transaction.atomic():
        share(Call, call.pk)
        in_turn(lambda: share(Call, call.pk), told, "another").join(timeout=20)

        assert told == ["another"]


def test_whoever_wants_a_shared_row_alone_is_not_passed_by_those_who_come_later(call: Call) -> None:
    told: list[str] = []

    with transaction.atomic():
        share(Call, call.pk)
        alone = in_turn(lambda: lock(Call, call.pk), told, "alone")
        until_waiting(1)
        later = in_turn(lambda: share(Call, call.pk), told, "later")
        until_waiting(2)
        assert told == []
    alone.join(timeout=20)
    later.join(timeout=20)

    assert told == ["alone", "later"]
