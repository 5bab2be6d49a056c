"""What searches found. It can be found again at any time, so it is not part of the record."""

from typing import ClassVar

from django.db import models

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.similarity.models.corpus import EarlierProject


class Look(models.Model):
    """The last search for one application: the text that was compared, and with which state of the corpus.

    `parts` are [heading, start, end] in `text`. `sources` marks what the text was made from, `corpus` the parts of the index: when either
    has changed, the search is due again. `unread` names files whose words could not be read.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="similar_look")
    text = models.TextField()
    parts = models.JSONField(default=list)
    unread = models.JSONField(default=list)
    sources = models.CharField(max_length=64)
    corpus = models.CharField(max_length=64)
    among = models.PositiveIntegerField()
    looked_at = models.DateTimeField()


class Match(models.Model):
    """An earlier project that a search found. Shares and likenesses in thousandths.

    `told` are the parts of the score: {of_application, of_project, title, goals, content (None: nothing to compare), terms
    [[word, projects that hold it]]}; `passages` are [left start, left end, right start, right end, likeness] in the texts.
    """

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="matches")
    project = models.ForeignKey(EarlierProject, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    told = models.JSONField(default=dict)
    passages = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-score", "project_id"]
        constraints: ClassVar = [models.UniqueConstraint(name="match_once", fields=["look", "project"])]


class PairLook(models.Model):
    """The last comparison of a call's applications with each other. `sources` marks the texts that were compared."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="similar_pairs")
    sources = models.CharField(max_length=64)
    among = models.PositiveIntegerField()
    common = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField()


class Pair(models.Model):
    """Two applications of one call that tell the same, `left` the one with the smaller id. As `Match`."""

    look = models.ForeignKey(PairLook, on_delete=models.CASCADE, related_name="pairs")
    left = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    told = models.JSONField(default=dict)
    passages = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-score", "id"]
        constraints: ClassVar = [models.UniqueConstraint(name="pair_once", fields=["look", "left", "right"])]
