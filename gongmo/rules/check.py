"""The whole check of an application against its call: one call, every finding, the same on every page and machine."""

from datetime import datetime

from gongmo.definition.application import Application
from gongmo.definition.model import Definition
from gongmo.rules.consortium import check_consortium
from gongmo.rules.documents import check_documents
from gongmo.rules.exclusions import check_exclusions, exclusion_verdicts
from gongmo.rules.finding import Finding
from gongmo.rules.form import check_form
from gongmo.rules.money import check_money
from gongmo.rules.regions import RegionTable
from gongmo.rules.timing import check_timing


def check(
    definition: Definition,
    application: Application,
    *,
    regions: RegionTable | None = None,
    at: datetime | None = None,
) -> tuple[Finding, ...]:
    """Every finding on an application: written answers, consortium, exclusions, money, documents, timing, in that order.

    Pure: the same definition, application, region table and instant give the same findings. `regions` adds the regions'
    days of validity. `at` is the present instant, by which missing arrivals and proof become too late; without it they
    are `unknown`. `gongmo.rules.finding.verdict` sums the findings up.
    """
    return (
        *check_form(definition, application),
        *check_consortium(definition, application, regions=regions),
        *check_exclusions(definition, application, at=at),
        *check_money(definition, application),
        *check_documents(definition, application),
        *check_timing(definition, application, at=at),
    )


__all__ = [
    "check",
    "check_consortium",
    "check_documents",
    "check_exclusions",
    "check_form",
    "check_money",
    "check_timing",
    "exclusion_verdicts",
]
