"""What a check finds: how it is, in plain words, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gongmo.definition.base import Text


class Level(StrEnum):
    """As it should be; worth a look; must be mended before anybody relies on this installation; could not be looked at."""

    GOOD = "good"
    LOOK = "look"
    MEND = "mend"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `todo` is None where nothing is to be done. `stops`: while this is so, what needs it cannot be looked at."""

    level: Level
    told: Text
    todo: Text | None = None
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A named look at one side of the installation. `needs`: the checks without which it could only repeat their failure."""

    name: str
    title: Text
    look: Callable[[], Iterator[Finding]]
    needs: tuple[str, ...] = ()


def good(ko: str, en: str) -> Finding:
    """As it should be."""
    return Finding(Level.GOOD, Text(ko=ko, en=en))


def look(ko: str, en: str, *, todo: tuple[str, str]) -> Finding:
    """Worth a look."""
    return Finding(Level.LOOK, Text(ko=ko, en=en), Text(ko=todo[0], en=todo[1]))


def mend(ko: str, en: str, *, todo: tuple[str, str], stops: bool = False) -> Finding:
    """Must be mended."""
    return Finding(Level.MEND, Text(ko=ko, en=en), Text(ko=todo[0], en=todo[1]), stops)


_checks: list[Check] = []


def check(
    name: str, ko: str, en: str, *, needs: tuple[str, ...] = ()
) -> Callable[[Callable[[], Iterator[Finding]]], Callable[[], Iterator[Finding]]]:
    """Register a look under a name."""

    def register(function: Callable[[], Iterator[Finding]]) -> Callable[[], Iterator[Finding]]:
        _checks.append(Check(name, Text(ko=ko, en=en), function, needs))
        return function

    return register


def checks() -> tuple[Check, ...]:
    """Every check, in the order in which they are told: causes before what they have for effect."""
    from gongmo.operation.deploy import data, environment, machine  # noqa: F401 - importing registers them

    order = [
        *("database", "migrations", "storage", "disk", "permissions", "clock"),
        *("environment", "secrets", "keys", "address", "mail", "workers", "people", "backup", "watching"),
    ]
    return tuple(sorted(_checks, key=lambda each: order.index(each.name)))


def examine_all() -> list[tuple[Check, list[Finding]]]:
    """Every check with what it finds. What needs something that does not work says so instead of failing in its own words."""
    titles = {each.name: each.title for each in checks()}
    stopped: set[str] = set()
    found: list[tuple[Check, list[Finding]]] = []
    for one in checks():
        cause = next((name for name in one.needs if name in stopped), None)
        if cause is not None:
            stopped.add(one.name)
            because = titles[cause]
            told = Text(
                ko=f"‘{because.ko}’에 고칠 것이 있어 살피지 못했습니다.",
                en=f"Could not be looked at because of “{because.en}”.",
            )
            found.append((one, [Finding(Level.UNKNOWN, told)]))
            continue
        seen = examine(one)
        if any(each.stops for each in seen):
            stopped.add(one.name)
        found.append((one, seen))
    return found


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
