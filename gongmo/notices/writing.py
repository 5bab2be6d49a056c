"""Putting tellings down as notices, each for its people and in the manner they chose."""

from collections.abc import Sequence
from datetime import datetime

from gongmo.ledger.queries import Record
from gongmo.notices.categories import Manner
from gongmo.notices.models import Choice, Notice, Posting
from gongmo.notices.telling import Telling
from gongmo.parties.models import Person

POSTINGS = {Manner.AT_ONCE: Posting.DUE, Manner.DAILY: Posting.DAILY, Manner.NEVER: Posting.NONE}


def write(told: Sequence[tuple[Record, Sequence[Telling]]]) -> None:
    """Write the notices of some acts, inside the caller's transaction. What a person was told already is left as it is."""
    rows: list[Notice] = []
    for record, tellings in told:
        for number, telling in enumerate(tellings):
            rows += _rows(
                telling,
                key=telling.key or f"entry:{record.sequence}:{number}",
                entry=record.sequence,
                at=record.at,
                actor=record.actor_person,
            )
    _put(rows)


def write_one(telling: Telling, at: datetime) -> None:
    """Write the notices of a telling that no act triggered. It needs a key."""
    if not telling.key:
        raise ValueError("what no act triggers needs a key")
    _put(_rows(telling, key=telling.key, entry=None, at=at, actor=None))


def _rows(telling: Telling, *, key: str, entry: int | None, at: datetime, actor: int | None) -> list[Notice]:
    people = sorted({person for person in telling.people if person != actor or telling.to_actor})
    return [
        Notice(
            person_id=person,
            key=key,
            entry=entry,
            category=telling.category,
            title_ko=_line(telling.title.ko),
            title_en=_line(telling.title.en),
            body_ko=telling.body.ko,
            body_en=telling.body.en,
            url=telling.url[:300],
            role=telling.role,
            organisation=telling.organisation,
            created_at=at,
            posting="" if telling.mail else Posting.NONE,
        )
        for person in people
    ]


def _put(rows: list[Notice]) -> None:
    from gongmo.notices.tasks import post

    people = {row.person_id for row in rows}
    active = set(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))
    keys = {row.key for row in rows}
    known = set(Notice.objects.filter(person__in=people, key__in=keys).values_list("person_id", "key"))
    chosen = {
        (person, category): Manner(manner)
        for person, category, manner in Choice.objects.filter(person__in=people).values_list(
            "person_id", "category", "manner"
        )
    }
    fresh: dict[tuple[int, str], Notice] = {}
    seen: set[tuple[int, str, str, int | None]] = set()
    for row in rows:
        same = (row.person_id, row.url, row.title_ko, row.entry)
        if row.person_id not in active or (row.person_id, row.key) in known or same in seen:
            continue
        seen.add(same)
        row.posting = row.posting or POSTINGS[chosen.get((row.person_id, row.category), Manner.AT_ONCE)]
        fresh.setdefault((row.person_id, row.key), row)
    Notice.objects.bulk_create(fresh.values(), ignore_conflicts=True, batch_size=500)
    if any(row.posting == Posting.DUE for row in fresh.values()):
        post.enqueue(key="notices.post", again=True)


def _line(text: str) -> str:
    """One line of at most 200 characters: titles become subjects of mails."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:199] + "…"
