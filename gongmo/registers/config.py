"""What the environment says of the registers: keys, addresses, limits. No Django here: the settings read it at start.

Every variable stands in docs/registers.md. A wrong value stops the start with a sentence that names the variable.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from gongmo.registers.outcomes import Register

DATA = frozenset(
    {
        Register.BUSINESS_STATUS,
        Register.BUSINESS_VALIDATION,
        Register.ACCOUNTS,
        Register.OUTLINE,
        Register.HOLIDAYS,
    }
)
"""The registers of the public data portal: one account's key opens those that it has applied for."""
_NTS = frozenset({Register.BUSINESS_STATUS, Register.BUSINESS_VALIDATION})
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Service:
    """Where a register is and with which key (as issued, decoded)."""

    base: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings of the registers. `services` holds those that are on."""

    services: Mapping[Register, Service] = field(default_factory=dict)
    fresh: timedelta = timedelta(hours=24)
    """An answer younger than this is not asked for again."""
    connect_seconds: float = 5
    read_seconds: float = 10
    total_seconds: float = 30
    largest: int = 4 * 1024 * 1024
    """Bytes of an answer that are read at most."""
    waits: tuple[float, ...] = (0.5, 2.0)
    """Seconds before the second, third ... try of one request."""
    failures: int = 3
    """Requests in a row that failed with all their tries, until the breaker opens."""
    pause: timedelta = timedelta(minutes=5)
    """How long the breaker stays open the first time; each time doubled, at most `longest_pause`."""
    longest_pause: timedelta = timedelta(hours=2)
    key_pause: timedelta = timedelta(hours=6)
    """How long a register is left alone whose key is wrong."""
    recheck_every: timedelta | None = timedelta(days=30)
    """How often the organisations of an agreement in force are asked for again; None: never."""
    invented: bool = False
    """Whether made-up organisations are asked for, too (a practice server)."""
    proxy: str = ""
    authorities: str = ""
    """A file of certificates to trust instead of the system's."""


def decoded(key: str) -> str:
    """The key as it was issued. The portal shows it a second time with its "+", "/" and "=" percent-encoded: sent on like that it would be
    encoded twice, and refused as unregistered (error 30). A key never holds a percent sign itself."""
    while _ESCAPE.search(key):
        key = unquote(key)
    return key


def read(environment: Mapping[str, str]) -> Configuration:
    """The configuration that the environment gives. Raises ValueError naming the variable."""

    def text(name: str, default: str = "") -> str:
        return environment.get(name, default).strip()

    def number(name: str, default: int) -> int:
        value = text(name, str(default))
        if not value.isdecimal():
            raise ValueError(f"{name} must be a whole number, not {value!r}.")
        return int(value)

    off = {part.strip() for part in text("GONGMO_REGISTERS_OFF").split(",") if part.strip()}
    if unknown := off - {register.value for register in Register}:
        raise ValueError(
            f"GONGMO_REGISTERS_OFF: {', '.join(sorted(unknown))} is no register. Registers: {', '.join(Register)}."
        )
    nts = _base("GONGMO_NTS_URL", text("GONGMO_NTS_URL") or "https://api.odcloud.kr/api")
    data = _base("GONGMO_DATA_URL", text("GONGMO_DATA_URL") or "https://apis.data.go.kr")
    addresses = _base(
        "GONGMO_ADDRESS_URL", text("GONGMO_ADDRESS_URL") or "https://business.juso.go.kr/addrlink"
    )
    services: dict[Register, Service] = {}
    for register in Register:
        if register.value in off:
            continue
        own = text(f"GONGMO_{register.value.upper()}_KEY")
        key = own or (text("GONGMO_DATA_KEY") if register in DATA else text("GONGMO_ADDRESS_KEY"))
        if key:
            base = nts if register in _NTS else data if register in DATA else addresses
            services[register] = Service(base, decoded(key))
    days = number("GONGMO_REGISTERS_RECHECK_DAYS", 30)
    seconds = number("GONGMO_REGISTERS_SECONDS", 10)
    if not 1 <= seconds <= 120:
        raise ValueError("GONGMO_REGISTERS_SECONDS must lie between 1 and 120.")
    return Configuration(
        services=services,
        fresh=timedelta(hours=number("GONGMO_REGISTERS_FRESH_HOURS", 24)),
        connect_seconds=min(5, seconds),
        read_seconds=seconds,
        total_seconds=3 * seconds,
        recheck_every=timedelta(days=days) if days else None,
        invented=text("GONGMO_REGISTERS_INVENTED").lower() in ("1", "true", "yes", "on"),
        proxy=text("GONGMO_REGISTERS_PROXY"),
        authorities=text("GONGMO_REGISTERS_CA"),
    )


def _base(name: str, address: str) -> str:
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in LOCAL
    if (
        not (parts.scheme == "https" or plain)
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise ValueError(
            f"{name} must be an address such as https://apis.data.go.kr (http only for this machine)."
        )
    return address.rstrip("/")
