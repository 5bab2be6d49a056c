"""A backup taken while people work restores clean; a move to another database and storage leaves nothing behind. On both databases."""

import io
import threading
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command
from django.db import ConnectionHandler, DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from gongmo.calls.models import Call
from gongmo.carrying import rows
from gongmo.carrying.arriving import arrive
from gongmo.carrying.backup import Backup, back_up
from gongmo.carrying.moving import move
from gongmo.carrying.pack import Reading
from gongmo.cli.doctor import discover
from gongmo.evaluation.queries import replay
from gongmo.files import commands as files
from gongmo.files import storage
from gongmo.files.models import StoredFile, Upload
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role, system
from gongmo.kernel.errors import Refused
from gongmo.kernel.invariants import examine, invariants
from gongmo.ledger import guards
from gongmo.ledger.models import Checkpoint, Entry
from gongmo.ledger.queries import verify
from gongmo.parties.models import Organisation
from gongmo.privacy import guards as access_guards
from gongmo.privacy import keys
from gongmo.web import config
from tests import builders
from tests.files.bucket_server import new_bucket

pytestmark = pytest.mark.django_db(transaction=True)
ANN = Actor(role=Role.APPLICANT, person=1)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.GONGMO_FILES = tmp_path / "files"
    settings.GONGMO_REHEARSAL_MARK = tmp_path / "rehearsal.json"


def world() -> str:
    """A call with an application that was handed in, and an upload under way. Returns the upload's id."""
    call = builders.publish_sample_call(slug="carried")
    builders.submitted_application(call)
    # A number that was given once and stands nowhere now.
    builders.make_organisation().delete()
    upload = files.create_upload(actor=ANN, name="계획.pdf", size=1000)
    files.append(actor=ANN, upload_id=upload.pk, offset=0, stream=io.BytesIO(b"%PDF-1.7 half"))
    return upload.pk


def emptied() -> None:
    """The database as after its migrations, but for the rows that migrating makes."""
    guards.remove(connection)
    access_guards.remove(connection)
    call_command("flush", verbosity=0, interactive=False)
    guards.install(connection)
    access_guards.install(connection)


def broken() -> dict[str, int]:
    discover()
    return {each.name: len(found) for each in invariants() if (found := examine(each))}


def told(name: str) -> tuple[int, str]:
    counted = rows.Counted(rows.read(connection, rows.tables()[name]))
    for _ in counted:
        pass
    return counted.digest.count, str(counted.digest)


def everything() -> dict[str, tuple[int, str]]:
    return {name: told(name) for name in rows.tables()}


def test_a_backup_taken_while_people_work_restores_clean(tmp_path: Path, settings: LazySettings) -> None:
    upload = world()
    destroyed = files.store(stream=builders.pdf("whose time is over"), name="a.pdf").pk
    StoredFile.objects.filter(pk=destroyed).update(destroyed_at=clock.now())
    stop = threading.Event()
    working = threading.Event()
    acts: list[int] = []

    def work() -> None:
        try:
            while not stop.is_set():
                builders.filled_application(Call.objects.get(), partners=0)
                acts.append(Entry.objects.count())
                working.set()
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    working.wait(30)
    key = pyrage.x25519.Identity.generate()
    made = back_up(actor=system("backup"), target=tmp_path / "backup.tar", key=key.to_public())
    stop.set()
    worker.join(60)
    assert made.missing == ()
    wrong_before = broken()
    assert Entry.objects.count() >= made.entries

    emptied()
    own_keys = settings.GONGMO_FIELD_KEYS
    settings.GONGMO_FILES = tmp_path / "elsewhere"
    settings.GONGMO_FIELD_KEYS = keys.made("k1")
    with Reading(tmp_path / "backup.tar", key, tmp_path) as reading, pytest.raises(Refused) as locked:
        arrive(Backup(reading, tmp_path))
    assert locked.value.code == "field_keys"
    assert "field-keys" in locked.value.ko
    assert not Entry.objects.exists()

    settings.GONGMO_FIELD_KEYS = own_keys
    with Reading(tmp_path / "backup.tar", key, tmp_path) as reading:
        done = arrive(Backup(reading, tmp_path))

    assert (sum(done.tables.values()), done.files, done.uploads) == (made.rows, made.files - 1, 1)
    assert Entry.objects.count() == made.entries
    assert Checkpoint.objects.filter(size__lte=made.entries).exists()
    assert verify() == []
    assert broken() == wrong_before
    assert replay("carried").ok
    assert StoredFile.objects.filter(pk=destroyed).exists()
    assert storage.current().size(storage.content(destroyed)) is None
    # What was acknowledged of the upload is there, and the sender goes on.
    sent = files.append(actor=ANN, upload_id=upload, offset=13, stream=io.BytesIO(b" and more"))
    assert sent.offset == 22


def other_database(path: Path) -> tuple[dict[str, Any], BaseDatabaseWrapper]:
    """A SQLite database with every table, and none of the guards: what is moved from is only read."""
    setting = config.database("", path)
    made = ConnectionHandler({"default": {}, "source": setting}).create_connection("source")
    with made.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    made.disable_constraint_checking()
    connections["source"] = made
    try:
        with made.schema_editor() as editor:
            for model in apps.get_models():
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
    finally:
        del connections["source"]
    return setting, made


def copied_to(tmp_path: Path) -> dict[str, Any]:
    """This database's rows in a database of their own."""
    setting, other = other_database(tmp_path)
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        for model in rows.tables().values():
            rows.write(other, model, rows.read(connection, model))
        cursor.execute("CREATE TABLE django_migrations (app text, name text)")
        with connection.cursor() as here:
            here.execute("SELECT app, name FROM django_migrations")
            cursor.executemany("INSERT INTO django_migrations VALUES (%s, %s)", here.fetchall())
        cursor.execute("COMMIT")
    rows.set_sequences(other, rows.sequences(connection, rows.tables()))
    other.close()
    return setting


def test_a_move_carries_every_row_file_number_and_guard_also_when_it_was_broken_off_before(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    world()
    moved_from = copied_to(tmp_path)
    before, wrong_before = everything(), broken()
    last = Organisation.objects.order_by("pk").last()
    assert last is not None
    hashes = set(StoredFile.objects.values_list("pk", flat=True))
    old = str(settings.GONGMO_FILES)
    emptied()
    settings.GONGMO_FILES_URL = new_bucket()

    def killed(*_: object) -> None:
        raise OSError("the machine went away")

    with monkeypatch.context() as broken_off:
        broken_off.setattr(rows, "set_sequences", killed)
        with pytest.raises(OSError, match="went away"):
            move(database=moved_from, files=old)
    assert (Entry.objects.count(), StoredFile.objects.count()) == (0, 0)

    done = move(database=moved_from, files=old)

    assert done.whole
    assert done.there == len(hashes)
    # The bytes of the upload under way came by another way than its row.
    assert everything() == before
    assert done.uploads == 1
    assert broken() == wrong_before
    assert {key.rpartition("/")[2] for key in (item.key for item in storage.current().listed())} == hashes
    # Numbers that were given once never come again, and the record cannot be altered.
    assert builders.make_organisation().pk == last.pk + 2
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(sequence=1).update(act="forged")
    with pytest.raises(Refused) as refused:
        move(database=moved_from, files=old)
    assert refused.value.code == "target_not_empty"
    assert Upload.objects.count() == 1
