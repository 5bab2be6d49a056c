"""What decides the order, and the order as it was fixed."""

from typing import ClassVar

from django.db import models

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.evaluation.states import BonusState, bonuses_table
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person


class Bonus(Sealed):
    """Bonus points of an application with their ground: proposed by one officer, counted once another has confirmed them.

    `item` is the place of the definition's bonus item (0 for the first), None where the definition names none.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="bonuses")
    item = models.PositiveSmallIntegerField(null=True, blank=True)
    points = models.DecimalField(max_digits=7, decimal_places=3)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=bonuses_table.choices(), default=BonusState.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class TieDecision(Sealed):
    """The committee's recorded order of applications with equal scores, best first (list of application ids).

    `stage` is empty for a tie in the final order, else the stage from which it was to be decided who goes on.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="tie_decisions")
    stage = models.CharField(max_length=48, blank=True)
    order = models.JSONField()
    reason = models.TextField()
    decided_at = models.DateTimeField()


class Ranking(Sealed):
    """A fixed ranking: canonical JSON of its inputs and of its result, the inputs' hash, and the words of the ranking document
    (canonical JSON, format gongmo/paper/1) with their hash. Never changed afterwards.

    After a re-evaluation on an objection the next version is fixed; all versions are kept. The newest comes first.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="rankings")
    number = models.PositiveSmallIntegerField(default=1)
    objection = models.ForeignKey(
        "evaluation.Objection", null=True, blank=True, on_delete=models.PROTECT, related_name="rankings"
    )
    inputs = models.TextField()
    inputs_hash = models.CharField(max_length=64)
    result = models.TextField()
    paper = models.TextField(blank=True)
    paper_hash = models.CharField(max_length=64, blank=True)
    fixed_at = models.DateTimeField()
    fixed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["call_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="ranking_version_once", fields=["call", "number"])
        ]
