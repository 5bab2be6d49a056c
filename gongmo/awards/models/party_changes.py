"""Changes of who is party to an agreement, and the files that come with a request for a change."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.awards.models.versions import Amendment
from gongmo.awards.states import joins_table
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person
from gongmo.privacy.fields import EncryptedText


class PartyAct(models.TextChoices):
    """What happens to the parties."""

    LEAVES = "leaves", "나감"
    JOINS = "joins", "들어옴"
    REPLACED = "replaced", "바뀜"


class PartyChange(Sealed):
    """The part of a request that changes the parties: who leaves, who joins in which role, who takes the money over, and what the newcomer said.

    `facts` are the newcomer's answers on exclusions ({fact: gongmo.definition.application.Fact as plain values}, without notes), `notes` what
    it added to them (canonical JSON), `consents` what it consented to. `state` is empty where nobody joins.
    """

    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, related_name="party_change")
    act = models.CharField(max_length=8, choices=PartyAct.choices)
    leaving = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    heir = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Who takes over the money of one that leaves: a party that stays, or the newcomer."""
    joining = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=48, blank=True)
    state = models.CharField(max_length=8, choices=joins_table.choices(), blank=True)
    facts = models.JSONField(default=dict)
    notes = EncryptedText(blank=True)
    consents = models.JSONField(default=dict)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="party_change_joins_with_state",
                condition=Q(joining=None, state="") | (Q(joining__isnull=False) & ~Q(state="")),
            )
        ]


class AmendmentFile(Sealed):
    """A document that came with a request: the notice of withdrawal, the contract of a merger."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["id"]
