"""Every setting of the environment, in one table: what it is called, what it means, what holds without it.

docs/settings.md is made from it, `gongmo doctor --deploy` checks the environment against it (a misspelt name is told), and a test
compares it with what the code reads. No Django here.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from gongmo.operation.variables import installation, people, registers, storing, watching
from gongmo.operation.variables.base import Group, Variable

__all__ = ["GROUPS", "Group", "Variable", "default", "document", "missing", "unknown", "variables"]

PREFIX = "GONGMO_"
OWN = "TEST_"
"""GONGMO_TEST_*: the tests' own."""

GROUPS: tuple[Group, ...] = (
    *installation.GROUPS,
    *storing.GROUPS,
    *people.GROUPS,
    *registers.GROUPS,
    *watching.GROUPS,
)


def variables() -> tuple[Variable, ...]:
    """Every variable, in the table's order."""
    return tuple(variable for group in GROUPS for variable in group.variables)


def default(name: str) -> str:
    """What holds without a setting, in words; "" for an unknown one."""
    return next((each.default for each in variables() if each.name == name), "")


def unknown(environment: Iterable[str]) -> list[tuple[str, str]]:
    """Names that look like settings and are none, each with the name that was probably meant, or ""."""
    names = [variable.name for variable in variables()]
    found = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in names and not name.startswith(PREFIX + OWN):
            found.append((name, next(iter(get_close_matches(name, names, n=1, cutoff=0.75)), "")))
    return found


def missing(environment: Mapping[str, str]) -> list[Variable]:
    """Settings that a server installation needs and that are not given."""
    return [each for each in variables() if each.needed and not environment.get(each.name, "").strip()]


def document() -> str:
    """docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "All are environment variables. Wrong values stop the start, which names all of them at once and what to set; `gongmo doctor --deploy`",
        "tells a misspelt name, too. Bold: a server installation (`GONGMO_MODE=server`) must set it. This page is made from",
        "`gongmo/operation/variables/` by `gongmo doctor --settings > docs/settings.md`.",
    ]
    for group in GROUPS:
        lines += [
            "",
            f"## {group.title.en} ({group.title.ko})",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
        ]
        for each in group.variables:
            name = f"**`{each.name}`**" if each.needed else f"`{each.name}`"
            lines.append(f"| {name}{' (secret)' if each.secret else ''} | {each.default} | {each.en} |")
    return "\n".join([*lines, ""])
