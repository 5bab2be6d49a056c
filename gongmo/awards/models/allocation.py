"""Money given by result."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.ledger.rows import Sealed


class AllocationRun(Sealed):
    """An allocation of money by result: canonical JSON of inputs and result, and the inputs' hash."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="allocations")
    number = models.PositiveIntegerField()
    inputs = models.TextField()
    inputs_hash = models.CharField(max_length=64)
    result = models.TextField()
    fixed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["call", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="allocation_number_once", fields=["call", "number"])
        ]


class AllocationLine(Sealed):
    """Won given to one application in an allocation."""

    run = models.ForeignKey(AllocationRun, on_delete=models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="allocation_lines")
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="allocation_line_once", fields=["run", "application"]),
            models.CheckConstraint(name="allocation_line_not_negative", condition=Q(amount__gte=0)),
        ]
