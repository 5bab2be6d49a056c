"""The header of a signed-in person's pages: made once for what it says, then only its holes are filled (clock, form token, address)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import get_language
from markupsafe import Markup, escape

from gongmo.parties.kept import Holes, Kept, Later, holes_of, token_of


class Words(NamedTuple):
    """Everything that a header says, but for its holes."""

    language: str
    high_contrast: bool
    nav: tuple[tuple[str, str, bool], ...]
    name: str
    note: str
    capacities: tuple[tuple[str, str, bool], ...]
    links: tuple[tuple[str, str], ...]
    sign_out: str
    notices: tuple[str, int]
    site: tuple[str, str]


def header(request: HttpRequest, page: Mapping[str, Any]) -> Markup:
    """The header by the page's context; in a page that is being kept, a hole for it."""
    holes = holes_of(request)
    if holes is not None:
        return holes.hole(_header_of)
    return Markup(_kept(_words(page)).shown(request).decode())  # noqa: S704 - a template's output


def _header_of(request: HttpRequest) -> str:
    from gongmo.web.context import signed_in

    return _kept(_words(signed_in(request))).shown(request).decode()


def _words(page: Mapping[str, Any]) -> Words:
    user = page["user_menu"]
    return Words(
        get_language() or settings.LANGUAGE_CODE,
        page["high_contrast"],
        tuple((item["label"], item["url"], item["current"]) for item in page["nav"]),
        user["name"],
        user["note"],
        tuple((item["key"], item["label"], item["current"]) for item in user["capacities"]),
        tuple((item["label"], item["url"]) for item in user["links"]),
        user["sign_out"],
        (page["notices"]["url"], min(page["notices"]["unread"], 100)),
        (get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()),
    )


@lru_cache(maxsize=512)
def _kept(words: Words) -> Kept:
    holes = Holes()
    token = holes.hole(token_of)
    context = {
        "high_contrast": words.high_contrast,
        "nav": [{"label": label, "url": url, "current": current} for label, url, current in words.nav],
        "user_menu": {
            "name": words.name,
            "note": words.note,
            "capacities": [
                {"key": key, "label": label, "current": current} for key, label, current in words.capacities
            ],
            "links": [{"label": label, "url": url} for label, url in words.links],
            "sign_out": words.sign_out,
        },
        "notices": {"url": words.notices[0], "unread": words.notices[1]},
        "server_now": Later(holes),
        "path_hole": holes.hole(lambda request: str(escape(request.get_full_path()))),
        "csrf_input": Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(token),
    }
    return holes.cut(get_template("fragments/header.html").render(context).strip())
