"""Why this expert and why not that one: every seat and every expert left out gets the reason that binds.

Whoever may not sit has a reason of the own. For whoever may, each exchange with a seated expert is tried: either every exchange breaks a
limit (the limit of the exchange that breaks least is told), or the exchange is possible and worse by what the program weighs: conflicts
left, sessions this year, or the draw. An exchange that is possible and better cannot exist in a proven list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongmo.definition.base import Text
from gongmo.rules.committee_limits import Kind, Row, open_to, rows, told, why_not
from gongmo.rules.committee_values import SECTORS, Expert, Problem, Seat, draw_number


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an expert sits or does not. `kind` is a bar, a limit, "conflicts", "sessions" or "draw"; `against` who sits instead."""

    expert: str
    kind: str
    text: Text
    against: str = ""


def why_seated(problem: Problem, seats: Sequence[Seat]) -> dict[str, tuple[Text, ...]]:
    """For each seated expert: which limits would break without, the sessions this year, and the draw number."""
    counted = _Counted(problem, seats)
    found: dict[str, tuple[Text, ...]] = {}
    for seat in seats:
        expert = counted.experts[seat.expert]
        needed = [
            row
            for row in counted.of(seat)
            if row.kind in (Kind.SECTOR_LEAST, Kind.EXPERTISE, Kind.KEEP, Kind.QUORUM)
            and counted.has[id(row)] == row.least
        ]
        lines = [_needed(row) for row in needed]
        number = draw_number(problem.seed, expert.id)
        lines.append(
            Text(
                ko=f"올해 평가 {expert.sessions}회, 추첨 번호 {number:05d}",
                en=f"{expert.sessions} sessions this year, draw number {number:05d}",
            )
        )
        found[expert.id] = tuple(lines)
    return found


def _needed(row: Row) -> Text:
    match row.kind:
        case Kind.SECTOR_LEAST:
            name = SECTORS[row.detail]
            return Text(ko=f"{name.ko} 최소 인원을 채웁니다", en=f"makes up the least of {name.en}")
        case Kind.EXPERTISE:
            return Text(
                ko=f"‘{row.detail}’ 분야를 아는 유일한 위원입니다",
                en=f"the only one who knows “{row.detail}”",
            )
        case Kind.KEEP:
            return Text(ko="앞선 위원회의 위원입니다", en="sat on the earlier committee")
        case _:
            return Text(
                ko=f"신청 {row.detail}의 정족수를 채웁니다",
                en=f"makes up the quorum of application {row.detail}",
            )


def why_left_out(problem: Problem, seats: Sequence[Seat]) -> tuple[Reason, ...]:
    """For each expert who does not sit: the reason that binds, in the order of the labels."""
    counted = _Counted(problem, seats)
    seated = {seat.expert for seat in seats}
    available = open_to(problem)
    free = {number: frozenset(each.id for each in those) for number, those in available.items()}
    found = []
    for expert in sorted(problem.experts, key=lambda each: each.id):
        if expert.id in seated:
            continue
        places = [number for number, names in free.items() if expert.id in names]
        if not places:
            bar = why_not(problem, expert, problem.panels[0])[0]
            found.append(Reason(expert.id, bar.kind, bar.text))
        else:
            found.append(counted.exchange(expert, places))
    return tuple(found)


class _Counted:
    """The rows of a problem with how many seats each counts."""

    def __init__(self, problem: Problem, seats: Sequence[Seat]) -> None:
        self.problem, self.seats = problem, seats
        self.experts = {each.id: each for each in problem.experts}
        self.panels = {panel.number: panel for panel in problem.panels}
        self.rows = rows(problem, dict.fromkeys(self.panels, problem.experts))
        self.by: dict[tuple[str, int], list[Row]] = {}
        for row in self.rows:
            for name in row.experts:
                self.by.setdefault((name, row.panel), []).append(row)
        self.has = {id(row): 0 for row in self.rows}
        for seat in seats:
            for row in self.of(seat):
                self.has[id(row)] += 1

    def of(self, seat: Seat) -> list[Row]:
        """The rows that count a seat."""
        return [
            row
            for panel in (seat.panel, 0)
            for row in self.by.get((seat.expert, panel), ())
            if row.reserve is None or row.reserve == seat.reserve
        ]

    def exchange(self, expert: Expert, places: Iterable[int]) -> Reason:
        """The reason why no exchange with this expert is better."""
        allowed = set(places)
        best: tuple[tuple[float, ...], Seat] | None = None
        least: tuple[int, list[tuple[Row, int]], Seat] | None = None
        for seat in self.seats:
            if seat.panel not in allowed:
                continue
            broken = self._broken(seat, expert)
            if broken:
                if least is None or len(broken) < least[0]:
                    least = (len(broken), broken, seat)
                continue
            worse = self._worse(seat, expert)
            if best is None or worse < best[0]:
                best = (worse, seat)
        if best is not None:
            return self._outdone(expert, *best)
        if least is not None:
            row, has = least[1][0]
            text = told(self.problem, row, has)
            return Reason(
                expert.id,
                row.kind,
                Text(
                    ko=f"{least[2].expert} 대신 앉으면 {text.ko}",
                    en=f"In place of {least[2].expert}: {text.en}",
                ),
                least[2].expert,
            )
        return Reason(expert.id, "size", Text(ko="자리가 없습니다.", en="There is no seat."))

    def _broken(self, seat: Seat, expert: Expert) -> list[tuple[Row, int]]:
        gone = {id(row): row for row in self.of(seat)}
        come = {id(row): row for row in self.of(Seat(expert.id, seat.panel, seat.reserve))}
        found = []
        for key in gone.keys() ^ come.keys():
            row = gone.get(key) or come[key]
            has = self.has[key] + (1 if key in come else -1)
            if row.off(has) and abs(row.off(has)) > abs(row.off(self.has[key])):
                found.append((row, has))
        return sorted(found, key=lambda item: (item[0].kind, item[0].detail))

    def _worse(self, seat: Seat, expert: Expert) -> tuple[float, ...]:
        other = self.experts[seat.expert]
        asked = self.panels[seat.panel].applications
        hits = [sum(each.against(name) is not None for name in asked) for each in (expert, other)]
        draws = [draw_number(self.problem.seed, each.id) for each in (expert, other)]
        return hits[0] - hits[1], expert.sessions - other.sessions, draws[0] - draws[1]

    def _outdone(self, expert: Expert, worse: tuple[float, ...], seat: Seat) -> Reason:
        other = self.experts[seat.expert]
        if worse[0] > 0:
            return Reason(
                expert.id,
                "conflicts",
                Text(
                    ko=f"이해충돌로 평가하지 못하는 신청이 {seat.expert}보다 {int(worse[0])}건 많습니다.",
                    en=f"could not judge {int(worse[0])} more application(s) than {seat.expert}.",
                ),
                seat.expert,
            )
        if worse[1] > 0:
            return Reason(
                expert.id,
                "sessions",
                Text(
                    ko=f"올해 평가가 {expert.sessions}회로 {seat.expert}({other.sessions}회)보다 많습니다.",
                    en=f"{expert.sessions} sessions this year, more than {seat.expert} ({other.sessions}).",
                ),
                seat.expert,
            )
        if worse[2] > 0:
            mine, theirs = (draw_number(self.problem.seed, name) for name in (expert.id, seat.expert))
            return Reason(
                expert.id,
                "draw",
                Text(
                    ko=f"{seat.expert}와(과) 조건이 같아 추첨으로 정했습니다 (추첨 번호 {mine:05d}, {seat.expert} {theirs:05d}).",
                    en=f"equal to {seat.expert}; the draw decided ({mine:05d} against {theirs:05d}).",
                ),
                seat.expert,
            )
        return Reason(
            expert.id,
            "by_hand",
            Text(
                ko=f"{seat.expert} 대신 앉을 수 있습니다. 담당자가 손으로 바꾼 자리입니다.",
                en=f"could sit in place of {seat.expert}, whom the officer chose by hand.",
            ),
            seat.expert,
        )
