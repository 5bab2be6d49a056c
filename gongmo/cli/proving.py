"""What is looked at after an installation has come from elsewhere: every invariant, the record, every verdict and ranking."""

import importlib

from gongmo.cli import output
from gongmo.cli.doctor import SHOWN, discover
from gongmo.kernel.invariants import examine, invariants


def prove(lang: str) -> bool:
    """Run `doctor` and `replay` over the installation of the settings and print what they find. Whether all is well."""
    korean = lang == "ko"
    discover()
    found = [(each, examine(each)) for each in invariants()]
    broken = [(each, places) for each, places in found if places]
    for each, places in broken:
        output.heading(f"{each.name}: {output.pick(each, lang)}")
        for place in places[:SHOWN]:
            output.say(f"{place.subject}: {place.observed} ≠ {place.expected}")
    output.say(
        f"doctor: 불변식 {len(found)}개 가운데 {len(found) - len(broken)}개가 맞습니다."
        if korean
        else f"doctor: {len(found) - len(broken)} of {len(found)} invariants hold."
    )
    replay = importlib.import_module("gongmo.evaluation.queries").replay
    calls = importlib.import_module("gongmo.calls.models").Call.objects
    chain = importlib.import_module("gongmo.ledger.queries").verify()
    entries = importlib.import_module("gongmo.ledger.models").Entry.objects.count()
    slugs = list(calls.order_by("pk").values_list("slug", flat=True))
    differing = [slug for slug in slugs if not replay(slug).ok]
    output.say(
        f"replay: 기록 {entries:,}건이 {'이어져 있고' if not chain else '이어져 있지 않고'}, 공고 {len(slugs)}건 가운데 {len(slugs) - len(differing)}건의 판정과 순위가 같습니다."
        if korean
        else f"replay: {entries:,} entries, {'one chain' if not chain else 'a broken chain'}; {len(slugs) - len(differing)} of {len(slugs)} calls agree."
    )
    for slug in differing:
        output.complain(
            f"{slug}: 다시 계산한 것과 다릅니다. gongmo replay --call {slug} / differs from what was recomputed"
        )
    return not (broken or chain or differing)


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
