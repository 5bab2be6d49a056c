"""Opening stored files, and the check that they are what their rows say."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gongmo.files import places
from gongmo.files.models import StoredFile, Upload, UploadState
from gongmo.files.policies import may_handle
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.invariants import Broken

_CHUNK = 1024 * 1024


def open_file(sha256: str) -> BinaryIO:
    """The content, open for reading. Raises NotFound. The caller has asked whether the reader may see it, and closes it."""
    try:
        return places.path_of(sha256).open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise NotFound from error


def hash_of(path: Path) -> str:
    """SHA-256 of a file on the disk."""
    hashed = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def verify() -> Iterator[Broken]:
    """Every row whose content is missing, of another size, or of another hash. Reads all stored bytes."""
    for sha256, size in StoredFile.objects.order_by("sha256").values_list("sha256", "size").iterator():
        path = places.path_of(sha256)
        if not path.is_file():
            yield Broken(f"file {sha256}", "missing", f"{size} bytes")
        elif path.stat().st_size != size:
            yield Broken(f"file {sha256}", f"{path.stat().st_size} bytes", f"{size} bytes")
        elif (actual := hash_of(path)) != sha256:
            yield Broken(f"file {sha256}", f"content {actual}", f"content {sha256}")


def upload_for(actor: Actor, upload_id: str) -> Upload:
    """The actor's own upload, or NotFound."""
    upload = Upload.objects.select_related("file").filter(pk=upload_id, expires_at__gt=clock.now()).first()
    if upload is None or not may_handle(actor, upload):
        raise NotFound
    return upload


def uploads_under_way(actor: Actor, purpose: str | None = None) -> list[Upload]:
    """The actor's uploads that have not come in completely, oldest first; of one purpose where it is given."""
    found = Upload.objects.filter(
        person=actor.person, state=UploadState.RECEIVING, expires_at__gt=clock.now()
    ).order_by("created_at")
    return list(found if purpose is None else found.filter(purpose=purpose))
