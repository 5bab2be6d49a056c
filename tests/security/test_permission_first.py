"""Commands ask for permission before they judge what was sent: else the answer tells a stranger what is there.

Here every command is read. tests/security/test_matrix.py asks through the addresses:
`test_whatever_is_sent_whoever_is_turned_away_is_told_no_more` fills every form with nonsense for whoever is turned away.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import gongmo

ROOT = Path(gongmo.__file__).parent
REFUSALS = {"BadInput", "Refused"}
"""What a judgement raises. NotFound and NotAllowed are answers to whether somebody may."""
NOT_ABOUT_A_THING = {
    "parties/commands/organisations.py: register_organisation": "whether somebody may hangs on the kind that they name",
    "parties/commands/organisations.py: update_organisation": "the readers are only named before, and read after",
    "parties/commands/handover.py: hand_over_to": "part of two commands, which ask",
    "screening/commands/similar_facts.py: take_judgement": "part of a command of the floor above, which asks",
    "screening/commands/similar_facts.py: take_conclusion": "part of a command of the floor above, which asks",
}
"""Commands that may judge first, and why."""
Function = ast.FunctionDef


def _name(node: ast.expr | None) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return (
        called.id
        if isinstance(called, ast.Name)
        else called.attr
        if isinstance(called, ast.Attribute)
        else ""
    )


def _takes_an_actor(function: Function) -> bool:
    return any(each.arg == "actor" for each in (*function.args.args, *function.args.kwonlyargs))


def _judges(function: Function) -> bool:
    """Whether a function refuses what it is given, without knowing who gave it."""
    return not _takes_an_actor(function) and any(
        isinstance(each, ast.Raise) and _name(each.exc) in REFUSALS for each in ast.walk(function)
    )


def _functions(tree: ast.Module) -> dict[str, Function]:
    return {each.name: each for each in tree.body if isinstance(each, Function)}


@cache
def _judging_in(path: Path) -> frozenset[str]:
    """The functions of a module that judge."""
    source = path.read_text(encoding="utf-8")
    if not any(f"raise {each}(" in source for each in REFUSALS):
        return frozenset()
    return frozenset(name for name, each in _functions(ast.parse(source)).items() if _judges(each))


def _judges_known_in(path: Path, tree: ast.Module) -> set[str]:
    """The names in a module that stand for functions that judge: its own, and those of ours that it imports."""
    found = set(_judging_in(path))
    for each in tree.body:
        if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("gongmo."):
            place = ROOT.parent / Path(*(each.module or "").split("."))
            there = sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
            judging = frozenset[str]().union(*map(_judging_in, there))
            found |= {one.asname or one.name for one in each.names if one.name in judging}
    return found


def _asks(call: ast.Call) -> bool:
    """Whether the actor, or who or what the actor is, is handed on: to a policy, or to what asks one."""
    given = [*call.args, *(each.value for each in call.keywords)]
    return any(_name(each.value if isinstance(each, ast.Attribute) else each) == "actor" for each in given)


def _acts(function: Function, judging: set[str]) -> Iterator[tuple[int, int, bool]]:
    """Where a function asks (True) and where it judges (False): by the ends of what is called, for what is inside comes first."""
    for each in (one for statement in function.body for one in ast.walk(statement)):
        at = (getattr(each, "end_lineno", 0) or 0, getattr(each, "end_col_offset", 0) or 0)
        if isinstance(each, ast.Call) and _asks(each):
            yield *at, True
        elif _judges_here(each, judging):
            yield *at, False


def _judges_here(node: ast.AST, judging: set[str]) -> bool:
    if isinstance(node, ast.Raise):
        return _name(node.exc) in REFUSALS
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in judging


def _judged_first(function: Function, judging: set[str]) -> bool:
    first = min(_acts(function, judging), default=None)
    return first is not None and not first[2]


def _commands() -> Iterator[tuple[str, Function, set[str]]]:
    for path in sorted([*ROOT.glob("*/commands.py"), *ROOT.glob("*/commands/**/*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        judging = _judges_known_in(path, tree)
        for name, each in _functions(tree).items():
            if not name.startswith("_") and any(arg.arg == "actor" for arg in each.args.kwonlyargs):
                yield f"{path.relative_to(ROOT).as_posix()}: {name}", each, judging


def test_no_command_judges_what_was_sent_before_it_asks_for_permission() -> None:
    commands = list(_commands())
    found = {label for label, each, judging in commands if _judged_first(each, judging)}

    assert len(commands) > 200
    assert sorted(found - NOT_ABOUT_A_THING.keys()) == []
    assert sorted(NOT_ABOUT_A_THING.keys() - found) == [], "these may be taken from the list"


def test_a_command_that_judges_first_is_found() -> None:
    """Judging itself, by a function of its own, or by one that is imported."""
    source = """
def _short(text):
    if not text:
        raise BadInput("text", "", "")
    return text

def itself(*, actor, text):
    if not text:
        raise BadInput("text", "", "")
    policies.may.require(actor)

def by_another(*, actor, text):
    text = _short(text)
    policies.may.require(actor)

def asks_inside(*, actor, text):
    _short(held(actor, text))

def asks_first(*, actor, text):
    thing = locked(actor.person)
    _short(text)
"""
    functions = _functions(ast.parse(source))

    assert [
        name for name, each in functions.items() if _judged_first(each, {"_short"}) and name != "_short"
    ] == [
        "itself",
        "by_another",
    ]
