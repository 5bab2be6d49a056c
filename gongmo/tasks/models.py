"""What the queue keeps beside django-tasks' own row of a run: the key, the tries, and who holds it until when."""

import uuid
from typing import ClassVar

from django.db import models
from django_tasks_db.models import DBTaskResult


class Job(models.Model):
    """One piece of work. `result` is django-tasks' row with its state, arguments and times; pruned, it is None and the key remains."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=200, null=True, unique=True)
    result = models.OneToOneField(DBTaskResult, on_delete=models.SET_NULL, null=True, related_name="job")
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    """Runs of the present round, the running one with them; losses are not attempts."""
    losses = models.PositiveIntegerField(default=0)
    """Runs that ended because their worker died."""
    again = models.BooleanField(default=False)
    """Asked for once more while it ran."""
    worker = models.CharField(max_length=64, blank=True)
    token = models.UUIDField(null=True)
    """Names the running attempt: a worker that lost its job cannot end somebody else's run of it."""
    lease_until = models.DateTimeField(null=True)
    request = models.CharField(max_length=64, blank=True, default="")
    """The number of the web request that asked for it, "" where none did: the same as in the logs and on error pages."""
    error = models.TextField(blank=True)
    error_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                name="job_by_lease", fields=["lease_until"], condition=models.Q(lease_until__isnull=False)
            )
        ]


class Occurrence(models.Model):
    """When a schedule ran last and runs next."""

    name = models.CharField(primary_key=True, max_length=80)
    last_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()


class Beat(models.Model):
    """A worker process that lives: renewed every few seconds, so that the web processes see whether anybody works."""

    worker = models.CharField(primary_key=True, max_length=64)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    memory = models.BigIntegerField(default=0)
    """Bytes of memory that the process holds; 0 where the system does not tell."""
