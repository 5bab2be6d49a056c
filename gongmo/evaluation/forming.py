"""A call's forming as plain values: who is in the pool, with conflicts against every organisation, sessions, consents and days away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.evaluation import conflicts
from gongmo.evaluation.models import Evaluator, Seat
from gongmo.evaluation.queries.pool import away, sessions
from gongmo.evaluation.states import SeatState
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day
from gongmo.rules import committee as rules
from gongmo.rules.committee_forming import Proposal
from gongmo.rules.committee_limits import Break
from gongmo.rules.committee_values import (
    BARS,
    Bar,
    Barred,
    Expert,
    Limits,
    Panel,
    Problem,
    draw_number,
    limits_of,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the officer asks for, beside what the definition sets. `left_out` are experts by id with the reason that all share."""

    panels: int = 1
    size: int | None = None
    reserves: int | None = None
    expertise: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    follows: int | None = None
    left_out: tuple[int, ...] = ()
    left_out_reason: str = ""

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "panels": self.panels,
            "size": self.size,
            "reserves": self.reserves,
            "expertise": list(self.expertise),
            "days": [each.isoformat() for each in self.days],
            "follows": self.follows,
            "left_out": list(self.left_out),
            "left_out_reason": self.left_out_reason,
        }

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Asked":
        """As it was stored."""
        return cls(
            **{
                **given,
                "expertise": tuple(given["expertise"]),
                "days": tuple(date.fromisoformat(each) for each in given["days"]),
                "left_out": tuple(given["left_out"]),
            }
        )


def limits_asked(definition: Definition, asked: Asked) -> Limits:
    """The definition's limits with what the officer asked for."""
    evaluation = definition.evaluation
    base = limits_of(evaluation.committee, evaluation.formed_by(), follows=asked.follows is not None)
    return Limits(
        size=asked.size if asked.size is not None else base.size,
        quorum=base.quorum,
        reserves=asked.reserves if asked.reserves is not None else base.reserves,
        sectors=base.sectors,
        at_least=base.at_least,
        at_most=base.at_most,
        per_organisation=base.per_organisation,
        expertise=tuple(dict.fromkeys((*base.expertise, *asked.expertise))),
        whole_committee=base.whole_committee,
        yearly=base.yearly,
        keep=base.keep,
    )


def problem(call: Call, asked: Asked, seed: int, panels: Sequence[Panel] | None = None) -> Problem:
    """The problem as things stand now. `panels` keeps an earlier division of the applications. A constant number of queries."""
    definition = definition_of(call)
    applications = conflicts.judged(call)
    return Problem(
        experts=tuple(_experts(call, definition, applications, asked)),
        panels=tuple(panels) if panels is not None else divided(applications, asked.panels, seed),
        limits=limits_asked(definition, asked),
        seed=seed,
    )


def divided(applications: Sequence[Application], count: int, seed: int) -> tuple[Panel, ...]:
    """The applications shared out evenly over panels: by their first field, then by the draw."""
    names = [
        str(each.pk)
        for each in sorted(
            applications,
            key=lambda each: ((each.fields or [""])[0], draw_number(seed, str(each.pk)), each.pk),
        )
    ]
    whole = len(names)
    return tuple(
        Panel(place + 1, tuple(names[place * whole // count : (place + 1) * whole // count]))
        for place in range(count)
    )


def _experts(
    call: Call, definition: Definition, applications: Sequence[Application], asked: Asked
) -> list[Expert]:
    pool = list(Evaluator.objects.order_by("label"))
    values = conflicts.values(pool, applications)
    today = clock.now().astimezone(SEOUL).date()
    days = asked.days or (today,)
    counts = sessions(pool, days[0].year)
    absences = away(pool, days)
    original = (
        set(
            Seat.objects.filter(committee=asked.follows, reserve=False, state=SeatState.PLEDGED).values_list(
                "evaluator_id", flat=True
            )
        )
        if asked.follows is not None
        else set()
    )
    against = table(definition, [values[each.pk] for each in pool], applications, today)
    found = []
    for expert in pool:
        bars = []
        if not expert.active:
            bars.append(_bar(Bar.INACTIVE, "후보단에서 빠진 사람입니다.", "is not in the pool any more."))
        if expert.pool_consent_on is None or expert.privacy_consent_on is None:
            bars.append(
                _bar(
                    Bar.CONSENT,
                    "후보단 참여나 개인정보 이용에 동의하지 않았습니다.",
                    "has not consented to be in the pool or to the use of personal data.",
                )
            )
        if absence := absences.get(expert.pk):
            bars.append(
                _bar(
                    Bar.ABSENT,
                    f"{day(absence.since)}부터 {day(absence.until)}까지 참석할 수 없습니다.",
                    f"is away from {absence.since} to {absence.until}.",
                )
            )
        if expert.pk in asked.left_out:
            bars.append(
                _bar(
                    Bar.LEFT_OUT, f"담당자가 뺐습니다: {asked.left_out_reason}", asked.left_out_reason or "-"
                )
            )
        value = values[expert.pk]
        employers = tuple(
            sorted(
                {
                    each.organisation
                    for each in value.affiliations
                    if each.until is None or each.until >= today
                }
            )
        )
        found.append(
            Expert(
                id=expert.label,
                sector=value.sector,
                knows=tuple(expert.expertise),
                organisations=employers,
                sessions=counts[expert.pk],
                barred=tuple(bars),
                conflicts=against[expert.label],
                original=expert.pk in original,
            )
        )
    return found


def _bar(kind: Bar, ko: str, en: str) -> Barred:
    return Barred(kind, Text(ko=ko, en=en))


def table(
    definition: Definition,
    experts: Sequence[rules.Evaluator],
    applications: Sequence[Application],
    as_of: date,
) -> dict[str, dict[str, Text]]:
    """The first conflict of each expert with each application, against every organisation of its consortium."""
    by_region = definition.evaluation.committee.same_region == "conflict"
    candidates = [
        (conflicts.candidate(each), frozenset(str(m.organisation_id) for m in each.members.all()))
        for each in applications
    ]
    found: dict[str, dict[str, Text]] = {}
    for expert in experts:
        mine = {each.organisation for each in expert.affiliations} | {
            each.organisation for each in expert.declared
        }
        hits = found[expert.id] = {}
        for candidate, members in candidates:
            if not (by_region or expert.applications or mine & members):
                continue
            if hit := rules.conflicts(definition, expert, candidate, as_of=as_of):
                hits[candidate.id] = hit[0].message
    return found


def named(each: Break, titles: Mapping[str, str]) -> Text:
    """A break's sentence with the application's title in place of its number."""
    title = titles.get(each.detail)
    if each.kind != "quorum" or title is None:
        return each.text
    return Text(
        ko=each.text.ko.replace(f"신청 {each.detail}을(를)", f"‘{title}’을(를)"),
        en=each.text.en.replace(f"application {each.detail}", f"“{title}”"),
    )


SOFT = frozenset({"size", "reserves", "reserve_mix", "expertise"})
"""What a fixed committee may miss with a reason; everything else it must keep."""


def hard(breaks: Sequence[Break]) -> list[Break]:
    """The breaks that forbid fixing."""
    return [each for each in breaks if each.kind not in SOFT]


__all__ = [
    "BARS",
    "SOFT",
    "Asked",
    "Proposal",
    "divided",
    "hard",
    "limits_asked",
    "named",
    "problem",
    "table",
]
