"""Committees, seats, declarations and disqualifications."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.evaluation.models.pool import Evaluator
from gongmo.evaluation.states import (
    SeatState,
    seats_table,
)
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person
from gongmo.privacy.fields import EncryptedText


class Committee(Sealed):
    """The evaluation committee of a call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="committees")
    name = models.CharField(max_length=100)
    formed_at = models.DateTimeField()
    formed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    """The earlier committee of the same matter, of whose members some sit again."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="committee_name_once", fields=["call", "name"])]


class Dissolution(Sealed):
    """A committee that was formed in error is dissolved before it scored anything: when, by whom and why. Its rows stay as they were."""

    committee = models.OneToOneField(Committee, on_delete=models.PROTECT, related_name="dissolution")
    dissolved_at = models.DateTimeField()
    dissolved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)


class Seat(Sealed):
    """An expert's seat. Pledging covers confidentiality, integrity and the conflict declaration."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="seats")
    chair = models.BooleanField(default=False)
    reserve = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=seats_table.choices(), default=SeatState.INVITED)
    invited_at = models.DateTimeField()
    pledged_at = models.DateTimeField(null=True, blank=True)
    panel = models.PositiveSmallIntegerField(default=1)
    """The part (분과) of the committee, from 1."""
    answer_reason = models.CharField(max_length=300, blank=True)
    """Why the seat was declined or left."""

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="seat_once", fields=["committee", "evaluator"]),
            models.UniqueConstraint(name="one_chair", fields=["committee", "panel"], condition=Q(chair=True)),
        ]


class ConflictDeclaration(Sealed):
    """An expert's answer, before anything is shown: is there a conflict with this application?"""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    conflict = models.BooleanField()
    note = EncryptedText(blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="conflict_declared_once", fields=["seat", "application"])
        ]


class Assignment(Sealed):
    """This seat judges this application. A committee without assignments judges everything with every member."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="assignments")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="assigned_once", fields=["seat", "application"])
        ]


class DisqualificationKind(models.TextChoices):
    DETECTED = "detected", "제척"
    CHALLENGED = "challenged", "기피"
    RECUSED = "recused", "회피"


class Disqualification(Sealed):
    """An expert does not evaluate this application: found by rule (제척), challenged (기피) or self-declared (회피)."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="disqualifications")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="disqualifications")
    kind = models.CharField(max_length=10, choices=DisqualificationKind.choices)
    reason = models.CharField(max_length=400)
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="disqualified_once", fields=["seat", "application"])
        ]
