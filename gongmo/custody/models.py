"""The monthly review of the access log."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person


class AccessMonth(models.Model):
    """A month's figures, counted at night so that no page counts a large log. `organisation` is the office; None: the site's other people."""

    month = models.CharField(max_length=7)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        ordering: ClassVar = ["month", "id"]
        constraints: ClassVar = [
            # Two constraints, for SQLite takes every missing organisation for another one.
            models.UniqueConstraint(
                name="access_month_of_office_once",
                fields=["month", "organisation"],
                condition=Q(organisation__isnull=False),
            ),
            models.UniqueConstraint(
                name="access_month_of_site_once", fields=["month"], condition=Q(organisation__isnull=True)
            ),
        ]


class AccessReview(Sealed):
    """One person's signature under a month's review. Nobody's covers the own accesses: these wait for another one's.

    `checks` says of each kind of standout what was found out, `figures` what the reviewer saw.
    """

    month = models.CharField(max_length=7)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    opinion = models.TextField(blank=True)
    checks = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["signed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="access_review_of_office_once",
                fields=["month", "organisation", "reviewer"],
                condition=Q(organisation__isnull=False),
            ),
            models.UniqueConstraint(
                name="access_review_of_site_once",
                fields=["month", "reviewer"],
                condition=Q(organisation__isnull=True),
            ),
        ]
