"""The table of the standard's requirements names nothing that is not there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from gongmo.kernel.policy import catalogue

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "security" / "asvs.md"
HELD = {"yes", "part", "site", "none"}


def rows() -> list[tuple[str, str, str, str]]:
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and re.match(r"\d", cells[0]):
            assert len(cells) == 4, line
            found.append((cells[0], cells[1], cells[2], cells[3]))
    return found


def missing(named: str) -> bool:
    """Whether something that the table names in backticks is not there."""
    path, _, test = named.partition("::")
    if test:
        file = ROOT / path
        return not file.is_file() or f"def {test}(" not in file.read_text("utf-8")
    if named.startswith("/"):
        try:
            resolve(named)
        except Resolver404:
            return True
        return False
    if re.fullmatch(r"[A-Z_]{5,}", named):
        documented = (ROOT / "docs" / "settings.md").read_text("utf-8") + (
            ROOT / "docs" / "operations.md"
        ).read_text("utf-8")
        return not hasattr(settings, named) and f"`{named}`" not in documented
    if re.fullmatch(r"[a-z]+\.[a-z_]+", named) and "/" not in named and not named.endswith(".txt"):
        return named not in {policy.name for policy in catalogue()}
    if named.startswith("sslmode"):
        return False
    return not (ROOT / named).exists()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0].replace(" ", ""))
def test_every_piece_of_evidence_is_there(row: tuple[str, str, str, str]) -> None:
    number, _, held, evidence = row

    assert held in HELD, number
    assert [named for named in re.findall(r"`([^`]+)`", evidence) if missing(named)] == []
    assert held in ("none", "yes") or evidence, f"{number}: what is missing, or where it is done?"


def test_every_chapter_is_in_the_table() -> None:
    chapters = {int(re.match(r"\d+", number)[0]) for number, *_ in rows()}  # type: ignore[index]

    assert chapters == set(range(1, 17))
