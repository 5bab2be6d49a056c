"""Until when a negotiation must end."""

from datetime import date, timedelta

from gongmo.awards.models import Negotiation
from gongmo.calls.due import due_day
from gongmo.definition.base import Text
from gongmo.definition.model import Definition, Period


def limit_of(definition: Definition, negotiation: Negotiation) -> date | None:
    """The last day of a negotiation, None where the definition sets no limit or it has not begun."""
    terms = definition.agreement.negotiation if definition.agreement is not None else None
    if terms is None or negotiation.opened_at is None:
        return None
    period = Period(
        id="negotiation",
        name=Text(ko="협상", en="Negotiation"),
        clause=terms.clause,
        default=terms.default,
        days=terms.days,
        unit=terms.unit,
    )
    return due_day(period, negotiation.opened_at)


def warned_from(definition: Definition, limit: date) -> date:
    """The first day on which both sides are told that the limit comes."""
    terms = definition.agreement.negotiation if definition.agreement is not None else None
    return limit - timedelta(days=terms.warn_days if terms is not None else 0)
