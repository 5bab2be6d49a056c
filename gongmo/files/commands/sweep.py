"""Removing what nobody needs: uploads that were given up, and content that no row refers to (its transaction was rolled back)."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from gongmo.files import places, storage
from gongmo.files.models import Piece, StoredFile, Upload, UploadState
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
    """Remove what expired uploads left, and content, drafts and derived files that have had no row for `grace`.

    Raises OSError when the storage does not answer; what is left is removed the next time.
    """
    uploads = _uploads()
    contents = sum(_remove_content(item, grace) for item in _contents())
    # What was being written, fetched or converted on this machine when its process ended.
    passing = Path(settings.FILE_UPLOAD_TEMP_DIR)
    own = [*places.incoming().iterdir(), *passing.glob("fetched-*"), *passing.glob("*.upload*")]
    drafts = sum(_remove_old(path, grace) for path in own) + _pieces(grace)
    derived = sum(_remove_derived(item, grace) for item in storage.current().listed("derived/"))
    return Swept(uploads, contents, drafts, derived)


def _uploads() -> int:
    """Expired uploads, and the stored files that came by them and were taken by nobody."""
    expired = Upload.objects.filter(expires_at__lte=clock.now()).exclude(state=UploadState.CHECKING)
    removed = 0
    for upload in expired.iterator():
        storage.current().drop(upload.pk)
        upload.delete()
        removed += 1
        if upload.file_id is not None:
            _release(upload.file_id)
    return removed


def _pieces(grace: timedelta) -> int:
    """Bytes of uploads that have no row (any more), and blocks that were written and never counted."""
    removed = 0
    for item in storage.current().listed("partial/"):
        upload_id = item.key.split("/")[1]
        counted = Piece.objects.filter(upload=upload_id)
        known = (
            any(piece.key == item.key for piece in counted)
            if item.key.count("/") > 1
            else Upload.objects.filter(pk=upload_id).exists()
        )
        if not known and not _young(item.modified, grace):
            storage.current().remove(item.key)
            removed += 1
    return removed


def _release(sha256: str) -> None:
    """Drop the row of a stored file that nothing refers to; its content goes when the grace is over."""
    with places.alone() as got:
        if not got or _young(storage.current().modified(storage.content(sha256)), GRACE):
            return
        stored = StoredFile.objects.filter(pk=sha256).first()
        if stored is None or any(_referred(stored)):
            return
        try:
            with transaction.atomic():
                stored.delete()
                if connection.vendor == "postgresql":
                    # Looked at now, and not when the lock's transaction ends, where nobody would catch it.
                    connection.check_constraints()
        except IntegrityError:  # It was taken in this moment: it stays.
            return


def _referred(stored: StoredFile) -> Iterator[bool]:
    """Whether each table that may refer to a stored file does; the floors above are known to the database only."""
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and relation.name != "inspection":
            model, field = relation.related_model, relation.field.name  # type: ignore[union-attr]
            yield model._base_manager.filter(**{field: stored}).exists()  # type: ignore[union-attr]


def orphans(grace: timedelta = GRACE) -> Iterator[storage.Item]:
    """Content without a row for longer than `grace`."""
    for item in _contents():
        if not _young(item.modified, grace) and not StoredFile.objects.filter(pk=_name(item)).exists():
            yield item


def _contents() -> Iterator[storage.Item]:
    for item in storage.current().listed():
        name = _name(item)
        if len(name) == 64 and item.key == f"{name[:2]}/{name[2:4]}/{name}":
            yield item


def _name(item: storage.Item) -> str:
    return item.key.rpartition("/")[2]


def _remove_content(item: storage.Item, grace: timedelta) -> bool:
    sha256 = _name(item)
    if _young(item.modified, grace) or StoredFile.objects.filter(pk=sha256).exists():
        return False
    with places.alone() as got:
        # Asked again, now that nobody can be keeping it: a store makes the content young first and its row afterwards.
        if not got or _young(storage.current().modified(item.key), grace):
            return False
        if StoredFile.objects.filter(pk=sha256).exists():
            return False
        storage.current().remove(item.key)
    return True


def _remove_derived(item: storage.Item, grace: timedelta) -> bool:
    if _young(item.modified, grace) or StoredFile.objects.filter(pk=_name(item).split(".")[0]).exists():
        return False
    storage.current().remove(item.key)
    return True


def _remove_old(path: Path, grace: timedelta) -> bool:
    try:
        if _young(path.stat().st_mtime, grace):
            return False
    except FileNotFoundError:
        return False
    if path.is_dir():  # A conversion whose worker was killed.
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return True


def _young(modified: float | None, grace: timedelta) -> bool:
    """Whether something was written within `grace`: by the disk's clock, which a rehearsal does not move. A missing one is not."""
    return modified is not None and time.time() - modified < grace.total_seconds()
