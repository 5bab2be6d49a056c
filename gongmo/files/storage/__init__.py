"""Where stored bytes lie: a folder of this machine (or one that machines share), or an S3-compatible storage, by GONGMO_FILES_URL.

Everything above asks `current()`; what it answers knows nothing of files' rows. Keys are made here (`content`, `derived`), so that both places
look alike and one can be copied into the other.
"""

from functools import lru_cache

from django.conf import settings

from gongmo.files.storage.base import Item, Storage, StorageAway, Writing, content, derived
from gongmo.files.storage.folder import Folder

__all__ = ["Item", "Storage", "StorageAway", "Writing", "content", "current", "derived", "storage_at"]


def current() -> Storage:
    """The storage that the settings name."""
    url = str(getattr(settings, "GONGMO_FILES_URL", ""))
    return storage_at(url) if url else _folder(str(settings.GONGMO_FILES))


def storage_at(url: str) -> Storage:
    """The storage at an address (see gongmo.files.address). Raises ValueError for what is no address."""
    from gongmo.files.address import Address, read

    found = read(url)
    return _bucket(url) if isinstance(found, Address) else _folder(found)


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
