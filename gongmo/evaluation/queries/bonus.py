"""Bonus points as those see them who oversee the call."""

from gongmo.calls.models import Call
from gongmo.evaluation import policies
from gongmo.evaluation.models import Bonus
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound


def bonuses_of(actor: Actor, call: Call) -> list[Bonus]:
    """Every bonus of a call, proposed ones, too. Raises NotFound for those who may not oversee it."""
    if not policies.oversee(actor, call):
        raise NotFound
    return list(
        Bonus.objects.filter(application__call=call)
        .select_related("application", "proposed_by", "decided_by")
        .order_by("application_id", "id")
    )


def bonus_file(actor: Actor, pk: int) -> Bonus:
    """A bonus that has a proof. Raises NotFound where there is none, and for those who may not oversee the call."""
    found = (
        Bonus.objects.select_related("application__call", "file").filter(pk=pk, file__isnull=False).first()
    )
    if found is None or not policies.oversee(actor, found.application.call):
        raise NotFound
    return found
