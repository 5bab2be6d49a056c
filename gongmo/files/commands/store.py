"""Storing a file: hashed while it arrives, never whole in memory, kept once."""

import errno
import hashlib
import logging
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import QuerySet

from gongmo.files import places
from gongmo.files.commands.inspect import look_soon
from gongmo.files.confined import read_files
from gongmo.files.kinds import KINDS, LOCK, Kind, Unfit, kind_of, says_locked
from gongmo.files.models import Inspection, StoredFile
from gongmo.files.names import extension_of, safe_name
from gongmo.files.storage import StorageAway
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger.asking import write
from gongmo.ledger.prepared import prepared

log = logging.getLogger(__name__)
CHUNK = 256 * 1024
DEFAULT_LIMIT = 2 * 1024**3
"""Largest file in bytes where neither the caller nor the setting GONGMO_FILE_LIMIT says otherwise."""
TRIED = 5.0
"""Seconds after which it is given up to learn whether a PDF asks for a password; the program works two at most (gongmo.files.extract)."""


class Kept(NamedTuple):
    """A content that is in its place: its hash, its size in bytes, its kind."""

    sha256: str
    size: int
    kind: Kind


def store(*, stream: BinaryIO, name: str, limit: int | None = None) -> StoredFile:
    """Keep a file's content under its SHA-256 and return its row; the same content is kept once.

    `name` serves only to see whether it promises another kind of file than the content is. `limit` is in bytes. Raises BadInput for
    a file that is empty, too large, broken, dangerous, of an unknown kind or misnamed, and Refused when the disk is full. When
    the surrounding transaction is rolled back the content may stay on the disk without a row; it harms nothing.
    """
    return row_of(keep(stream=stream, name=name, limit=limit))


def keep(*, stream: BinaryIO, name: str, limit: int | None = None) -> Kept:
    """As `store`, but without a row: `row_of` must follow, inside the transaction of the act that takes the file. What gets none is swept."""
    most = limit if limit is not None else limit_of()
    try:
        draft, sha256, size = _receive(stream, most)
    except OSError as error:
        raise disk_refusal(error) from error
    try:
        kind = fit_kind(draft, size, name)
        places.settle(draft, sha256, size)
    except OSError as error:
        raise disk_refusal(error) from error
    finally:
        draft.unlink(missing_ok=True)
    return Kept(sha256, size, kind)


def row_of(kept: Kept) -> StoredFile:
    """The row of a content that is in its place, written where there is none. One statement.

    Somebody may be handing in the same content, and what was destroyed and is handed in anew is theirs to keep. A content that nobody has
    looked into yet (`unseen`) is looked into soon after the surrounding transaction commits.
    """
    with transaction.atomic(savepoint=False):
        stored, asked = _written(
            StoredFile(
                sha256=kept.sha256,
                size=kept.size,
                media_type=kept.kind.media_type,
                extension=kept.kind.extension,
                stored_at=clock.now(),
            )
        )
        # A task of its own for each file would cost every upload more than the look itself; and what this misses, the schedule finds.
        if stored.unseen and not asked:
            transaction.on_commit(look_soon, robust=True)
    return stored


def _written(row: StoredFile) -> tuple[StoredFile, bool]:
    """The row as it now stands, and whether another one waits to be looked into, so that the task for it has been asked for."""
    using = connections[DEFAULT_DB_ALIAS]
    params = [
        field.get_db_prep_save(getattr(row, field.attname), using) for field in row._meta.concrete_fields
    ]
    told, _ = write(using, _insertion(), [*params, row.sha256])
    known = _of.statement()
    assert known is not None  # noqa: S101 - a row by its key
    return known.told([told[0][:-1]], using)[0], bool(told[0][-1])


@cache
def _insertion() -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    table, looks = quote(StoredFile._meta.db_table), quote(Inspection._meta.db_table)
    columns = [quote(str(field.column)) for field in StoredFile._meta.concrete_fields]
    # The names are the models' own. The words stand in the statement itself: only so are the indexes of what waits used.
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
        f" ON CONFLICT (sha256) DO UPDATE SET destroyed_at = NULL RETURNING {', '.join(columns)},"
        f" EXISTS (SELECT 1 FROM {table} other WHERE other.unseen AND other.sha256 <> %s)"
        f" OR EXISTS (SELECT 1 FROM {looks} WHERE state = 'waiting')"
    )


@prepared
def _of(*, sha256: str) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(pk=sha256)


def _receive(stream: BinaryIO, most: int) -> tuple[Path, str, int]:
    """Write the stream to a draft on the disk: its path, hash and size. Nothing is left behind when it is refused."""
    descriptor, name = tempfile.mkstemp(dir=places.incoming())
    draft = Path(name)
    hashed, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as handle:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise too_large(most)
                hashed.update(chunk)
                handle.write(chunk)
            if size == 0:
                raise empty()
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft, hashed.hexdigest(), size


def fit_kind(draft: Path, size: int, name: str) -> Kind:
    """The content's kind, or BadInput in words for the person who chose the file."""
    shown = safe_name(name)
    taken = ", ".join(KINDS)
    try:
        with draft.open("rb") as handle:
            kind = kind_of(handle, size)
            if kind.extension == "pdf" and says_locked(handle, size) and _needs_password(draft):
                raise Unfit("encrypted", "a PDF with a password")
    except Unfit as unfit:
        if unfit.code == "encrypted":
            raise BadInput(
                "file_encrypted",
                f"‘{shown}’ 파일에 암호가 걸려 있어 열 수 없습니다. 암호를 풀고 다시 저장해 올려 주세요.",
                f"“{shown}” is locked with a password. Remove the password, save it and upload it again.",
            ) from unfit
        if unfit.code == "broken":
            raise BadInput(
                "file_broken",
                f"‘{shown}’ 파일이 깨져 있어 열 수 없습니다. 원본을 열어 확인하고 다시 저장해 올려 주세요.",
                f"“{shown}” is broken and cannot be opened. Save it again and upload it.",
            ) from unfit
        if unfit.code == "archive":
            raise BadInput(
                "file_archive_unsafe",
                f"‘{shown}’ 압축 파일은 안전하게 풀 수 없어 받지 않습니다. 안의 파일을 하나씩 올려 주세요.",
                f"“{shown}” cannot be unpacked safely. Upload the files in it one by one.",
            ) from unfit
        raise BadInput(
            "file_type_unknown",
            f"‘{shown}’ 파일의 형식은 받지 않습니다. 받을 수 있는 형식은 {taken}입니다.",
            f"“{shown}” has a format that is not taken. Taken: {taken}.",
        ) from unfit
    promised = extension_of(shown)
    if promised and promised != kind.extension:
        raise BadInput(
            "file_type_mismatch",
            f"‘{shown}’ 파일의 내용은 {kind.extension} 형식입니다. 이름의 확장자를 .{kind.extension}(으)로 고치거나 맞는 파일을 골라 주세요.",
            f"“{shown}” holds {kind.extension} content. Rename it to .{kind.extension} or choose the right file.",
            details={"promised": promised, "found": kind.extension},
        )
    return kind


def _needs_password(draft: Path) -> bool:
    """Whether a PDF that tells of encryption really asks for a password: many only forbid printing. False, too, where that does not show
    at once: the file is taken, and looking into it will tell.
    """
    told = read_files([("draft", LOCK, draft)], wall=TRIED).get("draft", [])
    return any(line.get("locked") for line in told)


def disk_refusal(error: OSError) -> Refused:
    if isinstance(error, StorageAway):
        log.warning("%s", error)
        return storage_away()
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refused(
            "storage_full",
            "저장 공간이 모자라 파일을 받지 못했습니다. 입력하신 내용은 그대로 있습니다. 잠시 뒤 다시 올려 주세요.",
            "There is no room to keep the file. What you typed is still there. Please upload it again later.",
        )
    return Refused(
        "storage_failed",
        "파일을 저장하지 못했습니다. 잠시 뒤 다시 올려 주세요. 계속되면 운영자에게 알려 주세요.",
        "The file could not be kept. Please try again, and tell the operator if it goes on.",
    )


def storage_away() -> Refused:
    """The storage of another machine does not answer."""
    return Refused(
        "storage_away",
        "파일 저장소가 잠시 응답하지 않습니다. 입력하신 내용과 이미 올린 파일은 그대로 있습니다. 1~2분 뒤 다시 해 주세요.",
        "The file storage does not answer for the moment. What you typed and uploaded is safe. Please try again in a minute or two.",
    )


def limit_of() -> int:
    """The largest file in bytes that this installation takes."""
    return int(getattr(settings, "GONGMO_FILE_LIMIT", DEFAULT_LIMIT))


def too_large(most: int) -> BadInput:
    return BadInput(
        "file_too_large",
        f"파일이 너무 큽니다. {_size(most)}까지 올릴 수 있습니다. 크기를 줄여 다시 올려 주세요.",
        f"The file is too large. Up to {_size(most)} can be uploaded.",
        details={"limit": most},
    )


def empty() -> BadInput:
    return BadInput(
        "file_empty",
        "빈 파일입니다. 내용이 있는 파일을 올려 주세요.",
        "The file is empty. Choose a file with content.",
    )


def _size(count: int) -> str:
    if count >= 1024**3 and count % 1024**3 == 0:
        return f"{count // 1024**3:,} GB"
    return f"{count // 1024**2:,} MB" if count >= 1024**2 else f"{count:,} B"
