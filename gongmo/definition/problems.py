"""What is wrong with a file that a person wrote: where, what was seen, what was expected, in Korean and English.

Plain values without Pydantic, so that a command can report them before anything heavy is imported.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem in a file.

    `line` and `column` count from 1 (None where the place is not known). `path` names the value ("rules.3.at_least", "" for the
    whole file). `observed` and `expected` are short plain texts; `ko` and `en` are the full sentences.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    observed: str
    expected: str
    ko: str
    en: str

    @property
    def place(self) -> str:
        """file:line:column, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Unusable(Exception):
    """An input cannot be used at all. `problems` says why, at least one. A command that meets it ends with exit code 2."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        if not problems:
            raise ValueError("an unusable input has at least one problem")
        super().__init__("\n".join(f"{problem.place}: {problem.en}" for problem in problems))
        self.problems = tuple(problems)


def unusable(file: str, ko: str, en: str, *, observed: str = "", expected: str = "") -> Unusable:
    """An Unusable about a whole file."""
    return Unusable([Problem(file, None, None, "", observed, expected, ko, en)])
