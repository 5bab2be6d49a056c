"""What a rehearsal leaves for visitors: the sheet of its accounts."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from gongmo.definition.base import Text
from gongmo.ledger.prepared import prepared
from gongmo.parties.kept_addresses import written_now
from gongmo.parties.models import Person


@dataclass(frozen=True, slots=True)
class Seat:
    """One rehearsal account: who it is, for which organisation, what to look at, and how to sign in. `path` is the page to begin at."""

    who: Text
    organisation: str
    see: Text
    email: str
    password: str
    path: str


def mark() -> dict[str, Any] | None:
    """What the last rehearsal wrote about itself (settings.GONGMO_REHEARSAL_MARK), or None where none was held."""
    try:
        found = json.loads(settings.GONGMO_REHEARSAL_MARK.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def sign_in_sheet() -> list[Seat]:
    """The rehearsal's accounts, in the order of the story. Empty outside rehearsals; never a person who is not invented."""
    found = mark()
    if found is None:
        return []
    try:
        seats = [_seat(row, found["password"]) for row in found["sheet"]]
    except (KeyError, TypeError, ValueError):
        # Not what a rehearsal wrote: the start page goes on without it.
        return []
    invented = set(
        Person.objects.filter(
            email__in=[seat.email for seat in seats], invented=True, is_active=True
        ).values_list("email", flat=True)
    )
    return [seat for seat in seats if seat.email in invented]


def rehearsed_people() -> int:
    """How many invented people may sign in with an address. One statement."""
    return len(_rehearsed())


@prepared
def _rehearsed() -> QuerySet[Person, int]:
    found = Person.objects.filter(invented=True, is_active=True).exclude(email="")
    return found.order_by().values_list("pk", flat=True)


def _seat(row: dict[str, Any], password: str) -> Seat:
    return Seat(
        who=Text(**row["who"]),
        organisation=row["organisation"],
        see=Text(**row["see"]),
        email=row["email"],
        password=password,
        path=written_now(str(row["path"])),
    )
