"""What people have been told, how they want to be told, and the mails on their way."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.kernel.actor import Role
from gongmo.notices.categories import Category, Manner
from gongmo.parties.models import Person


class Posting(models.TextChoices):
    """Where a notice stands with regard to mail."""

    NONE = "none"
    DUE = "due"
    DAILY = "daily"
    SENT = "sent"


class Notice(models.Model):
    """One thing that one person is told, once by its key. `role` and `organisation`: the capacity in which it concerns them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    entry = models.BigIntegerField(null=True)
    """Sequence of the act that it tells of; None for what no act triggers."""
    category = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Category])
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    body_ko = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    role = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Role])
    organisation = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    posting = models.CharField(max_length=5, choices=Posting.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="notice_once", fields=["person", "key"])]
        indexes: ClassVar = [
            models.Index(name="notice_newest", fields=["person", "-created_at", "-id"]),
            models.Index(name="notice_unread", fields=["person"], condition=Q(read_at__isnull=True)),
            models.Index(
                name="notice_to_post", fields=["posting"], condition=Q(posting__in=["due", "daily"])
            ),
        ]


class Choice(models.Model):
    """A person's wish for one category; without one, mail goes at once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Category])
    manner = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Manner])

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="choice_once", fields=["person", "category"])]


class Cursor(models.Model):
    """Up to which entry the record has been told."""

    name = models.CharField(primary_key=True, max_length=20)
    sequence = models.BigIntegerField(default=0)


class Calendar(models.Model):
    """The secret address of a person's calendar feed."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()


class Mail(models.Model):
    """A mail in the queue. `source` is the whole message; it is emptied once sent, except in a rehearsal, whose mailbox shows it."""

    sender = models.CharField(max_length=320)
    recipients = models.JSONField()
    subject = models.CharField(max_length=300)
    source = models.BinaryField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(name="mail_newest", fields=["-made_at", "-id"])]
