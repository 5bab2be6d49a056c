"""One table of all settings: complete, and the same as the page made from it."""

import ast
import re
from pathlib import Path

import gongmo
from gongmo.operation import variables
from gongmo.registers.outcomes import Register

ROOT = Path(gongmo.__file__).parents[1]
NAME = re.compile(r"GONGMO_[A-Z0-9_]+")
READERS = {
    "text",
    "flag",
    "number",
    "listing",
    "choice",
    "networks",
    "secret",
    "get",
    "getenv",
    "pop",
    "setdefault",
}


def read_names() -> dict[str, str]:
    """Every name that code reads from the environment, with the file in which it does."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "gongmo").rglob("*.py")):
        source = file.read_text("utf-8")
        if "GONGMO_" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function = node.func
                called = getattr(function, "attr", getattr(function, "id", ""))
                value = node.args[0].value
                if called in READERS and isinstance(value, str) and NAME.fullmatch(value):
                    found[value] = file.name
            if (
                isinstance(node, ast.Subscript)
                and isinstance(node.slice, ast.Constant)
                and NAME.fullmatch(str(node.slice.value))
                and "environ" in ast.unparse(node.value)
            ):
                found[str(node.slice.value)] = file.name
    # Made of a register's name (gongmo.registers.config).
    return found | {f"GONGMO_{register.value.upper()}_KEY": "config.py" for register in Register}


def test_every_setting_that_is_read_stands_in_the_table_and_no_other() -> None:
    read, told = read_names(), {each.name for each in variables.variables()}

    assert {name: file for name, file in read.items() if name not in told} == {}
    assert told - read.keys() == set()


def test_no_setting_is_told_twice() -> None:
    names = [each.name for each in variables.variables()]

    assert len(names) == len(set(names))


def test_the_page_is_made_from_the_table() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")

    assert page == variables.document(), "run: gongmo doctor --settings > docs/settings.md"


def test_a_misspelt_setting_is_told_with_the_one_that_was_meant() -> None:
    given = ["GONGMO_HTPS", "GONGMO_HTTPS", "GONGMO_TEST_DB", "GONGMO_QQQQ", "HOME"]

    assert variables.unknown(given) == [("GONGMO_HTPS", "GONGMO_HTTPS"), ("GONGMO_QQQQ", "")]


def test_what_a_server_needs_is_missed() -> None:
    given = {"GONGMO_SECRET_KEY": "x", "GONGMO_HOSTS": " "}

    missed = {each.name for each in variables.missing(given)}
    assert {"GONGMO_SIGNING_SEED", "GONGMO_HOSTS"} <= missed
    assert "GONGMO_SECRET_KEY" not in missed
