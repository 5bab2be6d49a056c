"""The index of the corpus. All of it is made from EarlierProject and can be made again (`gongmo similar reindex`)."""

from typing import ClassVar

from django.db import models


class Segment(models.Model):
    """A part of the index. It is searched once it is `live`.

    `numbers` are the ids of its projects by place (compressed 64-bit numbers), `cells` how many of them hold a feature (compressed
    32-bit counts, gongmo.rules.similarity.postings.BINS of them).
    """

    count = models.PositiveIntegerField()
    numbers = models.BinaryField()
    cells = models.BinaryField()
    live = models.BooleanField(default=False)
    made_at = models.DateTimeField()


class Posting(models.Model):
    """With GONGMO_SIMILAR_INDEX=table: one feature of a segment with the places of the projects that list it (32-bit numbers)."""

    segment = models.BigIntegerField()
    term = models.BigIntegerField()
    places = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="posting_once", fields=["term", "segment"]),
        ]
        indexes: ClassVar = [models.Index(name="posting_of_segment", fields=["segment"])]
