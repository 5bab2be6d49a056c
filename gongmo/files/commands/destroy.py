"""Destroying files whose time is over: the row and its hash stay, the content goes for good."""

from collections.abc import Iterable

from django.db import transaction

from gongmo.files import places, storage
from gongmo.files.models import Inspection, StoredFile
from gongmo.kernel import clock


def mark_destroyed(sha256s: Iterable[str]) -> list[str]:
    """Mark contents as destroyed, inside the transaction of the decision; a task removes them once it stands. Returns which."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("files are destroyed with the decision that says so")
    from gongmo.files.tasks import destroy

    wanted = sorted(set(sha256s))
    StoredFile.objects.filter(pk__in=wanted).update(destroyed_at=clock.now())
    # What was found in them (words, masked numbers) goes, too.
    Inspection.objects.filter(pk__in=wanted).update(facts={}, text_length=0)
    for sha256 in wanted:
        destroy.enqueue(key=f"destroy:{sha256}", again=True, sha256=sha256)
    return wanted


def remove_destroyed(sha256: str) -> bool:
    """Remove a destroyed file's content and what was derived from it. Content that somebody has handed in again since stays."""
    stored = StoredFile.objects.filter(pk=sha256).first()
    if stored is None or stored.destroyed_at is None:
        return False
    place = storage.current()
    with places.alone() as got:
        if not got:
            raise OSError("another process is at the stored files; the content is removed at the next try")
        for kind in ("pdf", "text"):
            if place.size(storage.derived(sha256, kind)) is not None:
                place.remove(storage.derived(sha256, kind))
        if place.size(storage.content(sha256)) is None:
            return False
        place.remove(storage.content(sha256))
    return True
