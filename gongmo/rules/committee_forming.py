"""Forming a committee as an integer program (HiGHS): the fewest conflicts, then the least load, then the draw.

Who may sit is decided first (consent, absence, load, conflicts with every organisation of every application); limits are rows over the
seats. Among the lists that keep every row those with the fewest conflicts left are kept, of these those whose experts had the fewest
sessions this year (a member's count twice a reserve's), and of these the one with the smallest draw numbers, so that equals have equal chances and nobody chooses. Where no
list keeps every row, the rows are made elastic and the least bundle of misses is told.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gongmo.definition.base import Text
from gongmo.kernel.canonical import canonical_json
from gongmo.rules.committee_limits import Break, Kind, Row, check, open_to, rows, told, why_not
from gongmo.rules.committee_values import BARS, SECTORS, Bar, Expert, Problem, Seat, draw_number

NODES = 20_000
"""Branches that the solver looks at before it takes the best list found; a count, not a time, so that it is the same everywhere."""
MISS = {
    Kind.QUORUM: 100.0,
    Kind.SIZE: 30.0,
    Kind.SECTOR_LEAST: 10.0,
    Kind.SECTOR_MOST: 10.0,
    Kind.EXPERTISE: 6.0,
    Kind.KEEP: 6.0,
    Kind.ORGANISATION: 6.0,
    Kind.RESERVES: 1.0,
    Kind.RESERVE_MIX: 0.1,
}
"""What one miss of a row weighs where not all can be kept. A row missing here is never loosened."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed list. `breaks` is empty where it keeps every limit, else the least bundle of misses; `proven` where no better exists.

    `out` counts who cannot sit at all, by sector and by the first reason.
    """

    seats: tuple[Seat, ...]
    breaks: tuple[Break, ...]
    proven: bool
    solver: str
    out: Mapping[str, Mapping[str, int]]

    def canonical(self) -> str:
        return canonical_json(self)

    @property
    def feasible(self) -> bool:
        return not self.breaks


def parse_proposal(text: str) -> Proposal:
    """A proposal from its canonical JSON. Raises ValueError, KeyError or TypeError where it is not one."""
    given = json.loads(text)
    return Proposal(
        seats=tuple(Seat(**each) for each in given["seats"]),
        breaks=tuple(Break(**{**each, "text": Text(**each["text"])}) for each in given["breaks"]),
        proven=given["proven"],
        solver=given["solver"],
        out=given["out"],
    )


def propose(problem: Problem) -> Proposal:
    """The best list of seats for a problem; the same problem gives the same list. Raises ValueError where nothing is asked."""
    if not problem.panels or not problem.limits.size:
        raise ValueError("a committee has at least one panel and one member")
    available = open_to(problem)
    made = rows(problem, available)
    program = _Program(problem, available, made)
    chosen = program.best()
    seats = tuple(_chaired(problem, chosen))
    breaks = check(problem, seats) if program.loosened else ()
    return Proposal(seats, breaks, program.proven, program.solver, _out(problem))


def _out(problem: Problem) -> dict[str, dict[str, int]]:
    """Who can sit on no panel, by sector: how many for which reason first."""
    found: dict[str, Counter[str]] = {}
    for expert in problem.experts:
        reasons = [why_not(problem, expert, panel) for panel in problem.panels]
        kind = "open" if not all(reasons) else str(reasons[0][0].kind)
        found.setdefault(expert.sector, Counter())[kind] += 1
    return {sector: dict(sorted(counts.items())) for sector, counts in sorted(found.items())}


def out_text(problem: Problem, out: Mapping[str, Mapping[str, int]]) -> list[Text]:
    """How many of each sector could sit, and why the others could not."""
    lines = []
    for sector, counts in out.items():
        name = SECTORS[sector]
        ko = ", ".join(f"{BARS[Bar(kind)].ko} {n}명" for kind, n in counts.items() if kind != "open")
        en = ", ".join(f"{BARS[Bar(kind)].en} {n}" for kind, n in counts.items() if kind != "open")
        whole, free = sum(counts.values()), counts.get("open", 0)
        lines.append(
            Text(
                ko=f"{name.ko} 후보 {whole}명 가운데 {free}명이 앉을 수 있습니다{f' ({ko})' if ko else ''}.",
                en=f"{free} of {whole} experts from {name.en} can sit{f' ({en})' if en else ''}.",
            )
        )
    return lines


def _chaired(problem: Problem, seats: Sequence[Seat]) -> list[Seat]:
    """The same seats with a chair on each panel: a wanted one, else the member with the smallest draw number."""
    wanted = {(each.panel, each.expert) for each in problem.wanted if each.chair}
    done: list[Seat] = []
    for panel in problem.panels:
        here = sorted(
            (seat for seat in seats if seat.panel == panel.number),
            key=lambda seat: (seat.reserve, draw_number(problem.seed, seat.expert)),
        )
        members = [seat for seat in here if not seat.reserve]
        named = [seat for seat in members if (seat.panel, seat.expert) in wanted] or members
        for seat in here:
            done.append(Seat(seat.expert, seat.panel, seat.reserve, bool(named) and seat == named[0]))
    return done


class _Program:
    """The integer program: a column for each seat that an expert could take."""

    def __init__(self, problem: Problem, available: dict[int, tuple[Expert, ...]], made: list[Row]) -> None:
        import numpy as np

        highspy: Any = import_module("highspy")
        self.np, self.highspy = np, highspy
        self.solver = f"HiGHS {highspy.Highs().version()}"
        self.problem, self.rows = problem, made
        self.columns = [
            (expert, panel.number, reserve)
            for panel in problem.panels
            for expert in sorted(available[panel.number], key=lambda each: each.id)
            for reserve in ((False, True) if problem.limits.reserves else (False,))
        ]
        self.proven = True
        self.loosened = False

    def best(self) -> list[Seat]:
        """A program for each aim in turn, each keeping what those before it reached."""
        if not self.columns:
            self.loosened = True
            return []
        held: list[tuple[Sequence[float], float]] = []
        found: list[int] | None = None
        for cost in self._costs():
            if not any(cost) and found is not None:
                continue
            again = self._solve(held, cost, elastic=self.loosened, start=found)
            if again is None and found is None:
                self.loosened = True
                found, missed = self._elastic()
                held.append(missed)
                again = self._solve(held, cost, elastic=True, start=found)
            found = again or found
            if found is None:
                return []
            held.append((cost, float(sum(c * v for c, v in zip(cost, found, strict=False)))))
        return [
            Seat(expert.id, panel, reserve)
            for (expert, panel, reserve), value in zip(self.columns, found or (), strict=False)
            if value
        ]

    def _costs(self) -> tuple[list[float], list[float], list[float]]:
        panels = {panel.number: panel for panel in self.problem.panels}
        conflicts, loads, draws = [], [], []
        for expert, panel, reserve in self.columns:
            hits = sum(expert.against(each) is not None for each in panels[panel].applications)
            conflicts.append(float(hits))
            loads.append(float(expert.sessions * (1 if reserve else 2)))
            draws.append(draw_number(self.problem.seed, expert.id) / 1000 * (1 if reserve else 2))
        return conflicts, loads, draws

    def _elastic(self) -> tuple[list[int] | None, tuple[list[float], float]]:
        """The least bundle of misses, by their weights, and the row that keeps it."""
        slacks = self._slacks()
        cost = [0.0] * len(self.columns) + [MISS[self.rows[row].kind] for row, _ in slacks]
        found = self._solve([], cost, elastic=True)
        total = 0.0 if found is None else float(sum(c * v for c, v in zip(cost, found, strict=True)))
        return found, (cost, total)

    def _slacks(self) -> list[tuple[int, int]]:
        return [
            (place, sign)
            for place, row in enumerate(self.rows)
            if row.kind in MISS
            for sign in ((1, -1) if row.most is not None and row.least else (1,) if row.least else (-1,))
        ]

    def _solve(
        self,
        held: Sequence[tuple[Sequence[float], float]],
        cost: Sequence[float],
        *,
        elastic: bool,
        start: Sequence[int] | None = None,
    ) -> list[int] | None:
        """Whole values of the columns (and slacks) at least cost, keeping the costs held; None: there are none."""
        np, highspy = self.np, self.highspy
        slacks = self._slacks() if elastic else []
        width = len(self.columns) + len(slacks)
        infinite = float(highspy.kHighsInf)
        lower, upper, entries = self._matrix(slacks)
        for values, most in held:
            place = len(lower)
            lower.append(-infinite)
            upper.append(most + 1e-6)
            for column, weight in enumerate(values):
                if weight:
                    entries[column].append((place, float(weight)))
        first, index, value = [0], [], []
        for column in range(width):
            for place, coefficient in entries[column]:
                index.append(place)
                value.append(coefficient)
            first.append(len(index))
        wanted = {(each.expert, each.panel, each.reserve) for each in self.problem.wanted}
        low = [float((e.id, panel, reserve) in wanted) for e, panel, reserve in self.columns]
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = width, len(lower)
        program.col_cost_ = np.array([*cost, *[0.0] * (width - len(cost))])
        program.col_lower_ = np.array([*low, *[0.0] * len(slacks)])
        program.col_upper_ = np.array([1.0] * len(self.columns) + [infinite] * len(slacks))
        program.row_lower_, program.row_upper_ = np.array(lower), np.array(upper)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.array(first)
        program.a_matrix_.index_ = np.array(index, dtype=np.int32)
        program.a_matrix_.value_ = np.array(value)
        program.integrality_ = [highspy.HighsVarType.kInteger] * width
        solver = highspy.Highs()
        solver.silent()
        options = {
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 4e-4,
            "mip_max_nodes": NODES,
        }
        for option, setting in options.items():
            solver.setOptionValue(option, setting)
        solver.passModel(program)
        if start is not None and len(start) == width:
            solution = highspy.HighsSolution()
            solution.col_value = [float(each) for each in start]
            solver.setSolution(solution)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kSolutionLimit and solver.getInfo().primal_solution_status == 2:
            self.proven = False
        elif status != highspy.HighsModelStatus.kOptimal:
            return None
        return [round(each) for each in solver.getSolution().col_value]

    def _matrix(
        self, slacks: Sequence[tuple[int, int]]
    ) -> tuple[list[float], list[float], list[list[tuple[int, float]]]]:
        infinite = float(self.highspy.kHighsInf)
        lower = [float(row.least) for row in self.rows]
        upper = [infinite if row.most is None else float(row.most) for row in self.rows]
        entries: list[list[tuple[int, float]]] = [[] for _ in range(len(self.columns) + len(slacks))]
        by_expert: dict[tuple[str, int], list[tuple[int, bool | None]]] = {}
        for place, row in enumerate(self.rows):
            for name in row.experts:
                by_expert.setdefault((name, row.panel), []).append((place, row.reserve))
        for column, (expert, panel, reserve) in enumerate(self.columns):
            for where in (panel, 0):
                for place, counted in by_expert.get((expert.id, where), ()):
                    if counted is None or counted == reserve:
                        entries[column].append((place, 1.0))
        for number, (place, sign) in enumerate(slacks):
            entries[len(self.columns) + number].append((place, float(sign)))
        return lower, upper, entries


__all__ = ["NODES", "Proposal", "out_text", "parse_proposal", "propose", "told"]
