"""The access log's chain: each batch's hash covers its notes and the batch before."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.invariants import Broken
from gongmo.ledger.models import Entry
from gongmo.privacy.models import AccessBatch, AccessNote

GENESIS = "0" * 64
_CHUNK = 500
_FIELDS = (
    "kind",
    "outcome",
    "person",
    "role",
    "organisation",
    "address",
    "origin",
    "page",
    "subject_type",
    "subject_id",
    "detail",
    "reason",
)
WIDTH = len(_FIELDS) + 1


def row_of(told: Sequence[Any]) -> AccessNote:
    """A note as a row, from the values in the buffer's order."""
    return AccessNote(at=datetime.fromisoformat(told[0]), **dict(zip(_FIELDS, told[1:], strict=True)))


def digest_of(number: int, name: str, previous: str, notes: Iterable[AccessNote]) -> str:
    """A batch's hash."""
    lines = [[note.at, *(getattr(note, field) for field in _FIELDS)] for note in notes]
    return sha256_hex(canonical_json(["gongmo/access/1", number, name, previous, lines]))


def _told(act: str) -> Iterator[tuple[int, str]]:
    bodies = Entry.objects.filter(act=act).order_by("sequence").values_list("body", flat=True)
    for body in bodies:
        payload = json.loads(body)["payload"]
        yield int(payload["batch"]), str(payload["hash"])


def sealed() -> dict[int, str]:
    """Hashes that stand in the record, by batch."""
    return dict(_told("privacy.seal_access"))


def anchor() -> tuple[int, str]:
    """After which batch and hash the log begins: what was deleted last, or the very beginning."""
    return max(_told("privacy.prune_access"), default=(0, GENESIS))


def broken() -> Iterator[Broken]:
    """Where the log is not what it was. Reads it once from its beginning, with two statements."""
    number, previous = anchor()
    recorded = sealed()
    notes = _by_batch()
    read, lines = next(notes, (0, []))
    for batch in AccessBatch.objects.order_by("number").iterator(chunk_size=_CHUNK):
        number += 1
        while 0 < read < batch.number:
            yield Broken(f"access batch {read}", "notes without their batch", "a batch")
            read, lines = next(notes, (0, []))
        mine: list[AccessNote] = []
        if read == batch.number:
            mine = lines
            read, lines = next(notes, (0, []))
        name = f"access batch {batch.number}"
        if batch.number != number or batch.previous_hash != previous:
            yield Broken(
                name, f"follows {batch.previous_hash[:12]}", f"number {number} after {previous[:12]}"
            )
        if len(mine) != batch.count or digest_of(batch.number, batch.name, batch.previous_hash, mine) != (
            batch.hash
        ):
            yield Broken(name, "notes that do not match the batch's hash", batch.hash)
        if recorded.get(batch.number, batch.hash) != batch.hash:
            yield Broken(name, batch.hash, f"{recorded[batch.number]} as the record says")
        number, previous = batch.number, batch.hash
    lost = max(recorded, default=0)
    if lost > number:
        yield Broken("access log", f"ends at batch {number}", f"reaches batch {lost}, as the record says")


def _by_batch() -> Iterator[tuple[int, list[AccessNote]]]:
    rows = AccessNote.objects.order_by("batch_id", "place").iterator(chunk_size=_CHUNK)
    for number, notes in groupby(rows, key=lambda note: note.batch_id):
        yield number, list(notes)
