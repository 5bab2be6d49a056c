"""Lists of earlier projects: uploaded, looked at, brought in by a task, deleted."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from django.db import transaction

from gongmo.files import storage
from gongmo.files.commands.store import disk_refusal
from gongmo.files.names import safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.ledger.locks import lock
from gongmo.similarity import places, policies
from gongmo.similarity.indexing import index_waiting, words_of
from gongmo.similarity.models import CorpusImport, EarlierProject
from gongmo.similarity.reading import PARTS, Problem, Reading, Row, rows_of
from gongmo.similarity.states import ImportState, imports_table

BATCH = 500
TOLD = 300
"""Problems of rows that are kept and told; more are counted."""
GONE = 2000


def begin_import(*, actor: Actor, name: str, file_name: str, stream: BinaryIO) -> CorpusImport:
    """Take in a list and read its heads. Nothing comes into the corpus before `confirm_import`. Raises BadInput."""
    policies.keep_corpus.require(actor)
    title = " ".join(name.split())[:120]
    if not title:
        raise BadInput(
            "name_missing", "이 목록을 무엇이라 부를지 적어 주세요.", "Give the list a name.", field="name"
        )
    draft, sha256, size = places.receive(stream)
    try:
        shown = safe_name(file_name)
        with transaction.atomic():
            made = CorpusImport.objects.create(
                name=title,
                file_name=shown,
                sha256=sha256,
                size=size,
                uploaded_at=clock.now(),
                uploaded_by_id=actor.person,
            )
            # Read once, as it will be read later, so that what cannot be read leaves nothing behind.
            first = next(rows_of(draft, places.short_name(made.pk, shown)), None)
            if first is None:
                raise BadInput(
                    "file_without_rows",
                    "열 이름 아래에 과제가 없는 파일입니다.",
                    "No project stands below the heads.",
                    field="file",
                )
            made.mapping = first[0].heads
            made.save(update_fields=["mapping"])
            _record(actor, "similarity.begin_import", made, {"size": size})
            try:
                places.keep(draft, made.pk, shown)
            except OSError as error:
                raise disk_refusal(error) from error
    finally:
        draft.unlink(missing_ok=True)
    return made


def confirm_import(*, actor: Actor, import_id: int) -> CorpusImport:
    """Let a task bring the list in; also again, where that stopped."""
    from gongmo.similarity import tasks  # Tasks call commands.

    policies.keep_corpus.require(actor)
    with transaction.atomic():
        found = locked(import_id)
        found.state = imports_table.require(ImportState(found.state), ImportState.WAITING)
        found.trouble_ko = found.trouble_en = ""
        found.save(update_fields=["state", "trouble_ko", "trouble_en"])
        _record(actor, "similarity.confirm_import", found, {})
        tasks.bring_in.enqueue(key=f"similarity.import:{found.pk}", again=True, import_id=found.pk)
    return found


def drop_import(*, actor: Actor, import_id: int) -> CorpusImport:
    """Take a list out of the corpus: at once where nothing of it came in, else by a task. What was judged of its projects stays."""
    from gongmo.similarity import tasks

    policies.keep_corpus.require(actor)
    with transaction.atomic():
        found = locked(import_id)
        if found.state == ImportState.WAITING:
            raise Refused(
                "import_running",
                "지금 가져오는 중인 목록입니다. 끝난 뒤에 지워 주세요.",
                "This list is coming in; delete it once that is done.",
            )
        then = ImportState.DROPPED if found.state == ImportState.PREVIEW else ImportState.DROPPING
        found.state = imports_table.require(ImportState(found.state), then)
        found.save(update_fields=["state"])
        _record(actor, "similarity.drop_import", found, {"projects": found.added})
        if then is ImportState.DROPPED:
            transaction.on_commit(lambda: places.remove(found.pk, found.file_name))
        else:
            tasks.empty_import.enqueue(key=f"similarity.drop:{found.pk}", again=True, import_id=found.pk)
    return found


def locked(import_id: int) -> CorpusImport:
    """The list, locked until the transaction ends. Raises NotFound."""
    if not lock(CorpusImport, import_id):
        raise NotFound
    return CorpusImport.objects.get(pk=import_id)


def _record(actor: Actor, act: str, found: CorpusImport, payload: dict[str, object]) -> None:
    append(
        actor=actor,
        act=act,
        subject=("corpus_import", found.pk),
        payload={"name": found.name, "file": found.sha256, **payload},
    )


# --- The tasks' part --------------------------------------------------------------------------------------------------
def bring_in(*, import_id: int) -> None:
    """Read the list row by row into the corpus and index it. A second run goes on where the first ended. Told on the import's page."""
    found = CorpusImport.objects.filter(pk=import_id, state=ImportState.WAITING).first()
    if found is None:
        return
    try:
        with places.fetched(found.pk, found.file_name) as path:
            _read(found, rows_of(path, places.short_name(found.pk, found.file_name)))
    except storage.StorageAway:
        raise  # The list is safe; the task is tried again.
    except (BadInput, OSError) as trouble:
        told = trouble if isinstance(trouble, BadInput) else None
        CorpusImport.objects.filter(pk=import_id).update(
            state=ImportState.FAILED,
            trouble_ko=(told.ko if told else "올린 파일을 열 수 없습니다. 다시 올려 주세요.")[:500],
            trouble_en=(told.en if told else "The uploaded file cannot be opened. Upload it again.")[:500],
        )
        return
    index_waiting()
    CorpusImport.objects.filter(pk=import_id).update(state=ImportState.DONE, finished_at=clock.now())
    places.remove(found.pk, found.file_name)


def _read(found: CorpusImport, rows: Iterator[tuple[Reading, Row | Problem]]) -> None:
    problems: list[dict[str, object]] = []
    done = left_out = known = 0
    while part := list(islice(rows, BATCH)):
        made: list[EarlierProject] = []
        for _, row in part:
            if isinstance(row, Problem):
                left_out += 1
                if len(problems) < TOLD:
                    problems.append({"row": row.row, "ko": row.text.ko, "en": row.text.en})
            else:
                made.append(_project(found, row))
        with transaction.atomic():
            fresh = _fresh(found, made)
            known += len(made) - len(fresh)
            EarlierProject.objects.bulk_create(fresh, ignore_conflicts=True)
            done += len(part)
            CorpusImport.objects.filter(pk=found.pk).update(
                done=done, left_out=left_out, known=known, added=done - left_out - known, problems=problems
            )
    CorpusImport.objects.filter(pk=found.pk).update(total=done)


def _project(found: CorpusImport, row: Row) -> EarlierProject:
    given = {part: row.values[part] for part in PARTS if part in row.values}
    words = words_of(
        *(str(given.get(part) or "") for part in ("title", "goals", "content", "effects", "keywords"))
    )
    return EarlierProject(
        corpus_import=found, row=row.row, sha256=hashlib.sha256(words.encode()).hexdigest(), **given
    )


def _fresh(found: CorpusImport, made: list[EarlierProject]) -> list[EarlierProject]:
    """Without those that another list (or an earlier row of this one) holds in the same words under the same number."""
    rows = EarlierProject.objects.filter(sha256__in=[each.sha256 for each in made], own_application=None)
    held: dict[tuple[str, str], set[tuple[int | None, int | None]]] = {}
    for sha256, number, whose, row in rows.values_list("sha256", "number", "corpus_import_id", "row"):
        held.setdefault((sha256, number), set()).add((whose, row))
    seen: set[tuple[str, str]] = set()
    fresh = []
    for each in made:
        key = (each.sha256, each.number)
        # What an earlier run of this list brought in is this very row.
        if key not in seen and not held.get(key, set()) - {(found.pk, each.row)}:
            fresh.append(each)
        seen.add(key)
    return fresh


def empty_import(*, import_id: int, tell: Callable[[int], None] | None = None) -> None:
    """Delete a dropped list's projects in small transactions and bring the index in order."""
    found = CorpusImport.objects.filter(pk=import_id, state=ImportState.DROPPING).first()
    if found is None:
        return
    gone = 0
    while part := list(
        EarlierProject.objects.filter(corpus_import=found).values_list("pk", flat=True)[:GONE]
    ):
        with transaction.atomic():
            gone += EarlierProject.objects.filter(pk__in=part).delete()[0]
        if tell is not None:
            tell(gone)
    index_waiting()
    places.remove(found.pk, found.file_name)
    CorpusImport.objects.filter(pk=import_id).update(state=ImportState.DROPPED, finished_at=clock.now())
