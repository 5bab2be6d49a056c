"""Making a backup of an installation that goes on working."""

import gzip
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import connection, models

from gongmo.carrying import rows
from gongmo.carrying.live import Live
from gongmo.carrying.pack import CHUNK, Hashed, Reading, Writing, unreadable
from gongmo.carrying.snapshot import moment
from gongmo.carrying.source import CONTENT, Kept, Progress, Told, silent
from gongmo.files import places, storage
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.ledger import signing
from gongmo.ledger.commands import checkpoint

FORMAT = "gongmo/backup/1"
MANIFEST, LIST = "manifest.json", "files.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds: rows, files and their bytes, the record's length, and contents that were not there or not what they should be."""

    rows: int
    files: int
    bytes: int
    entries: int
    made_at: str
    missing: tuple[str, ...]


def back_up(*, actor: Actor, target: Path, key: Any = None, progress: Progress = silent) -> Made:
    """Write a backup of this installation to a folder, or to one file where the name ends in .tar.

    Everybody goes on working meanwhile: rows are read as of one moment, contents never change, and the sweep that removes contents waits.
    `key` is a public key (pack.recipient) or None for a backup in clear. Raises BadInput where something stands at `target`, OSError.
    """
    # What the record holds by now is signed before anything is read, so that the backup can be held against it.
    checkpoint(actor=actor)
    # Taken before the moment itself: whoever was told of something by then finds it in the backup.
    at = clock.now()
    room = Path(settings.FILE_UPLOAD_TEMP_DIR)
    with Writing(target, key, room) as pack, places.shared(), moment(connection) as own:
        source = Live(own, storage.current(), without=rows.SESSIONS, at=at)
        tables = {
            name: _table(pack, source, name, model, room, progress)
            for name, model in rows.tables(without=source.without).items()
        }
        listed, missing, size, count = _files(pack, source, room, progress)
        told = asdict(source.told) | {"tables": {name: each[:2] for name, each in tables.items()}}
        manifest = {
            "format": FORMAT,
            **told,
            "members": {name: each[2] for name, each in tables.items()} | {LIST: listed},
            "missing": missing,
        }
        _put(pack, MANIFEST, _signed(manifest))
    return Made(
        sum(each[0] for each in tables.values()),
        count,
        size,
        source.told.entries,
        source.told.made_at,
        tuple(missing),
    )


def _table(
    pack: Writing, source: Live, name: str, model: type[models.Model], room: Path, progress: Progress
) -> tuple[int, str, str]:
    """Write a table's rows. Returns their number and digest, and the member's hash."""
    counted = rows.Counted(source.rows(name, model))
    with _zipped(room) as (handle, lines):
        lines.write(json.dumps([each.column for each in rows.columns(model)]).encode() + b"\n")
        for row in counted:
            lines.write(rows.canonical(row) + b"\n")
        sha256 = _put_file(pack, _member(name), handle, lines)
    progress("rows", counted.digest.count)
    return counted.digest.count, str(counted.digest), sha256


def _member(table: str) -> str:
    return f"tables/{table}.jsonl.gz"


@contextmanager
def _zipped(room: Path) -> Iterator[tuple[BinaryIO, gzip.GzipFile]]:
    with tempfile.TemporaryFile(dir=room) as handle:
        yield cast(BinaryIO, handle), gzip.GzipFile(fileobj=handle, mode="wb", compresslevel=5, mtime=0)


def _put_file(pack: Writing, name: str, handle: BinaryIO, lines: gzip.GzipFile) -> str:
    lines.close()
    size = handle.tell()
    handle.seek(0)
    hashed = Hashed(handle)
    pack.put(name, cast(BinaryIO, hashed), size)
    return hashed.sha256


def _files(pack: Writing, source: Live, room: Path, progress: Progress) -> tuple[str, list[str], int, int]:
    """Write the files and their list. Returns the list's hash, contents that are missing or damaged, bytes, and the number of files."""
    missing: list[str] = []
    total = count = 0
    with _zipped(room) as (handle, lines):
        for number, kept in enumerate(source.files()):
            # A content's hash says what it is to whoever has the same file: an encrypted backup does not show it.
            place = f"{number:09d}" if pack.key is not None or kept.kind != CONTENT else kept.sha256
            member = f"files/{place[:2]}/{place}" if kept.kind == CONTENT else f"{kept.kind}s/{place}"
            try:
                written = _file(pack, source, kept, member)
            except FileNotFoundError:
                written = None
            if written is None or (kept.kind == CONTENT and written.sha256 != kept.key):
                if kept.kind == CONTENT:
                    missing.append(kept.key)
                continue
            lines.write(canonical_json(asdict(written)).encode() + b"\n")
            total, count = total + written.size, count + 1
            progress("files", 1)
        return _put_file(pack, LIST, handle, lines), missing, total, count


def _file(pack: Writing, source: Live, kept: Kept, member: str) -> Kept | None:
    """Write one file; None where it is not as large as it should be (a tar file cannot take back what was begun)."""
    if kept.kind == CONTENT and source.storage.size(storage.content(kept.key)) != kept.size:
        return None
    with source.open(kept) as content:
        hashed = Hashed(content)
        if kept.kind == CONTENT:
            pack.put(member, cast(BinaryIO, hashed), kept.size)
        else:
            # What is no content may change while it is read.
            with tempfile.TemporaryFile(dir=pack.room) as handle:
                shutil.copyfileobj(cast(BinaryIO, hashed), handle, CHUNK)
                handle.seek(0)
                pack.put(member, cast(BinaryIO, handle), hashed.size)
    return Kept(kept.kind, kept.key, hashed.size, hashed.sha256, member)


def _put(pack: Writing, name: str, content: bytes) -> None:
    pack.put(name, io.BytesIO(content), len(content))


def _signed(manifest: dict[str, Any]) -> bytes:
    body = canonical_json(manifest)
    signature, key = signing.sign(_statement(body))
    return json.dumps(
        {"manifest": manifest, "signature": signature, "public_key": key}, ensure_ascii=False, indent=1
    ).encode()


def _statement(body: str) -> bytes:
    return f"gongmo/backup/1\n{sha256_hex(body)}\n".encode()


class Backup:
    """A backup as a source. Raises BadInput for one that is damaged: its manifest is signed, and names the hash of everything else."""

    without = rows.SESSIONS

    def __init__(self, pack: Reading, room: Path) -> None:
        self.pack, self.room = pack, room
        try:
            whole = json.loads(pack.read(MANIFEST))
            manifest = whole["manifest"]
            body = canonical_json(manifest)
        except (ValueError, KeyError, TypeError) as error:
            raise unreadable(f"{MANIFEST}: {error}") from error
        if manifest.get("format") != FORMAT:
            raise unreadable(f"format {manifest.get('format')}")
        if not signing.verify(_statement(body), whole["signature"], whole["public_key"]):
            raise unreadable(f"{MANIFEST}: the signature does not hold")
        self.signed_by: str = whole["public_key"]
        self.members: dict[str, str] = manifest["members"]
        self.told = Told(
            **{name: manifest[name] for name in Told.__dataclass_fields__ if name != "migrations"},
            migrations=[(app, name) for app, name in manifest["migrations"]],
        )
        self.told.tables = {name: (count, digest) for name, (count, digest) in self.told.tables.items()}

    def rows(self, name: str, model: type[models.Model]) -> Iterator[rows.Row]:
        if name not in self.members:
            raise unreadable(f"{name} is missing")
        lines = self._lines(_member(name), self.members[name])
        with suppress(StopIteration):
            names = next(lines)
            if names != [each.column for each in rows.columns(model)]:
                raise unreadable(f"{name}: other columns")
        yield from lines

    def _lines(self, member: str, sha256: str) -> Iterator[Any]:
        with self.pack.open(member) as content:
            hashed = Hashed(content)
            try:
                for line in gzip.GzipFile(fileobj=cast(BinaryIO, hashed)):
                    yield json.loads(line)
            except (OSError, EOFError, ValueError) as error:
                raise unreadable(f"{member}: {error}") from error
            while hashed.read(65536):
                pass
            if hashed.sha256 != sha256:
                raise unreadable(f"{member}: other bytes than were written")

    def files(self) -> Iterator[Kept]:
        for each in self._lines(LIST, self.members[LIST]):
            yield Kept(**each)

    @contextmanager
    def open(self, kept: Kept) -> Iterator[BinaryIO]:
        with self.pack.open(kept.member) as content:
            yield content
