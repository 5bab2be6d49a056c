"""The record's rows. The database refuses to change or delete them (triggers in the first migration)."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One act. `body` is the canonical JSON that `hash` covers; the columns repeat parts of it for searching."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    call = models.CharField(max_length=63, blank=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=12)
    actor_person = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    body = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["sequence"]
        indexes: ClassVar = [
            models.Index(name="entry_by_subject", fields=["subject_type", "subject_id", "sequence"]),
            models.Index(name="entry_by_call", fields=["call", "sequence"]),
        ]


class Checkpoint(models.Model):
    """A signed statement: the first `size` entries have this Merkle tree root (RFC 9162)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)
