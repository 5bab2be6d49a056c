"""When personal data is due to be destroyed. Pure.

Source: 개인정보 보호법 제21조 제1항: without delay once it is needed no more, unless another law keeps it.
"""

from datetime import date
from enum import StrEnum

from gongmo.definition.retention import Retention


class Ground(StrEnum):
    """Why it is needed no more: nobody submitted it; it was not selected, or was withdrawn."""

    DRAFT = "draft"
    UNSELECTED = "unselected"


def due_on(ground: Ground, since: date, retention: Retention) -> date:
    """The first day on which it may be kept no longer. `since` is the closing day, or the day on which the call ended."""
    years = retention.draft_years if ground is Ground.DRAFT else retention.unselected_years
    try:
        return since.replace(year=since.year + years)
    except ValueError:  # 29 February
        return date(since.year + years, 3, 1)
