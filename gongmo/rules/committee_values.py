"""What forming a committee is asked and answers, in plain values that have one canonical spelling."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from gongmo.definition.base import Text
from gongmo.definition.evaluation import Committee, Sector
from gongmo.definition.forming import Forming
from gongmo.kernel.canonical import canonical_json, digest

FORMAT = "gongmo/committee-forming/1"
SECTORS: dict[str, Text] = {
    "industry": Text(ko="산업계", en="industry"),
    "academia": Text(ko="학계", en="academia"),
    "research": Text(ko="연구계", en="research"),
}


class Bar(StrEnum):
    """Why an expert cannot sit on any panel."""

    INACTIVE = "inactive"
    CONSENT = "consent"
    ABSENT = "absent"
    SECTOR = "sector"
    LOAD = "load"
    LEFT_OUT = "left_out"
    CONFLICT = "conflict"


BARS: dict[Bar, Text] = {
    Bar.INACTIVE: Text(ko="후보단에서 빠짐", en="not in the pool any more"),
    Bar.CONSENT: Text(ko="동의 없음", en="no consent"),
    Bar.ABSENT: Text(ko="참석할 수 없는 날", en="away on the day"),
    Bar.SECTOR: Text(ko="이 위원회에 두지 않는 계열", en="a sector that this committee does not take"),
    Bar.LOAD: Text(ko="한 해 한도", en="yearly limit reached"),
    Bar.LEFT_OUT: Text(ko="담당자가 뺌", en="left out by the officer"),
    Bar.CONFLICT: Text(ko="이해충돌", en="conflict of interest"),
}


@dataclass(frozen=True, slots=True)
class Barred:
    """One reason that bars an expert, with the sentence that tells it."""

    kind: Bar
    text: Text


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert of the pool. `organisations` are the present employers, `sessions` those of this calendar year.

    `conflicts` are the reasons by application; `original` says that the expert sat on the earlier committee.
    """

    id: str
    sector: Sector
    knows: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    sessions: int = 0
    barred: tuple[Barred, ...] = ()
    conflicts: Mapping[str, Text] = field(default_factory=dict)
    original: bool = False

    def against(self, application: str) -> Text | None:
        """Why the expert may not judge an application; None: nothing is known."""
        return self.conflicts.get(application)


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the committee and the applications that it judges."""

    number: int
    applications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What every panel must keep. `at_least` and `at_most` are by sector; a sector missing in `at_most` has no most."""

    size: int
    quorum: int
    reserves: int = 0
    sectors: tuple[Sector, ...] = ("industry", "academia", "research")
    at_least: Mapping[str, int] | None = None
    at_most: Mapping[str, int] | None = None
    per_organisation: int | None = None
    expertise: tuple[str, ...] = ()
    whole_committee: bool = False
    """A conflict with one application of the panel keeps the expert off the panel."""
    yearly: int = 45
    keep: int = 0
    panels_each: int = 1
    """On how many panels one expert may sit."""


def limits_of(committee: Committee, forming: Forming, *, follows: bool = False) -> Limits:
    """The limits that a definition sets. `follows`: the committee looks again at what an earlier one judged."""
    most = forming.at_most_per_sector
    return Limits(
        size=committee.size,
        quorum=committee.quorum,
        reserves=forming.reserves,
        sectors=committee.sectors,
        at_least=dict.fromkeys(committee.sectors, committee.at_least_per_sector),
        at_most={} if most is None else dict.fromkeys(committee.sectors, most),
        per_organisation=forming.at_most_per_organisation,
        expertise=forming.expertise,
        whole_committee=forming.conflicts == "whole_committee",
        yearly=forming.yearly_sessions,
        keep=forming.keep_original if follows else 0,
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """An expert's seat on a panel."""

    expert: str
    panel: int
    reserve: bool = False
    chair: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that a proposal is computed from. `wanted` are seats that must stay, `seed` decides the draw among equals."""

    experts: tuple[Expert, ...]
    panels: tuple[Panel, ...]
    limits: Limits
    seed: int
    wanted: tuple[Seat, ...] = ()

    def canonical(self) -> str:
        """One spelling: the same problem gives the same text."""
        return canonical_json(
            {
                "format": FORMAT,
                "seed": self.seed,
                "limits": self.limits,
                "panels": self.panels,
                "wanted": self.wanted,
                "experts": sorted(self.experts, key=lambda each: each.id),
            }
        )

    def hash(self) -> str:
        return digest(json.loads(self.canonical()))

    def expert(self, name: str) -> Expert:
        """Raises KeyError."""
        for each in self.experts:
            if each.id == name:
                return each
        raise KeyError(name)

    def without(self, names: frozenset[str], text: Text) -> "Problem":
        """The same problem with experts whom the officer leaves out, and why."""
        barred = Barred(Bar.LEFT_OUT, text)
        return replace(
            self,
            experts=tuple(
                replace(each, barred=(*each.barred, barred)) if each.id in names else each
                for each in self.experts
            ),
        )


def parse_problem(text: str) -> Problem:
    """A problem from its canonical JSON. Raises ValueError, KeyError or TypeError where it is not one."""
    given = json.loads(text)
    if given.get("format") != FORMAT:
        raise ValueError("not the inputs of a committee's forming")
    limits = given["limits"]
    return Problem(
        experts=tuple(_expert(each) for each in given["experts"]),
        panels=tuple(Panel(each["number"], tuple(each["applications"])) for each in given["panels"]),
        limits=Limits(
            **{
                **limits,
                "sectors": tuple(limits["sectors"]),
                "expertise": tuple(limits["expertise"]),
            }
        ),
        seed=given["seed"],
        wanted=tuple(Seat(**each) for each in given["wanted"]),
    )


def _expert(given: Mapping[str, Any]) -> Expert:
    return Expert(
        id=given["id"],
        sector=given["sector"],
        knows=tuple(given["knows"]),
        organisations=tuple(given["organisations"]),
        sessions=given["sessions"],
        barred=tuple(Barred(Bar(each["kind"]), Text(**each["text"])) for each in given["barred"]),
        conflicts={name: Text(**text) for name, text in given["conflicts"].items()},
        original=given["original"],
    )


def draw_number(seed: int, *names: str) -> int:
    """The draw of a name under a seed, 0 to 99,999: the first digits of a SHA-256 that anybody can compute again."""
    return int(digest([seed, *names])[:12], 16) % 100_000
