"""Presentation and site visit."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.evaluation.models.committee import Committee, Seat
from gongmo.evaluation.models.stages import StageRun
from gongmo.evaluation.states import (
    DayState,
    SlotState,
    SubstituteState,
    VisitState,
    days_table,
    slots_table,
    substitutes_table,
    visits_table,
)
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation


class SiteVisit(Sealed):
    """A site visit that the committee found necessary, and its memo. It carries no weight of its own."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="site_visit")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="site_visits")
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=visits_table.choices(), default=VisitState.WANTED)
    wanted_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, blank=True)
    planned_place = models.CharField(max_length=200, blank=True)
    plan = models.TextField(blank=True)
    """What is to be looked at, who goes."""
    visited_on = models.DateField(null=True, blank=True)
    memo = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)


class VisitPhoto(Sealed):
    """A photograph of a site visit with what it shows."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    caption = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Substitute(Sealed):
    """Another presenter from a participating organisation, who needs the operator's prior consent."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="substitute")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    presenter = models.CharField(max_length=80)
    reason = models.TextField()
    state = models.CharField(
        max_length=10, choices=substitutes_table.choices(), default=SubstituteState.ASKED
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)


class PresentationDay(Sealed):
    """A day on which a stage's applications are presented. `seed` is what the order was drawn with ("" where it was arranged by hand)."""

    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="days")
    state = models.CharField(max_length=9, choices=days_table.choices(), default=DayState.PLANNED)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    talk_minutes = models.PositiveSmallIntegerField()
    question_minutes = models.PositiveSmallIntegerField()
    change_minutes = models.PositiveSmallIntegerField()
    rest_after = models.PositiveSmallIntegerField(null=True, blank=True)
    rest_minutes = models.PositiveSmallIntegerField(default=0)
    seed = models.CharField(max_length=64, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    """How often the times were changed: the SEQUENCE of the calendar's events (RFC 5545)."""
    planned_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]


class PresentationSlot(Sealed):
    """An application's turn. What really happened stands beside what was planned."""

    day = models.ForeignKey(PresentationDay, on_delete=models.PROTECT, related_name="slots")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="presentation_slots")
    place = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=slots_table.choices(), default=SlotState.WAITING)
    presenter = models.CharField(max_length=10, blank=True)
    """"director" or "substitute" once the presenter was checked."""
    checked_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    """Why it counts as absent."""

    class Meta:
        ordering: ClassVar = ["place", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="slot_once_a_day", fields=["day", "application"]),
            models.CheckConstraint(
                name="slot_started_was_checked",
                condition=Q(started_at__isnull=True) | Q(checked_at__isnull=False),
            ),
        ]


class PresentationQuestion(Sealed):
    """A question that was asked at a presentation, and what was answered, as it was noted. `seat` is empty where the secretary noted it."""

    slot = models.ForeignKey(PresentationSlot, on_delete=models.PROTECT, related_name="questions")
    seat = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
