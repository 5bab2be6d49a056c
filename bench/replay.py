"""What replaying a call costs: `make bench-replay`. 1,000 applications, 7 experts, two stages; writes docs/benchmarks/replay.md with --write.

The first application and its verdict are made through the commands; the others are copies of its rows, and the entries of the record
have the shape that the commands give them (14,000 sealed sheets). Points are invented.
"""

import argparse
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks" / "replay.md"
STAGES = ("desk", "presentation")
CRITERIA = {"1-1": 40, "1-2": 40, "2-1": 120}
"""Half points that each criterion of the sample call can have."""


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """The result, seconds of processor time, seconds on the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def made(applications: int, experts: int) -> str:
    """A call with so many ranked applications in the database of this process; its name in addresses."""
    from django.db import transaction

    from gongmo.applications.models import Application
    from gongmo.evaluation.commands.base import record
    from gongmo.evaluation.inputs import definition_by_hash
    from gongmo.evaluation.models import Ranking
    from gongmo.evaluation.replaying import Fold
    from gongmo.evaluation.sealing import commitment
    from gongmo.kernel import clock
    from gongmo.kernel.canonical import canonical_json, digest, sha256_hex
    from gongmo.ledger.queries import entries_of_call
    from gongmo.parties.models import Organisation
    from gongmo.screening.models import Review
    from tests.evaluation.builders import AT_EVALUATION, eligible

    found = eligible(1)
    call, actor = found.call, found.agency
    first = Application.objects.get()
    review = Review.objects.get()
    decided = next(
        entry.payload for entry in entries_of_call(call.slug) if entry.act == "screening.decide_eligible"
    )
    drawn = random.Random(7)
    version = call.version
    assert version is not None
    with clock.at(AT_EVALUATION), transaction.atomic():
        ids = [first.pk]
        for number in range(1, applications):
            lead = Organisation.objects.create(
                name=f"가상 주관기관 {number}", kind="company", invented=True, created_at=clock.now()
            )
            first.pk, first.id, first._state.adding = None, None, True
            first.lead = lead
            first.title = f"가상 사업 {number}"
            first.save()
            ids.append(first.pk)
            review.pk, review.id, review._state.adding = None, None, True
            review.application_id = first.pk
            review.save()
            record(
                actor,
                call,
                "screening.decide_eligible",
                ("review", review.pk),
                {**decided, "application": first.pk},
            )
        sheet = 0
        texts = digest({"comments": {}, "opinion": ""})
        for stage in STAGES:
            told: list[dict[str, Any]] = []
            for application in ids:
                level = drawn.randint(50, 95)
                for expert in range(experts):
                    sheet += 1
                    points = {
                        name: f"{Decimal(min(most, max(0, most * (level + drawn.randint(-9, 9)) // 100))) / 2:f}"
                        for name, most in CRITERIA.items()
                    }
                    points = {name: each.removesuffix(".0") for name, each in points.items()}
                    told.append(
                        {
                            "sheet": sheet,
                            "evaluator": f"평가위원 {expert}",
                            "application": application,
                            "points": points,
                            "texts": texts,
                            "seal": digest([sheet, "secret"]),
                        }
                    )
            record(
                actor,
                call,
                "evaluation.open_stage",
                ("stage", 1),
                {
                    "stage": stage,
                    "version": version.number,
                    "definition": version.sha256,
                    "sheets": [
                        {key: each[key] for key in ("sheet", "evaluator", "application")} for each in told
                    ],
                },
            )
            for each in told:
                sealed = commitment(each["sheet"], each["seal"], each["points"], texts)
                record(actor, call, "evaluation.lock_sheet", ("sheet", each["sheet"]), {"commitment": sealed})
            record(actor, call, "evaluation.lock_stage", ("stage", 1), {"stage": stage, "sheets": told})
        inputs = Fold(call.slug).read(entries_of_call(call.slug)).inputs()
        assert inputs is not None
        inputs = replace(inputs, call=call.slug)
        ranking = inputs.rank(definition_by_hash(inputs.definition))
        canonical, result = inputs.canonical(), canonical_json(ranking)
        Ranking.objects.create(
            call=call,
            inputs=canonical,
            inputs_hash=ranking.input_hash,
            result=result,
            fixed_at=clock.now(),
        )
        record(
            actor,
            call,
            "evaluation.fix_ranking",
            ("ranking", 1),
            {
                "number": 1,
                "inputs": sha256_hex(canonical),
                "input_hash": ranking.input_hash,
                "result": sha256_hex(result),
                "paper": "",
            },
        )
    return call.slug


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=1000)
    parser.add_argument("--experts", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="write the page in docs/benchmarks")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GONGMO_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")
        import_module("django").setup()
        import_module("django.core.management").call_command("migrate", verbosity=0)
        slug = made(given.applications, given.experts)
        queries = import_module("gongmo.evaluation.queries")
        ledger = import_module("gongmo.ledger.queries")
        replay, cpu, wall = timed(lambda: queries.replay(slug))
        assert replay.ok, replay.differences[:5]
        chain, chain_cpu, chain_wall = timed(ledger.broken_chain)
        assert not chain, chain[:5]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    page = f"""# Replaying a call

`make bench-replay` ({platform.python_implementation()} {platform.python_version()}, SQLite, one process). Seconds of processor time (CPU) come first:
the clock depends on what else the machine did.

| what | CPU s | clock s |
|---|---|---|
| {replay.entries:,} entries read, {replay.sheets:,} sheets' seals checked, {replay.verdicts:,} verdicts and {replay.rankings} ranking of {given.applications:,} applications x {given.experts} experts x {len(STAGES)} stages recomputed and compared | {cpu:.1f} | {wall:.1f} |
| the hash chain of the same record read from end to end | {chain_cpu:.1f} | {chain_wall:.1f} |

Peak memory of the process, with making the data: {peak} MB. What is recomputed from what stands in [ranking.md](../ranking.md#replay).
"""
    print(page)
    if given.write:
        PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
