"""A folder: of this machine, or one that machines share. Laid out as gongmo.files.places says."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from gongmo.files.models import Upload, UploadState
from gongmo.files.storage.base import Item

_OWN = frozenset({"incoming", "partial"})
"""Folders of what is under way; it is listed with the uploads, not with what is kept."""


class Folder:
    """See base.Storage."""

    shared = False

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def keep(self, draft: Path, key: str) -> None:
        target = self._at(key)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.replace(draft, target)
        except OSError as error:
            if error.errno != 18:  # EXDEV: written on another disk.
                raise
            self._copied(draft, target)
        os.utime(target)
        for directory in (target.parent, target.parent.parent):
            _sync(directory)

    def _copied(self, draft: Path, target: Path) -> None:
        descriptor, name = tempfile.mkstemp(dir=self._made("incoming"))
        try:
            with os.fdopen(descriptor, "wb") as handle, draft.open("rb") as source:
                shutil.copyfileobj(source, handle, 1024 * 1024)
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def touch(self, key: str, size: int) -> bool:
        path = self._at(key)
        if not path.is_file() or path.stat().st_size != size:
            return False
        os.utime(path)
        return True

    def size(self, key: str) -> int | None:
        try:
            return self._at(key).stat().st_size
        except FileNotFoundError:
            return None

    def modified(self, key: str) -> float | None:
        try:
            return self._at(key).stat().st_mtime
        except FileNotFoundError:
            return None

    def open(self, key: str, start: int = 0, end: int | None = None) -> BinaryIO:
        handle = self._at(key).open("rb")
        handle.seek(start)
        return handle if end is None else cast(BinaryIO, Part(handle, end - start + 1))

    @contextmanager
    def fetched(self, key: str) -> Iterator[Path]:
        path = self._at(key)
        path.stat()
        yield path

    def remove(self, key: str) -> None:
        self._at(key).unlink(missing_ok=True)

    def listed(self, prefix: str = "") -> Iterator[Item]:
        root = self._at(prefix) if prefix else self.path
        for folder, names, files in os.walk(root):
            if not prefix and Path(folder) == self.path:
                names[:] = [each for each in names if each not in _OWN]
            for name in files:
                path = Path(folder) / name
                if name.startswith(".") or path.is_symlink():
                    continue
                with suppress(FileNotFoundError):
                    found = path.stat()
                    yield Item(path.relative_to(self.path).as_posix(), found.st_size, found.st_mtime)

    def signed(self, key: str, *, seconds: int, disposition: str, media_type: str) -> str | None:
        return None

    def check(self) -> None:
        probe = self._made("incoming") / f".ready-{os.getpid()}"
        probe.write_bytes(b"1")
        probe.unlink(missing_ok=True)

    def room(self) -> int | None:
        return shutil.disk_usage(self._made("partial")).free

    # --- Uploads under way: one growing file each -------------------------------------------------------------------------
    def begin(self, upload_id: str) -> None:
        with self._partial(upload_id).open("xb"):
            pass
        _sync(self._made("partial"))

    def write(self, upload_id: str, at: int, block: bytes | bytearray) -> int | None:
        with self._alone(upload_id) as handle:
            receiving = Upload.objects.filter(pk=upload_id, state=UploadState.RECEIVING)
            stands = receiving.values_list("offset", flat=True).first()
            if stands is None:
                return -1
            there = os.fstat(handle.fileno()).st_size
            if there < stands:  # The disk has lost bytes that were counted: go back to what is there.
                receiving.filter(offset=stands).update(offset=there)
                stands = there
            if stands != at:
                return stands
            handle.truncate(at)
            handle.seek(at)
            handle.write(block)
            handle.flush()
            os.fsync(handle.fileno())
            following = at + len(block)
            return None if receiving.filter(offset=at).update(offset=following) else at

    @contextmanager
    def gathered(self, upload_id: str) -> Iterator[Path]:
        with self._alone(upload_id):
            yield self._partial(upload_id)

    @contextmanager
    def _alone(self, upload_id: str) -> Iterator[BinaryIO]:
        """The upload's bytes, for one process and thread at a time. Raises FileNotFoundError when they are gone."""
        with self._partial(upload_id).open("r+b") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle

    def held(self, upload_id: str) -> int:
        try:
            return self._partial(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    def drop(self, upload_id: str) -> None:
        self._partial(upload_id).unlink(missing_ok=True)

    def _partial(self, upload_id: str) -> Path:
        from gongmo.files.places import is_upload

        if not is_upload(upload_id):
            raise ValueError("not an upload's id")
        return self._made("partial") / upload_id

    def _at(self, key: str) -> Path:
        parts = key.rstrip("/").split("/")
        if not key or any(part in ("", ".", "..") for part in parts):
            raise ValueError("not a key")
        return self.path.joinpath(*parts)

    def _made(self, name: str) -> Path:
        place = self.path / name
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place


class Part:
    """The next so many bytes of an open file. Closes it."""

    def __init__(self, handle: BinaryIO, left: int) -> None:
        self._handle, self._left = handle, left

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        found = self._handle.read(wanted) if wanted else b""
        self._left -= len(found)
        return found

    def close(self) -> None:
        self._handle.close()

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sync(directory: Path) -> None:
    """The names in a folder must survive a power cut as well as the bytes of its files."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
