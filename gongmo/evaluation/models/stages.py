"""Stages being carried out."""

from typing import ClassVar

from django.db import models

from gongmo.calls.models import Call, CallVersion
from gongmo.evaluation.models.committee import Committee
from gongmo.evaluation.states import (
    StageState,
    stages_table,
)
from gongmo.ledger.rows import Sealed


class StageRun(Sealed):
    """A stage of the definition being carried out by a committee, under the version in force when scoring began.

    `round` is 1; the stages of a re-evaluation, that an upheld `objection` led to, have the next number. `due_at` is when the
    sheets are expected to be locked.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="stage_runs")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="stage_runs")
    stage = models.CharField(max_length=48)
    version = models.ForeignKey(CallVersion, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    objection = models.ForeignKey(
        "evaluation.Objection", null=True, blank=True, on_delete=models.PROTECT, related_name="stage_runs"
    )
    state = models.CharField(max_length=8, choices=stages_table.choices(), default=StageState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="stage_once", fields=["call", "stage", "round"])
        ]
