"""A backup shows nothing that it should not, and a damaged one is never taken for whole."""

import gzip
import json
import tarfile
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import pyrage
import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from gongmo.carrying import rows
from gongmo.carrying.arriving import arrive
from gongmo.carrying.backup import Backup, back_up
from gongmo.carrying.live import Live
from gongmo.carrying.pack import Reading, identity, recipient
from gongmo.carrying.snapshot import moment
from gongmo.cli import main
from gongmo.files import storage
from gongmo.kernel import clock
from gongmo.kernel.actor import system
from gongmo.kernel.errors import BadInput, Refused

pytestmark = pytest.mark.django_db
KEY = pyrage.x25519.Identity.generate()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.GONGMO_FILES = tmp_path / "files"


def made(target: Path, **more: object) -> Path:
    back_up(actor=system("backup"), target=target, **more)  # type: ignore[arg-type]
    return target


def rows_of(backup: Path, secret: object = None) -> int:
    """Reads everything that is in a backup."""
    with Reading(backup, secret, backup.parent) as reading:
        source = Backup(reading, backup.parent)
        tables = rows.tables(without=source.without)
        found = sum(1 for name, model in tables.items() for _ in source.rows(name, model))
        return found + sum(1 for _ in source.files())


def test_a_folder_and_a_tar_file_hold_the_same(tmp_path: Path) -> None:
    folder, single = made(tmp_path / "백업"), made(tmp_path / "백업.tar")

    assert rows_of(folder) == rows_of(single) > 0
    assert {path.stat().st_mode & 0o077 for path in [single, folder]} == {0}
    assert "django_session" not in json.loads((folder / "manifest.json").read_text())["manifest"]["members"]


def test_what_was_acknowledged_by_the_instant_that_a_backup_names_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def later(given: BaseDatabaseWrapper) -> AbstractContextManager[BaseDatabaseWrapper]:
        taken.append(clock.now())
        return moment(given)

    monkeypatch.setattr("gongmo.carrying.backup.moment", later)

    done = back_up(actor=system("backup"), target=tmp_path / "b")

    assert datetime.fromisoformat(done.made_at) <= taken[0]


def test_an_encrypted_backup_opens_with_its_secret_key_only(tmp_path: Path) -> None:
    backup = made(tmp_path / "b.tar", key=recipient(str(KEY.to_public())))

    with tarfile.open(backup) as members:
        names = members.getnames()
        assert all(name.endswith(".age") for name in names)
        first = members.extractfile(names[0])
        assert first is not None
        assert first.read().startswith(b"age-encryption.org/v1")
    assert rows_of(backup, identity(str(KEY))) > 0
    for secret, code in ((None, "backup_sealed"), (pyrage.x25519.Identity.generate(), "backup_unreadable")):
        with pytest.raises(BadInput) as told:
            rows_of(backup, secret)
        assert told.value.code == code
    for given in (recipient, identity):
        with pytest.raises(BadInput):
            given("age1nonsense")


def test_every_kind_of_damage_is_found(tmp_path: Path) -> None:
    backup = made(tmp_path / "b")
    member = backup / "tables" / "django_content_type.jsonl.gz"
    manifest = backup / "manifest.json"
    whole, told = member.read_bytes(), manifest.read_text()
    lines = gzip.decompress(whole).splitlines(keepends=True)

    def damaged() -> str:
        with pytest.raises(BadInput) as refused:
            rows_of(backup)
        return refused.value.code

    for content in (whole[:-9], gzip.compress(b"".join(lines[:-1])), b"", whole + b"x"):
        member.write_bytes(content)
        assert damaged() == "backup_unreadable"
    member.unlink()
    assert damaged() == "backup_unreadable"
    member.write_bytes(whole)
    for text in (told.replace('"entries": 0', '"entries": 1'), told[:-5], "{}", "[]"):
        manifest.write_text(text)
        assert damaged() == "backup_unreadable"
    manifest.write_text(told)
    assert rows_of(backup) > 0
    with pytest.raises(BadInput), Reading(tmp_path / "nowhere", None, tmp_path):
        pass


def test_what_is_there_is_not_written_over_and_a_failed_backup_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = made(tmp_path / "b.tar")
    before = backup.read_bytes()

    with pytest.raises(BadInput) as told:
        made(backup)
    assert (told.value.code, backup.read_bytes() == before) == ("backup_exists", True)
    monkeypatch.setattr("gongmo.carrying.backup._files", lambda *_: 1 / 0)
    for name in ("c", "c.tar"):
        with pytest.raises(ZeroDivisionError):
            made(tmp_path / name)
    assert {path.name for path in tmp_path.iterdir()} - {"files"} == {"b.tar"}


def test_a_storage_or_version_that_does_not_fit_is_refused_before_anything_is_written(
    tmp_path: Path, settings: LazySettings
) -> None:
    backup = made(tmp_path / "b")
    stray = tmp_path / "files" / "aa" / "bb" / ("aabb" + "0" * 60)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"of somebody else")

    def arriving() -> str:
        with Reading(backup, None, tmp_path) as reading:
            source = Backup(reading, tmp_path)
            source.told.migrations += later
            with pytest.raises(Refused) as refused:
                arrive(source)
        return refused.value.code

    later: list[tuple[str, str]] = []
    assert arriving() == "storage_not_empty"
    later = [("files", "9999_of_a_later_version")]
    assert arriving() == "version_unknown"


def test_the_command_makes_keys_and_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["backup", "--new-key"]) == 0
    words = capsys.readouterr()
    public, secret = words.out.split()
    assert recipient(public.partition("=")[2])
    assert identity(secret.partition("=")[2])
    assert "잃어버리면" in words.err
    assert main.main(["backup"]) == 2
    assert main.main(["move"]) == 2
    assert "받을 곳을 둘 다" in capsys.readouterr().err


def test_a_database_of_another_version_is_not_read() -> None:
    MigrationRecorder.Migration.objects.filter(app="ledger").delete()

    with pytest.raises(Refused) as told:
        Live(connection, storage.current(), without=frozenset())

    assert told.value.code == "version_pending"
