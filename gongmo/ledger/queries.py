"""Reading the record: a thing's history, a call's entries, the proofs, and the check of the whole."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import QuerySet, Subquery
from django.utils.module_loading import autodiscover_modules

from gongmo.kernel.acts import act_name
from gongmo.kernel.canonical import canonical_json, plain, sha256_hex
from gongmo.kernel.invariants import Broken
from gongmo.ledger import merkle, rows, signing, tree
from gongmo.ledger.models import Checkpoint, Entry
from gongmo.ledger.prepared import prepared


@dataclass(frozen=True, slots=True)
class Record:
    """An entry as people and replays read it. `ko` and `en` name the act."""

    sequence: int
    at: datetime
    act: str
    ko: str
    en: str
    call: str
    subject_type: str
    subject_id: str
    actor_role: str
    actor_person: int | None
    actor_name: str
    organisation: int | None
    organisation_name: str
    payload: dict[str, Any]
    hash: str


class Mark(NamedTuple):
    """The newest entry about a call and the newest one about what belongs to no call (people, organisations), by their hashes.

    Whatever commands write of a call, or of no call, is as it was while its mark is the same.
    """

    of_call: str
    of_none: str


def mark_of(call: str) -> Mark:
    """The mark of a call by its slug. One statement."""
    found = _mark.first(call=call)
    return Mark("", "") if found is None else Mark(found[0] or "", found[1] or "")


@prepared
def _mark(*, call: str) -> QuerySet[Entry, tuple[str | None, str | None]]:
    newest = Entry.objects.order_by("-sequence")
    found = newest.annotate(
        of_call=Subquery(newest.filter(call=call).values("hash")[:1]),
        of_none=Subquery(newest.filter(call="").values("hash")[:1]),
    )
    return found.values_list("of_call", "of_none")[:1]


def mark_of_all() -> str:
    """The mark of the whole record: it changes with every act, of whatever call. One statement."""
    return _mark_of_all.first() or ""


@prepared
def _mark_of_all() -> QuerySet[Entry, str]:
    return Entry.objects.order_by("-sequence").values_list("hash", flat=True)[:1]


def newest_checkpoint() -> int:
    """How many entries the newest signed checkpoint covers, 0 where none was signed. One statement."""
    return _newest_checkpoint.first() or 0


@prepared
def _newest_checkpoint() -> QuerySet[Checkpoint, int]:
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True)[:1]


@cache
def _load_names() -> None:
    """Each app's `acts.py` names its acts when it is imported."""
    autodiscover_modules("acts")


def _record(entry: Entry) -> Record:
    _load_names()
    body = json.loads(entry.body)
    ko, en = act_name(entry.act)
    return Record(
        sequence=entry.sequence,
        at=entry.at,
        act=entry.act,
        ko=ko,
        en=en,
        call=entry.call,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        actor_role=entry.actor_role,
        actor_person=entry.actor_person,
        actor_name=entry.actor_name,
        organisation=body["actor"].get("organisation"),
        organisation_name=body["actor"].get("organisation_name", ""),
        payload=body["payload"],
        hash=entry.hash,
    )


def history(
    subject_type: str, subject_id: str | int, *, acts: frozenset[str] | None = None, limit: int = 50
) -> list[Record]:
    """The last acts on one thing, newest first; only those named in `acts` when it is given.

    The caller has asked whether the reader may see the thing and these acts of it.
    """
    found = Entry.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    if acts is not None:
        found = found.filter(act__in=acts)
    return [_record(entry) for entry in found.order_by("-sequence")[:limit]]


def recent(
    call: str,
    *,
    acts: frozenset[str] | None = None,
    without: frozenset[str] = frozenset(),
    limit: int = 10,
) -> list[Record]:
    """The last acts in a call, newest first: those named in `acts`, or all but those in `without`."""
    found = Entry.objects.filter(call=call)
    if acts is not None:
        found = found.filter(act__in=acts)
    if without:
        found = found.exclude(act__in=without)
    return [_record(entry) for entry in found.order_by("-sequence")[:limit]]


def entries_of_call(slug: str) -> Iterator[Record]:
    """Every entry of a call in the order of the record, for replays."""
    return map(_record, Entry.objects.filter(call=slug).order_by("sequence").iterator())


def after(sequence: int, upto: int, *, acts: frozenset[str], limit: int) -> list[Record]:
    """The first entries of these acts after `sequence`, up to and with `upto`, in the order of the record; for telling people."""
    found = Entry.objects.filter(sequence__gt=sequence, sequence__lte=upto, act__in=acts)
    return [_record(entry) for entry in found.order_by("sequence")[:limit]]


def leaf_hashes(size: int) -> list[bytes]:
    """Leaf hashes of the first `size` entries. A leaf's data is the entry's hash (32 bytes)."""
    hashes = Entry.objects.filter(sequence__lte=size).order_by("sequence").values_list("hash", flat=True)
    return [merkle.leaf_hash(bytes.fromhex(each)) for each in hashes.iterator()]


def row_seals() -> rows.Seals:
    """The hash that every sealed row must have by the record."""
    bodies = Entry.objects.order_by("sequence").values_list("body", flat=True)
    return rows.fold(map(json.loads, bodies.iterator()))


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that an entry stands in the tree that a checkpoint signs. Everything as hex; `index` counts from 0."""

    entry_hash: str
    index: int
    size: int
    path: tuple[str, ...]
    root: str
    at: datetime
    signature: str
    public_key: str

    def holds(self) -> bool:
        """Whether the path leads to the root and the signature covers it. Needs no database."""
        leaf = merkle.leaf_hash(bytes.fromhex(self.entry_hash))
        path = [bytes.fromhex(step) for step in self.path]
        return merkle.verify_inclusion(
            leaf, self.index, self.size, path, bytes.fromhex(self.root)
        ) and signing.verify(
            signing.statement(self.size, self.root, self.at), self.signature, self.public_key
        )


def prove(sequence: int) -> Inclusion | None:
    """The proof for an entry under the newest checkpoint, or None where no checkpoint covers it yet."""
    standing, entry = covering(sequence), _entry.first(sequence=sequence)
    return None if standing is None or entry is None else proof_under(standing, entry)


def covering(sequence: int) -> Checkpoint | None:
    """The newest checkpoint, where it covers that entry. One query."""
    return _covering.first(sequence=sequence)


@prepared
def _covering(*, sequence: int) -> QuerySet[Checkpoint]:
    return Checkpoint.objects.filter(size__gte=sequence).order_by("-size")[:1]


@prepared
def _entry(*, sequence: int) -> QuerySet[Entry]:
    return Entry.objects.filter(sequence=sequence).order_by()


def proof_under(standing: Checkpoint, entry: Entry) -> Inclusion:
    """The proof for an entry under a checkpoint that covers it. One query."""
    return Inclusion(
        entry_hash=entry.hash,
        index=entry.sequence - 1,
        size=standing.size,
        path=tuple(step.hex() for step in tree.inclusion_proof(entry.sequence, standing.size)),
        root=standing.root,
        at=standing.at,
        signature=standing.signature,
        public_key=standing.public_key,
    )


def verify() -> list[Broken]:
    """Read the whole record and name every place where the chain, the hashes or the repeated columns do not agree."""
    return [*_chain(Entry.objects.order_by("sequence").iterator()), *broken_checkpoints()]


def broken_chain() -> list[Broken]:
    """The chain alone, without the checkpoints."""
    return list(_chain(Entry.objects.order_by("sequence").iterator()))


def _chain(entries: Iterable[Entry]) -> Iterator[Broken]:
    sequence, previous = 0, "0" * 64
    for entry in entries:
        sequence += 1
        where = f"entry {entry.sequence}"
        if entry.sequence != sequence:
            yield Broken(where, f"sequence {entry.sequence}", f"sequence {sequence}")
            sequence = entry.sequence
        if entry.previous_hash != previous:
            yield Broken(where, f"previous hash {entry.previous_hash}", previous)
        if (actual := sha256_hex(entry.body)) != entry.hash:
            yield Broken(where, f"hash of the body {actual}", entry.hash)
        yield from _columns(entry, where)
        previous = entry.hash


def _columns(entry: Entry, where: str) -> Iterator[Broken]:
    try:
        body = json.loads(entry.body)
        told = {
            "sequence": body["sequence"],
            "at": body["at"],
            "act": body["act"],
            "call": body["call"],
            "subject": body["subject"],
            "role": body["actor"]["role"],
            "person": body["actor"]["person"],
            "name": body["actor"]["name"],
            "previous": body["previous"],
        }
    except (ValueError, KeyError, TypeError):
        yield Broken(where, "a body that cannot be read", "canonical JSON of an entry")
        return
    stored = {
        "sequence": entry.sequence,
        "at": plain(entry.at),
        "act": entry.act,
        "call": entry.call,
        "subject": [entry.subject_type, entry.subject_id],
        "role": entry.actor_role,
        "person": entry.actor_person,
        "name": entry.actor_name,
        "previous": entry.previous_hash,
    }
    for name, value in told.items():
        if value != stored[name]:
            yield Broken(where, f"column {name}: {stored[name]}", f"{value}")
    if canonical_json(body) != entry.body:
        yield Broken(where, "a body that is not canonical", "canonical JSON")


def broken_checkpoints() -> list[Broken]:
    """Checkpoints whose root is not that of the record's first entries, or whose signature does not hold."""
    points = list(Checkpoint.objects.order_by("size"))
    if not points:
        return []
    leaves = leaf_hashes(points[-1].size)
    found: list[Broken] = []
    for point in points:
        where = f"checkpoint {point.size}"
        root = merkle.root(leaves[: point.size]).hex()
        if len(leaves) < point.size:
            found.append(Broken(where, f"{len(leaves)} entries", f"{point.size} entries"))
        elif root != point.root:
            found.append(Broken(where, f"root {root}", point.root))
        message = signing.statement(point.size, point.root, point.at)
        if not signing.verify(message, point.signature, point.public_key):
            found.append(Broken(where, "a signature that does not hold", "a signature by the key beside it"))
    return found
