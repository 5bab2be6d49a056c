"""Least total change over groups of cells: linear programs by HiGHS, made exact by Python integers.

A solver works in doubles, which cannot hold won and ratios of large budgets exactly. So it only ever proposes a STEP: the distance
from a point whose rows are computed exactly in integers. Each step is solved on a finer scale, the last one as a small integer
program in single won; what comes out is checked exactly, row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongmo.rules.fit.rows import Key

FINE = 10**6
"""Numbers of a program stay near this size, where the solver's tolerance of 1e-7 is far below one unit."""
RADII = (2 * 10**3, 10**5)
"""How far, in won, the last integer step may go from the point that the linear programs found; the wider one is tried second."""

COARSE = 1000
"""Rows with coefficients beyond this (ratios of many places) are scaled down to 1, so that a row's error is counted in won."""
TIGHTER = 1e-7
"""By how much of a won such rows are tightened when a step that looked lawful in doubles was not."""
TIDY = 800
"""Up to so many columns the integer step is tidied by preference; beyond, any step of least total is taken."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A group of cells: coefficients, how far it may fall, whether it may rise, and its rank among equals (0 best)."""

    key: Key
    fall: int
    rise: bool
    preference: int


def solve(variables: Sequence[Variable], leasts: Sequence[int]) -> list[int] | None:
    """Changes of the variables, in won, that meet every row (sum >= least) with the least sum of sizes; None: impossible.

    `leasts` are the rows' limits less everything that is fixed AND less what the variables hold now: a change of 0 everywhere is
    lawful exactly when none is above 0.
    """
    if all(least <= 0 for least in leasts):
        return [0] * len(variables)
    reachable = {row for variable in variables for row, value in variable.key if value}
    if any(least > 0 and row not in reachable for row, least in enumerate(leasts)):
        return None
    plain = _near(variables, leasts, biased=False)
    if plain is None:
        return None
    liked = _near(variables, leasts, biased=True) if len(variables) <= TIDY else None
    if liked is not None and _size(liked) <= _size(plain) + 4 * len(variables):
        plain = liked
    for radius in RADII:
        for tighter in (0.0, TIGHTER):
            step = _step(variables, leasts, plain, 1, radius=radius, tighter=tighter)
            if step is None:
                break
            found = [p + d for p, d in zip(plain, step, strict=True)]
            if _lawful(variables, leasts, found):
                return found
    return _safe(variables, leasts)


def _size(changes: Sequence[int]) -> int:
    return sum(abs(change) for change in changes)


def _near(variables: Sequence[Variable], leasts: Sequence[int], *, biased: bool) -> list[int] | None:
    """The continuous optimum to within about one won a variable, approached on ever finer scales; None: there is none."""
    point = [0] * len(variables)
    scale = max(1, max([abs(least) for least in leasts] + [variable.fall for variable in variables]) // FINE)
    while True:
        step = _step(variables, leasts, point, scale, biased=biased)
        if step is None:
            return None
        point = [_held(p + d, v) for p, d, v in zip(point, step, variables, strict=True)]
        if scale == 1:
            return point
        scale = max(1, scale // 10**4)


def _safe(variables: Sequence[Variable], leasts: Sequence[int]) -> list[int] | None:
    """A lawful point a few won from the best one, for ratios so fine that the integer step found nothing near.

    Every row is tightened by what rounding could cost it, so that rounding cannot break it.
    """
    cost = [0] * len(leasts)
    for variable in variables:
        for row, value in variable.key:
            cost[row] += abs(value)
    point = _near(variables, [least + more for least, more in zip(leasts, cost, strict=True)], biased=True)
    return point if point is not None and _lawful(variables, leasts, point) else None


def _held(change: int, variable: Variable) -> int:
    return max(-variable.fall, change if variable.rise else min(change, 0))


def _left(variables: Sequence[Variable], leasts: Sequence[int], point: Sequence[int]) -> list[int]:
    """What every row still lacks at a point; 0 or less is met."""
    lack = list(leasts)
    for variable, change in zip(variables, point, strict=True):
        if change:
            for row, value in variable.key:
                lack[row] -= value * change
    return lack


def _lawful(variables: Sequence[Variable], leasts: Sequence[int], point: Sequence[int]) -> bool:
    within = all(_held(p, v) == p for p, v in zip(point, variables, strict=True))
    return within and all(lack <= 0 for lack in _left(variables, leasts, point))


@cache
def _highs() -> Any:
    """The solver's module, imported at first need: it takes longer than most commands that never ask for it."""
    import highspy

    return highspy


def _step(
    variables: Sequence[Variable],
    leasts: Sequence[int],
    point: Sequence[int],
    scale: int,
    *,
    biased: bool = False,
    radius: int | None = None,
    tighter: float = 0.0,
) -> list[int] | None:
    """The best step from `point`: continuous in units of `scale` won, or whole won within `radius`. None: there is none.

    Every variable is two columns, what it lies above and below its first value; the step of each column is bounded so that
    neither gets negative. `biased` lets the better-preferred of equally good groups move: the bias is far below any real
    difference between rates. In whole won, preferences are weighed in a second program that keeps the first one's total.
    """
    import numpy as np

    highspy = _highs()
    infinite = float(highspy.kHighsInf)
    lack = _left(variables, leasts, point)
    start, index, value = [0], [], []
    lower, upper, preference = [], [], []
    sizes = [1] * len(leasts)
    for variable in variables:
        for row, coefficient in variable.key:
            if abs(coefficient) > COARSE:
                sizes[row] = max(sizes[row], abs(coefficient))
    spread = max((v.preference for v in variables), default=0) + 1
    for variable, change in zip(variables, point, strict=True):
        for sign in (1, -1):
            above = max(sign * change, 0)
            room = (infinite if variable.rise else 0.0) if sign == 1 else float(variable.fall - above)
            low, high = -above / scale, room / scale
            if radius is not None:
                low, high = max(low, -radius), min(high, radius)
            lower.append(low)
            upper.append(high)
            # In whole won a group that the continuous optimum leaves alone stays alone where that costs nothing.
            preference.append(variable.preference + (0 if change or radius is None else 20 * spread))
            for row, coefficient in variable.key:
                index.append(row)
                value.append(sign * coefficient / sizes[row])
            start.append(len(index))
    columns = 2 * len(variables)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, len(leasts)
    program.col_cost_ = np.array([1 + p / spread * 1e-5 if biased else 1.0 for p in preference])
    program.col_lower_, program.col_upper_ = np.array(lower), np.array(upper)
    program.row_lower_ = np.array(
        [
            least / (scale * size) + (tighter if size > 1 else 0)
            for least, size in zip(lack, sizes, strict=True)
        ]
    )
    program.row_upper_ = np.full(len(leasts), infinite)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.array(start)
    program.a_matrix_.index_ = np.array(index, dtype=np.int32)
    program.a_matrix_.value_ = np.array(value)
    if radius is not None:
        program.integrality_ = [highspy.HighsVarType.kInteger] * columns
    solver = highspy.Highs()
    solver.silent()
    options = {"threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-4}
    if radius is not None:
        options |= {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}
    for option, setting in options.items():
        solver.setOptionValue(option, setting)
    solver.passModel(program)
    found = _run(highspy, solver)
    if found is None:
        return None
    if radius is not None and columns <= TIDY:
        total = round(sum(found))
        every = np.arange(columns, dtype=np.int32)
        solver.addRow(-infinite, total + 0.5, columns, every, np.ones(columns))
        solver.changeColsCost(columns, every, np.array(preference, dtype=float))
        found = _run(highspy, solver) or found
    return [round((found[2 * i] - found[2 * i + 1]) * scale) for i in range(len(variables))]


def _run(highspy: Any, solver: Any) -> list[float] | None:
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return list(solver.getSolution().col_value)
