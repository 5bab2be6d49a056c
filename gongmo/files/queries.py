"""Opening stored files, and the check that they are what their rows say."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from gongmo.files import storage
from gongmo.files.models import Inspection, InspectionState, ScanState, StoredFile, Upload, UploadState
from gongmo.files.policies import may_handle
from gongmo.files.telling import told
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.kernel.invariants import Broken

log = logging.getLogger(__name__)
_CHUNK = 1024 * 1024
DROPPED = "upload_dropped"
"""What stands in the refusal of an upload that was stored and that its sender has dropped."""


def open_file(sha256: str) -> BinaryIO:
    """The content, open for reading once from its beginning. The caller has asked whether the reader may see it, and closes it.

    Raises NotFound, and Refused `storage_away` while the storage does not answer.
    """
    try:
        return open_key(storage.content(sha256))
    except ValueError as error:
        raise NotFound from error


def open_key(key: str, start: int = 0, end: int | None = None) -> BinaryIO:
    """What the storage keeps under a key, from byte `start` to `end`. Raises as `open_file`."""
    try:
        return storage.current().open(key, start, end)
    except FileNotFoundError as error:
        raise NotFound from error
    except OSError as error:
        log.warning("%s", error)
        raise Refused(
            "storage_away",
            "파일 저장소가 잠시 응답하지 않습니다. 파일은 그대로 있으니 1~2분 뒤 다시 열어 주세요.",
            "The file storage does not answer for the moment. The file is safe; please open it again in a minute or two.",
        ) from error


def hash_of(sha256: str) -> str:
    """SHA-256 of what lies where this content belongs. Raises as `open_file`."""
    hashed = hashlib.sha256()
    with open_file(sha256) as handle:
        while chunk := handle.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def size_of(key: str) -> int | None:
    """Bytes under a key; None where nothing is there, or while the storage does not answer."""
    try:
        return storage.current().size(key)
    except OSError as error:
        log.warning("%s", error)
        return None


def verify() -> Iterator[Broken]:
    """Every row whose content is missing, of another size, or of another hash. Reads all stored bytes. Raises OSError."""
    rows = StoredFile.objects.order_by("sha256").values_list("sha256", "size", "destroyed_at")
    for sha256, size, destroyed_at in rows.iterator():
        there = storage.current().size(storage.content(sha256))
        if there is None and destroyed_at is not None:
            continue
        if there is None:
            yield Broken(f"file {sha256}", "missing", f"{size} bytes")
        elif there != size:
            yield Broken(f"file {sha256}", f"{there} bytes", f"{size} bytes")
        elif (actual := hash_of(sha256)) != sha256:
            yield Broken(f"file {sha256}", f"content {actual}", f"content {sha256}")


def upload_for(actor: Actor, upload_id: str) -> Upload:
    """The actor's own upload, or NotFound."""
    upload = Upload.objects.select_related("file").filter(pk=upload_id, expires_at__gt=clock.now()).first()
    if upload is None or not may_handle(actor, upload) or (upload.refusal or {}).get("code") == DROPPED:
        raise NotFound
    return upload


def uploads_under_way(actor: Actor, purpose: str | None = None) -> list[Upload]:
    """The actor's uploads that have not come in completely, oldest first; of one purpose where it is given."""
    if actor.person is None:
        return []
    found = Upload.objects.filter(
        person=actor.person, state=UploadState.RECEIVING, expires_at__gt=clock.now()
    ).order_by("created_at")
    return list(found if purpose is None else found.filter(purpose=purpose))


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in a stored file.

    `facts`: pages, width, height (pixels); locked; broken (what the program said) and program; scanned (pages without letters);
    stopped ("time", "memory", "length": only the beginning was read; "crash", "missing"); unread (a format whose text is not read);
    old_format (.hwp); entries and files (of an archive); numbers [{masked, sure, foreign, place}] and numbers_count.
    `problems` and `warnings` are those facts as sentences (Korean, English): a file with a problem cannot be used as it is.
    """

    state: str
    scan: str
    scan_told: str
    facts: Mapping[str, Any]
    text_length: int
    checked_at: datetime | None
    problems: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]

    @property
    def waiting(self) -> bool:
        return self.state == InspectionState.WAITING or self.scan == ScanState.WAITING


def inspection(sha256: str) -> Inspected:
    """What was found in a stored file so far. Raises NotFound where there is no such file."""
    found = inspections([sha256])
    if sha256 not in found:
        raise NotFound
    return found[sha256]


def inspections(sha256s: Iterable[str]) -> dict[str, Inspected]:
    """The same for many files at once, in one statement; unknown ones are missing."""
    rows = StoredFile.objects.filter(pk__in=set(sha256s)).select_related("inspection")
    return {row.pk: _inspected(getattr(row, "inspection", None)) for row in rows}


def _inspected(row: Inspection | None) -> Inspected:
    if row is None:
        return Inspected(InspectionState.WAITING, ScanState.OFF, "", {}, 0, None, (), ())
    problems, warnings = told(row.facts, row.scan, row.scan_told)
    return Inspected(
        row.state, row.scan, row.scan_told, row.facts, row.text_length, row.checked_at, problems, warnings
    )


def preview_kind(stored: StoredFile) -> str:
    """How a file can be shown in the page: pdf, picture, converted (as PDF by the converter), text (its words only) or none."""
    if stored.extension == "pdf":
        return "pdf"
    if stored.extension in ("jpg", "png"):
        return "picture"
    if size_of(storage.derived(stored.sha256, "pdf")) is not None:
        return "converted"
    return "text" if size_of(storage.derived(stored.sha256, "text")) is not None else "none"


def text_of(sha256: str) -> list[dict[str, Any]]:
    """The words of a file by places [{place, text}], numbers of people masked; empty where they were not read."""
    try:
        with storage.current().open(storage.derived(sha256, "text")) as kept:
            pages: list[dict[str, Any]] = json.loads(kept.read())
    except (OSError, ValueError):
        return []
    return pages


def upload_name(actor: Actor, upload_id: str) -> str:
    """The safe name under which the actor's upload came. Raises NotFound."""
    return upload_for(actor, upload_id).name
