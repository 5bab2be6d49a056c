"""Organisations of a consortium, and what each says for itself."""

from typing import ClassVar

from django.db import models

from gongmo.applications.models.application import Application
from gongmo.applications.states import MemberState, members_table
from gongmo.definition.application import Truth
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person


class Member(Sealed):
    """An organisation in the consortium, with its consent to take part.

    `answer_note` is the word with which it accepted, declined or left; `reminded_at` when the lead last reminded it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consortium_places")
    role = models.CharField(max_length=48)
    state = models.CharField(max_length=10, choices=members_table.choices(), default=MemberState.INVITED)
    buys_assets = models.BooleanField(default=False)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer_note = models.CharField(max_length=500, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="member_once", fields=["application", "organisation"]),
        ]


class Declaration(Sealed):
    """A member's own answer to one exclusion question (self-confirmation)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="declarations")
    fact = models.CharField(max_length=48)
    value = models.CharField(max_length=8, choices=[(truth.value, truth.value) for truth in Truth])
    follow_up = models.BooleanField(null=True, blank=True)
    earlier_ended_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="declaration_once", fields=["member", "fact"])]


class Consent(Sealed):
    """A consent given by a member's person (personal data, integrity pledge, confirmation of intent)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=48)
    given = models.BooleanField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="consent_once", fields=["member", "kind"])]
