"""The Jinja2 environment of our pages. Everything from people is escaped."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language
from jinja2 import Environment

from gongmo.kernel import korean
from gongmo.kernel.clock import SEOUL


def english() -> bool:
    """Whether this request's reader chose English."""
    return (get_language() or "ko").startswith("en")


def t(ko: str, en: str = "", /, **values: object) -> str:
    """The sentence in the reader's language (Korean where there is no English), with {names} filled in.

    The result is plain text: Jinja2 escapes it, and with it every value.
    """
    sentence = en if en and english() else ko
    return sentence.format_map(values) if values else sentence


def pick(value: Any) -> str:
    """The reader's language of anything with `ko` and `en` (attributes or keys): a finding's message, a refusal, a title."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        ko, en = value.get("ko", ""), value.get("en", "")
    else:
        ko, en = getattr(value, "ko", ""), getattr(value, "en", "")
    return str((en or ko) if english() else (ko or en))


def url(name: str, /, *args: object, **kwargs: object) -> str:
    """The address of a named view. Raises NoReverseMatch for an unknown name, so that a wrong link fails its test."""
    if all(type(each) in _PLAIN for each in (*args, *kwargs.values())):
        return _reversed(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, *args, **kwargs)
    return reverse(name, args=args or None, kwargs=kwargs or None)


_PLAIN = (int, str)


# A table of 300 rows asks for the same addresses at each showing. Which addresses there are is settled at start.
@lru_cache(maxsize=8192, typed=True)
def _reversed(urlconf: str, prefix: str, name: str, /, *args: object, **kwargs: object) -> str:
    return reverse(name, urlconf=urlconf, args=args or None, kwargs=kwargs or None)


def _stamp(value: datetime | None, *, seconds: bool = False) -> str:
    return "" if value is None else korean.stamp(value, seconds=seconds)


def _day(value: date | datetime | None) -> str:
    return "" if value is None else korean.day(value)


def _iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return "" if value is None else value.isoformat()


def _span(value: timedelta | None) -> str:
    return "" if value is None else korean.duration(value)


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend with its options; escaping is always on."""
    options["autoescape"] = True
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    made = Environment(**options)  # noqa: S701 - autoescape is set above
    made.globals.update(static=static, url=url, t=t, _=t, pick=pick, english=english, seoul=SEOUL)
    made.filters.update(
        won=korean.won,
        eok=korean.eok,
        percent=korean.percent,
        datetime=_stamp,
        date=_day,
        iso=_iso,
        duration=_span,
        particle=korean.particle,
        pick=pick,
        filesize=filesizeformat,
    )
    return made
