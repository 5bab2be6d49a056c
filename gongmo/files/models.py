"""Stored files, named by their content."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """A file's content: its SHA-256 (64 hex digits), size in bytes and the type found in the content."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    extension = models.CharField(max_length=10)
    stored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="stored_file_not_empty", condition=Q(size__gt=0))
        ]
