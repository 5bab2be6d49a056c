"""Challenges (기피) by an applicant against a member."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.evaluation.models.committee import Seat
from gongmo.evaluation.states import ChallengeState, challenges_table
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person


class Challenge(Sealed):
    """An applicant asks that a member does not judge its application; the committee decides without that member."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="challenges")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="challenges")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=challenges_table.choices(), default=ChallengeState.ASKED)
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    in_favour = models.PositiveSmallIntegerField(null=True, blank=True)
    against = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="challenge_waits_once", fields=["seat", "application"], condition=Q(state="asked")
            )
        ]
