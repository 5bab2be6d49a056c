"""Organisations, regions, people and their roles."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from gongmo.definition.base import OrganisationKind
from gongmo.files.models import StoredFile
from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.ledger.rows import Sealed
from gongmo.privacy.fields import EncryptedText


class Region(models.Model):
    """A metropolitan or provincial region with its days of validity (both included) and its successor."""

    code = models.CharField(max_length=6, primary_key=True)
    ko = models.CharField(max_length=40)
    en = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="region_valid_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.ko


class Organisation(Sealed):
    """An organisation's profile, typed once and used by every application. Numbers are checked by their check digits."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, choices=[(kind.value, kind.value) for kind in OrganisationKind])
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="organisations"
    )
    business_number = models.CharField(max_length=10, null=True, blank=True, unique=True)
    corporate_number = models.CharField(max_length=13, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    address = models.CharField(max_length=300, blank=True)
    representative_title = models.CharField(max_length=60, blank=True)
    representative_name = EncryptedText(blank=True)
    phone = EncryptedText(blank=True)
    website = models.CharField(max_length=200, blank=True)
    invented = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organisation_business_number_not_empty", condition=~Q(business_number="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """A person who signs in with an e-mail address. No resident number is ever kept."""

    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=80)
    language = models.CharField(max_length=2, default="ko")
    is_active = models.BooleanField(default=True)
    invented = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.display_name


class Membership(Sealed):
    """A person's place in an organisation, from when until when. Handing over ends one and starts another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in OrganisationRole])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="membership_once_at_a_time",
                fields=["person", "organisation"],
                condition=Q(until__isnull=True),
            ),
        ]


class Grant(Sealed):
    """A role outside the applying organisations: ministry, agency, task force, evaluator, operator."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=12, choices=[(role.value, role.value) for role in Role])
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # Two constraints, for SQLite takes every missing organisation for another one.
            models.UniqueConstraint(
                name="grant_once_at_a_time",
                fields=["person", "role", "organisation"],
                condition=Q(until__isnull=True, organisation__isnull=False),
            ),
            models.UniqueConstraint(
                name="grant_without_organisation_once",
                fields=["person", "role"],
                condition=Q(until__isnull=True, organisation__isnull=True),
            ),
        ]


class CertificateKind(StrEnum):
    """What a certificate proves."""

    BUSINESS_REGISTRATION = "business_registration"
    NATIONAL_TAX = "national_tax"
    LOCAL_TAX = "local_tax"
    ACCOUNTS = "accounts"
    SME = "sme"
    OTHER = "other"


class Certificate(Sealed):
    """A certificate of an organisation, uploaded once and used by its applications until it expires (its last day counts).

    A newer one replaces it; the old one stays with the day on which it ended, for whoever handed it in before.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in CertificateKind])
    title = models.CharField(max_length=100, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(name="certificate_current", fields=["organisation", "ended_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="certificate_days_in_order",
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=F("issued_on")),
            ),
        ]


class InvitationPurpose(StrEnum):
    """What an invitation leads to: a place in the organisation, the giver's own places and roles, or registering an organisation."""

    MEMBER = "member"
    HAND_OVER = "hand_over"
    ORGANISATION = "organisation"


class Invitation(Sealed):
    """An invitation that one person may accept once. Only a hash of the link's secret is kept.

    `organisation` is the one that invites. `topic` and `reference` say on whose behalf a floor above invites ("applications.member",
    the application's id); it hears of the acceptance through `parties.invited`. `next` is the page to which accepting leads.
    """

    purpose = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in InvitationPurpose]
    )
    secret = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    business_number = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    next = models.CharField(max_length=300, blank=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(name="invitation_of_organisation", fields=["organisation", "purpose"]),
            models.Index(name="invitation_topic", fields=["topic", "reference"]),
        ]

    @property
    def hands_over(self) -> bool:
        return self.purpose == InvitationPurpose.HAND_OVER
