"""Who judges which application where a call has too many for one committee: a transport program (HiGHS).

Every application gets its number of judges, no expert more than the load, no judge with a conflict, every sector at least once where
that can be; judges who know the application's field are preferred, the rest is drawn by the seed. Flows through application → sector →
expert are whole by themselves, so a linear program is enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gongmo.definition.base import Text
from gongmo.kernel.canonical import digest
from gongmo.rules.committee_values import Expert, draw_number

NEAR = 20
"""So many experts of each sector, the fittest first, are looked at for an application before everybody is."""


@dataclass(frozen=True, slots=True)
class Task:
    """An application to be judged and the fields that its judges should know."""

    application: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Short:
    """What could not be met: an application with too few judges (`sector` empty) or without a sector."""

    application: str
    sector: str
    lack: int
    text: Text


@dataclass(frozen=True, slots=True)
class Assigned:
    """The judges of each application in the order of their labels; `load` is the most that one expert got."""

    judges: Mapping[str, tuple[str, ...]]
    short: tuple[Short, ...]
    load: int
    seed: int
    solver: str

    def hash(self) -> str:
        return digest(self)


def assign(
    experts: Sequence[Expert],
    tasks: Sequence[Task],
    *,
    judges: int,
    seed: int,
    most: int | None = None,
    at_least: Mapping[str, int] | None = None,
) -> Assigned:
    """Assign judges. `most` bounds an expert's load (None: spread evenly); `at_least` is per sector and application.

    The same arguments give the same answer, in whatever order experts and tasks come. Raises ValueError for less than one judge.
    """
    if judges < 1:
        raise ValueError("an application has at least one judge")
    people = sorted((each for each in experts if not each.barred), key=lambda each: each.id)
    asked = sorted(tasks, key=lambda each: (len(each.application), each.application))
    even = -(-len(asked) * judges // max(len(people), 1))
    program = _Flow(people, asked, judges, seed, dict(at_least or {}))
    loads = [most] if most is not None else [even, even + 1, even + 3, len(asked)]
    best: tuple[dict[str, list[str]], float] | None = None
    for near in (True, False):
        for load in loads:
            found = program.solve(load, near=near)
            if best is None or found[1] < best[1] - 0.5:
                best = found
            if best[1] < 0.5:
                return program.answer(best[0])
        if near and program.all_near:
            break
    return program.answer(best[0] if best is not None else {})


class _Flow:
    """The network: each application sends its judges through its sectors to experts."""

    def __init__(
        self, people: list[Expert], tasks: list[Task], judges: int, seed: int, at_least: dict[str, int]
    ) -> None:
        self.highspy: Any = import_module("highspy")
        self.people, self.tasks, self.judges, self.seed = people, tasks, judges, seed
        self.at_least = at_least
        self.solver = f"HiGHS {self.highspy.Highs().version()}"
        self.sectors = sorted({each.sector for each in people})
        self.of = {sector: [n for n, e in enumerate(people) if e.sector == sector] for sector in self.sectors}
        self.all_near = all(len(those) <= NEAR for those in self.of.values())
        self.draw = [draw_number(seed, each.id) for each in people]
        self.turn = [draw_number(seed, each.application) for each in tasks]

    def _chance(self, task: int, person: int) -> int:
        """A number that mixes both draws: another order of experts for every application."""
        return (
            self.draw[person] * 7919 + self.turn[task] * 104_729 + self.draw[person] * self.turn[task]
        ) % 99_991

    def _fit(self, task: int, near: bool) -> list[tuple[int, float]]:
        wanted = set(self.tasks[task].fields)
        name = self.tasks[task].application
        chosen: list[tuple[int, float]] = []
        for sector in self.sectors:
            those = [
                (0 if wanted.intersection(self.people[n].knows) else 1, self._chance(task, n), n)
                for n in self.of[sector]
                if self.people[n].against(name) is None
            ]
            those.sort()
            for strange, chance, n in those[:NEAR] if near else those:
                chosen.append((n, strange + chance / 1_000_000))
        return chosen

    def solve(self, load: int, *, near: bool) -> tuple[dict[str, list[str]], float]:
        """Judges by application under a load, and the misses' weight."""
        import numpy as np

        highspy = self.highspy
        people, sectors = len(self.people), len(self.sectors)
        first_sector = len(self.tasks)
        first_person = first_sector + len(self.tasks) * sectors
        height = first_person + people
        infinite = float(highspy.kHighsInf)
        low, high, cost = [], [], []
        start, index, value = [0], [], []
        edges: list[tuple[int, int]] = []

        def column(least: float, most: float, price: float, cells: Sequence[tuple[int, float]]) -> None:
            low.append(least)
            high.append(most)
            cost.append(price)
            for place, coefficient in cells:
                index.append(place)
                value.append(coefficient)
            start.append(len(index))

        for task in range(len(self.tasks)):
            fits = self._fit(task, near)
            for number, sector in enumerate(self.sectors):
                node = first_sector + task * sectors + number
                need = min(self.at_least.get(sector, 0), self.judges)
                # What is needed of a sector costs nothing; the miss is a bonus that is not earned.
                if need:
                    column(0, need, -100.0, [(task, 1.0), (node, 1.0)])
                column(0, self.judges, 0.0, [(task, 1.0), (node, 1.0)])
            column(0, self.judges, 10_000.0, [(task, 1.0)])
            at = {sector: number for number, sector in enumerate(self.sectors)}
            for person, price in fits:
                node = first_sector + task * sectors + at[self.people[person].sector]
                edges.append((len(low), task * people + person))
                column(0, 1, price, [(node, -1.0), (first_person + person, 1.0)])
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(low), height
        program.col_cost_, program.col_lower_, program.col_upper_ = (
            np.array(cost),
            np.array(low),
            np.array(high, dtype=float),
        )
        rows_low = (
            [float(self.judges)] * len(self.tasks)
            + [0.0] * (first_person - first_sector)
            + [-infinite] * people
        )
        rows_high = (
            [float(self.judges)] * len(self.tasks)
            + [0.0] * (first_person - first_sector)
            + [float(load)] * people
        )
        program.row_lower_, program.row_upper_ = np.array(rows_low), np.array(rows_high)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.array(start)
        program.a_matrix_.index_ = np.array(index, dtype=np.int32)
        program.a_matrix_.value_ = np.array(value)
        solver = highspy.Highs()
        solver.silent()
        options: dict[str, int | str] = {"threads": 1, "random_seed": 0, "solver": "simplex"}
        for option, setting in options.items():
            solver.setOptionValue(option, setting)
        solver.passModel(program)
        solver.run()
        given = solver.getSolution().col_value
        found: dict[str, list[str]] = {task.application: [] for task in self.tasks}
        for place, key in edges:
            if given[place] > 0.5:
                found[self.tasks[key // people].application].append(self.people[key % people].id)
        return found, float(
            sum(100 * each.lack if not each.sector else each.lack for each in self.short(found))
        )

    def short(self, found: Mapping[str, Sequence[str]]) -> list[Short]:
        """What is missed, by application."""
        sector_of = {each.id: each.sector for each in self.people}
        missed = []
        for task in self.tasks:
            here = found.get(task.application, ())
            if lack := self.judges - len(here):
                missed.append(
                    Short(
                        task.application,
                        "",
                        lack,
                        Text(
                            ko=f"신청 {task.application}: 평가할 위원이 {lack}명 모자랍니다.",
                            en=f"Application {task.application}: {lack} judge(s) are missing.",
                        ),
                    )
                )
            for sector, least in self.at_least.items():
                has = sum(sector_of[name] == sector for name in here)
                if has < least:
                    missed.append(
                        Short(
                            task.application,
                            sector,
                            least - has,
                            Text(
                                ko=f"신청 {task.application}: {_SECTORS[sector]} 위원이 {least - has}명 모자랍니다.",
                                en=f"Application {task.application}: {least - has} judge(s) from {sector} are missing.",
                            ),
                        )
                    )
        return missed

    def answer(self, found: Mapping[str, Sequence[str]]) -> Assigned:
        loads: dict[str, int] = {}
        for names in found.values():
            for name in names:
                loads[name] = loads.get(name, 0) + 1
        return Assigned(
            judges={task.application: tuple(sorted(found.get(task.application, ()))) for task in self.tasks},
            short=tuple(self.short(found)),
            load=max(loads.values(), default=0),
            seed=self.seed,
            solver=self.solver,
        )


_SECTORS = {"industry": "산업계", "academia": "학계", "research": "연구계"}
