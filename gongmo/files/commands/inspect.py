"""Looking into stored files beside the requests: what they hold, whether they are locked or broken, numbers of people, viruses."""

import json
import logging
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from gongmo.files import places, storage
from gongmo.files.confined import read_files
from gongmo.files.models import Inspection, InspectionState, ScanState, StoredFile
from gongmo.files.numbers import masked, resident_numbers
from gongmo.files.scanning import Unavailable, scan
from gongmo.kernel import clock

log = logging.getLogger(__name__)
VERSION = 1
"""Raise it when the inspector learns something new: every file is then looked into again."""
TOGETHER = 12
"""Files that one program reads one after another: starting it costs far more than reading a small file."""
TRIES = 3
WALL = 90.0
"""Seconds for a file that is read alone."""
TOGETHER_WALL = 30.0
"""Seconds for the files that one program reads one after another."""
FETCHED = 512 * 1024**2
"""Bytes that are fetched to this machine for one run of the program, where the storage is another one."""
_AT_ONCE = 500
NUMBERS = 50
"""Numbers that are named one by one; more are counted."""


def look_soon() -> None:
    """Ask for the task that looks into what waits."""
    from gongmo.files import tasks  # Tasks call commands.

    tasks.inspect_waiting.enqueue(key="files.inspect", again=True)


def inspect_waiting(*, most: int = 600, seconds: float = 3600) -> int:
    """Look into the files that wait, oldest first, at most so many; begin with none after so many seconds. Returns how many were looked into."""
    done, until = 0, time.monotonic() + seconds
    while done < most and time.monotonic() < until:
        _begin()
        waiting = Inspection.objects.filter(state=InspectionState.WAITING, attempts__lt=TRIES)
        rows = list(waiting.select_related("file").order_by("attempts", "file__stored_at")[:TOGETHER])
        if not rows:
            break
        # What failed before is looked into alone, so that it cannot spoil the others' turn again.
        rows = [row for row in rows if row.attempts == 0] or rows[:1]
        rows = _fitting(rows)
        # Counted first: a file that takes the worker with it must not do so for ever.
        Inspection.objects.filter(pk__in=[row.pk for row in rows]).update(attempts=F("attempts") + 1)
        try:
            _look(rows)
        except storage.StorageAway as error:
            # No fault of these files: they are looked into when the storage answers again.
            Inspection.objects.filter(pk__in=[row.pk for row in rows]).update(attempts=F("attempts") - 1)
            log.warning("the looking into files waits: %s", error)
            return done
        done += len(rows)
    Inspection.objects.filter(state=InspectionState.WAITING, attempts__gte=TRIES).update(
        state=InspectionState.FAILED, facts={"stopped": "crash"}, checked_at=clock.now(), version=VERSION
    )
    return done


def _begin() -> None:
    """Note of stored files that nobody has looked at that they are to be looked into."""
    unseen = StoredFile.objects.filter(unseen=True)
    if not unseen.exists():
        return
    scan = ScanState.WAITING if _scanner() else ScanState.OFF
    with transaction.atomic():
        # Whoever is handing one in at this moment is not waited for.
        found = list(unseen.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_AT_ONCE])
        Inspection.objects.bulk_create(
            [Inspection(file_id=sha256, scan=scan) for sha256 in found], ignore_conflicts=True
        )
        StoredFile.objects.filter(pk__in=found).update(unseen=False)


def _fitting(rows: list[Inspection]) -> list[Inspection]:
    """The first of these files that are not too large together to be fetched to this machine at a time; at least one."""
    total, taken = 0, 0
    for row in rows:
        total += row.file.size
        if taken and total > FETCHED:
            break
        taken += 1
    return rows[:taken]


def _look(rows: list[Inspection]) -> None:
    """Look into a few files with one program and note what it told. Raises StorageAway."""
    there: list[Inspection] = []
    with ExitStack() as fetched:
        files: list[tuple[str, str, Path]] = []
        for row in rows:
            try:
                path = fetched.enter_context(storage.current().fetched(storage.content(row.pk)))
            except FileNotFoundError:
                _note(row, InspectionState.FAILED, {"stopped": "missing"}, 0)
                continue
            there.append(row)
            files.append((row.pk, row.file.extension, path))
        # Those that it did not come to are read one by one: a slow file keeps others, and other tasks, no longer than its own time.
        told = read_files(files, wall=WALL if len(there) == 1 else TOGETHER_WALL, beside=True)
    today = clock.now().date()
    for row in there:
        lines = told.get(row.pk)
        if lines is None:
            continue
        facts, pages = facts_of(lines, row.file.extension, today)
        _write_text(row.pk, pages)
        stopped = facts.get("stopped") in ("crash", "lock")
        _note(
            row,
            InspectionState.FAILED if stopped else InspectionState.DONE,
            facts,
            sum(len(page["text"]) for page in pages),
        )


def _note(row: Inspection, state: InspectionState, facts: dict[str, Any], length: int) -> None:
    row.state, row.facts, row.text_length = state, facts, length
    row.version, row.checked_at = VERSION, clock.now()
    row.save(update_fields=["state", "facts", "text_length", "version", "checked_at"])


def facts_of(
    lines: Iterable[Mapping[str, Any]], extension: str, today: date
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """From what the reading program told: the facts to keep, and the text by places, numbers masked in both."""
    facts: dict[str, Any] = {}
    pages: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    entries: dict[str, dict[str, Any]] = {}
    for line in lines:
        about = entries.setdefault(line["entry"], {}) if "entry" in line else facts
        place = {**line.get("place", {}), **({"entry": line["entry"]} if "entry" in line else {})}
        if "text" in line:
            numbers += [
                {"masked": each.masked, "sure": each.sure, "foreign": each.foreign, "place": place}
                for each in resident_numbers(line["text"], today)
            ]
            pages.append({"place": place, "text": masked(line["text"], today)})
        about.update(
            {key: value for key, value in line.items() if key not in ("text", "place", "entry", "done")}
        )
    if extension == "hwp":
        facts["old_format"] = True
    if entries:
        facts["files"] = [{"name": name, **about} for name, about in entries.items()]
    if numbers:
        facts["numbers"], facts["numbers_count"] = numbers[:NUMBERS], len(numbers)
    return _storable(facts), pages


def _storable(value: Any) -> Any:
    """The value with its strings as every database takes them: strangers' names may hold halves of letters."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return value


def _write_text(sha256: str, pages: list[dict[str, Any]]) -> None:
    """Keep the text for the preview. It is derived: losing it loses nothing."""
    if not pages:
        return
    with suppress(OSError):
        descriptor, name = tempfile.mkstemp(dir=places.incoming())
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as handle:
                json.dump(pages, handle, ensure_ascii=False)
            storage.current().keep(Path(name), storage.derived(sha256, "text"))
        finally:
            Path(name).unlink(missing_ok=True)


def scan_waiting(*, most: int = 200) -> int:
    """Show the scanner the files that it has not seen, or could not say about. Returns how many it answered for."""
    _begin()
    address, done = _scanner(), 0
    if not address:
        return 0
    waiting = Inspection.objects.filter(scan__in=[ScanState.WAITING, ScanState.UNKNOWN])
    for row in waiting.order_by("scanned_at", "pk")[:most]:
        try:
            with storage.current().fetched(storage.content(row.pk)) as path:
                found = scan(path, address)
        except (Unavailable, OSError) as error:
            _scanned(row, ScanState.UNKNOWN, str(error))
            if isinstance(error, Unavailable) and done == 0:
                break  # The scanner is away; the others need not be told one by one.
            continue
        _scanned(row, ScanState.FOUND if found else ScanState.CLEAN, found)
        done += 1
    return done


def _scanned(row: Inspection, state: ScanState, told: str) -> None:
    Inspection.objects.filter(pk=row.pk).update(scan=state, scan_told=told[:200], scanned_at=clock.now())


def _scanner() -> str:
    return str(getattr(settings, "GONGMO_CLAMAV", ""))


def inspections_wait() -> bool:
    """Whether a file waits to be looked into: also those that an older inspector saw, or none."""
    StoredFile.objects.filter(inspection=None, unseen=False).update(unseen=True)
    Inspection.objects.filter(version__lt=VERSION).exclude(state=InspectionState.WAITING).update(
        state=InspectionState.WAITING, attempts=0
    )
    return (
        StoredFile.objects.filter(unseen=True).exists()
        or Inspection.objects.filter(state=InspectionState.WAITING).exists()
    )


def scans_wait() -> bool:
    """Whether a scanner is set and a file waits for it; files that came before it was set wait, too."""
    if not _scanner():
        return False
    Inspection.objects.filter(scan=ScanState.OFF).update(scan=ScanState.WAITING)
    return Inspection.objects.filter(scan__in=[ScanState.WAITING, ScanState.UNKNOWN]).exists()
