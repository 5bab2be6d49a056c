"""A database of every released version is brought to this one and proved: doctor and replay find nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from gongmo.cli.proving import prove
from gongmo.ledger import queries
from gongmo.privacy import rotation
from gongmo.privacy.fields import encrypted
from gongmo.web import config
from tests.upgrades import released

AFTERWARDS = {"0.1.0.dev1": lambda: [sum(rotation.rotate(field)) for field in encrypted]}
"""What the release after a version asked the operator to do."""


@pytest.fixture
def version(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Any, django_db_blocker: Any
) -> Iterator[str]:
    """An installation of a released version in place of the test's."""
    released.unpack(request.param, tmp_path)
    settings.GONGMO_FIELD_KEYS = released.KEYS["GONGMO_FIELD_KEYS"]
    settings.GONGMO_FILES = tmp_path / "files"
    settings.GONGMO_REHEARSAL_MARK = tmp_path / "rehearsal.json"
    ours = connections["default"]
    with django_db_blocker.unblock():
        theirs = connections["default"] = connections.create_connection("default")
        theirs.settings_dict = theirs.settings_dict | config.database("", tmp_path)
        theirs.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
        yield request.param
        theirs.close()
    connections["default"] = ours


@pytest.mark.skipif(connection.vendor != "sqlite", reason="released databases are kept as SQLite's")
@pytest.mark.parametrize("version", released.versions(), indirect=True)
def test_a_released_database_is_brought_to_this_version_and_proved(
    version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert queries.newest_checkpoint() > 100

    call_command("migrate", interactive=False, verbosity=0)
    AFTERWARDS.get(version, list)()

    assert prove().good
