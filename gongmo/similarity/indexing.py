"""Making the index: projects that are in no segment yet are put into one, small segments are put together, empty ones dropped."""

import logging
import zlib
from collections.abc import Callable

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef

from gongmo.kernel import clock
from gongmo.rules.similarity.postings import BLOCK, block_of, count, no_frequencies
from gongmo.rules.similarity.words import Features, clean, features, stems
from gongmo.similarity.corpus import current
from gongmo.similarity.index import chosen
from gongmo.similarity.models import EarlierProject, Segment

log = logging.getLogger(__name__)

SMALL = 5000
FEW = 8
CHUNK = 500


def words_of(title: str, goals: str, content: str, effects: str, keywords: str) -> str:
    """All words of a project, as they are searched."""
    return "\n".join((title, goals, content, effects, keywords))


def _noop(done: int) -> None:
    return None


def index_waiting(tell: Callable[[int], None] = _noop) -> int:
    """Put every project that is in no segment into one. `tell` hears of the projects read. Returns how many there were."""
    done = 0
    while True:
        found = _take()
        if not found:
            break
        numbers, texts = [number for number, _ in found], [text for _, text in found]
        _segment(numbers, texts, ())
        done += len(found)
        tell(done)
    _tidy()
    return done


def _take(segments: tuple[int, ...] = ()) -> list[tuple[int, Features]]:
    """Projects in no segment (or in these) with their features, at most a block of them."""
    rows = (
        EarlierProject.objects.filter(segment__in=segments)
        if segments
        else EarlierProject.objects.filter(segment=None)
    )
    parts = rows.order_by("pk").values_list("pk", "title", "goals", "content", "effects", "keywords")[:BLOCK]
    return [
        (row[0], features(stems(clean(words_of(*row[1:]))))[0]) for row in parts.iterator(chunk_size=CHUNK)
    ]


def _segment(numbers: list[int], texts: list[Features], instead: tuple[int, ...]) -> None:
    """Make a live segment of these projects, in place of some others."""
    cells = no_frequencies()
    count(texts, cells)
    whole = current()
    among = cells if instead else whole.cells + cells
    block = block_of(numbers, texts, among, whole.total + len(texts))
    made = Segment.objects.create(
        count=len(numbers),
        numbers=zlib.compress(np.array(numbers, dtype=np.int64).tobytes(), 1),
        cells=zlib.compress(cells.tobytes(), 1),
        made_at=clock.now(),
    )
    chosen().add(made.pk, block)
    with transaction.atomic():
        for start in range(0, len(numbers), CHUNK):
            EarlierProject.objects.filter(pk__in=numbers[start : start + CHUNK]).update(segment=made.pk)
        Segment.objects.filter(pk__in=instead).update(live=False)
        Segment.objects.filter(pk=made.pk).update(live=True)
    _forget(instead)


def _tidy() -> None:
    """Drop segments without projects, and put many small ones together."""
    held = EarlierProject.objects.filter(segment=OuterRef("pk"))
    empty = tuple(Segment.objects.filter(~Exists(held)).values_list("pk", flat=True))
    Segment.objects.filter(pk__in=empty).update(live=False)
    _forget(empty)
    small = tuple(
        Segment.objects.filter(live=True, count__lt=SMALL).order_by("pk").values_list("pk", flat=True)
    )
    if len(small) > FEW:
        found = _take(small)
        _segment([number for number, _ in found], [text for _, text in found], small)


def _forget(segments: tuple[int, ...]) -> None:
    for segment in segments:
        chosen().drop(segment)
    Segment.objects.filter(pk__in=segments, live=False).delete()


def reindex(tell: Callable[[int], None] = _noop) -> int:
    """Make the whole index anew. Returns how many projects it holds."""
    old = tuple(Segment.objects.values_list("pk", flat=True))
    Segment.objects.filter(pk__in=old).update(live=False)
    _forget(old)
    EarlierProject.objects.update(segment=None)
    return index_waiting(tell)


def mend() -> int:
    """Put projects whose segment this machine's index does not hold into new segments. Returns how many segments were missing."""
    lost = chosen().missing(current().segments)
    for segment in lost:
        log.warning("segment %s of the index of earlier projects is missing and is made again", segment)
        with transaction.atomic():
            EarlierProject.objects.filter(segment=segment).update(segment=None)
            Segment.objects.filter(pk=segment).update(live=False)
        _forget((segment,))
    if lost:
        index_waiting()
    return len(lost)
