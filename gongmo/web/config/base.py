"""Reads one variable: a text, a yes or no, a number, a list."""

import ipaddress
import os

from gongmo.operation import variables
from gongmo.web.wrong import Wrong, or_else

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable, trimmed, or the default."""
    return os.environ.get(name, default).strip()


def meaning(name: str) -> str:
    """What a setting is for, in Korean."""
    return next((each.ko for each in variables.variables() if each.name == name), "")


def lacking(name: str) -> Wrong:
    return Wrong(
        name,
        f"서버(GONGMO_MODE=server)에는 꼭 정해야 합니다. {meaning(name)}.",
        "must be set when GONGMO_MODE is server.",
    )


@or_else(lambda name, *, default=False: default)
def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no. Raises Wrong for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _TRUE:
        return True
    if value.strip().lower() in _FALSE:
        return False
    raise Wrong(name, f"1이나 0으로 적어 주세요. 지금 값: {value!r}", f"must be 1 or 0, not {value!r}.")


@or_else(lambda name, default, *, least=0: default)
def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`. Raises Wrong otherwise."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise Wrong(
            name,
            f"{least} 이상의 정수로 적어 주세요(단위 없이 숫자만). 지금 값: {value!r}",
            f"must be a whole number of at least {least}, not {value!r}.",
        )
    return int(value)


def listing(name: str) -> list[str]:
    """Comma-separated values without empty ones."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


@or_else(lambda name, default, allowed: default)
def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of a few words. Raises Wrong for others."""
    value = text(name) or default
    if value not in allowed:
        raise Wrong(
            name,
            f"{', '.join(allowed)} 가운데 하나로 적어 주세요. 지금 값: {value!r}",
            f"must be one of {', '.join(allowed)}, not {value!r}.",
        )
    return value


@or_else(lambda name: [])
def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks. Raises Wrong for what is neither."""
    try:
        return [ipaddress.ip_network(each, strict=False) for each in listing(name)]
    except ValueError as error:
        raise Wrong(
            name,
            "10.0.0.5나 10.1.0.0/24 같은 주소나 망을 쉼표로 이어 적어 주세요.",
            "must hold addresses or networks such as 10.0.0.5 or 10.1.0.0/24.",
        ) from error
