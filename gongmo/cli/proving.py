"""What is looked at after an installation has come from elsewhere: every invariant, the record, every verdict and ranking."""

import importlib
import logging
from dataclasses import dataclass

from gongmo.cli import output
from gongmo.cli.doctor import SHOWN, Examined, discover
from gongmo.kernel.invariants import examine, invariants


@dataclass(frozen=True, slots=True)
class Proof:
    """What `doctor` and `replay` find: every invariant, entries of the record, whether they are one chain, calls, and those that differ."""

    examined: tuple[Examined, ...]
    entries: int
    chained: bool
    calls: tuple[str, ...]
    differing: tuple[str, ...]

    @property
    def broken(self) -> tuple[Examined, ...]:
        """Invariants that do not hold."""
        return tuple(each for each in self.examined if each.broken)

    @property
    def good(self) -> bool:
        """Whether all of it holds."""
        return self.chained and not self.broken and not self.differing

    def told(self) -> dict[str, object]:
        """For --json."""
        return {
            "good": self.good,
            "invariants": len(self.examined),
            "broken": {each.invariant.name: list(each.broken) for each in self.broken},
            "entries": self.entries,
            "chained": self.chained,
            "calls": list(self.calls),
            "differing": list(self.differing),
        }


def prove() -> Proof:
    """Run `doctor` and `replay` over the installation of the settings."""
    discover()
    replay = importlib.import_module("gongmo.evaluation.queries").replay
    calls = importlib.import_module("gongmo.calls.models").Call.objects
    verify = importlib.import_module("gongmo.ledger.queries").verify
    entries = importlib.import_module("gongmo.ledger.models").Entry.objects
    slugs = tuple(calls.order_by("pk").values_list("slug", flat=True))
    return Proof(
        examined=tuple(Examined(each, examine(each)) for each in invariants()),
        entries=entries.count(),
        chained=not verify(),
        calls=slugs,
        differing=tuple(slug for slug in slugs if not replay(slug).ok),
    )


def show(proof: Proof, lang: str) -> None:
    """Print what was found."""
    korean = lang == "ko"
    for each in proof.broken:
        output.heading(f"{each.invariant.name}: {output.pick(each.invariant, lang)}")
        for place in each.broken[:SHOWN]:
            output.say(f"{place.subject}: {place.observed} ≠ {place.expected}")
    count, held = len(proof.examined), len(proof.examined) - len(proof.broken)
    output.say(
        f"doctor: 불변식 {count}개 가운데 {held}개가 맞습니다."
        if korean
        else f"doctor: {held} of {count} invariants hold."
    )
    calls, same = len(proof.calls), len(proof.calls) - len(proof.differing)
    output.say(
        f"replay: 기록 {proof.entries:,}건이 {'이어져 있고' if proof.chained else '이어져 있지 않고'}, 공고 {calls}건 가운데 {same}건의 판정과 순위가 같습니다."
        if korean
        else f"replay: {proof.entries:,} entries, {'one chain' if proof.chained else 'a broken chain'}; {same} of {calls} calls agree."
    )
    for slug in proof.differing:
        output.complain(
            f"{slug}: 다시 계산한 것과 다릅니다. gongmo replay --call {slug} / differs from what was recomputed"
        )


def quietly() -> None:
    """Whole tables are read and written here: a statement that takes its time is no news, and its line would stand among the answers."""
    logging.getLogger("gongmo.statements").setLevel(logging.ERROR)


def size(count: int) -> str:
    """Bytes in words."""
    units = ("B", "KB", "MB", "GB", "TB")
    step = 0
    while count >= 1024 and step < len(units) - 1:
        count, step = count // 1024, step + 1
    return f"{count:,} {units[step]}"


class Progress:
    """Tells on a terminal how far it is; nothing where the output goes elsewhere."""

    def __init__(self, lang: str) -> None:
        import sys

        self.korean, self.shown = lang == "ko", sys.stderr is not None and sys.stderr.isatty()
        self.counts = {"rows": 0, "files": 0}

    def __call__(self, what: str, count: int) -> None:
        before = self.counts[what] // STEP[what]
        self.counts[what] += count
        if self.shown and self.counts[what] // STEP[what] > before:
            word = {"rows": "줄" if self.korean else "rows", "files": "파일" if self.korean else "files"}[
                what
            ]
            output.complain(f"… {self.counts[what]:,} {word}")


STEP = {"rows": 50_000, "files": 500}
