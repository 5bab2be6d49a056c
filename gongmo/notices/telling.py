"""From the record to people: each floor says, act by act, who is to be told what.

@tells("applications.invite")
def invited(entry: Record) -> Iterable[Telling]: ...

Such functions live in a floor's `notices.py`, which is imported at start. They read the record and rows, never write.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from gongmo.definition.base import Text
from gongmo.kernel.actor import Role
from gongmo.ledger import queries as ledger
from gongmo.ledger.models import Entry
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.models import Cursor

log = logging.getLogger(__name__)

CURSOR = "told"
BATCH = 50


@dataclass(frozen=True, slots=True)
class Telling:
    """What some people are told. `url` is the path of the page where they act on it.

    `role` and `organisation` are the capacity in which it concerns them: opening the notice takes it on. `key` makes it unique for a
    person (default: the act and the telling's place in it). Who did the act is left out unless `to_actor`.
    """

    people: Iterable[int]
    category: Category
    title: Text
    body: Text
    url: str
    key: str = ""
    role: Role = Role.APPLICANT
    organisation: int | None = None
    to_actor: bool = False
    mail: bool = True
    """False: on the site only, whatever the person chose."""


Teller = Callable[[Record], Iterable[Telling]]

_tellers: dict[str, list[Teller]] = {}


def tells(*acts: str) -> Callable[[Teller], Teller]:
    """Have a function tell people of these acts ("applications.invite")."""

    def register(teller: Teller) -> Teller:
        for act in acts:
            _tellers.setdefault(act, []).append(teller)
        return teller

    return register


def told_acts() -> frozenset[str]:
    """The acts of which somebody is told."""
    return frozenset(_tellers)


def tellings_of(entry: Record) -> list[Telling]:
    """What is to be told of an act."""
    return [telling for teller in _tellers.get(entry.act, ()) for telling in teller(entry)]


def walk() -> bool:
    """Tell the next acts after the cursor; whether there may be more. Reads first, then writes in one short transaction, in which the
    cursor moves: whatever dies in between, nothing is lost and nothing is told twice."""
    from gongmo.notices.tasks import tell_one
    from gongmo.notices.writing import write

    Cursor.objects.get_or_create(name=CURSOR)
    begin = Cursor.objects.values_list("sequence", flat=True).get(name=CURSOR)
    newest: int = Entry.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    if begin >= newest:
        return False
    records = ledger.after(begin, newest, acts=told_acts(), limit=BATCH)
    upto = records[-1].sequence if len(records) == BATCH else newest
    found: list[tuple[Record, list[Telling]]] = []
    failed: list[int] = []
    for record in records:
        try:
            found.append((record, tellings_of(record)))
        except Exception:
            # One act that cannot be told must not silence those after it: it is tried by itself, where its failure is seen.
            log.exception("entry %s (%s) could not be told", record.sequence, record.act)
            failed.append(record.sequence)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=CURSOR)
        if cursor.sequence != begin:
            return True
        write(found)
        for sequence in failed:
            tell_one.enqueue(key=f"tell:{sequence}", sequence=sequence)
        cursor.sequence = upto
        cursor.save(update_fields=["sequence"])
    return upto < newest
