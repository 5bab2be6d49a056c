"""What nobody needs is removed, what anybody needs stays, and the doctor sees the difference."""

import io
import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction

from gongmo.files import commands, places, queries
from gongmo.files.commands.sweep import _referred
from gongmo.files.invariants import counted_bytes_are_there, orphans_are_swept
from gongmo.files.models import StoredFile, Upload
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.invariants import Broken
from tests.files import samples

ANN = Actor(role=Role.APPLICANT, person=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.GONGMO_FILES = tmp_path / "files"


def age(path: Path, hours: int = 25) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def rolled_back() -> Path:
    """Content whose row was rolled back."""
    try:
        with transaction.atomic():
            stored = commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")
            raise RuntimeError
    except RuntimeError:
        return places.path_of(stored.sha256)


def broken(check: Callable[[], Iterable[Broken]]) -> list[str]:
    return [each.observed for each in check()]


def test_content_of_a_rolled_back_transaction_goes_when_the_grace_is_over() -> None:
    path = rolled_back()

    assert commands.sweep().contents == 0
    age(path)
    assert commands.sweep().contents == 1
    assert not path.exists()


def test_content_with_a_row_stays_however_old() -> None:
    stored = commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")
    age(places.path_of(stored.sha256), 9999)

    commands.sweep()

    assert list(queries.verify()) == []


def test_content_that_is_stored_again_is_young_again() -> None:
    path = rolled_back()
    age(path)

    commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")

    assert time.time() - path.stat().st_mtime < 60


def test_the_doctor_tells_of_content_that_is_not_swept() -> None:
    path = rolled_back()
    assert broken(orphans_are_swept) == []

    age(path, 49)

    assert broken(orphans_are_swept) == ["content without a row"]


def test_expired_uploads_go_with_what_they_brought_unless_somebody_took_it() -> None:
    partial = commands.create_upload(actor=ANN, name="a.pdf", size=100)
    commands.append(actor=ANN, upload_id=partial.pk, offset=0, stream=io.BytesIO(b"%PDF-"))
    taken, left = (_come(samples.pdf(name)) for name in ("taken", "left"))
    # Another upload still refers to one of them, as a document of a floor above would.
    Upload.objects.create(
        id="x" * 32,
        person=2,
        name="b.pdf",
        size=taken.size,
        offset=taken.size,
        state="stored",
        file=taken,
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
    )
    for each in (taken, left):
        age(places.path_of(each.sha256))

    with clock.at(clock.now() + timedelta(days=4)):
        swept = commands.sweep()

    assert swept.uploads == 3
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [taken.pk]
    assert list(places.partials().iterdir()) == []
    assert not places.path_of(left.sha256).exists()


def _come(content: bytes) -> StoredFile:
    upload = commands.create_upload(actor=ANN, name="a.pdf", size=len(content))
    commands.append(actor=ANN, upload_id=upload.pk, offset=0, stream=io.BytesIO(content))
    return commands.take_upload(actor=ANN, upload_id=upload.pk)


def test_old_drafts_and_what_was_derived_from_lost_files_go() -> None:
    draft = places.incoming() / "tmpabc"
    draft.write_bytes(b"half a file")
    derived = places.derived("0" * 64, "text")
    derived.parent.mkdir(parents=True)
    derived.write_text("[]")
    folder = places.incoming() / "convert-x"
    folder.mkdir()
    for each in (draft, derived, folder):
        age(each)

    swept = commands.sweep()

    assert (swept.drafts, swept.derived) == (2, 1)


def test_every_table_that_refers_to_files_is_asked() -> None:
    stored = commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")

    asked = list(_referred(stored))

    # applications, screening, evaluation, parties …: each foreign key is one.
    assert len(asked) >= 6
    assert not any(asked)


def test_the_doctor_tells_of_counted_bytes_that_are_gone() -> None:
    upload = commands.create_upload(actor=ANN, name="a.pdf", size=100)
    commands.append(actor=ANN, upload_id=upload.pk, offset=0, stream=io.BytesIO(b"%PDF-"))
    assert broken(counted_bytes_are_there) == []

    with places.partial(upload.pk).open("r+b") as handle:
        handle.truncate(2)

    assert broken(counted_bytes_are_there) == ["2 bytes"]
