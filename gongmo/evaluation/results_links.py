"""Where a selected applicant goes on: floors above say the page, this one links it."""

from collections.abc import Callable

from gongmo.applications.models import Application
from gongmo.kernel.actor import Actor

Link = Callable[[Actor, Application], str]
_links: list[Link] = []


def goes_on(link: Link) -> Link:
    """Have a function give the path of the next page ("" where there is none yet)."""
    if link not in _links:
        _links.append(link)
    return link


def next_page(actor: Actor, application: Application) -> str:
    """The first path that a floor above gives, "" where none does."""
    return next((path for link in _links if (path := link(actor, application))), "")
