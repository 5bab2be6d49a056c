"""`gongmo doctor`: runs every registered invariant over the stored data and names what is broken.

`gongmo doctor --deploy` checks the installation instead: settings, secrets, database, storage, mail, workers, clocks, disks.
"""

import argparse
import importlib
import importlib.util
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gongmo.cli import output, start
from gongmo.kernel.errors import BadInput
from gongmo.kernel.invariants import Broken, Invariant, examine, invariants

NAME = "doctor"
SHOWN = 20
"""Broken places listed for each invariant on a terminal; --json lists all."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One invariant and the places where it does not hold."""

    invariant: Invariant
    broken: tuple[Broken, ...]


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME, help="저장된 자료가 어긋난 곳이 없는지 살핍니다 / check the stored data's invariants"
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help="이 불변식만 살핍니다 / examine only this one (repeatable)",
    )
    parser.add_argument(
        "--deploy",
        action="store_true",
        help="자료 대신 설치를 살핍니다: 설정, 비밀값, 데이터베이스, 저장소, 메일, 시계, 디스크 / check the installation",
    )
    parser.add_argument(
        "--settings",
        action="store_true",
        help="설정 목록을 표로 씁니다 (docs/settings.md) / print the table of all settings",
    )
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Examine, print, and end with 0 (all hold), 1 (some are broken, something must be mended) or 2 (it cannot be examined)."""
    if args.settings:
        output.emit(importlib.import_module("gongmo.operation.variables").document().rstrip("\n"))
        return output.OK
    if args.deploy:
        return _deploy(args)
    start.with_data()
    discover()
    found = invariants()
    if args.only:
        names = {invariant.name for invariant in found}
        unknown = [name for name in args.only if name not in names]
        if unknown:
            there = ", ".join(sorted(names))
            raise BadInput(
                "no_such_invariant",
                f"‘{unknown[0]}’이라는 불변식이 없습니다. 있는 것: {there}",
                f"There is no invariant {unknown[0]!r}. There are: {there}",
                field="--only",
            )
        found = [invariant for invariant in found if invariant.name in args.only]
    database_error = importlib.import_module("django.db").Error
    try:
        examined = [Examined(invariant, examine(invariant)) for invariant in found]
    except database_error as error:
        return start.unreadable(error)
    if args.json:
        output.print_json(
            [
                {
                    "name": each.invariant.name,
                    "ko": each.invariant.ko,
                    "en": each.invariant.en,
                    "holds": not each.broken,
                    "broken": list(each.broken),
                }
                for each in examined
            ]
        )
    else:
        _print(examined, args.lang)
    return output.FAILED if any(each.broken for each in examined) else output.OK


def discover() -> None:
    """Import the `invariants` module of every app that has one; importing registers them."""
    apps = importlib.import_module("django.apps").apps
    for app in apps.get_app_configs():
        name = f"{app.name}.invariants"
        if app.name.startswith("gongmo.") and importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


def _print(examined: list[Examined], lang: str) -> None:
    korean = lang == "ko"
    headers = ("결과", "불변식", "뜻", "어긋남") if korean else ("Result", "Invariant", "Meaning", "Broken")
    words = ("정상", "어긋남") if korean else ("holds", "broken")
    output.print_table(
        headers,
        [
            (
                words[bool(each.broken)],
                each.invariant.name,
                output.pick(each.invariant, lang),
                len(each.broken),
            )
            for each in examined
        ],
        right={3},
    )
    for each in examined:
        if not each.broken:
            continue
        output.heading(each.invariant.name)
        output.print_table(
            ("대상", "저장된 값", "맞는 값") if korean else ("Subject", "Observed", "Expected"),
            [(broken.subject, broken.observed, broken.expected) for broken in each.broken[:SHOWN]],
        )
        rest = len(each.broken) - SHOWN
        if rest > 0:
            output.say(
                f"이 밖에 {rest}건이 더 있습니다. 모두 보려면 --json을 써 주세요."
                if korean
                else f"{rest} more; use --json to see all."
            )


def _deploy(args: argparse.Namespace) -> int:
    """Check the installation. Settings that stop the start are told in the same way."""
    wrong = importlib.import_module("django.core.exceptions").ImproperlyConfigured
    try:
        start.django()
    except wrong as error:
        return int(importlib.import_module("gongmo.cli.wrong_settings").tell(error, as_json=args.json))
    deploy = importlib.import_module("gongmo.operation.deploy")
    with _impatient():
        examined = deploy.examine_all()
    if args.json:
        output.print_json(
            [
                {"name": check.name, "level": each.level.value, "told": each.told, "todo": each.todo}
                for check, found in examined
                for each in found
            ]
        )
    else:
        _print_deploy(examined, args.lang)
    mend = any(each.level is deploy.Level.MEND for _, found in examined for each in found)
    return output.FAILED if mend else output.OK


@contextmanager
def _impatient() -> Iterator[None]:
    """Meanwhile each look at a database that does not answer takes three seconds; the pool of connections would try again for twenty."""
    # Each try would be told in a line of its own before the table that says it.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    options = importlib.import_module("django.db").connection.settings_dict["OPTIONS"]
    pool = options.get("pool")
    if not isinstance(pool, dict):
        yield
        return
    options["pool"] = {**pool, "timeout": 3}
    try:
        yield
    finally:
        options["pool"] = pool


def _print_deploy(examined: list[tuple[Any, list[Any]]], lang: str) -> None:
    korean = lang == "ko"
    words = (
        {"good": "정상", "look": "확인", "mend": "고칠 것", "unknown": "모름"}
        if korean
        else {"good": "good", "look": "look at", "mend": "mend", "unknown": "unknown"}
    )
    output.print_table(
        ("결과", "부분", "상태와 할 일") if korean else ("Result", "Part", "State, and what to do"),
        [
            (
                words[each.level.value],
                output.pick(check.title, lang),
                output.pick(each.told, lang) + (f" → {output.pick(each.todo, lang)}" if each.todo else ""),
            )
            for check, found in examined
            for each in found
        ],
    )
    counts = {
        level: sum(each.level.value == level for _, found in examined for each in found) for level in words
    }
    output.say(
        f"고칠 것 {counts['mend']}건, 확인할 것 {counts['look']}건, 정상 {counts['good']}건"
        + (f", 살피지 못한 것 {counts['unknown']}건." if counts["unknown"] else ".")
        if korean
        else f"{counts['mend']} to mend, {counts['look']} to look at, {counts['good']} good"
        + (f", {counts['unknown']} could not be looked at." if counts["unknown"] else ".")
    )
