"""The record's Merkle tree as this process has seen it: read once, then only what was added.

The record only grows, so what was read stays right; a restored or rolled back database is noticed by its last known entry.
"""

from threading import Lock

from django.db.models import QuerySet

from gongmo.ledger import merkle
from gongmo.ledger.models import Entry
from gongmo.ledger.prepared import prepared

_AT_ONCE = 5000
_lock = Lock()
_tree = merkle.Tree()
_last_hash = ""


def root(size: int) -> bytes:
    """Merkle root over the first `size` entries."""
    with _lock:
        return _grown(size).root(size)


def inclusion_proof(sequence: int, size: int) -> list[bytes]:
    """The way from an entry (by sequence, from 1) to the root of the first `size` entries."""
    with _lock:
        return _grown(size).inclusion_proof(sequence - 1, size)


def consistency_proof(earlier: int, size: int) -> list[bytes]:
    """That the first `size` entries continue the first `earlier` ones."""
    with _lock:
        return _grown(size).consistency_proof(earlier, size)


def _grown(size: int) -> merkle.Tree:
    """The tree with at least `size` leaves, if there are so many entries. One query."""
    global _tree, _last_hash
    known = len(_tree)
    found = _since(sequence=max(known, 1))
    if known:
        if not found or found[0] != (known, _last_hash):
            # Another database, or one that was set back: begin again.
            _tree, _last_hash = merkle.Tree(), ""
            found = _since(sequence=1)
        else:
            del found[0]
    while found:
        for _, digest in found:
            _tree.append(merkle.leaf_hash(bytes.fromhex(digest)))
            _last_hash = digest
        found = _since(sequence=found[-1][0] + 1) if len(found) >= _AT_ONCE - 1 else []
    if len(_tree) < size:
        raise IndexError(f"{size} of {len(_tree)} entries")
    return _tree


@prepared
def _since(*, sequence: int) -> QuerySet[Entry, tuple[int, str]]:
    found = Entry.objects.filter(sequence__gte=sequence).order_by("sequence")
    return found.values_list("sequence", "hash")[:_AT_ONCE]
