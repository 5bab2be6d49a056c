"""Proposals for a committee: what was asked, what the optimiser answered, what was changed by hand, and what became of it."""

from typing import ClassVar

from django.db import models

from gongmo.calls.models import Call
from gongmo.evaluation.models.committee import Committee
from gongmo.evaluation.states import ProposalState, proposals_table
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Person


class Proposal(Sealed):
    """One computed proposal. Every draw is kept, so that nobody can draw until a wanted name comes.

    `asked` is what the officer asked for, `inputs` and `result` are canonical JSON (gongmo.rules.committee_forming); `seats` is the list as it stands after changes by hand
    ({"expert", "panel", "reserve", "chair"}), `changes` those changes with their reasons.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="proposals")
    name = models.CharField(max_length=100)
    draw = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    asked = models.JSONField(default=dict)
    inputs = models.TextField()
    inputs_hash = models.CharField(max_length=64)
    result = models.TextField()
    solver = models.CharField(max_length=60)
    seats = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=proposals_table.choices(), default=ProposalState.PROPOSED)
    follows = models.ForeignKey(Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    committee = models.OneToOneField(
        Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="proposal"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(name="draw_once", fields=["call", "draw"])]
