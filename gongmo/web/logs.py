"""Log lines: readable ones for a laptop, one JSON object a line for a server. Nothing personal gets in, whoever writes them.

What our own code says is a constant sentence; what it puts into the sentence, what other libraries say and what an exception tells is
data, and data is masked: addresses of mail and network, long numbers (telephone, business, corporate, resident), everything after
a question mark, keys and tokens, quoted values, and Korean words (names of people and organisations cannot be told from others).
Numbers by which rows are found stay. Imported while logging is set up: no models here.
"""

import ipaddress
import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from gongmo.kernel import tracing

LONGEST = 2000
FRAMES = 30
_PLAIN = (int, float, Decimal, UUID, date, type(None))
_CODE_NAMES = (AttributeError, ImportError, NameError, TypeError)
"""Exceptions whose quoted words are names in the code."""
_PERSONAL = re.compile(
    r"""
    (?P<mail>[^\s@'"<>(),;:]+@[^\s@'"<>(),;:]+\.[^\s@'"<>(),;:]+)
    | (?P<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)
    | (?P<time>\b\d{4}-\d\d-\d\d[T\x20]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)
    | (?P<query>\?[^\s'"<>]+)
    | (?P<number>(?<![\w.])\+?\d(?:[\x20.–-]?\d){8,}(?![\w]))
    | (?P<address>(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?![\w:]))
    | (?P<token>[A-Za-z0-9_=+-]{20,})
    | (?P<word>[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\u3400-\u9fff\uf900-\ufaff]+)
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|«[^»]*»|‘[^’]*’|“[^”]*”")
_LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d{4,}\b")
_SHOWN = {"mail": "(mail)", "query": "?…", "number": "(number)", "token": "(token)", "word": "□"}


def masked(text: str) -> str:
    """The text without what may point to a person: see the module."""
    return _PERSONAL.sub(_mask, text[: 4 * LONGEST])[:LONGEST]


def _mask(match: re.Match[str]) -> str:
    kind, found = match.lastgroup or "", match.group()
    if kind in ("uuid", "time"):
        return found
    if kind == "address":
        try:
            ipaddress.ip_address(found)
        except ValueError:
            return found
        return "(address)"
    if kind == "token" and not _random(found):
        return found
    return _SHOWN[kind]


def _random(text: str) -> bool:
    """Whether it looks like a key rather than a name in code: digits among letters of both cases, or nothing but hexadecimals."""
    digits = any(letter.isdigit() for letter in text)
    cases = any(letter.isupper() for letter in text) and any(letter.islower() for letter in text)
    return digits and (cases or re.fullmatch(r"[0-9a-fA-F]+", text) is not None)


def masked_sql(statement: str) -> str:
    """A statement without values: those that were written into it become "?"; parameters were never there."""
    return " ".join(_LITERAL.sub("?", statement).split())[:LONGEST]


def sentence(record: logging.LogRecord) -> str:
    """What a record says. Our own code's sentences are constant (a test sees to it); everything put into them is masked."""
    template = str(record.msg)
    args = record.args
    if not record.name.startswith("gongmo"):
        template = masked(template if args else _QUOTED.sub("'…'", template))
    if not args:
        return template
    # Django's own records hold the request: its route says where, without what is in the address.
    request = getattr(record, "request", None)
    path = getattr(request, "path", None)
    shown = {path: route_of(request)} if path else {}
    if isinstance(args, dict):
        given: Any = {name: _argument(value, shown) for name, value in args.items()}
    else:
        given = tuple(_argument(value, shown) for value in args)
    try:
        return str(template % given)
    except (TypeError, ValueError, KeyError):
        return masked(template)


def _argument(value: object, shown: dict[str, str]) -> object:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, BaseException):
        return told(value)
    text = str(value)
    return shown.get(text) or masked(_QUOTED.sub("'…'", text))


def route_of(request: object) -> str:
    """The pattern of the address that was asked for ("calls/<slug:slug>/"), "-" where none fits. Holds no values."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match is not None else "-"


def told(error: BaseException) -> str:
    """An exception's kind and first line without values."""
    text = str(error).strip().split("\n", 1)[0]
    if not isinstance(error, _CODE_NAMES):
        text = _QUOTED.sub("'…'", text)
    return f"{type(error).__name__}: {masked(text)[:300]}" if text else type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        yield found
        seen.add(id(found))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _frames(error: BaseException) -> list[str]:
    """Where it happened, the innermost last: file, line and function; no values."""
    stack = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in stack]


def _short(file: str) -> str:
    for start in ("/site-packages/", "/gongmo/"):
        _before, found, after = file.rpartition(start)
        if found:
            return after if start == "/site-packages/" else f"gongmo/{after}"
    return file.rpartition("/")[2]


class Readable(logging.Formatter):
    """Lines for people: time, level, who, the request's number, the sentence; an exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and more below it for an exception."""
        at = datetime.fromtimestamp(record.created).astimezone()
        fields = getattr(record, "fields", None) or {}
        more = "".join(f" {name}={value}" for name, value in fields.items())
        lines = [
            f"{at:%Y-%m-%d %H:%M:%S},{int(record.msecs):03d} {record.levelname} {record.name} "
            f"[{_request_of(record)}] {_one_line(sentence(record))}{more}"
        ]
        for error in _errors(record):
            lines += [f"  {told(error)}", *(f"    {frame}" for frame in _frames(error))]
        return "\n".join(lines)


class Json(logging.Formatter):
    """One JSON object a line: `time` (UTC), `level`, `logger`, `request`, `message`, further fields, `errors` (kind, told, frames)."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        found: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": _request_of(record),
            "process": record.process,
            "message": sentence(record),
            **(getattr(record, "fields", None) or {}),
        }
        if errors := [
            {"kind": type(error).__qualname__, "told": told(error), "frames": _frames(error)}
            for error in _errors(record)
        ]:
            found["errors"] = errors
        return json.dumps(found, ensure_ascii=False, default=str, separators=(",", ":"))


def _errors(record: logging.LogRecord) -> list[BaseException]:
    error = record.exc_info[1] if record.exc_info else None
    return list(_causes(error)) if error is not None else []


def _request_of(record: logging.LogRecord) -> str:
    # Django writes its lines after the request's own context has ended.
    request = getattr(record, "request", None)
    return str(getattr(request, "request_id", "") or tracing.request_id())


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
