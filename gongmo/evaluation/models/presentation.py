"""Presentation and site visit."""

from django.db import models

from gongmo.applications.models import Application
from gongmo.evaluation.models.committee import Committee
from gongmo.evaluation.states import (
    SubstituteState,
    VisitState,
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
