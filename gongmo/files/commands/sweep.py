"""Removing what nobody needs: uploads that were given up, and content that no row refers to (its transaction was rolled back)."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import IntegrityError, transaction

from gongmo.files import places
from gongmo.files.models import StoredFile, Upload, UploadState
from gongmo.kernel import clock

GRACE = timedelta(hours=24)
"""How long content may be without a row: far longer than any transaction."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many uploads, contents without a row, drafts and derived files were removed."""

    uploads: int
    contents: int
    drafts: int
    derived: int


def sweep(*, grace: timedelta = GRACE) -> Swept:
    """Remove what expired uploads left, and content, drafts and derived files that have had no row for `grace`."""
    uploads = _uploads()
    contents = sum(_remove_content(path, grace) for path in _contents())
    drafts = sum(
        _remove_old(path, grace)
        for folder in (places.incoming(), places.partials())
        for path in folder.iterdir()
        if not Upload.objects.filter(pk=path.name).exists()
    )
    derived = sum(
        _remove_old(path, grace)
        for path in (places.folder() / "derived").glob("??/*")
        if not StoredFile.objects.filter(pk=path.name.split(".")[0]).exists()
    )
    return Swept(uploads, contents, drafts, derived)


def _uploads() -> int:
    """Expired uploads, and the stored files that came by them and were taken by nobody."""
    expired = Upload.objects.filter(expires_at__lte=clock.now()).exclude(state=UploadState.CHECKING)
    removed = 0
    for upload in expired.iterator():
        places.partial(upload.pk).unlink(missing_ok=True)
        upload.delete()
        removed += 1
        if upload.file_id is not None:
            _release(upload.file_id)
    return removed


def _release(sha256: str) -> None:
    """Drop the row of a stored file that nothing refers to; its content goes when the grace is over."""
    with places.shared(alone=True):
        if _young(places.path_of(sha256), GRACE):
            return
        stored = StoredFile.objects.filter(pk=sha256).first()
        if stored is None or any(_referred(stored)):
            return
        try:
            with transaction.atomic():
                stored.delete()
        except IntegrityError:  # It was taken in this moment: it stays.
            return


def _referred(stored: StoredFile) -> Iterator[bool]:
    """Whether each table that may refer to a stored file does; the floors above are known to the database only."""
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and relation.name != "inspection":
            model, field = relation.related_model, relation.field.name  # type: ignore[union-attr]
            yield model._base_manager.filter(**{field: stored}).exists()  # type: ignore[union-attr]


def orphans(grace: timedelta = GRACE) -> Iterator[Path]:
    """Content without a row for longer than `grace`."""
    for path in _contents():
        if not _young(path, grace) and not StoredFile.objects.filter(pk=path.name).exists():
            yield path


def _contents() -> Iterator[Path]:
    for path in places.folder().glob("??/??/*"):
        if len(path.name) == 64 and path.parts[-3] == path.name[:2]:
            yield path


def _remove_content(path: Path, grace: timedelta) -> bool:
    if _young(path, grace) or StoredFile.objects.filter(pk=path.name).exists():
        return False
    with places.shared(alone=True):
        # Asked again, now that nobody can be keeping it: a store makes the content young first and its row afterwards.
        if _young(path, grace) or StoredFile.objects.filter(pk=path.name).exists():
            return False
        path.unlink(missing_ok=True)
    return True


def _remove_old(path: Path, grace: timedelta) -> bool:
    if _young(path, grace):
        return False
    if path.is_dir():  # A conversion whose worker was killed.
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return True


def _young(path: Path, grace: timedelta) -> bool:
    """Whether a file was written within `grace`: by the disk's clock, which a rehearsal does not move. A missing one is not."""
    try:
        return time.time() - path.stat().st_mtime < grace.total_seconds()
    except FileNotFoundError:
        return False
