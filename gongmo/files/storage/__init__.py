"""Where stored bytes lie: a folder of this machine (or one that machines share), or an S3-compatible storage, by GONGMO_FILES_URL.

Everything above asks `current()`; what it answers knows nothing of files' rows. Keys are made here (`content`, `derived`), so that both places
look alike and one can be copied into the other.
"""

from functools import lru_cache
from threading import Lock

from django.conf import settings

from gongmo.files.storage.base import Item, Storage, StorageAway, Writing, content, derived
from gongmo.files.storage.folder import Folder

__all__ = ["Item", "Storage", "StorageAway", "Writing", "content", "current", "derived", "load", "storage_at"]

_naming = Lock()


def current() -> Storage:
    """The storage that the settings name."""
    url = str(getattr(settings, "GONGMO_FILES_URL", ""))
    return storage_at(url) if url else _folder(str(settings.GONGMO_FILES))


def storage_at(url: str) -> Storage:
    """The storage at an address (see gongmo.files.address). Raises ValueError for what is no address."""
    from gongmo.files.address import Address, read

    found = read(url)
    if not isinstance(found, Address):
        return _folder(found)
    # A process's first requests come at once. Each that made one of its own had connections of its own, too.
    with _naming:
        return _bucket(url)


def load() -> None:
    """Load what the storage of the settings needs in every process, asking nobody: processes that are forked later share it."""
    from gongmo.files.address import Address, read

    url = str(getattr(settings, "GONGMO_FILES_URL", ""))
    if url and isinstance(read(url), Address):
        from gongmo.files.storage import bucket

        bucket.load()


@lru_cache(maxsize=64)
def _folder(path: str) -> Storage:
    return Folder(path)


@lru_cache(maxsize=8)
def _bucket(url: str) -> Storage:
    # Half a second and 30 MB that an installation with a folder need not spend.
    from gongmo.files.address import Address, read
    from gongmo.files.storage.bucket import Bucket

    found = read(url)
    assert isinstance(found, Address)  # noqa: S101 - asked by the caller
    return Bucket(found)
