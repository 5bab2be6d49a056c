"""The Jinja2 environment of our pages. Everything from people is escaped."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from jinja2 import Environment

from gongmo.kernel import korean
from gongmo.kernel.clock import SEOUL
from gongmo.web.language import english, pick, t
from gongmo.web.numbers import row_token
from gongmo.web.ticking import clock_html, countdown_html, stamp

__all__ = ["english", "environment", "pick", "t", "url"]


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


def _day(value: date | datetime | None) -> str:
    return "" if value is None else korean.day(value)


def _iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return "" if value is None else value.isoformat()


def _left(value: timedelta | None) -> str:
    return "" if value is None else korean.duration(value)


def _span(value: timedelta) -> str:
    return t(korean.span(value), korean.span_en(value))


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend with its options; escaping is always on."""
    options["autoescape"] = True
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    made = Environment(**options)  # noqa: S701 - autoescape is set above
    made.globals.update(
        static=static, url=url, t=t, _=t, pick=pick, english=english, seoul=SEOUL, row_token=row_token
    )
    made.globals.update(clock_html=clock_html, countdown_html=countdown_html)
    made.filters.update(
        won=korean.won,
        eok=korean.eok,
        percent=korean.percent,
        datetime=stamp,
        date=_day,
        iso=_iso,
        duration=_left,
        span=_span,
        particle=korean.particle,
        pick=pick,
        filesize=filesizeformat,
    )
    return made
