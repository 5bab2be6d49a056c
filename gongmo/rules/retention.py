"""When personal data is due to be destroyed. Pure.

Source: 개인정보 보호법 제21조 제1항: without delay once it is needed no more, unless another law keeps it.
"""

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
    years = years_of(ground, retention)
    try:
        return since.replace(year=since.year + years)
    except ValueError:  # 29 February
        return date(since.year + years, 3, 1)
