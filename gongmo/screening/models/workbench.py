"""What makes the officers' list quick and their own: kept sums of the findings, and saved views. Neither decides anything."""

from typing import ClassVar

from django.db import models

from gongmo.calls.models import Call
from gongmo.parties.models import Person
from gongmo.screening.models.reviews import Review


class ReviewDigest(models.Model):
    """How many findings of a review fail or are unknown, worked out from the record as it stood at `mark`.

    `until` is the instant from which it must be worked out anew although nothing was recorded (a deadline passes).
    """

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="digest")
    mark = models.CharField(max_length=64)
    until = models.DateTimeField(null=True, blank=True)
    failed = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    unknown_facts = models.PositiveIntegerField()
    """Unknown findings of the exclusion rules about single organisations."""
    excluded = models.JSONField(default=list)
    """Clauses of exclusion rules that an organisation meets, in the definition's order."""
    made_at = models.DateTimeField()


class SavedView(models.Model):
    """A named choice of filters of one officer on a call's list. `query` is the address's query, as the list reads it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="saved_view_once", fields=["person", "call", "name"]),
        ]
