"""What a floor above knows of an organisation from outside: a word beside its business number, and where its address is looked up.

A floor registers itself once (`knows`); without it the pages simply do not have these.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gongmo.definition.base import Text
from gongmo.kernel.states import Shown
from gongmo.parties.models import Organisation


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What is shown beside a number: a state, and when and by whom it was said."""

    shown: Shown
    note: Text


@dataclass(frozen=True, slots=True)
class Outside:
    """`number`: what is known of an organisation's number, None for nothing. `address_page`: where an address is looked up, "" for nowhere."""

    number: Callable[[Organisation], Confirmed | None]
    address_page: Callable[[Organisation], str]


_known: list[Outside] = []


def knows(outside: Outside) -> None:
    """Register the floor that knows. Raises ValueError for a second one."""
    if _known:
        raise ValueError("two floors know organisations from outside")
    _known.append(outside)


def number_of(organisation: Organisation) -> Confirmed | None:
    """What is known of its number."""
    return _known[0].number(organisation) if _known and organisation.business_number else None


def address_page(organisation: Organisation) -> str:
    """The page on which its address is looked up, or ""."""
    return _known[0].address_page(organisation) if _known else ""
