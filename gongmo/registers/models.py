"""What registers answered, what waits to be asked again, and how each register fares."""

from typing import ClassVar

from django.db import models

from gongmo.ledger.rows import Sealed
from gongmo.registers.outcomes import NAMES, SHOWN, Outcome
from gongmo.registers.states import CircuitState, circuits_table


class RegisterAnswer(Sealed):
    """What a register said at an instant. Appended, never changed: decisions rest on it.

    `question` is the hash of all that was asked (it may name a person), `payload` canonical JSON of what was answered, `as_of` the day for
    which it speaks. UNAVAILABLE is kept once for an outage: `payload` then holds the trouble.
    """

    register = models.CharField(max_length=20, choices=[(key.value, name.ko) for key, name in NAMES.items()])
    number = models.CharField(max_length=20)
    question = models.CharField(max_length=64)
    outcome = models.CharField(max_length=12, choices=[(key.value, shown.ko) for key, shown in SHOWN.items()])
    payload = models.TextField(default="{}")
    asked_at = models.DateTimeField()
    as_of = models.DateField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(name="register_answer_newest", fields=["number", "register", "id"]),
            models.Index(name="register_answer_question", fields=["question", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}: {Outcome(self.outcome).value}"


class Wanted(models.Model):
    """A question that a register could not answer, and on whose behalf: asked again once the register answers.

    `topic` and `reference` say what a floor above was doing ("screening", an application's id); it hears through gongmo.registers.following.
    """

    register = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    topic = models.CharField(max_length=20)
    reference = models.BigIntegerField()
    trouble = models.CharField(max_length=12)
    since = models.DateTimeField()
    tried_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="wanted_once", fields=["topic", "reference", "register", "number"])
        ]
        indexes: ClassVar = [models.Index(name="wanted_number", fields=["number", "register"])]


class Circuit(models.Model):
    """One register's breaker, shared by all processes. The machine's matter, not the programme's: not in the record.

    `failures` counts requests that failed in a row, `openings` how often it opened since it last went well; `retry_at` is when it is tried next.
    """

    register = models.CharField(primary_key=True, max_length=20)
    state = models.CharField(max_length=8, choices=circuits_table.choices(), default=CircuitState.CLOSED)
    failures = models.PositiveIntegerField(default=0)
    openings = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=12, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    went_well_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    requests = models.PositiveBigIntegerField(default=0)
