"""Makes damaged files and odd texts out of good ones."""

import copy
import io
import json
import zipfile
from typing import Any

from hypothesis import strategies as st

ODD = [
    "각",  # a letter in three pieces (NFD), as macOS writes file names
    "\u200b\u200d\ufeff",  # nothing to see
    "\u202eexe.fdp\u202c",  # read from right to left
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "𠮷𡈽",  # four bytes a letter
    "\ud800",  # half a letter
    "\x00\x07\x1b",
    "=HYPERLINK(\"http://a\")",
    "+1", "-1", "@SUM(A1)", "\t=1", "|calc",
    "<script>alert(1)</script>", "]]>", "&#0;", "{{7*7}}", "#set(1)", "$x$", "\\u{0}",
    "../../etc/passwd", "CON", "a" * 3000, "\u0301" * 300, "١٢٣", "１２３", "ﬀ", "İ", "ß",
]  # fmt: skip
"""Texts that have broken programs: each alone, and mixed."""

odd_texts = st.one_of(
    st.sampled_from(ODD),
    st.lists(st.sampled_from(ODD), min_size=2, max_size=4).map("".join),
    st.text(max_size=40),
    # Surrogates, which Hypothesis leaves out by itself, and everything else that a text of Python can hold.
    st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF, exclude_categories=()), max_size=40),
)

_bytes = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"\0" * 8, b"\xff" * 8, b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"9" * 400]),
)
_edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "put", "repeat", "end"]),
        st.integers(0, 2**31),
        st.integers(1, 64),
        _bytes,
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, edits: list[tuple[str, int, int, bytes]]) -> bytes:
    """The bytes with some flipped, cut out, put in, repeated, or everything after a place cut off."""
    for how, where, length, new in edits:
        at = where % (len(data) + 1)
        if how == "flip":
            data = (
                data[:at]
                + bytes(byte ^ (length * 37 % 255 + 1) for byte in data[at : at + 1])
                + data[at + 1 :]
            )
        elif how == "cut":
            data = data[:at] + data[at + length :]
        elif how == "put":
            data = data[:at] + new + data[at:]
        elif how == "repeat":
            data = data[:at] + data[at : at + length] * 3 + data[at + length :]
        else:
            data = data[: max(at, 4)]
    return data


def damaged(samples: list[bytes]) -> st.SearchStrategy[bytes]:
    """One of the samples, damaged: as it lies there, or, of an archive, inside one of its parts."""
    return st.builds(_damaged, st.sampled_from(samples), _edits, st.booleans(), st.integers(0, 99))


def _damaged(sample: bytes, edits: list[tuple[str, int, int, bytes]], inside: bool, part: int) -> bytes:
    if not (inside and sample.startswith(b"PK")):
        return edited(sample, edits)
    with zipfile.ZipFile(io.BytesIO(sample)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[part % len(parts)]
    parts[name] = edited(parts[name], edits)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for each, content in parts.items():
            made.writestr(each, content)
    return held.getvalue()


_values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), odd_texts, st.just([]), st.just({}),
    st.sampled_from([10**30, -1, 0, 2**63, "0", "1e999", "2025-02-30", "9" * 5000, [[[]]]]),
)  # fmt: skip


def bent(value: Any) -> st.SearchStrategy[Any]:
    """The JSON value with one to three of its leaves or branches replaced by something of another kind, or gone."""
    return st.builds(
        _bent,
        st.just(json.dumps(value)),
        st.lists(st.tuples(st.integers(0, 2**31), _values, st.booleans()), min_size=1, max_size=3),
    )


def _bent(text: str, changes: list[tuple[int, Any, bool]]) -> Any:
    value = json.loads(text)
    for number, new, gone in changes:
        places = list(_places(value))
        if not places:
            return new
        holder, key = places[number % len(places)]
        if gone:
            del holder[key]
        else:
            # A copy of its own: the same thing twice could be put into itself.
            holder[key] = copy.deepcopy(new)
    return value


def _places(value: Any) -> Any:
    """Every (holder, key) below a value."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
