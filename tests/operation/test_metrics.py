"""What monitors read: counted by names in the code, closed to outsiders, nothing personal."""

import ipaddress
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from gongmo.kernel import clock
from gongmo.operation import exposition, metrics, state
from gongmo.operation.figures import figures
from gongmo.tasks.beats import ALIVE, beat, leave, workers
from gongmo.tasks.models import Beat
from tests.builders import AT_OPENING, make_agency_officer, publish_sample_call

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(autouse=True)
def anew() -> None:
    figures.forget()
    state.forget()


@pytest.mark.django_db
def test_outsiders_find_no_metrics(client: Client, settings: Settings) -> None:
    closed = client.get("/metrics").status_code
    settings.GONGMO_METRICS_TOKEN = TOKEN
    without = client.get("/metrics").status_code
    wrong = client.get("/metrics", headers={"authorization": "Bearer guess"}).status_code
    in_query = client.get(f"/metrics?token={TOKEN}").status_code

    assert (closed, without, wrong, in_query) == (404, 404, 404, 404)


@pytest.mark.django_db
def test_the_token_and_named_addresses_open_metrics(client: Client, settings: Settings) -> None:
    settings.GONGMO_METRICS_TOKEN = TOKEN
    by_token = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    settings.GONGMO_METRICS_TOKEN = ""
    settings.GONGMO_METRICS_FROM = [ipaddress.ip_network("127.0.0.0/8")]
    by_address = client.get("/metrics")

    assert (by_token.status_code, by_address.status_code) == (200, 200)
    assert by_token["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
def test_a_request_is_counted_under_its_route_and_not_its_address(client: Client) -> None:
    call = publish_sample_call(make_agency_officer())
    with clock.at(AT_OPENING):
        client.get(f"/calls/{call.slug}/")
    client.get("/no-such-page/900101-1234567/")
    client.get("/status/")

    text = exposition.exposed().decode()

    assert 'route="calls:detail"' in text or 'route="calls:call"' in text
    assert 'gongmo_requests_total{method="GET",route="nowhere",status="4xx"}' in text
    assert call.slug not in text
    assert "900101-1234567" not in text


@pytest.mark.django_db
def test_the_figures_of_queue_deadline_record_and_files_are_told() -> None:
    call = publish_sample_call(make_agency_officer())
    beat("machine:1")
    with clock.at(call.closes_at - timedelta(seconds=90)):
        text = exposition.exposed().decode()
    found = {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.labels
    }

    assert found["gongmo_next_closing_seconds"] == 90
    assert found["gongmo_calls_open"] == 1
    assert found["gongmo_ledger_entries"] == found["gongmo_ledger_unsigned"] > 0
    assert found["gongmo_task_workers"] == 1
    assert found["gongmo_tasks_failed"] == found["gongmo_files_stored"] == 0
    assert (found["gongmo_database_up"], found["gongmo_storage_up"]) == (1, 1)


@pytest.mark.django_db
def test_a_worker_counts_as_long_as_it_says_that_it_lives() -> None:
    beat("machine:1")
    beat("machine:2")
    beat("machine:1")
    Beat.objects.filter(pk="machine:2").update(seen_at=timezone.now() - 2 * ALIVE)
    alive = workers().alive
    leave("machine:1")

    assert (alive, workers().alive) == (1, 0)


def test_refusal_codes_stay_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "MOST_CODES", 1)
    monkeypatch.setattr(metrics, "_codes", {"late"})
    for code in ("late", "made-up-1", "made-up-2"):
        metrics.refused(code)

    text = exposition.generate_latest(metrics._own).decode()

    assert 'code="other"' in text
    assert "made-up" not in text


def test_two_processes_are_counted_together(tmp_path: Path) -> None:
    script = (
        "from gongmo.operation import metrics\n"
        "metrics.observe('web:home', 'GET', 200, 0.02)\n"
        "metrics.PROCESSES.set(1)\n"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    reader = (
        "from prometheus_client import generate_latest\n"
        "from gongmo.operation import metrics\n"
        "print(generate_latest(metrics.registry()).decode())\n"
    )
    read = subprocess.run(
        [sys.executable, "-c", reader], env=environment, check=True, capture_output=True, text=True
    ).stdout

    assert 'gongmo_requests_total{method="GET",route="web:home",status="2xx"} 2.0' in read
    # Both have ended: what lives is none.
    assert "gongmo_web_processes 1" not in read
    assert "gongmo_web_processes 2" not in read
