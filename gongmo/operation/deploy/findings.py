"""What a check finds: how it is, in plain words, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gongmo.definition.base import Text


class Level(StrEnum):
    """As it should be; worth a look; must be mended before anybody relies on this installation."""

    GOOD = "good"
    LOOK = "look"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `todo` is None where nothing is to be done."""

    level: Level
    told: Text
    todo: Text | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A named look at one side of the installation."""

    name: str
    title: Text
    look: Callable[[], Iterator[Finding]]


def good(ko: str, en: str) -> Finding:
    """As it should be."""
    return Finding(Level.GOOD, Text(ko=ko, en=en))


def look(ko: str, en: str, *, todo: tuple[str, str]) -> Finding:
    """Worth a look."""
    return Finding(Level.LOOK, Text(ko=ko, en=en), Text(ko=todo[0], en=todo[1]))


def mend(ko: str, en: str, *, todo: tuple[str, str]) -> Finding:
    """Must be mended."""
    return Finding(Level.MEND, Text(ko=ko, en=en), Text(ko=todo[0], en=todo[1]))


_checks: list[Check] = []


def check(
    name: str, ko: str, en: str
) -> Callable[[Callable[[], Iterator[Finding]]], Callable[[], Iterator[Finding]]]:
    """Register a look under a name."""

    def register(function: Callable[[], Iterator[Finding]]) -> Callable[[], Iterator[Finding]]:
        _checks.append(Check(name, Text(ko=ko, en=en), function))
        return function

    return register


def checks() -> tuple[Check, ...]:
    """Every check, in the order in which they are told."""
    from gongmo.operation.deploy import data, environment, machine  # noqa: F401 - importing registers them

    order = [
        *("environment", "secrets", "address", "people", "database", "migrations", "storage", "mail"),
        *("workers", "clock", "disk", "permissions", "watching"),
    ]
    return tuple(sorted(_checks, key=lambda each: order.index(each.name)))


def examine(one: Check) -> list[Finding]:
    """What a check finds. One that cannot finish is a finding itself."""
    found: list[Finding] = []
    try:
        found.extend(one.look())
    except Exception as error:
        # The kind alone: what an exception says may hold a password.
        kind = type(error).__name__
        found.append(
            mend(
                f"살피는 중에 오류가 났습니다 ({kind}).",
                f"The check itself failed ({kind}).",
                todo=(
                    "앞의 문제를 먼저 고치고 다시 실행해 주세요. 그래도 나면 logs/gongmo.log를 보아 주세요.",
                    "Mend what is told above and run it again; else look into logs/gongmo.log.",
                ),
            )
        )
    return found
