"""What officers judged. This counts; what a search says does not."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.applications.models import Application
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person
from gongmo.similarity.states import Verdict


class Judgement(Sealed):
    """An officer's word on one earlier project (`project`, its id) or one other application beside an application. Newer rows replace
    older ones on the same thing; none is changed.

    `told` keeps what was judged, for lists come and go: {list, number, title, organisation, year, score, sha256 of its words}.
    `organisation` is the member of the consortium that the judgement concerns. A follow-up needs the day on which the earlier project ended.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="similar_judgements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    project = models.BigIntegerField(null=True, blank=True)
    other = models.ForeignKey(Application, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told = models.JSONField()
    verdict = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Verdict])
    reason = models.TextField()
    ended_on = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    evidence_name = models.CharField(max_length=255, blank=True)
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="similar_judgement_on_one_thing",
                condition=Q(project__isnull=False, other__isnull=True)
                | Q(project__isnull=True, other__isnull=False),
            ),
            models.CheckConstraint(
                name="similar_follow_up_has_end",
                condition=~Q(verdict="follow_up") | Q(ended_on__isnull=False),
            ),
        ]


class Conclusion(Sealed):
    """An officer's word that an application was checked: everything that had to be judged is judged. The newest counts.

    `sources` and `corpus` are those of the search that it rests on, `judged` the number of judgements that stood.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="similar_conclusions")
    reason = models.TextField()
    judged = models.PositiveIntegerField()
    sources = models.CharField(max_length=64)
    corpus = models.CharField(max_length=64)
    concluded_at = models.DateTimeField()
    concluded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
