"""When personal data is due to be destroyed. Pure.

Source: 개인정보 보호법 제21조 제1항: without delay once it is needed no more, unless another law keeps it.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from gongmo.definition.retention import Retention


class Ground(StrEnum):
    """Why it is needed no more: nobody submitted it; it was not selected, or was withdrawn; it was selected, and its agreement has ended."""

    DRAFT = "draft"
    UNSELECTED = "unselected"
    SELECTED = "selected"


def years_of(ground: Ground, retention: Retention) -> int:
    """For how many years it is kept."""
    years = {
        Ground.DRAFT: retention.draft_years,
        Ground.UNSELECTED: retention.unselected_years,
        Ground.SELECTED: retention.selected_years,
    }
    return years[ground]


def due_on(ground: Ground, since: date, retention: Retention) -> date:
    """The first day on which it may be kept no longer. `since` is the closing day, or the day on which the call, or the agreement, ended."""
    return years_after(since, years_of(ground, retention))


class PersonGround(StrEnum):
    """Why a person's data is needed no more: an expert took the consents back or closed the account; an account was long not used."""

    EXPERT = "expert"
    IDLE = "idle"


NOTICE_DAYS = 30
"""Days that lie between the mail to whoever has not signed in for long and the closing of the account. A default and no clause: 개인정보 보호법
제39조의6 with its year was repealed on 2023-09-15."""


def expert_due_on(left: date, kept: Iterable[date | None]) -> date | None:
    """The day from which an expert who left `left` is kept no longer: not before the times (`kept`) of all that the expert has judged are over.
    None while one of these is not known."""
    latest = left
    for each in kept:
        if each is None:
            return None
        latest = max(latest, each)
    return latest


def years_after(since: date, years: int) -> date:
    """The same day that many years later; 1 March for 29 February where that year has none."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:  # 29 February
        return date(since.year + years, 3, 1)
