"""How two sequences differ: the longest common subsequence, found by whole rows of bits, so that no pair of texts is slow to compare.

Hyyrö, "Bit-parallel LCS-length computation revisited" (2004); the way back through the kept rows after Crochemore et al. (2001).
"""

from collections.abc import Hashable, Sequence


def common(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places (in `one`, in `other`), rising in both, of the longest subsequence that both have. Costs len(one) operations on numbers of
    len(other) bits, and keeps as many such numbers."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    inner = _inner(one[start : len(one) - end], other[start : len(other) - end])
    found = [(place, place) for place in range(start)]
    found += [(start + a, start + b) for a, b in inner]
    found += [(len(one) - place, len(other) - place) for place in range(end, 0, -1)]
    return found


def _inner(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[int, int]]:
    places: dict[Hashable, int] = {}
    for place, item in enumerate(other):
        places[item] = places.get(item, 0) | 1 << place
    everywhere = (1 << len(other)) - 1
    # Bit b of row a is 0 where the longest for one[:a], other[:b + 1] is one more than for one[:a], other[:b].
    rows = [everywhere]
    for item in one:
        row = rows[-1]
        met = row & places.get(item, 0)
        rows.append((row + met | row - met) & everywhere)
    found: list[tuple[int, int]] = []
    a, b = len(one), len(other)
    while a and b:
        bit = 1 << b - 1
        if rows[a] & bit:
            b -= 1
        elif not rows[a - 1] & bit:
            a -= 1
        else:
            a, b = a - 1, b - 1
            found.append((a, b))
    return found[::-1]
