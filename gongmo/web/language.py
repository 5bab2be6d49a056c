"""The reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from gongmo.kernel.korean import settled


def english() -> bool:
    """Whether this request's reader chose English."""
    return (get_language() or "ko").startswith("en")


def t(ko: str, en: str = "", /, **values: object) -> str:
    """The sentence in the reader's language (Korean where there is no English), with {names} filled in and particles settled.

    The result is plain text: Jinja2 escapes it, and with it every value.
    """
    sentence = en if en and english() else ko
    return settled(sentence.format_map(values)) if values else sentence


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
    return settled(str((en or ko) if english() else (ko or en)))
