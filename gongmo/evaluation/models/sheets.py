"""Score sheets."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.evaluation.models.committee import Seat
from gongmo.evaluation.models.stages import StageRun
from gongmo.evaluation.states import (
    SheetState,
    sheets_table,
)


class VoidKind(models.TextChoices):
    DISQUALIFIED = "disqualified", "제척·기피·회피"
    LEFT = "left", "위원 회피"
    EXCLUDED = "excluded", "신청 제외"
    NOT_ADVANCED = "not_advanced", "다음 단계에 오르지 않음"
    DISSOLVED = "dissolved", "위원회 해산"


class ScoreSheet(models.Model):
    """One expert's sheet for one application in one stage. `revision` guards against overwriting from a second window; fields that are saved by
    themselves keep the sheet's revision at which they last changed (`opinion_revision`, and the scores' own).

    `seal` is the secret that goes into the locked sheet's hash in the ledger: until the stage is locked the ledger tells
    that nothing was changed, and no points.
    """

    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="sheets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="sheets")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=8, choices=sheets_table.choices(), default=SheetState.OPEN)
    overall_opinion = models.TextField(blank=True)
    opinion_revision = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    void_kind = models.CharField(max_length=12, choices=VoidKind.choices, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="sheet_once", fields=["run", "seat", "application"]),
            models.CheckConstraint(
                name="sheet_locked_has_instant", condition=~Q(state="locked") | Q(locked_at__isnull=False)
            ),
        ]


class Score(models.Model):
    """Points on one criterion with a comment. No points yet (None) is never 0 points."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="scores")
    criterion = models.CharField(max_length=16)
    points = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    comment = models.TextField(blank=True)
    points_revision = models.PositiveIntegerField(default=0)
    comment_revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="score_once", fields=["sheet", "criterion"]),
            models.CheckConstraint(
                name="score_not_negative", condition=Q(points__isnull=True) | Q(points__gte=0)
            ),
        ]
