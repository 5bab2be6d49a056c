"""Named permission predicates, each with a sentence, so that the permission catalogue can be printed.

@policy("withdraw_application", ko="...", en="...")
def may_withdraw(actor: Actor, application: Application) -> bool: ...

may_withdraw.require(actor, application)   # raises NotAllowed with the sentence
may_withdraw(actor, application)           # True or False
"""

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec

from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotAllowed

P = ParamSpec("P")

_catalogue: dict[str, "Policy[Any]"] = {}


class Policy(Generic[P]):
    """One permission: a name, who may (a sentence in Korean and English) and the predicate that decides."""

    def __init__(self, name: str, ko: str, en: str, decide: Callable[Concatenate[Actor, P], bool]) -> None:
        self.name = name
        self.ko = ko
        self.en = en
        self.decide = decide
        self.module = decide.__module__

    def __call__(self, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> bool:
        return self.decide(actor, *args, **kwargs)

    def require(self, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Raise NotAllowed, naming who may, unless the actor may."""
        if not self.decide(actor, *args, **kwargs):
            raise NotAllowed(
                self.name, f"이 일을 할 권한이 없습니다. {self.ko}", f"You may not do this. {self.en}"
            )


def policy(name: str, *, ko: str, en: str) -> Callable[[Callable[Concatenate[Actor, P], bool]], Policy[P]]:
    """Register a predicate under a name ("calls.publish"). Raises ValueError when the name is taken."""

    def register(decide: Callable[Concatenate[Actor, P], bool]) -> Policy[P]:
        if name in _catalogue:
            raise ValueError(f"two policies are named {name}")
        made = Policy(name, ko, en, decide)
        _catalogue[name] = made
        return made

    return register


def catalogue() -> list["Policy[Any]"]:
    """Every policy that has been imported, by name."""
    return [_catalogue[name] for name in sorted(_catalogue)]
