"""`gongmo manage migrate` on an installation with a record: whole or not at all, and never backwards to an older program."""

import argparse
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gongmo import __version__
from gongmo.carrying.live import Live
from gongmo.cli import work
from gongmo.files import storage
from gongmo.kernel.errors import Refused
from gongmo.ledger import queries, rows
from gongmo.ledger.models import Entry
from gongmo.migrating import too_new
from gongmo.operation.deploy.data import migrations
from gongmo.web.serve import serve
from tests.builders import make_organisation
from tests.upgrades import released

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def unlooked(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """SQLite must know before a test's transaction begins that tables may be made anew in it."""
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        yield
        connection.enable_constraint_checking()


def moved(apps: Any, _: Any) -> None:
    apps.get_model("parties", "organisation").objects.update(address="옮긴 곳")


def fails(*_: Any) -> None:
    raise LookupError("a fault in a migration")


def pending(monkeypatch: pytest.MonkeyPatch, *steps: Any) -> None:
    """One made-up migration for each step, after those that this version has."""
    (last,) = MigrationLoader(None).graph.leaf_nodes("parties")
    made = {}
    for number, step in enumerate(steps, 1):
        migration = Migration(f"{9000 + number}_made_up", "parties")
        migration.dependencies, migration.operations = [last], [operations.RunPython(step)]
        last = ("parties", migration.name)
        made[last] = migration
    load = MigrationLoader.load_disk

    def more(self: MigrationLoader) -> None:
        load(self)
        self.disk_migrations.update(made)

    monkeypatch.setattr(MigrationLoader, "load_disk", more)


class Process(subprocess.Popen[bytes]):
    """A program that waits until it is closed."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        self.communicate()


def wrong() -> list[str]:
    return [name for name, _, _ in rows.differences(queries.row_seals())]


def test_what_migrations_rewrote_is_sealed_and_what_a_hand_wrote_before_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = make_organisation(), make_organisation()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_organisation SET kind = 'x' WHERE id = %s", [bad.pk])
    connection.check_constraints()
    pending(monkeypatch, moved)

    call_command("migrate", interactive=False, verbosity=0, beside_others=True)

    good.refresh_from_db()
    assert good.address == "옮긴 곳"
    assert wrong() == [f"parties.organisation {bad.pk}"]
    entry = Entry.objects.order_by("sequence").last()
    assert entry is not None
    assert (entry.act, entry.subject_id) == ("ledger.reshape", "parties.organisation")
    told = capsys.readouterr()
    assert "parties.organisation" in told.out
    assert f"parties.organisation {bad.pk}" in told.err


def test_an_upgrade_that_fails_halfway_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = make_organisation()
    entries = Entry.objects.count()
    connection.check_constraints()
    pending(monkeypatch, moved, fails)

    with pytest.raises(LookupError):
        call_command("migrate", interactive=False, verbosity=0)

    organisation.refresh_from_db()
    assert organisation.address != "옮긴 곳"
    assert Entry.objects.count() == entries
    assert not [name for _, name in MigrationRecorder(connection).applied_migrations() if "made_up" in name]
    assert wrong() == []


def test_an_older_program_refuses_a_newer_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert too_new(connection) == ""
    MigrationRecorder(connection).record_applied("parties", "9001_of_a_later_version")

    with pytest.raises(CommandError, match=r"parties\.9001_of_a_later_version"):
        call_command("migrate", verbosity=0)
    assert serve(["--no-prepare", "--port", "0"]) == 2
    assert work.run(argparse.Namespace(workers=1, lease=60.0, grace=20.0)) == 2
    with pytest.raises(Refused, match=r"parties\.9001_of_a_later_version"):
        Live(connection, storage.current(), without=frozenset())
    (finding,) = migrations()
    assert "parties.9001_of_a_later_version" in str(finding)
    told = capsys.readouterr().err
    assert told.count("데이터베이스가 이 프로그램보다 새로운 판입니다(parties.9001_of_a_later_version)") == 2


def test_every_migration_can_be_part_of_one_transaction() -> None:
    ours = [each for each in MigrationLoader(None).disk_migrations.values() if each.atomic]

    assert len(ours) == len(MigrationLoader(None).disk_migrations)


def test_nothing_is_altered_while_a_process_of_the_old_version_may_write(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    make_organisation()
    connection.check_constraints()
    pending(monkeypatch, moved)
    settings.GONGMO_HOME = tmp_path
    other: Any
    if connection.vendor == "postgresql":
        import psycopg

        params = connection.get_connection_params()
        other = psycopg.connect(
            **{name: params[name] for name in ("dbname", "user", "host", "port") if name in params}
        )
    else:
        other = Process([sys.executable, "-c", "input()", "gongmo serve"])
        host = socket.gethostname()[:40]
        # A server that runs, and one that has died and whose number another program has now.
        for pid in (other.pid, 1):
            (tmp_path / "run" / f"{host}-{pid}").mkdir(parents=True)

    try:
        with pytest.raises(CommandError, match="다른 프로세스 1개"):
            call_command("migrate", interactive=False, verbosity=0)
    finally:
        other.close()
    assert wrong() == []


def test_the_version_is_told_alike_everywhere_and_its_database_is_kept() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["version"] == __version__
    assert "dev" in __version__ or __version__ in released.versions()
