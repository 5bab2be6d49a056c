"""Doors that floors above open on an application's front page, each once there is something behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from gongmo.applications.models import Application, Member
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Door:
    """A link to a page of a floor above: its words, its address, and whether it stands out."""

    name: Text
    url: str
    strong: bool = False


Opens = Callable[[Actor, Application, Definition, Member], Door | None]
"""Asked for an accepted organisation's person after the closing instant: the door, or None while nothing is behind it. At most one query.

Whether a door is there must tell no applicant more than what everybody in its place is told.
"""
_known: list[Opens] = []


def opens(door: Opens) -> Opens:
    """Register a door. Doors stand in the order in which the floors are built."""
    _known.append(door)
    return door


def doors(actor: Actor, application: Application, definition: Definition, own: Member) -> tuple[Door, ...]:
    """The doors that are open for this reader now."""
    found = (door(actor, application, definition, own) for door in _known)
    return tuple(door for door in found if door is not None)
