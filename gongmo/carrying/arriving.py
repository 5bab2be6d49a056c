"""Bringing what is carried into an empty installation: the one that the settings name.

Files come first, rows last and in one transaction: until it commits the installation is empty, and the same may be tried again, which then
skips the files that are there.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps as present
from django.apps.registry import Apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from gongmo.carrying import rows
from gongmo.carrying.live import fingerprint
from gongmo.carrying.pack import CHUNK, Hashed, unreadable
from gongmo.carrying.source import CONTENT, PREFIXES, UPLOAD, Kept, Progress, Source, silent
from gongmo.files import places, storage
from gongmo.files.models import Upload, UploadState
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger import guards, signing
from gongmo.privacy import rotation

MADE = frozenset({"auth_permission", "django_content_type", "parties_region"})
"""Tables that migrating fills: what is carried takes the place of their rows."""
BLOCK = 4 * 1024**2


@dataclass(slots=True)
class Arrived:
    """What came: rows of each table, files and their bytes, files that were there already; notes for the operator (Korean, English).

    `whole`: whether nothing was left behind.
    """

    tables: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    there: int = 0
    uploads: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)
    whole: bool = True


def arrive(source: Source, *, progress: Progress = silent) -> Arrived:
    """Bring everything in and compare it with the source: number and digest of every table's rows, hash and size of every file.

    Raises Refused where the installation is not empty or its version cannot take it, BadInput where the source is damaged or holds what the
    database cannot, OSError. Nothing but files has come then, and the same can be tried again.
    """
    apps = _ready(source)
    done = Arrived()
    listed = list(source.files())
    _refuse_other_files(listed)
    for kept in listed:
        if kept.kind != UPLOAD:
            _keep(source, kept, done)
            progress("files", 1)
    # Rows come in any order; what they refer to is looked at in the end.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic(), places.shared():
            _bring_rows(source, apps, done, progress)
            _bring_uploads(source, [each for each in listed if each.kind == UPLOAD], done)
            _check_references()
            _refuse_locked()
    finally:
        connection.enable_constraint_checking()
    if apps is not present:
        call_command("migrate", verbosity=0)
    if source.told.rehearsal is not None:
        Path(settings.GONGMO_REHEARSAL_MARK).write_text(source.told.rehearsal, "utf-8")
    _note(source, done)
    return done


# --- May it come ------------------------------------------------------------------------------------------------------
def _ready(source: Source) -> Apps:
    """Bring the empty database to the source's version; the models as they were then. Raises Refused."""
    known = set(connection.introspection.table_names())
    if filled := _filled(known):
        raise Refused(
            "target_not_empty",
            f"받을 데이터베이스가 비어 있지 않습니다({', '.join(filled[:3])}). 빈 데이터베이스를 준비해 주세요. 아무것도 바꾸지 않았습니다.",
            f"The database that is to take it is not empty ({', '.join(filled[:3])}). Prepare an empty one. Nothing was changed.",
        )
    executor = MigrationExecutor(connection)
    here = set(executor.loader.graph.nodes)
    # What another app's release renamed or squashed is its own affair: our own and the stored ones must be known.
    told = [each for each in source.told.migrations if each in here or _own(each[0])]
    if unknown := [each for each in told if each not in here]:
        raise Refused(
            "version_unknown",
            f"더 새로운 판에서 온 자료입니다({'.'.join(unknown[0])}). 이 프로그램을 그 판으로 올린 뒤 다시 해 주세요.",
            f"This comes from a newer version ({'.'.join(unknown[0])}). Upgrade this program first.",
        )
    if here == set(told) or set(executor.loader.graph.leaf_nodes()) <= set(told):
        call_command("migrate", verbosity=0)
        return present
    if set(executor.loader.applied_migrations) - set(told):
        raise Refused(
            "version_older",
            "이전 판에서 온 자료입니다. 표가 하나도 없는 새 데이터베이스에 되살려 주세요. 되살린 뒤 이 판으로 올립니다.",
            "This comes from an older version. Use a new database without any tables; it is brought to this version afterwards.",
        )
    targets = _ends(executor, set(told))
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def _own(app: str) -> bool:
    return present.is_installed(f"gongmo.{app}")


def _ends(executor: MigrationExecutor, told: set[tuple[str, str]]) -> list[Any]:
    """The last of these migrations of each app."""
    nodes = executor.loader.graph.node_map
    return sorted(
        each
        for each in told
        if not any(child.key in told and child.key[0] == each[0] for child in nodes[each].children)
    )


def _filled(known: set[str]) -> list[str]:
    """Tables that hold rows, other than those that migrating makes."""
    found = []
    with connection.cursor() as cursor:
        for name in rows.tables():
            if name in known and name not in MADE:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    found.append(name)
    return found


def _refuse_other_files(listed: list[Kept]) -> None:
    """A storage may hold what an earlier try of the same brought, and nothing else."""
    wanted = {each.key if each.kind != CONTENT else storage.content(each.key) for each in listed}
    wanted_uploads = {each.key for each in listed if each.kind == UPLOAD}
    place = storage.current()
    for items in (place.listed(), place.listed("partial/")):
        for item in items:
            parts = item.key.split("/")
            if item.key in wanted or (parts[0] == "partial" and parts[1] in wanted_uploads):
                continue
            if parts[0] == "ready":  # Somebody asks in this moment whether the storage answers.
                continue
            raise Refused(
                "storage_not_empty",
                f"받을 파일 저장소에 다른 파일이 있습니다({item.key}). 빈 저장소를 준비해 주세요. 아무것도 바꾸지 않았습니다.",
                f"The storage that is to take the files holds others ({item.key}). Prepare an empty one. Nothing was changed.",
            )


# --- Files ------------------------------------------------------------------------------------------------------------
def _keep(source: Source, kept: Kept, done: Arrived) -> None:
    """Put one file in its place, compared with its hash on the way; what is there already is read and compared instead."""
    if kept.kind != CONTENT and not kept.key.startswith(PREFIXES):
        raise unreadable(kept.key)
    key = storage.content(kept.key) if kept.kind == CONTENT else kept.key
    place = storage.current()
    if kept.kind == CONTENT and place.size(key) == kept.size and _hash(key) == kept.key:
        done.there += 1
    else:
        descriptor, name = tempfile.mkstemp(dir=places.incoming())
        draft = Path(name)
        try:
            with open(descriptor, "wb") as handle, source.open(kept) as content:
                hashed = Hashed(content)
                while piece := hashed.read(CHUNK):
                    handle.write(piece)
            expected = kept.key if kept.kind == CONTENT else kept.sha256 or hashed.sha256
            if hashed.sha256 != expected or hashed.size != kept.size:
                raise unreadable(f"{kept.key}: {hashed.size} bytes with the hash {hashed.sha256}")
            place.keep(draft, key)
            if _hash(key) != hashed.sha256:
                raise OSError(f"{key} came back from the storage with other bytes")
        except FileNotFoundError:
            if kept.kind == CONTENT:
                raise unreadable(f"{kept.key} is missing") from None
            return
        finally:
            draft.unlink(missing_ok=True)
    done.files += 1
    done.bytes += kept.size


def _hash(key: str) -> str:
    with storage.current().open(key) as content:
        hashed = Hashed(content)
        while hashed.read(CHUNK):
            pass
    return hashed.sha256


# --- Rows -------------------------------------------------------------------------------------------------------------
def _bring_rows(source: Source, apps: Apps, done: Arrived, progress: Progress) -> None:
    tables = rows.tables(apps, without=source.without)
    with connection.cursor() as cursor:
        for name in MADE & set(tables):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608
    for name, model in tables.items():
        counted = rows.Counted(source.rows(name, model))
        try:
            rows.write(connection, model, counted)
        except (DatabaseError, ValueError) as error:
            raise BadInput(
                "row_refused",
                f"{name} 표의 {counted.digest.count}번째 줄을 받을 데이터베이스에 넣을 수 없습니다. 아무 줄도 넣지 않았습니다. ({error})",
                f"Row {counted.digest.count} of {name} cannot be put into the database. No row was. ({error})",
            ) from error
        expected = source.told.tables.get(name)
        if expected is not None and expected != (counted.digest.count, str(counted.digest)):
            raise unreadable(f"{name}: {counted.digest.count} rows, {expected[0]} were written")
        there = rows.Counted(rows.read(connection, model))
        for _ in there:
            pass
        if there.digest != counted.digest:
            raise Refused(
                "rows_differ",
                f"{name} 표의 내용이 옮기는 동안 달라졌습니다({counted.digest.count}줄 가운데 {there.digest.count}줄). 아무 줄도 넣지 않았습니다.",
                f"The rows of {name} are not what they were ({there.digest.count} of {counted.digest.count}). No row was put in.",
            )
        done.tables[name] = counted.digest.count
        progress("rows", counted.digest.count)
    rows.set_sequences(connection, source.told.sequences, apps)
    if lacking := guards.wanted(connection) - guards.installed(connection):
        raise Refused(
            "guards_missing",
            f"기록을 지키는 장치가 데이터베이스에 없습니다({', '.join(sorted(lacking))}).",
            f"The database lacks the record's guards ({', '.join(sorted(lacking))}).",
        )


def _check_references() -> None:
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise BadInput(
            "row_refused",
            f"없는 줄을 가리키는 줄이 있어 아무 줄도 넣지 않았습니다. ({error})",
            f"A row refers to one that is not there. No row was put in. ({error})",
        ) from error


def _refuse_locked() -> None:
    """Values that nobody can read are not brought in: the keys do not travel with a backup."""
    if shut := rotation.locked():
        raise Refused(
            "field_keys",
            f"개인정보 칸을 여는 열쇠가 원래 것이 아닙니다({shut[0]}). 아무 줄도 넣지 않았습니다. 따로 보관한 field-keys 파일을 "
            "GONGMO_HOME에 넣거나 GONGMO_FIELD_KEYS를 원래 값으로 정한 뒤 같은 명령을 다시 해 주세요.",
            f"The keys of personal fields are not the ones that closed them ({shut[0]}). No row was put in. Put the field-keys file that "
            "was kept apart into GONGMO_HOME, or set GONGMO_FIELD_KEYS to its former value, and run the same again.",
        )


# --- Uploads under way ------------------------------------------------------------------------------------------------
def _bring_uploads(source: Source, listed: list[Kept], done: Arrived) -> None:
    """What came of uploads so far; those of which nothing could be carried are forgotten, and their senders begin anew."""
    place = storage.current()
    carried = set()
    for kept in listed:
        upload = Upload.objects.filter(pk=kept.key).first()
        if upload is None:
            continue
        state, upload.offset, upload.state = upload.state, 0, UploadState.RECEIVING
        upload.save(update_fields=["offset", "state"])
        try:
            with source.open(kept) as content:
                place.drop(kept.key)
                place.begin(kept.key)
                _refill(place, kept, content)
        except FileNotFoundError:
            continue
        carried.add(kept.key)
        Upload.objects.filter(pk=kept.key).update(state=state)
        done.uploads += 1
    under_way = Upload.objects.filter(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    for upload in under_way.exclude(pk__in=carried):
        if upload.offset or upload.state == UploadState.CHECKING:
            upload.delete()
        else:
            place.drop(upload.pk)
            place.begin(upload.pk)


def _refill(place: storage.Storage, kept: Kept, content: BinaryIO) -> None:
    at = 0
    while at < kept.size:
        block = content.read(min(BLOCK, kept.size - at))
        if not block:
            raise FileNotFoundError(kept.key)
        if place.write(kept.key, at, block) is not None:
            raise Refused(
                "storage_failed", "올리던 파일을 옮기지 못했습니다.", "An upload could not be carried."
            )
        at += len(block)


# --- Notes ------------------------------------------------------------------------------------------------------------
def _note(source: Source, done: Arrived) -> None:
    if source.told.missing:
        done.whole = False
        done.notes.append(
            (
                f"백업할 때 이미 없거나 손상된 파일이 {len(source.told.missing)}개 있었습니다: {source.told.missing[0]} …",
                f"{len(source.told.missing)} files were missing or damaged when the backup was made: {source.told.missing[0]} …",
            )
        )
    if source.told.secret and source.told.secret != fingerprint():
        done.notes.append(
            (
                "GONGMO_SECRET_KEY가 원래 것과 다릅니다. 인증 앱을 등록한 사람은 다시 등록해야 합니다. 따로 보관한 secret-key를 되살려 주세요.",
                "GONGMO_SECRET_KEY is another one. Authenticator apps no longer fit; bring back the secret-key that was kept apart.",
            )
        )
    if source.told.signing and source.told.signing != signing.public_key():
        done.notes.append(
            (
                "GONGMO_SIGNING_SEED가 원래 것과 다릅니다. 이미 내준 접수증은 유효하지만, 새 확인점은 다른 열쇠로 서명됩니다.",
                "GONGMO_SIGNING_SEED is another one. Receipts stay valid; new checkpoints are signed with another key.",
            )
        )
