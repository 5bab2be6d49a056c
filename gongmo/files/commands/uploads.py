"""Files on their way in: begun, filled piece by piece, checked, taken. What was acknowledged is in the storage.

The row's offset is the truth. Bytes are written and made durable first and counted after, so that a crash in between leaves bytes
that nobody counted, which the next piece overwrites or the sweep removes. Nothing is locked while the sender is waited for: each block asks
whether it still comes next. Of two senders of the same piece one goes on and the other is told where things stand.
"""

import errno
import hashlib
import logging
import re
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, Sum

from gongmo.files import places, queries, storage
from gongmo.files.commands.store import (
    CHUNK,
    Kept,
    disk_refusal,
    empty,
    fit_kind,
    limit_of,
    row_of,
    too_large,
)
from gongmo.files.models import StoredFile, Upload, UploadState
from gongmo.files.names import safe_name
from gongmo.files.policies import may_upload
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.locks import take_turn

log = logging.getLogger(__name__)
BLOCK = 4 * 1024**2
"""Bytes that are written, made durable and counted at a time."""
PIECE = 64 * 1024
LONGEST = 25.0
"""Seconds that one request may go on sending. What came until then is kept; the sender goes on from there."""
SMALL = 16 * 1024**2
"""Up to this many bytes a file is checked while its sender waits; larger ones are handed to a task."""
MOST = 100
"""Uploads that one person may have under way."""
FINISHED = 5
"""How many times the quota a person may send within the life of an upload, what is finished included."""
ROOM = 256 * 1024**2
"""Bytes that stay free on the disk: the record and the database must go on when uploads no longer can."""

_HEX = re.compile(r"[0-9a-f]{64}")


class Source(Protocol):
    """Where bytes come from: returns fewer than asked for only at the end."""

    def read(self, size: int, /) -> bytes: ...


def create_upload(
    *, actor: Actor, name: str, size: int, purpose: str = "", modified: str = "", sha256: str = ""
) -> Upload:
    """Begin an upload of `size` bytes. Raises BadInput when it is empty or too large, Refused when there is no room for it.

    `purpose` is a short word of the page that asks for the file; `modified` the sender's mark of the file's last change; `sha256` what the
    content hashes to, when the sender knows already.
    """
    may_upload.require(actor)
    person = cast(int, actor.person)
    if size <= 0:
        raise empty()
    if size > limit_of():
        raise too_large(limit_of())
    now = clock.now()
    upload = Upload(
        id=secrets.token_urlsafe(24),
        person=person,
        purpose=purpose[:200],
        name=safe_name(name),
        size=size,
        modified=modified[:20],
        sha256=_claimed(sha256),
        created_at=now,
        expires_at=now + timedelta(hours=int(getattr(settings, "GONGMO_UPLOAD_HOURS", 72))),
    )
    place = storage.current()
    try:
        room = place.room()
        if room is not None and room - size < ROOM:
            raise disk_refusal(OSError(errno.ENOSPC, "the room that stays free"))
        with transaction.atomic():
            # Counted and written in one turn: of many that are begun at once each counts those before it.
            take_turn("files.uploads", person)
            _require_quota(person, size)
            upload.save(force_insert=True)
    except OSError as error:
        raise disk_refusal(error) from error
    try:
        place.begin(upload.id)
    except OSError as error:
        upload.delete()
        raise disk_refusal(error) from error
    return upload


def _require_quota(person: int, size: int) -> None:
    """Refuse what one person may not have under way as well. Inside the turn of that person's uploads."""
    unfinished = Q(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    standing = Upload.objects.filter(person=person, expires_at__gt=clock.now()).aggregate(
        count=Count("id", filter=unfinished), total=Sum("size", filter=unfinished), all=Sum("size")
    )
    quota = int(getattr(settings, "GONGMO_UPLOAD_QUOTA", 4 * limit_of()))
    if (
        standing["count"] >= MOST
        or (standing["total"] or 0) + size > quota
        # Finished ones count, too: nobody fills the disk with files that are never handed in.
        or (standing["all"] or 0) + size > FINISHED * quota
    ):
        raise Refused(
            "upload_quota",
            "며칠 사이에 올린 파일이 너무 많습니다. 올리다 만 파일을 마저 올리거나 지운 뒤 다시 올려 주세요.",
            "Too much was uploaded within a few days. Finish or drop unfinished uploads, then try again.",
        )


def append(*, actor: Actor, upload_id: str, offset: int, stream: Source) -> Upload:
    """Add what the stream holds at `offset` and return the upload as it then stands.

    A stream that breaks off keeps what had come. Raises NotFound; Refused `upload_offset` (details: offset) unless `offset` is where
    the upload stands, `upload_closed` when it takes no more bytes, `storage_full` when the disk is full.
    """
    upload = queries.upload_for(actor, upload_id)
    if upload.state != UploadState.RECEIVING:
        raise _closed()
    if upload.offset != offset:
        raise _moved(upload.offset)
    until = time.monotonic() + LONGEST
    at = offset
    while at < upload.size and time.monotonic() < until:
        block, ended = _read(stream, min(BLOCK, upload.size - at), until)
        if block:
            at = _write(upload, at, block)
        if ended:
            break
    upload.offset = at
    return upload


def _read(stream: Source, wanted: int, until: float) -> tuple[bytearray, bool]:
    """Up to `wanted` bytes, and whether the stream has ended."""
    block = bytearray()
    while len(block) < wanted and time.monotonic() < until:
        try:
            piece = stream.read(min(PIECE, wanted - len(block)))
        except OSError:  # The sender is gone; what came until now counts.
            return block, True
        if not piece:
            return block, True
        block += piece
    return block, False


def _write(upload: Upload, at: int, block: bytearray) -> int:
    """Write a block where the upload stands, durably, and count it. Returns where the upload then stands."""
    try:
        stands = storage.current().write(upload.pk, at, block)
    except FileNotFoundError as error:
        raise NotFound from error
    except OSError as error:
        raise disk_refusal(error) from error
    if stands is None:
        return at + len(block)
    raise _closed() if stands < 0 else _moved(stands)


def finish_upload(*, actor: Actor, upload_id: str, sha256: str = "") -> Upload:
    """See that everything came, as it was sent, and keep it as a stored file.

    Small files are checked at once; a larger one's state is then `checking` until a task has read it. `sha256` is what the sender
    counted. Raises NotFound, Refused `upload_incomplete` (details: offset), and BadInput as `store` does when the file is not taken;
    asked again, it answers the same.
    """
    upload = queries.upload_for(actor, upload_id)
    if upload.state == UploadState.RECEIVING:
        if upload.offset < upload.size:
            raise Refused(
                "upload_incomplete",
                "파일이 아직 다 올라오지 않았습니다. 이어서 올려 주세요.",
                "The file has not arrived completely. Please go on with the upload.",
                details={"offset": upload.offset, "size": upload.size},
            )
        if claimed := _claimed(sha256):
            Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING).update(sha256=claimed)
        if upload.size > SMALL:
            from gongmo.files import tasks  # Tasks call commands.

            with transaction.atomic():
                Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING).update(
                    state=UploadState.CHECKING
                )
                tasks.settle_upload.enqueue(key=f"settle:{upload.pk}", upload_id=upload.pk)
            upload.refresh_from_db()
        else:
            upload = settle_upload(upload_id=upload.pk)
    if upload.state == UploadState.REFUSED:
        raise _told(upload)
    return upload


def take_upload(*, actor: Actor, upload_id: str, purpose: str | None = None) -> StoredFile:
    """The stored file of an upload that has come in, for a command that keeps it. Call it before locking anything, as `store`.

    It may be taken again until the upload expires, so that a refused form need not send the file twice. Raises what `finish_upload`
    raises, NotFound where it was sent for another purpose, and Refused `upload_checking` while a large file is still being read.
    """
    upload = queries.upload_for(actor, upload_id)
    if purpose is not None and upload.purpose != purpose:
        raise NotFound
    upload = finish_upload(actor=actor, upload_id=upload_id)
    if upload.file is None:
        raise Refused(
            "upload_checking",
            "파일을 확인하고 있습니다. 올린 파일은 그대로 있으니 잠시 뒤 다시 눌러 주세요.",
            "The file is being checked. It is safe; please try again in a moment.",
        )
    return upload.file


def discard_upload(*, actor: Actor, upload_id: str) -> None:
    """Drop an upload with what came of it. A stored file that something refers to stays. Raises NotFound.

    One that is stored already keeps its row, which nobody reaches any more, until it expires: it goes on counting, for its bytes are still
    there, and the sweep takes them by it.
    """
    upload = queries.upload_for(actor, upload_id)
    if upload.state == UploadState.STORED:
        upload.refusal = {"code": queries.DROPPED}
        upload.save(update_fields=["refusal"])
        return
    _drop(upload_id)
    upload.delete()


def settle_upload(*, upload_id: str) -> Upload:
    """Count the hash of everything that came and keep it as a stored file, or note why it is not taken. Once, however often it is called.

    Raises Upload.DoesNotExist, and Refused when the disk fails (the upload then stays as it is).
    """
    try:
        with storage.current().gathered(upload_id) as draft:
            upload = Upload.objects.select_related("file").get(pk=upload_id)
            if upload.state in (UploadState.STORED, UploadState.REFUSED):
                return upload
            try:
                actual = _hash(draft)
                _compare(upload, draft, actual)
                kind = fit_kind(draft, upload.size, upload.name)
            except BadInput as refused:
                return _refuse(upload, refused)
            # Noted before the bytes move, so that a crash in between can be mended below.
            Upload.objects.filter(pk=upload_id).update(sha256=actual)
            places.settle(draft, actual, upload.size)
            _drop(upload_id)
            upload.sha256 = actual
            return _keep(upload, row_of(Kept(actual, upload.size, kind)))
    except FileNotFoundError:
        return _mend(upload_id)
    except OSError as error:
        raise disk_refusal(error) from error


def _mend(upload_id: str) -> Upload:
    """An upload whose bytes are no longer among the pieces: already kept by another process, or half-way when one was killed."""
    upload = Upload.objects.select_related("file").get(pk=upload_id)
    if upload.state in (UploadState.STORED, UploadState.REFUSED):
        return upload
    place = storage.current()
    try:
        key = storage.content(upload.sha256) if upload.sha256 else ""
        if not key or place.size(key) != upload.size:
            raise NotFound
        with place.fetched(key) as path:
            kind = fit_kind(path, upload.size, upload.name)
    except OSError as error:
        raise disk_refusal(error) from error
    return _keep(upload, row_of(Kept(upload.sha256, upload.size, kind)))


def _keep(upload: Upload, stored: StoredFile) -> Upload:
    upload.file, upload.state, upload.offset = stored, UploadState.STORED, upload.size
    upload.save(update_fields=["file", "state", "offset"])
    return upload


def _refuse(upload: Upload, refused: Refused) -> Upload:
    """Note why the file is not taken. Its bytes are of no more use."""
    upload.state = UploadState.REFUSED
    upload.refusal = {
        "code": refused.code,
        "ko": refused.ko,
        "en": refused.en,
        "details": refused.details,
    }
    upload.save(update_fields=["state", "refusal"])
    _drop(upload.pk)
    return upload


def _drop(upload_id: str) -> None:
    """Forget the bytes that came. Where the storage does not answer, the sweep sees to it later."""
    try:
        storage.current().drop(upload_id)
    except OSError as error:
        log.warning("the bytes of an upload stay until the next sweep: %s", error)


def _compare(upload: Upload, draft: Path, actual: str) -> None:
    """Refuse what is not what was sent."""
    if draft.stat().st_size != upload.size or (upload.sha256 and upload.sha256 != actual):
        raise BadInput(
            "upload_altered",
            f"‘{upload.name}’ 파일이 오는 도중에 달라졌습니다. 받은 것은 버렸으니 다시 올려 주세요.",
            f"“{upload.name}” was altered on its way. What arrived is dropped; please upload it again.",
            details={"sent": upload.sha256, "received": actual},
        )


def _hash(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def _claimed(sha256: str) -> str:
    """The sender's hash in lower case, or "" where it is none."""
    found = sha256.strip().lower()
    return found if _HEX.fullmatch(found) else ""


def _told(upload: Upload) -> BadInput:
    told = upload.refusal or {}
    return BadInput(
        str(told.get("code", "file_refused")),
        str(told.get("ko", "받을 수 없는 파일입니다.")),
        str(told.get("en", "The file cannot be taken.")),
        details=told.get("details"),
    )


def _moved(offset: int) -> Refused:
    return Refused(
        "upload_offset",
        "다른 창에서 같은 파일을 올리고 있거나 전송이 끊겼습니다. 올라온 곳부터 이어서 올립니다.",
        "The upload stands elsewhere; going on from there.",
        details={"offset": offset},
    )


def _closed() -> Refused:
    return Refused(
        "upload_closed",
        "이 파일은 이미 다 올라왔습니다.",
        "This upload has come in already.",
    )
