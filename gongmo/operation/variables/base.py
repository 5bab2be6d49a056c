"""What a setting is."""

from dataclasses import dataclass

from gongmo.definition.base import Text


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting. `default` in words; `needed`: a server installation must set it; `secret`: never shown; `inner`: Gongmo sets it for
    its own processes."""

    name: str
    default: str
    ko: str
    en: str
    needed: bool = False
    secret: bool = False
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together."""

    title: Text
    variables: tuple[Variable, ...]


V = Variable


def group(ko: str, en: str, *variables: Variable) -> Group:
    """Settings under a title."""
    return Group(Text(ko=ko, en=en), variables)
