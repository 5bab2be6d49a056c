"""A sample call whose questions name registers, under review, its organisations with numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gongmo.applications import commands as applications
from gongmo.applications.models import Application, Member
from gongmo.calls.models import Call
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties import checks
from gongmo.parties import commands as parties
from gongmo.parties.models import Organisation
from gongmo.screening import commands as screening
from gongmo.screening.models import Review
from tests.builders import (
    AFTER,
    AT_OPENING,
    SYSTEM,
    Filled,
    close_sample_call,
    filled_application,
    make_agency_officer,
    publish_sample_call,
)
from tests.sample_call import _CALL, sample_definition, t

AT_REVIEW = AFTER + timedelta(days=3)
DEFAULT = t("기본값입니다.", "A default.")


def looked_up_definition() -> Definition:
    """The sample call: `arrears` is answered by the business status, `duplicate` by the accounts."""
    facts: list[dict[str, Any]] = [dict(fact) for fact in _CALL["facts"]]
    facts[0]["lookup"] = {"kind": "business_status", "default": DEFAULT}
    facts[1]["lookup"] = {"kind": "accounts", "default": DEFAULT}
    return sample_definition(facts=facts)


@dataclass
class Asked:
    """A closed call with open reviews and the applications in order. Organisations have invented numbers."""

    call: Call
    agency: Actor
    second: Actor
    items: list[Filled]

    def application(self, place: int = 0) -> Application:
        return self.items[place].application

    def review(self, place: int = 0) -> Review:
        return Review.objects.get(application=self.application(place))

    def partner(self, place: int = 0) -> Organisation:
        member = Member.objects.select_related("organisation").get(
            application=self.application(place), role="partner"
        )
        return member.organisation

    def numbers(self) -> list[str]:
        """Every business number in the call's applications, in order."""
        members = Member.objects.filter(application__call=self.call).order_by("application_id", "id")
        return [str(number) for number in members.values_list("organisation__business_number", flat=True)]


def number_organisations(application: Application) -> None:
    """Give every member a business number and a corporate number that are right in their check digits."""
    for member in Member.objects.filter(application=application).select_related("organisation"):
        organisation = member.organisation
        parties.update_organisation(
            actor=SYSTEM,
            organisation_id=organisation.pk,
            business_number=checks.invented_business_number(organisation.pk),
            corporate_number=checks.invented_corporate_number(organisation.pk),
            founded_on=date(2015, 3, 2),
            representative_name="김대표",
        )


def under_review(count: int = 1, *, opened: bool = True, slug: str | None = None) -> Asked:
    """`count` submitted applications of a closed call; with `opened` their reviews are open, three days after the closing."""
    agency = make_agency_officer()
    assert agency.organisation is not None
    second = make_agency_officer(Organisation.objects.get(pk=agency.organisation))
    call = publish_sample_call(agency, looked_up_definition(), slug)
    items = []
    for number in range(count):
        item = filled_application(call, ("KR-26", "KR-27", "KR-48", "KR-49")[number % 4])
        with clock.at(AT_OPENING + timedelta(hours=5)):
            number_organisations(item.application)
        with clock.at(AT_OPENING + timedelta(days=1)):
            applications.submit(actor=item.lead, application_id=item.application.pk)
            item.application.refresh_from_db()
        with clock.at(AT_OPENING + timedelta(days=2)):
            applications.register_arrival(
                actor=agency,
                application_id=item.application.pk,
                channel="post",
                arrived_on=date(2030, 2, 12),
            )
        items.append(item)
    call = close_sample_call(call, agency)
    if opened:
        with clock.at(AT_REVIEW):
            screening.open_reviews(actor=agency, call_id=call.pk)
    return Asked(call, agency, second, items)
