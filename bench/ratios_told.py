"""The lines of the report of bench.ratios: each figure beside its target."""

LINES: list[tuple[str, str, str, str]] = []
"""What was measured: name, figure, target, and whether it is met."""


def told(name: str, figure: float, target: float, unit: str, *, least: bool = False, digits: int = 1) -> None:
    """A line of the report; `least`: the target is a minimum."""
    met = figure >= target if least else figure <= target
    bound = "at least" if least else "at most"
    LINES.append(
        (name, f"{figure:,.{digits}f}{unit}", f"{bound} {target:,g}{unit}", "met" if met else "MISSED")
    )
    print(f"{name:58} {LINES[-1][1]:>14}   {LINES[-1][2]:18} {LINES[-1][3]}", flush=True)
