"""Invented pools and applications for the figures of committees: sizes, sectors, careers and conflicts as in a national programme."""

import random
from dataclasses import replace

from gongmo.definition.base import Text
from gongmo.rules.committee_values import Expert, Limits, Panel, Problem

WORDS = tuple(f"분야 {number:02d}" for number in range(1, 13))
SECTORS = ("industry", "academia", "research")
CONFLICT = Text(ko="같은 기관 소속입니다.", en="works at the same organisation.")


def pool(experts: int, applications: int, seed: int = 7) -> tuple[tuple[Expert, ...], dict[str, str]]:
    """Experts with conflicts against about 3 % of the applications, and each application's field."""
    chance = random.Random(seed)
    fields = {str(number): chance.choice(WORDS) for number in range(applications)}
    people = tuple(
        Expert(
            id=f"평가위원 {number:03d}",
            sector=SECTORS[chance.choice((0, 0, 1, 1, 2))],
            knows=tuple(sorted(chance.sample(WORDS, 3))),
            organisations=(f"기관 {chance.randrange(experts // 3)}",),
            sessions=chance.randrange(44),
            conflicts={name: CONFLICT for name in fields if chance.random() < 0.03},
        )
        for number in range(experts)
    )
    return people, fields


def problem(experts: int, applications: int, panels: int, *, whole: bool = False, seed: int = 7) -> Problem:
    """A problem of so many panels, the applications shared out evenly in the order of their fields."""
    people, fields = pool(experts, applications, seed)
    names = sorted(fields, key=lambda name: (fields[name], int(name)))
    cut = [
        names[place * applications // panels : (place + 1) * applications // panels]
        for place in range(panels)
    ]
    limits = Limits(
        size=7,
        quorum=5,
        reserves=2,
        at_least=dict.fromkeys(SECTORS, 1),
        at_most=dict.fromkeys(SECTORS, 4),
        per_organisation=1,
        expertise=WORDS[:4],
        whole_committee=whole,
    )
    return replace(
        Problem(people, tuple(Panel(n + 1, tuple(part)) for n, part in enumerate(cut)), limits, seed),
    )
