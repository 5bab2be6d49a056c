"""The two ways in which the record grows: an act is appended, and what stands so far is signed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet, Subquery

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.ledger import policies, rows, signing, tree
from gongmo.ledger.models import Checkpoint, Entry
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import Besides, insert

M = TypeVar("M", bound=Model)

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""

_LOCK = 0x67_6F_6E_67_6D_6F  # "gongmo": PostgreSQL's advisory lock on the record's end.


class End(NamedTuple):
    """The record's last entry: its number and its hash."""

    sequence: int
    hash: str


_BEGINNING = End(0, GENESIS)


def append(
    *,
    actor: Actor,
    act: str,
    subject: tuple[str, str | int],
    call: str = "",
    payload: Mapping[str, Any],
    end: End | None = None,
) -> Entry:
    """Append one act to the record, inside the transaction of the change that it tells of.

    `act` is "<app>.<command>", `subject` the kind and id of the thing, `call` the slug of the call it belongs to. The payload holds
    plain values (gongmo.kernel.canonical) that suffice to replay a decision, and no personal data beyond ids and display names.
    `end` is what `end_in` (or `told_end`) told of a row that this transaction has locked, when nothing was appended since.
    Raises TransactionManagementError outside `transaction.atomic`: an act without its change, or a change without its act, must
    not be possible.
    """
    _lock_end()
    last = end or _end.first() or _BEGINNING
    sequence, previous = last[0] + 1, last[1]
    at = clock.now()
    kind, identity = subject[0], str(subject[1])
    written = rows.take(connection.alias)
    body = canonical_json(
        {
            **({"rows": written} if written else {}),
            "sequence": sequence,
            "at": at,
            "actor": {**actor.record(), "name": actor.name},
            "act": act,
            "call": call,
            "subject": [kind, identity],
            "payload": payload,
            "previous": previous,
        }
    )
    entry = Entry(
        sequence=sequence,
        at=at,
        act=act,
        call=call,
        subject_type=kind,
        subject_id=identity,
        actor_role=actor.role.value,
        actor_person=actor.person,
        actor_name=actor.name,
        body=body,
        previous_hash=previous,
        hash=sha256_hex(body),
    )
    insert(entry)
    return entry


def with_end(found: QuerySet[M]) -> QuerySet[M]:
    """Rows that are read to be written, with the record's end in the same statement: SQLite lets one transaction write at a time, from
    its beginning. Elsewhere the end must be read under a lock of its own, and the rows come as they are."""
    if connection.vendor != "sqlite":
        return found
    last = Entry.objects.order_by("-sequence")
    annotated: Any = found.annotate(
        end_sequence=Subquery(last.values("sequence")[:1]), end_hash=Subquery(last.values("hash")[:1])
    )
    told: QuerySet[M] = annotated
    return told


def end_in(row: Model) -> End | None:
    """The record's end as `with_end` read it with a row, None where it did not."""
    told = row.__dict__
    return End(told["end_sequence"], told["end_hash"]) if told.get("end_sequence") else None


def besides_end(condition: str, values: tuple[Any, ...]) -> Besides:
    """For `writing.update_as_seen`: a further condition, and, as `with_end`, the record's end told along where that can be done."""
    if connection.vendor != "sqlite":
        return Besides(condition, values)
    quote, table = connection.ops.quote_name, Entry._meta.db_table
    last = f"FROM {quote(table)} ORDER BY {quote('sequence')} DESC LIMIT 1"
    told = ", ".join(f"(SELECT {quote(name)} {last})" for name in End._fields)
    return Besides(condition, values, told)


def told_end(told: Sequence[Any]) -> End | None:
    """The record's end in what `besides_end` told, None where it did not."""
    return End(*told) if told and told[0] else None


def take_turn() -> None:
    """Wait for the turn to append, before `append` does: what is counted from then on, nobody else counts until the transaction ends.

    Lock rows before; between the turn and the end of the transaction everybody who saves anything waits.
    """
    _lock_end()


@prepared
def _end() -> QuerySet[Entry, tuple[int, str]]:
    return Entry.objects.order_by("-sequence").values_list("sequence", "hash")[:1]


def checkpoint(*, actor: Actor) -> Checkpoint | None:
    """Sign the Merkle root over all entries so far. The standing checkpoint where nothing was added, None for an empty record."""
    policies.may_checkpoint.require(actor)
    with transaction.atomic():
        _lock_end()
        last = _end.first()
        if last is None:
            return None
        size = last[0]
        standing = _signed.first(size=size)
        if standing is not None:
            return standing
        root = tree.root(size).hex()
        at = clock.now()
        signature, public_key = signing.sign(signing.statement(size, root, at))
        signed = Checkpoint(size=size, root=root, at=at, signature=signature, public_key=public_key)
        insert(signed)
        return signed


@prepared
def _signed(*, size: int) -> QuerySet[Checkpoint]:
    return Checkpoint.objects.filter(size=size).order_by()


def _lock_end() -> None:
    """One writer at a time at the record's end, until its transaction ends. SQLite's IMMEDIATE transactions give that by themselves."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the record grows only inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
