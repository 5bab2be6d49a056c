"""Opening stored files, and the check that they are what their rows say."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gongmo.files import places
from gongmo.files.models import StoredFile
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
