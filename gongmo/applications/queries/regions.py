"""The regions that may be chosen for an application."""

from collections.abc import Iterable

from gongmo.applications.models import Application, Member
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import ApplicantRegions
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.parties.queries import regions_on


def asks_region(definition: Definition) -> bool:
    """Whether an application names a region: where the lead itself applies, it is the lead's."""
    return definition.consortium.lead_role != definition.consortium.applicant_role


def region_of(application: Application, definition: Definition, members: Iterable[Member]) -> str | None:
    """The code of the region for which it stands: what it names, or the lead's own where the lead itself applies."""
    lead = next((each for each in members if each.organisation_id == application.lead_id), None)
    if lead is None or asks_region(definition):
        return application.region_id
    return lead.organisation.region_id


def eligible_regions(definition: Definition, standing: str | None = None) -> list[tuple[str, Text]]:
    """Today's regions that the call's rules let apply, by code; `standing` (what is stored) is kept among them. One query."""
    today = clock.now().astimezone(SEOUL).date()
    named = [
        set(rule.regions)
        for rule in definition.rules
        if isinstance(rule, ApplicantRegions)
        and rule.role == definition.consortium.applicant_role
        and rule.regions
    ]
    return [
        (region.code, Text(ko=region.ko, en=region.en))
        for region in regions_on(today)
        if region.code == standing or all(region.code in each for each in named)
    ]
