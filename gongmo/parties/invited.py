"""Where floors above hear that somebody accepted an invitation that they made.

@when_accepted("applications.member")
def joins(actor: Actor, invitation: Invitation, organisation: Organisation) -> str | None: ...

The function runs inside the transaction of the acceptance, `actor` being the person for the organisation that accepts. It may answer
the address to which the person is led; else the invitation's own `next` is used. What it refuses undoes the acceptance.
"""

from collections.abc import Callable

from gongmo.kernel.actor import Actor
from gongmo.parties.models import Invitation, Organisation

Hears = Callable[[Actor, Invitation, Organisation], str | None]

_hearers: dict[str, Hears] = {}


def when_accepted(topic: str) -> Callable[[Hears], Hears]:
    """Register the function that hears of accepted invitations of a topic. Raises ValueError when the topic has one."""

    def register(function: Hears) -> Hears:
        if topic in _hearers:
            raise ValueError(f"two functions hear of {topic}")
        _hearers[topic] = function
        return function

    return register


def hearer(topic: str) -> Hears | None:
    """Who hears of the topic, if anybody."""
    return _hearers.get(topic)
