"""Objections of applicants to an exclusion."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person
from gongmo.screening.deadlines import last_day
from gongmo.screening.models.reviews import Review
from gongmo.screening.states import ObjectionState, objections_table


class ReviewObjection(Sealed):
    """An applicant's objection to one exclusion, at most one for each.

    `against` is the instant of the exclusion it is about: an exclusion that is lifted and made again can be objected to again.
    `due_at` is the end of the time for it (excluded), `answer_due_at` that of the operator's answer, where the call gives one.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="objections")
    against = models.DateTimeField()
    clause = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=objections_table.choices(), default=ObjectionState.FILED)
    text = models.TextField()
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    @property
    def answer_due_on(self) -> date | None:
        """The last day (Seoul) on which the answer is in time."""
        return None if self.answer_due_at is None else last_day(self.answer_due_at)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="objection_once", fields=["review", "against"]),
            models.CheckConstraint(
                name="objection_answered_says_why",
                condition=Q(state__in=(ObjectionState.FILED, ObjectionState.WITHDRAWN)) | ~Q(answer=""),
            ),
        ]
