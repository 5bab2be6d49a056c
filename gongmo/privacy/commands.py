"""The access log's four acts: a note is made, notes move into the database, their hash goes to the record, old ones are deleted."""

import json
import logging
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.ledger import commands as ledger
from gongmo.privacy import chain, policies
from gongmo.privacy.buffer import Buffer
from gongmo.privacy.models import AccessBatch, AccessNote, Kind

log = logging.getLogger(__name__)

_LOCK = 0x61_63_63_65_73_73  # "access": PostgreSQL's advisory lock on the log's end.
_CHUNK = 500
MOST = 500
"""Notes of a batch: one transaction must not hold up those who save."""


@cache
def buffer() -> Buffer:
    """This machine's buffer."""
    return Buffer(Path(settings.GONGMO_HOME) / "access")


def note(
    *,
    actor: Actor,
    kind: Kind,
    page: str,
    subject: tuple[str, str | int] = ("", ""),
    outcome: int = 200,
    detail: str = "",
    reason: str = "",
) -> None:
    """Note that the actor was shown, downloaded or changed somebody's data, or tried to. Costs one append to a local file.

    `page` is the view's name ("applications:application") or a command's ("cli:export"), `subject` the kind and id of the thing whose
    people's data it was, `outcome` the HTTP status. Where the file cannot be written the note goes straight to the database; raises
    that one's error when neither can: data of which no note can be kept must not be shown.
    """
    told = [
        clock.now().isoformat(),
        kind.value,
        outcome,
        actor.person,
        actor.role.value,
        actor.organisation,
        actor.address[:45],
        actor.origin[:10],
        page[:60],
        subject[0][:24],
        str(subject[1])[:80],
        detail[:200],
        reason[:300],
    ]
    line = json.dumps(told, separators=(",", ":"), ensure_ascii=True).encode()
    try:
        buffer().append(line)
    except OSError:
        log.exception("the access log's buffer cannot be written; the note goes straight to the database")
        _take(f"direct-{clock.now().timestamp():.6f}-{id(told)}", [told])


def drain(*, actor: Actor) -> int:
    """Move this machine's waiting notes into the database, once, at most 500 in a transaction. Returns the number of notes."""
    policies.keep_access.require(actor)
    moved = 0
    for path in buffer().full():
        try:
            text = path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            continue  # another process was quicker
        notes = [found for line in text.splitlines() if (found := _readable(line, path)) is not None]
        for place in range(0, len(notes), MOST):
            moved += _take(f"{path.stem}.{place // MOST}", notes[place : place + MOST])
        path.unlink(missing_ok=True)
    return moved


def _readable(line: str, path: Path) -> list[Any] | None:
    try:
        found = json.loads(line)
        datetime.fromisoformat(found[0])
    except (ValueError, TypeError, LookupError):
        log.error("%s holds a line that was torn while it was written", path.name)
        return None
    return list(found) if isinstance(found, list) and len(found) == chain.WIDTH else None


@transaction.atomic
def _take(name: str, notes: list[list[Any]]) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if AccessBatch.objects.filter(name=name).exists():
        return 0
    last = AccessBatch.objects.order_by("-number").values_list("number", "hash").first()
    if last is None:
        last = chain.anchor()
    number, previous = last[0] + 1, last[1]
    rows = [chain.row_of(told) for told in notes]
    batch = AccessBatch.objects.create(
        number=number,
        name=name,
        first_at=min(row.at for row in rows),
        last_at=max(row.at for row in rows),
        count=len(rows),
        previous_hash=previous,
        hash=chain.digest_of(number, name, previous, rows),
    )
    for place, row in enumerate(rows):
        row.batch, row.place = batch, place
    AccessNote.objects.bulk_create(rows, batch_size=_CHUNK)
    return len(rows)


@transaction.atomic
def seal(*, actor: Actor) -> int | None:
    """Put the newest batch's hash into the record, where nobody can change it. Returns its number, None where nothing is new."""
    policies.keep_access.require(actor)
    last = AccessBatch.objects.order_by("-number").first()
    if last is None or chain.sealed().get(last.number) is not None:
        return None
    ledger.append(
        actor=actor,
        act="privacy.seal_access",
        subject=("access_batch", last.number),
        payload={"batch": last.number, "hash": last.hash, "last_at": last.last_at},
    )
    return last.number


@transaction.atomic
def prune(*, actor: Actor) -> int:
    """Delete notes that were kept GONGMO_ACCESS_YEARS. Only whole batches from the log's beginning go, and the record tells up to which.

    Returns the number of deleted notes.
    """
    policies.keep_access.require(actor)
    # 366 days a year: never earlier than the day on which the years are over.
    before = clock.now() - timedelta(days=366 * settings.GONGMO_ACCESS_YEARS)
    upto: AccessBatch | None = None
    for batch in AccessBatch.objects.order_by("number").iterator(chunk_size=_CHUNK):
        if batch.last_at >= before:
            break
        upto = batch
    if upto is None:
        return 0
    gone, _ = AccessNote.objects.filter(batch_id__lte=upto.number).delete()
    AccessBatch.objects.filter(number__lte=upto.number).delete()
    ledger.append(
        actor=actor,
        act="privacy.prune_access",
        subject=("access_batch", upto.number),
        payload={"batch": upto.number, "hash": upto.hash, "last_at": upto.last_at, "notes": gone},
    )
    return gone
