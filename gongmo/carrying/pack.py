"""What holds a backup: a folder, or one tar file; its members in clear, or encrypted for a key (age, https://age-encryption.org/v1).

Only the public half of the key is needed to write: a server that is broken into cannot read its own backups.
"""

import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

import pyrage

from gongmo.kernel.errors import BadInput

CHUNK = 256 * 1024
SUFFIX = ".age"


def recipient(text: str) -> Any:
    """The public key (age1…) for which a backup is encrypted. Raises BadInput."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise BadInput(
            "backup_key",
            "GONGMO_BACKUP_KEY가 age 공개 열쇠(age1…)가 아닙니다. `gongmo backup --new-key`로 만들 수 있습니다.",
            "GONGMO_BACKUP_KEY is no age public key (age1…). `gongmo backup --new-key` makes one.",
        ) from error


def identity(text: str) -> Any:
    """The secret key (AGE-SECRET-KEY-1…) that opens a backup. Raises BadInput."""
    try:
        return pyrage.x25519.Identity.from_str(text.strip())
    except pyrage.IdentityError as error:
        raise BadInput(
            "backup_secret",
            "GONGMO_BACKUP_SECRET이 age 비밀 열쇠(AGE-SECRET-KEY-1…)가 아닙니다.",
            "GONGMO_BACKUP_SECRET is no age secret key (AGE-SECRET-KEY-1…).",
        ) from error


class Writing:
    """A backup that is being written: nothing stands under its name before it is complete."""

    def __init__(self, target: Path, key: Any, room: Path) -> None:
        self.target, self.key, self.room = target, key, room
        self.single = target.suffix == ".tar"
        self.draft = target.with_name(f".{target.name}.part")
        self._tar: tarfile.TarFile | None = None

    def __enter__(self) -> "Writing":
        if self.target.exists() and (self.single or any(self.target.iterdir())):
            raise BadInput(
                "backup_exists",
                f"{self.target}에 이미 무언가 있습니다. 다른 이름으로 만들어 주세요.",
                f"There is something at {self.target} already. Choose another name.",
            )
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.discard()
        if self.single:
            descriptor = os.open(self.draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._tar = tarfile.open(fileobj=os.fdopen(descriptor, "wb"), mode="w", format=tarfile.PAX_FORMAT)
        else:
            self.draft.mkdir(mode=0o700)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._tar is not None:
            self._tar.close()
            handle = cast(BinaryIO, self._tar.fileobj)
            handle.flush()
            os.fsync(handle.fileno())
            handle.close()
        if kind is not None:
            self.discard()
            return
        if self.target.is_dir():
            self.target.rmdir()
        self.draft.rename(self.target)

    def discard(self) -> None:
        """Remove what an earlier try left."""
        if self.draft.is_dir():
            shutil.rmtree(self.draft)
        else:
            self.draft.unlink(missing_ok=True)

    def put(self, name: str, content: BinaryIO, size: int) -> None:
        """Add a member of `size` bytes. Raises OSError, also where the content is shorter."""
        if self.key is not None:
            with tempfile.TemporaryFile(dir=self.room) as sealed:
                pyrage.encrypt_io(content, sealed, [self.key])
                whole = sealed.tell()
                sealed.seek(0)
                self._put(name + SUFFIX, sealed, whole)
        else:
            self._put(name, content, size)

    def _put(self, name: str, content: Any, size: int) -> None:
        if self._tar is not None:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = size, 0o600
            self._tar.addfile(entry, content)
            return
        path = self.draft / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as handle:
            shutil.copyfileobj(content, handle, CHUNK)
            handle.flush()
            os.fsync(handle.fileno())


class Reading:
    """A backup that is there. Its members are found by name, in any order."""

    def __init__(self, source: Path, secret: Any, room: Path) -> None:
        self.source, self.secret, self.room = source, secret, room
        self._tar: tarfile.TarFile | None = None
        self._members: dict[str, tarfile.TarInfo] = {}

    def __enter__(self) -> "Reading":
        if self.source.is_file():
            try:
                self._tar = tarfile.open(self.source, mode="r:")
                self._members = {entry.name: entry for entry in self._tar if entry.isreg()}
            except tarfile.TarError as error:
                raise unreadable(str(error)) from error
        elif not self.source.is_dir():
            raise unreadable("no such folder or file")
        return self

    def __exit__(self, *_: object) -> None:
        if self._tar is not None:
            self._tar.close()

    @property
    def sealed(self) -> bool:
        """Whether it is encrypted."""
        return self._has(f"manifest.json{SUFFIX}")

    def _has(self, name: str) -> bool:
        return name in self._members if self._tar is not None else (self.source / name).is_file()

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A member's content. Raises BadInput for one that is missing or cannot be opened."""
        if not self.sealed:
            with self._open(name) as content:
                yield content
            return
        if self.secret is None:
            raise BadInput(
                "backup_sealed",
                "암호화한 백업입니다. GONGMO_BACKUP_SECRET에 비밀 열쇠를 넣어 주세요.",
                "The backup is encrypted. Set GONGMO_BACKUP_SECRET to the secret key.",
            )
        with tempfile.TemporaryFile(dir=self.room) as clear, self._open(name + SUFFIX) as sealed:
            try:
                pyrage.decrypt_io(sealed, clear, [self.secret])
            except pyrage.DecryptError as error:
                raise unreadable(f"{name}: {error}") from error
            clear.seek(0)
            yield cast(BinaryIO, clear)

    @contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        if not self._has(name):
            raise unreadable(f"{name} is missing")
        if self._tar is not None:
            found = self._tar.extractfile(self._members[name])
            assert found is not None  # noqa: S101 - only regular files are members
            with found:
                yield cast(BinaryIO, found)
        else:
            with (self.source / name).open("rb") as handle:
                yield handle

    def read(self, name: str) -> bytes:
        with self.open(name) as content:
            return content.read()


class Hashed(io.RawIOBase):
    """Passes a content on, with its hash and size."""

    def __init__(self, content: BinaryIO) -> None:
        self._content, self._hash, self.size = content, sha256(), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        found = self._content.read(size)
        self._hash.update(found)
        self.size += len(found)
        return found

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def unreadable(told: str) -> BadInput:
    """A backup that is damaged or is none."""
    return BadInput(
        "backup_unreadable",
        f"이 백업은 읽을 수 없거나 온전하지 않습니다. 다른 백업으로 해 주세요. ({told})",
        f"This backup cannot be read or is not whole. Use another one. ({told})",
    )
