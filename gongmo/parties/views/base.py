"""What several of these pages need."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.parties import policies, queries
from gongmo.parties.models import Organisation, Person
from gongmo.parties.pages import actor_of

CAPACITY = "gongmo_capacity"
"""The session's key under which the web floor finds the chosen capacity."""
PER_PAGE = 50


def own_person(request: HttpRequest) -> Person:
    """The signed-in person. Views ask for sign-in before."""
    return queries.own_person(actor_of(request))


def site(request: HttpRequest) -> str:
    """The address under which this request reached the site, for links in mails."""
    return request.build_absolute_uri("/")


def inside(request: HttpRequest, pk: int) -> tuple[Actor, Organisation]:
    """Who acts, and an organisation of which they may see the people. Raises NotFound."""
    actor, found = actor_of(request), queries.organisation(pk)
    if not policies.may_see_members(actor, pk):
        raise NotFound
    return actor, found


def organisation_context(actor: Actor, found: Organisation, at: str) -> dict[str, Any]:
    """What the head of an organisation's pages shows: its name, its tabs and what the reader may do."""
    return {
        "organisation": found,
        "at": at,
        "inside": policies.may_see_members(actor, found.pk),
        "may_edit": policies.may_edit_profile(actor, found.pk),
        "may_manage": policies.may_manage(actor, found.pk),
        "may_hand_over": policies.may_hand_over(actor, found.pk, actor.person or 0),
        "operates": policies.is_operator(actor),
    }


def day(typed: Mapping[str, str], field: str) -> date | None:
    """A day of a form, None when it was left empty. Raises BadInput."""
    text = typed.get(field, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            field,
            "날짜를 2019-03-11처럼 적어 주세요.",
            "Write the day as in 2019-03-11.",
            field=field,
        ) from error


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The asked page of a queryset; the nearest one for a number that is none."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
