"""Words and features of a Korean text: particles and endings trimmed, so that 기업을, 기업의 and 기업에서 are one word.

A feature is a 32-bit number: of a whole stem, or of two letters that stand beside each other in a stem. Letter pairs survive
compounds that are written together or apart, and stems that were trimmed wrongly: a wrong stem is wrong in both texts alike.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.uint32]
Counts = NDArray[np.int64]

WORD = re.compile(r"[가-힣]+|[a-z]+|[0-9]+")
"""A word of a lower-case text: Korean letters, Latin letters or digits in a row."""
_VERBS = ("하", "되", "시키")
_ENDINGS = (
    *(
        "는",
        "여",
        "고",
        "며",
        "면",
        "기",
        "기에",
        "기를",
        "도록",
        "고자",
        "므로",
        "지만",
        "면서",
        "였다",
        "였으며",
    ),
    *("였습니다", "게", "려는", "려고", "자", "던", "거나", "여야", "기도"),
)
_CONTRACTED = (
    *(
        "한다",
        "합니다",
        "했다",
        "했습니다",
        "했으며",
        "해",
        "해서",
        "할",
        "함",
        "함으로써",
        "한",
        "된다",
        "됩니다",
        "됐다",
        "되었다",
    ),
    *("되었습니다", "돼", "될", "됨", "된", "시킨다", "시킵니다", "시켜", "시킬", "시킨", "시킴"),
)
_NOUNS = (
    *(
        "으로부터",
        "에서부터",
        "이라는",
        "으로서",
        "으로써",
        "에서는",
        "에서의",
        "에게서",
        "으로의",
        "까지의",
        "에서도",
        "으로는",
    ),
    *(
        "에게",
        "에서",
        "으로",
        "부터",
        "까지",
        "이나",
        "이며",
        "이고",
        "이다",
        "입니다",
        "라는",
        "로서",
        "로써",
        "로의",
        "로는",
    ),
    *(
        "에는",
        "에도",
        "과의",
        "와의",
        "마다",
        "처럼",
        "보다",
        "들이",
        "들을",
        "들의",
        "들은",
        "들과",
        "들에",
        "들",
    ),
    *("을", "를", "이", "가", "은", "는", "의", "에", "로", "와", "과", "도", "만"),
)
SUFFIXES = frozenset({*_NOUNS, *_CONTRACTED, *(verb + ending for verb in _VERBS for ending in _ENDINGS)})
"""What is trimmed at the end of a Korean word: case particles, and the endings of verbs made with 하다, 되다, 시키다."""
_LONGEST = max(map(len, SUFFIXES))
KEPT = 2
"""Syllables that a stem keeps at least."""
_MEMORY = 300_000
"""Words whose features are remembered: words come again and again. Beyond it all are forgotten at once."""

_stems: dict[str, str] = {}
_features: dict[str, tuple[int, ...]] = {}


def clean(text: str) -> str:
    """The text with composed letters (NFC), without what no reader sees. Places in it are what passages name."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else " "
        for letter in unicodedata.normalize("NFC", text)
    )


def stem(word: str) -> str:
    """A word without its longest known ending; at least two syllables stay."""
    found = _stems.get(word)
    if found is None:
        found = word
        if word[0] >= "가":
            for length in range(min(_LONGEST, len(word) - KEPT), 0, -1):
                if word[-length:] in SUFFIXES:
                    found = word[:-length]
                    break
        if len(_stems) >= _MEMORY:
            _stems.clear()
        _stems[word] = found
    return found


def spans(text: str) -> list[tuple[int, int, str]]:
    """Every word of a clean text: where it begins and ends, and its stem."""
    return [(found.start(), found.end(), stem(found.group())) for found in WORD.finditer(_lower(text))]


def stems(text: str) -> list[str]:
    """The stems of a clean text in order."""
    return [stem(word) for word in WORD.findall(_lower(text))]


def _lower(text: str) -> str:
    """Lower case, every letter in its place: a few capitals would become two letters."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(each.lower()[:1] for each in text)


def stem_feature(one: str) -> int:
    """The feature of a whole stem."""
    return crc32(one.encode("utf-8", "replace"))


def features_of_stem(one: str) -> tuple[int, ...]:
    """The features of one stem: its pairs of letters, and the whole where it is longer or Latin. Digits and single letters tell nothing."""
    found = _features.get(one)
    if found is None:
        found = ()
        if one[0] < "가":
            found = (stem_feature(one),) if len(one) > 1 and not one.isdigit() else ()
        elif len(one) > 1:
            pairs = (
                ((ord(a) * 65599 + ord(b)) * 2654435761 + 97) & 0xFFFFFFFF for a, b in itertools.pairwise(one)
            )
            found = (*pairs, stem_feature(one)) if len(one) > KEPT else tuple(pairs)
        if len(_features) >= _MEMORY:
            _features.clear()
        _features[one] = found
    return found


def features(found: Iterable[str]) -> tuple[Features, Counts]:
    """The features of stems, each once and in rising order, and how often each occurs."""
    numbers: list[int] = []
    known = _features.get
    for one in found:
        given = known(one)
        numbers.extend(features_of_stem(one) if given is None else given)
    return np.unique(np.array(numbers, dtype=np.uint32), return_counts=True)
