"""A sample call carried into its eligibility review, through commands."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongmo.applications import commands as applications
from gongmo.calls.models import Call
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Organisation
from gongmo.screening import commands as screening
from gongmo.screening.models import FactRecord, Review
from tests.builders import (
    AFTER,
    AT_OPENING,
    Submitted,
    close_sample_call,
    make_agency_officer,
    publish_sample_call,
    submitted_application,
)

AT_REVIEW = AFTER + timedelta(days=3)
REGIONS = ("KR-26", "KR-27", "KR-48", "KR-49")


@dataclass
class Reviewed:
    """A closed call with open reviews: two officers of the same agency and the submitted applications in order."""

    call: Call
    agency: Actor
    second: Actor
    items: list[Submitted]

    def review(self, place: int = 0) -> Review:
        return Review.objects.get(application=self.items[place].application)

    def partner(self, place: int = 0) -> Organisation:
        return (
            self.items[place]
            .application.members.filter(role="partner")
            .select_related("organisation")
            .get()
            .organisation
        )


def in_review(count: int = 1, definition: Definition | None = None) -> Reviewed:
    """`count` submitted applications whose originals came by post, and their opened reviews."""
    agency = make_agency_officer()
    assert agency.organisation is not None
    second = make_agency_officer(Organisation.objects.get(pk=agency.organisation))
    call = publish_sample_call(agency, definition)
    items = [submitted_application(call, REGIONS[number % 4]) for number in range(count)]
    with clock.at(AT_OPENING + timedelta(days=2)):
        for item in items:
            applications.register_arrival(
                actor=agency,
                application_id=item.application.pk,
                channel="post",
                arrived_on=date(2030, 2, 12),
            )
    call = close_sample_call(call, agency)
    with clock.at(AT_REVIEW):
        screening.open_reviews(actor=agency, call_id=call.pk)
    return Reviewed(call, agency, second, items)


def found_out(
    found: Reviewed,
    organisation: Organisation,
    value: Truth = Truth.YES,
    source: FactSource = FactSource.REGISTER,
    fact: str = "arrears",
    place: int = 0,
) -> FactRecord:
    """An officer records what a register says of one organisation."""
    return screening.record_fact(
        actor=found.agency,
        application_id=found.items[place].application.pk,
        organisation_id=organisation.pk,
        fact=fact,
        value=value,
        source=source,
        as_of=date(2030, 3, 15),
    )


def excluded(found: Reviewed, place: int = 0) -> Review:
    """The application at that place excluded for its partner's arrears, by two officers."""
    partner = found.partner(place)
    found_out(found, partner, place=place)
    review = found.review(place)
    screening.propose_exclusion(
        actor=found.agency,
        review_id=review.pk,
        clause="T-1",
        organisation_id=partner.pk,
        reason="체납이 확인되었습니다.",
    )
    return screening.confirm_exclusion(actor=found.second, review_id=review.pk)
