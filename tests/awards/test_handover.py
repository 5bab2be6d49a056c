"""Negotiations and agreements go over to another officer with the application's review."""

import pytest

from gongmo.awards import commands
from gongmo.kernel import clock
from gongmo.parties.models import Person
from gongmo.screening import commands as screening
from gongmo.screening.models import Review
from gongmo.screening.queries.handover import open_work
from tests.awards.builders import LATER, negotiation_of, ranked_call, second_officer
from tests.awards.test_negotiation_page import browser

pytestmark = pytest.mark.django_db


def test_negotiations_are_handed_over_with_their_limit_and_the_page_names_who_is_in_charge():
    with clock.at(LATER):
        found = ranked_call(4)
        other = second_officer(found)
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
        first, second = (item.application for item in found.order[:2])
        commands.agree_negotiation(
            actor=found.agency, negotiation_id=negotiation_of(second).pk, outcome="합의했습니다."
        )
        reviews = list(Review.objects.filter(application__in=[first, second]).values_list("pk", flat=True))
        screening.assign_officer(
            actor=found.agency, call_id=found.call.pk, review_ids=reviews, officer_id=found.agency.person
        )
        before = open_work(found.agency, found.call)[found.agency.person]
        page = browser(found.agency).get(f"/screening/{found.call.slug}/handover/").content.decode()
        moved = screening.hand_over(
            actor=found.agency,
            call_id=found.call.pk,
            from_officer=found.agency.person,
            to_officer=other.person,
            note="협상 두 건을 넘깁니다.",
        )
        after = browser(other).get(f"/board/{found.call.slug}/negotiations/").content.decode()

    kinds = {(duty.kind, duty.application) for duty in before}
    assert kinds == {("negotiation", first.pk), ("agreement", second.pk)}
    assert [duty.kind for duty in moved] == [duty.kind for duty in before]
    assert "만들 협약" in page
    assert after.count(Person.objects.get(pk=other.person).display_name) >= 2
    assert set(Review.objects.filter(pk__in=reviews).values_list("officer", flat=True)) == {other.person}
