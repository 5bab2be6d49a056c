"""Preparing and starting the server."""

import os
import socket
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from pytest_django import Settings

from gongmo.web import held, serve
from gongmo.web.held import connections_each, heads
from gongmo.web.serve import Deaths, lead_here


@pytest.fixture
def sources(tmp_path: Path, settings: Settings) -> Path:
    """One folder of static files and an empty place to collect them, hashed as in life."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "page.css").write_text("body { color: black }", "utf-8")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    return folder


def _collected(settings: Settings) -> set[str]:
    return {path.name for path in settings.STATIC_ROOT.glob("page.*.css")}


def test_static_files_are_collected_under_hashed_names(sources: Path, settings: Settings) -> None:
    serve._collect_static()

    assert len(_collected(settings)) == 1


def test_unchanged_static_files_are_left_alone(sources: Path, settings: Settings) -> None:
    serve._collect_static()
    witness = settings.STATIC_ROOT / "witness"
    witness.touch()

    serve._collect_static()

    assert witness.exists()


def test_changed_static_files_are_collected_again(sources: Path, settings: Settings) -> None:
    serve._collect_static()
    before = _collected(settings)
    (sources / "page.css").write_text("body { color: white; }", "utf-8")

    serve._collect_static()

    assert _collected(settings) - before


def test_a_taken_port_is_told_with_another_one(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        code = serve.serve(["--port", str(port), "--no-prepare"])

    assert code == 2
    assert f"PORT={port + 1}" in capsys.readouterr().err


@pytest.mark.django_db
def test_preparing_twice_changes_nothing() -> None:
    call_command("prepare")
    call_command("prepare")

    cache.set("attempts", 1)
    assert cache.get("attempts") == 1


def test_a_few_deaths_in_a_row_do_not_end_the_server() -> None:
    deaths = Deaths(processes=2)

    assert not any(deaths.too_many(float(second), 1) for second in range(20))


def test_a_server_that_cannot_start_is_given_up() -> None:
    deaths = Deaths(processes=1)

    assert any(deaths.too_many(second * 2.5, 1) for second in range(30))


def test_deaths_over_hours_never_end_the_server() -> None:
    deaths = Deaths(processes=1)

    assert not any(deaths.too_many(second * 10.0, 1) for second in range(1000))


def test_mails_of_an_embedded_installation_lead_to_the_port_where_it_is_served(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings are read before the port is known, and web processes are forks that read them no more."""
    monkeypatch.delenv("GONGMO_HOSTS", raising=False)
    # Set and taken away again, so that it is as before afterwards.
    monkeypatch.setenv("GONGMO_SITE_URL", "")
    monkeypatch.delenv("GONGMO_SITE_URL")
    settings.GONGMO_SITE_URL = "http://localhost"

    lead_here(8123)

    assert settings.GONGMO_SITE_URL == os.environ["GONGMO_SITE_URL"] == "http://localhost:8123"


def test_connections_are_shared_among_processes_and_never_more_than_files_allow() -> None:
    assert connections_each(2, 20_000) == held.CONNECTIONS // 2
    assert connections_each(4, 1024) == 1024 - held.OWN_FILES
    assert connections_each(1000, 20_000) == connections_each(1, 100) == 128


def test_heads_are_waited_for_shortly_and_kept_connections_of_a_proxy_longer(settings: Settings) -> None:
    settings.GONGMO_BEHIND_PROXY = False
    directly = heads()
    settings.GONGMO_BEHIND_PROXY = True

    assert (directly.header_read_timeout, heads().header_read_timeout) == (10_000, 150_000)
    assert directly.max_buffer_size >= 32 * 1024
