"""What the rule on money after a termination takes from rows and the definition."""

from fractions import Fraction

from gongmo.awards.models import Agreement
from gongmo.definition.base import Text
from gongmo.definition.model import Definition, Period
from gongmo.rules.termination import Agreed

HEARING_DAYS = 10
"""Working days for a statement where the definition says nothing (the period of the Administrative Procedures Act)."""


def hearing_period(definition: Definition) -> Period:
    """How long parties may state their case: the definition's, else ten working days."""
    own = definition.agreement.hearing if definition.agreement is not None else None
    return Period(
        id="hearing",
        name=Text(ko="의견 제출", en="Statement"),
        default=Text(ko="정의에 없어 근무일 10일을 둡니다.", en="Not in the definition: ten working days."),
        days=own.days if own else HEARING_DAYS,
        unit=own.unit if own else "working",
    )


def annual_rate(definition: Definition) -> Fraction | None:
    """The yearly rate of interest on money returned, None where the definition has none."""
    terms = definition.agreement
    return terms.return_interest.annual if terms is not None and terms.return_interest is not None else None


def agreed_rows(agreement: Agreement) -> list[Agreed]:
    """The agreement's money as the rule takes it."""
    return [Agreed(row.year, row.source, row.form, row.amount) for row in agreement.money.all()]
