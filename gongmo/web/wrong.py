"""Settings that cannot be used: gathered while the settings are read, so that a start names all of them at once.

An operator who is told of one a start, in another language, starts eight times on the evening before a closing day.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ImproperlyConfigured

P = ParamSpec("P")
T = TypeVar("T")


class Wrong(ImproperlyConfigured):
    """One setting: its name, and what is wrong and to be set instead, in a sentence of each language. Never holds a secret's value."""

    def __init__(self, name: str, ko: str, en: str) -> None:
        super().__init__(f"{name}: {ko} / {name} {en}")
        self.name, self.ko, self.en = name, ko, en

    @property
    def problems(self) -> tuple["Wrong", ...]:
        """As `AllWrong` has them."""
        return (self,)


class AllWrong(ImproperlyConfigured):
    """Every setting that cannot be used."""

    def __init__(self, problems: tuple[Wrong, ...]) -> None:
        super().__init__("\n".join(str(each) for each in problems))
        self.problems = problems


_gathered: list[Wrong] | None = None


def gather() -> None:
    """From now on what is wrong is kept, and something harmless taken instead."""
    global _gathered
    _gathered = []


def note(wrong: Wrong) -> None:
    """Keep it where what is wrong is gathered, once for each setting; else raise it."""
    if _gathered is None:
        raise wrong
    if wrong.name not in {each.name for each in _gathered}:
        _gathered.append(wrong)


def told() -> None:
    """Gather no more. Raises AllWrong where something was wrong."""
    global _gathered
    found, _gathered = tuple(_gathered or ()), None
    if found:
        raise AllWrong(found)


def or_else(fallback: Callable[..., Any]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """What a reader of a setting gives while what is wrong is gathered. Its arguments are those of the reader."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except Wrong as wrong:
                note(wrong)
                given: T = fallback(*args, **kwargs)
                return given

        return run

    return wrap
