"""What decides the order."""

from django.db import models

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person


class Bonus(Sealed):
    """Bonus points of an application with their ground."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="bonuses")
    points = models.DecimalField(max_digits=7, decimal_places=3)
    reason = models.CharField(max_length=300)
    given_at = models.DateTimeField()


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
    """A fixed ranking: canonical JSON of its inputs and of its result, and the inputs' hash. Never changed afterwards."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="ranking")
    inputs = models.TextField()
    inputs_hash = models.CharField(max_length=64)
    result = models.TextField()
    fixed_at = models.DateTimeField()
    fixed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
