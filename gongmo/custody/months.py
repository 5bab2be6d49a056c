"""A month of the access log in figures."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gongmo.custody.policies import OFFICES
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotFound
from gongmo.privacy.models import AccessNote, Kind
from gongmo.rules.access import Access, Oddity, Standout, standouts

COMMAND_LINE = 0
"""Stands for a person where nobody signed in: somebody at the server's command line, whom the note's address names."""
FEW = 20_000
"""Notes that a page may count by itself; a larger month is counted at night."""
_ACCESSES = [Kind.SHOW.value, Kind.LIST.value, Kind.FILE.value, Kind.EXPORT.value, Kind.CHANGE.value]


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of Seoul's calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, instant: datetime) -> "Month":
        local = instant.astimezone(SEOUL)
        return cls(local.year, local.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """From "2026-11". Raises NotFound for anything else."""
        year, _, number = text.partition("-")
        if len(text) != 7 or not text.isascii() or not (year.isdecimal() and number.isdecimal()):
            raise NotFound
        if not (2000 <= int(year) <= 2999 and 1 <= int(number) <= 12):
            raise NotFound
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def begin(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=SEOUL)

    @property
    def end(self) -> datetime:
        """Its first instant no more."""
        return self.next.begin


@dataclass(frozen=True, slots=True)
class Worked:
    """What one person did in one role: number of accesses by kind, of different things, refused ones."""

    person: int | None
    role: str
    kinds: dict[str, int]
    subjects: int
    refused: int

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """A month's figures: who did how much, and what stands out."""

    people: tuple[Worked, ...] = ()
    standouts: tuple[Standout, ...] = ()

    @property
    def accessors(self) -> set[int]:
        """People's ids, and COMMAND_LINE."""
        return {each.person or COMMAND_LINE for each in self.people}

    @property
    def total(self) -> int:
        return sum(each.total for each in self.people)

    @property
    def refused(self) -> int:
        return sum(each.refused for each in self.people)

    def of_kind(self, kind: str) -> int:
        return sum(each.kinds.get(kind, 0) for each in self.people)

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "people": [asdict(each) for each in self.people],
            "standouts": [
                {
                    **asdict(each),
                    "oddity": each.oddity.value,
                    "first": each.first.isoformat(),
                    "last": each.last.isoformat(),
                }
                for each in self.standouts
            ],
        }

    @classmethod
    def from_plain(cls, told: dict[str, Any]) -> "Figures":
        return cls(
            tuple(Worked(**each) for each in told["people"]),
            tuple(
                Standout(
                    Oddity(each["oddity"]),
                    each["person"],
                    each["count"],
                    datetime.fromisoformat(each["first"]),
                    datetime.fromisoformat(each["last"]),
                )
                for each in told["standouts"]
            ),
        )


def notes_of(month: Month, organisation: int | None) -> QuerySet[AccessNote]:
    """A month's accesses by an office's officers, or (None) by everybody else. Sign-ins are left out: they show no data."""
    offices = [role.value for role in OFFICES]
    notes = AccessNote.objects.filter(at__gte=month.begin, at__lt=month.end, kind__in=_ACCESSES)
    if organisation is None:
        return notes.exclude(role__in=offices)
    return notes.filter(role__in=offices, organisation=organisation)


def count(month: Month, organisation: int | None) -> Figures:
    """Count a month. Reads all its notes once."""
    kinds: dict[tuple[int | None, str], Counter[str]] = defaultdict(Counter)
    subjects: dict[tuple[int | None, str], set[tuple[str, str]]] = defaultdict(set)
    refused: Counter[tuple[int | None, str]] = Counter()
    columns = ("at", "person", "role", "address", "kind", "outcome", "subject_type", "subject_id")
    rows = notes_of(month, organisation).order_by("at", "id").values_list(*columns)

    def told() -> Any:
        for at, person, role, address, kind, outcome, subject_type, subject_id in rows.iterator(
            chunk_size=2000
        ):
            who, what = (person, role), (subject_type, subject_id)
            kinds[who][kind] += 1
            subjects[who].add(what)
            refused[who] += outcome >= 400
            yield Access(at, person, address, what, outcome >= 400, kind == Kind.EXPORT)

    found = standouts(told())
    people = [
        Worked(who[0], who[1], dict(sorted(counted.items())), len(subjects[who]), refused[who])
        for who, counted in kinds.items()
    ]
    return Figures(tuple(sorted(people, key=lambda each: (-each.total, each.person or 0))), tuple(found))
