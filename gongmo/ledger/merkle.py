"""Merkle tree of RFC 9162 (Certificate Transparency 2.0), section 2.1, over SHA-256. Pure functions of bytes.

A leaf is hashed with 0x00 in front, an inner node with 0x01, so that no leaf passes for a node. `leaves` are always leaf hashes
(`leaf_hash(data)`), 32 bytes each.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf's data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The tree's root (2.1.1), read in one pass. The root of nothing is SHA-256 of nothing."""
    # Roots of complete subtrees, the largest first; two of one size are joined at once.
    tops: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, top = 1, leaf
        while tops and tops[-1][0] == size:
            top = node_hash(tops.pop()[1], top)
            size *= 2
        tops.append((size, top))
    if not tops:
        return hashlib.sha256(b"").digest()
    found = tops.pop()[1]
    while tops:
        found = node_hash(tops.pop()[1], found)
    return found


def _split(size: int) -> int:
    """The largest power of two below `size` (size > 1)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Hashes that lead from leaf `index` (from 0) to the root (2.1.3.1). Raises IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} of {len(leaves)}")
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether the proof shows that `leaf` stands at `index` in the tree of `size` leaves with that root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        node >>= 1
        last >>= 1
    return last == 0 and found == expected_root


def consistency_proof(earlier: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Hashes that show that the tree of the first `earlier` leaves is a beginning of this one (2.1.4.1).

    Raises IndexError unless 0 < earlier <= len(leaves).
    """
    if not 0 < earlier <= len(leaves):
        raise IndexError(f"{earlier} of {len(leaves)} leaves")
    return _subproof(earlier, leaves, True)


def _subproof(earlier: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    size = len(leaves)
    if earlier == size:
        return [] if whole else [root(leaves)]
    middle = _split(size)
    if earlier <= middle:
        return [*_subproof(earlier, leaves[:middle], whole), root(leaves[middle:])]
    return [*_subproof(earlier - middle, leaves[middle:], False), root(leaves[:middle])]


def verify_consistency(
    earlier: int, earlier_root: bytes, size: int, expected_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the tree of `size` leaves continues the tree of `earlier` leaves (2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == expected_root
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        # A complete tree is itself the first step.
        path.insert(0, earlier_root)
    if not path:
        return False
    node, last = earlier - 1, size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before = node_hash(step, before)
            after = node_hash(step, after)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            after = node_hash(after, step)
        node >>= 1
        last >>= 1
    return last == 0 and before == earlier_root and after == expected_root


class Tree:
    """A growing tree that keeps every complete subtree's hash, so that roots and proofs cost logarithmic time.

    Takes about 64 bytes a leaf. Answers the same as the functions above for any earlier size.
    """

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    def __len__(self) -> int:
        return len(self._levels[0]) // 32

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash at the end."""
        level, place, found = 0, len(self), leaf
        self._levels[0] += leaf
        while place & 1:
            found = node_hash(self._node(level, place - 1), found)
            level, place = level + 1, place >> 1
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += found

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves (at most as many as there are)."""
        return self._range(0, size) if size else hashlib.sha256(b"").digest()

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """As `inclusion_proof` over the first `size` leaves. Raises IndexError outside them."""
        if not 0 <= index < size <= len(self):
            raise IndexError(f"leaf {index} of {size}")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency_proof(self, earlier: int, size: int) -> list[bytes]:
        """As `consistency_proof` from the first `earlier` to the first `size` leaves. Raises IndexError outside them."""
        if not 0 < earlier <= size <= len(self):
            raise IndexError(f"{earlier} of {size} leaves")
        path: list[bytes] = []
        start, end, whole = 0, size, True
        while start + earlier != end:
            middle = start + _split(end - start)
            if start + earlier <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                earlier, start, whole = earlier - (middle - start), middle, False
        if not whole:
            path.append(self._range(start, end))
        return path[::-1]

    def _node(self, level: int, place: int) -> bytes:
        return bytes(self._levels[level][place * 32 : place * 32 + 32])

    def _range(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0 and start % size == 0:
            level = size.bit_length() - 1
            return self._node(level, start >> level)
        middle = start + _split(size)
        return node_hash(self._range(start, middle), self._range(middle, end))
