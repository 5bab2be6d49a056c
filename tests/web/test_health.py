"""What load balancers and monitors are answered."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from gongmo.files.storage import bucket
from gongmo.kernel import clock
from gongmo.kernel.actor import system
from gongmo.ledger.commands import append
from gongmo.operation import probes, state
from gongmo.tasks.beats import beat
from tests.files.bucket_server import FAILING, misbehaving


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    probes.storage_now.forget()
    yield
    probes.storage_now.forget()


def checks(client: Client, query: str = "") -> tuple[int, dict[str, bool]]:
    # A client of its own has a middleware of its own, which remembers nothing.
    answer = Client().get(f"/readyz{query}")
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()["checks"]


@pytest.mark.django_db
def test_a_server_that_has_what_it_needs_is_ready_and_every_check_is_named(client: Client) -> None:
    beat("machine:1")

    status, found = checks(client)

    assert status == 200
    assert found == dict.fromkeys(("serving", "database", "migrations", "storage", "workers", "clock"), True)


@pytest.mark.django_db
def test_without_task_workers_pages_are_served_all_the_same(client: Client) -> None:
    usual, found = checks(client)
    strict, _ = checks(client, "?strict=1")

    assert (usual, found["workers"], strict) == (200, False, 503)


@pytest.mark.django_db
def test_a_stopping_server_wants_no_new_visitors(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.GONGMO_RUN = str(tmp_path)
    before, _ = checks(client)
    (tmp_path / probes.DRAINING).touch()

    after, found = checks(client)

    assert (before, after, found["serving"]) == (200, 503, False)
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_server_without_storage_is_not_ready(client: Client, settings: Settings, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    settings.GONGMO_FILES = blocked / "files"

    status, found = checks(client)

    assert (status, found["storage"], found["database"]) == (503, False, True)


@pytest.mark.django_db
def test_a_shared_storage_that_is_away_is_told_and_takes_no_server_out_of_service(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "ATTEMPTS", 1)
    state.forget()
    with misbehaving(answer=FAILING) as away:
        settings.GONGMO_FILES_URL = away
        usual, found = checks(client)
        strict, _ = checks(client, "?strict=1")
        parts = client.get("/status.json").json()["parts"]
    state.forget()

    assert (usual, strict, found["storage"], found["database"]) == (200, 503, False, True)
    assert [part["level"] for part in parts if part["name"] == "파일 저장"] == ["trouble"]


def test_a_storage_that_hangs_is_given_up_and_not_asked_again_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from threading import Event

    release, asked = Event(), []
    monkeypatch.setattr(probes, "STORAGE_SECONDS", 0.05)

    def hang() -> None:
        asked.append(1)
        release.wait(10)

    first, second = probes.storage(hang), probes.storage(hang)
    release.set()

    assert first.error is not None
    assert second.error is not None
    assert len(asked) == 1


def test_a_database_that_is_away_is_told_and_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)

    status, found = checks(Client())

    assert (status, found["database"], found["migrations"]) == (503, False, False)


@pytest.mark.django_db
def test_clocks_of_one_machine_agree() -> None:
    seen = probes.clock_seen()

    if connection.vendor == "postgresql":
        assert seen.skew is not None
        assert abs(seen.skew) < 2
    else:
        # Nothing is invented where there is no other clock.
        assert seen.skew is None
    assert seen.record_ahead == 0
    assert abs(seen.moved) < 2


@pytest.mark.django_db
def test_a_clock_that_went_back_is_told_by_the_record() -> None:
    with clock.at(clock.now() + timedelta(hours=1)):
        append(actor=system("test"), act="tests.act", subject=("thing", 1), payload={})

    assert probes.clock_seen().record_ahead > 3000
