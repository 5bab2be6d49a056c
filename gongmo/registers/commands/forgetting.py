"""What was wanted on behalf of something that is over."""

from collections.abc import Iterable

from gongmo.kernel.actor import Actor
from gongmo.registers import policies
from gongmo.registers.models import Wanted


def forget(*, actor: Actor, topic: str, references: Iterable[int]) -> None:
    """Ask no longer on behalf of these (an application that was withdrawn, an agreement that ended)."""
    policies.ask.require(actor)
    Wanted.objects.filter(topic=topic, reference__in=list(references)).delete()
