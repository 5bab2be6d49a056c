"""Canonical JSON and hashes: the same value gives the same bytes on every machine (in the manner of RFC 8785)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

_PLAIN = frozenset({str, int, bool, type(None)})
"""Types that are JSON's own: most of what is asked."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any) -> Any:
    """Turn a value into JSON types: Decimal and Fraction as text, dates and instants as ISO text (instants in UTC).

    Floats are refused (TypeError): money is integer, scores are Decimal.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {
            key if type(key) is str else str(key): item if type(item) in _PLAIN else plain(item)
            for key, item in value.items()
        }
    if kind is list:
        return [item if type(item) in _PLAIN else plain(item) for item in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        from_utc = value.astimezone(UTC)
        return from_utc.isoformat().replace("+00:00", "Z")
    if isinstance(value, str | int):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Decimal | Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if hasattr(value, "model_dump"):
        return plain(value.model_dump(mode="python"))
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_json(value: Any) -> str:
    """Canonical JSON text: sorted keys, no spaces, UTF-8 characters kept."""
    return _ENCODER.encode(plain(value))


def sha256_hex(data: bytes | str) -> str:
    """SHA-256 of bytes (or of a text's UTF-8 bytes), 64 lower-case hex digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON."""
    return sha256_hex(canonical_json(value))
