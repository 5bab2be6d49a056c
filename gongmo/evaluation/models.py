"""What is stored of the evaluation."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.calls.models import Call, CallVersion
from gongmo.evaluation.states import (
    SeatState,
    SheetState,
    StageState,
    SubstituteState,
    VisitState,
    seats_table,
    sheets_table,
    stages_table,
    substitutes_table,
    visits_table,
)
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person, Region

SECTORS: list[tuple[str, str]] = [("industry", "산업계"), ("academia", "학계"), ("research", "연구계")]


class Evaluator(Sealed):
    """An expert in the pool. `label` is the name shown to those who may not know the person ("평가위원 A")."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="evaluator")
    label = models.CharField(max_length=40, unique=True)
    sector = models.CharField(max_length=10, choices=SECTORS)
    expertise = models.JSONField(default=list)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["label"]


class Affiliation(Sealed):
    """Where an expert works or worked; both days included, open when `until` is missing."""

    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)


class Relation(Sealed):
    """A relation that an expert declared or that was found: spouse, relative, advice, research, agent, adviser."""

    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="relations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    ended_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField()


class Committee(Sealed):
    """The evaluation committee of a call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="committees")
    name = models.CharField(max_length=100)
    formed_at = models.DateTimeField()
    formed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="committee_name_once", fields=["call", "name"])]


class Seat(Sealed):
    """An expert's seat. Pledging covers confidentiality, integrity and the conflict declaration."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="seats")
    chair = models.BooleanField(default=False)
    reserve = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=seats_table.choices(), default=SeatState.INVITED)
    invited_at = models.DateTimeField()
    pledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="seat_once", fields=["committee", "evaluator"]),
            models.UniqueConstraint(name="one_chair", fields=["committee"], condition=Q(chair=True)),
        ]


class ConflictDeclaration(Sealed):
    """An expert's answer, before anything is shown: is there a conflict with this application?"""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    conflict = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="conflict_declared_once", fields=["seat", "application"])
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


class StageRun(Sealed):
    """A stage of the definition being carried out by a committee, under the version in force when scoring began."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="stage_runs")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="stage_runs")
    stage = models.CharField(max_length=48)
    version = models.ForeignKey(CallVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=stages_table.choices(), default=StageState.OPEN)
    opened_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(name="stage_once", fields=["call", "stage"])]


class VoidKind(models.TextChoices):
    DISQUALIFIED = "disqualified", "제척·기피·회피"
    LEFT = "left", "위원 회피"
    EXCLUDED = "excluded", "신청 제외"
    NOT_ADVANCED = "not_advanced", "다음 단계에 오르지 않음"


class ScoreSheet(models.Model):
    """One expert's sheet for one application in one stage. `revision` guards against overwriting from a second window.

    `seal` is the secret that goes into the locked sheet's hash in the ledger: until the stage is locked the ledger tells
    that nothing was changed, and no points.
    """

    run = models.ForeignKey(StageRun, on_delete=models.PROTECT, related_name="sheets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="sheets")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=8, choices=sheets_table.choices(), default=SheetState.OPEN)
    overall_opinion = models.TextField(blank=True)
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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="score_once", fields=["sheet", "criterion"]),
            models.CheckConstraint(
                name="score_not_negative", condition=Q(points__isnull=True) | Q(points__gte=0)
            ),
        ]


class SiteVisit(Sealed):
    """A site visit that the committee found necessary, and its memo. It carries no weight of its own."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="site_visit")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="site_visits")
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=visits_table.choices(), default=VisitState.WANTED)
    wanted_at = models.DateTimeField()
    visited_on = models.DateField(null=True, blank=True)
    memo = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)


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
