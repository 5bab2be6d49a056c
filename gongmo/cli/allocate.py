"""`gongmo allocate --call DIR requests.yaml`: hand out the call's pot by result, exact to the won."""

import argparse
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from gongmo.cli import output
from gongmo.cli.lists import load
from gongmo.definition.base import Model, Won
from gongmo.definition.loader import load_definition
from gongmo.definition.model import Definition
from gongmo.definition.problems import unusable
from gongmo.kernel.korean import won
from gongmo.rules.allocation import Allocated, Claim, allocate

NAME = "allocate"


class Request(Model):
    """One line of the requests' file: an application, its final score and rank, and the won it asks for."""

    application: Annotated[str, Field(min_length=1, max_length=200)]
    score: Annotated[Decimal, Field(ge=0, le=10_000, max_digits=12)]
    rank: Annotated[int, Field(ge=1)]
    requested: Won


class Requests(RootModel[tuple[Request, ...]]):
    """The requests' file: a list."""


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(NAME, help="평가 결과에 따라 예산을 나눕니다 / hand out money by result")
    parser.add_argument(
        "--call", required=True, type=Path, help="공고 정의 폴더 / directory of the call's definition"
    )
    parser.add_argument(
        "requests", type=Path, help="신청 목록 YAML·JSON: [{application, score, rank, requested}]"
    )
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when the pot was handed out, 1 when the floors do not fit into it. Unusable input raises (exit 2)."""
    definition = load_definition(args.call)
    requests = load(Requests, args.requests).root
    _in_order(requests, args.requests)
    claims = [Claim(r.application, r.rank, r.score, r.requested) for r in requests]
    found = allocate(definition, claims)
    if args.json:
        output.print_json(found)
    else:
        _show(definition, found, args.lang)
    return output.OK if found.feasible else output.FAILED


def _in_order(requests: tuple[Request, ...], file: Path) -> None:
    """Ranks follow scores: a better rank with a lower score is a slip, and would hand out money by it. Raises Unusable."""
    ordered = sorted(requests, key=lambda request: (request.rank, -request.score))
    for before, after in pairwise(ordered):
        if before.score < after.score:
            raise unusable(
                str(file),
                f"{before.application}({before.rank}위, {before.score}점)과 {after.application}({after.rank}위, {after.score}점)의 "
                "순위와 점수가 서로 맞지 않습니다. 순위표와 견주어 고쳐 주세요.",
                f"{before.application} (rank {before.rank}, {before.score} points) and {after.application} (rank {after.rank}, "
                f"{after.score} points) contradict each other. Mend them by the ranking.",
            )


def _show(definition: Definition, found: Allocated, lang: str) -> None:
    ko = lang == "ko"
    source = next(s.name for s in definition.budget.sources if s.id == found.source)
    year = f" {found.year}" if found.year is not None else ""
    output.say(
        f"{output.pick(definition.short_title, lang)} · {output.pick(source, lang)}{year} · "
        + (f"재원 {won(found.pot)}" if ko else f"pot {found.pot:,} won")
    )
    output.say()
    if found.feasible:
        headers = (
            ("순위", "신청", "점수", "신청 금액", "배분 금액", "까닭")
            if ko
            else ("Rank", "Application", "Score", "Asked", "Given", "Why")
        )
        rows = [
            (a.rank, a.application, a.score, f"{a.requested:,}", f"{a.amount:,}", output.pick(a.why, lang))
            for a in found.amounts
        ]
        total = "합계" if ko else "Total"
        rows.append(("", total, "", "", f"{found.total:,}", ""))  # type: ignore[arg-type]
        output.print_table(headers, rows, right=(0, 2, 3, 4))
    for told in found.told:
        output.say(output.pick(told, lang))
