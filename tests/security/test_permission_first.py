"""Commands ask for permission before they judge what was sent: else the answer tells a stranger what is there."""

import ast
from pathlib import Path

import gongmo

JUDGES = {"said", "reason_of"}
"""Functions that refuse a sentence that is missing or too long."""


def _judged_first(command: ast.FunctionDef) -> bool:
    """Whether a sentence is judged outside of everything, before the first act that could ask for permission."""
    body = command.body[1:] if ast.get_docstring(command) else command.body
    first = body[0]
    return (
        isinstance(first, ast.Assign)
        and isinstance(first.value, ast.Call)
        and isinstance(first.value.func, ast.Name)
        and first.value.func.id in JUDGES
    )


def test_no_command_judges_a_sentence_before_it_asks_for_permission() -> None:
    root = Path(gongmo.__file__).parent
    files = [*root.glob("*/commands.py"), *root.glob("*/commands/**/*.py")]
    found = [
        f"{path.relative_to(root)}: {each.name}"
        for path in files
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.FunctionDef) and any(arg.arg == "actor" for arg in each.args.kwonlyargs)
        if _judged_first(each)
    ]

    assert len(files) > 50
    assert found == []
