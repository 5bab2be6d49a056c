"""Offers of both sides as versions, points that both agree on, and the limit that both are told of."""

from datetime import timedelta

import pytest
from django.test import Client

from gongmo.awards import commands
from gongmo.awards.commands.warnings import warn_negotiations
from gongmo.awards.models import AllocationLine, NegotiationOffer, NegotiationPoint
from gongmo.awards.queries import table_for
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, system
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.models import Person
from tests.awards.builders import LATER, Ranked, negotiation_of, ranked_call
from tests.builders import make_applicant
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db

ASKED = 59 * 5_000_000
ALL = ["money", "scope", "goals"]


@pytest.fixture
def opened() -> Ranked:
    found = ranked_call(3)
    with clock.at(LATER):
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    return found


def table(found: Ranked, place: int = 0) -> int:
    return negotiation_of(found.order[place].application).pk


def offer(actor: Actor, pk: int, amount: int = ASKED, **more: str) -> NegotiationOffer:
    with clock.at(LATER):
        return commands.make_offer(
            actor=actor, negotiation_id=pk, terms=commands.Terms(amount=amount, **more)
        )


def accept(actor: Actor, pk: int, number: int, kinds: list[str]) -> NegotiationOffer:
    with clock.at(LATER):
        return commands.accept_points(actor=actor, negotiation_id=pk, offer=number, kinds=kinds)


def test_both_sides_offer_in_turn_and_agree_point_by_point(opened: Ranked):
    pk, lead = table(opened), opened.order[0].lead
    offer(opened.agency, pk, ASKED - 10_000_000, scope="두 곳에서 합니다.")
    accept(lead, pk, 1, ["scope", "goals"])
    offer(lead, pk, ASKED - 5_000_000, scope="두 곳에서 합니다.")
    agreed = set(NegotiationPoint.objects.filter(agreed=True).values_list("kind", flat=True))
    last = accept(opened.agency, pk, 2, ["money"])

    assert agreed == {"scope", "goals"}
    assert last.state == "accepted"
    assert list(NegotiationOffer.objects.order_by("number").values_list("state", flat=True)) == [
        "answered",
        "accepted",
    ]


def test_a_negotiation_ends_only_when_every_point_is_agreed(opened: Ranked):
    pk = table(opened)
    offer(opened.agency, pk)
    with clock.at(LATER), pytest.raises(Refused) as refused:
        commands.agree_negotiation(actor=opened.agency, negotiation_id=pk, outcome="합의")
    accept(opened.order[0].lead, pk, 1, ALL)
    with clock.at(LATER):
        done = commands.agree_negotiation(actor=opened.agency, negotiation_id=pk, outcome="합의")

    assert refused.value.code == "points_open"
    assert done.state == "agreed"


def test_the_agreed_sum_is_the_most_that_is_allocated(opened: Ranked):
    first, second = table(opened), table(opened, 1)
    offer(opened.agency, first, ASKED - 20_000_000)
    accept(opened.order[0].lead, first, 1, ALL)
    with clock.at(LATER):
        for pk in (first, second):
            commands.agree_negotiation(actor=opened.agency, negotiation_id=pk, outcome="합의")
        commands.allocate(actor=opened.agency, call_id=opened.call.pk)

    lines = dict(AllocationLine.objects.values_list("application", "amount"))
    assert lines[opened.order[0].application.pk] == ASKED - 20_000_000
    assert lines[opened.order[1].application.pk] == ASKED


def test_an_offer_that_was_answered_meanwhile_is_not_accepted(opened: Ranked):
    pk = table(opened)
    offer(opened.agency, pk)
    offer(opened.agency, pk, ASKED - 1_000_000)

    with pytest.raises(Refused) as refused:
        accept(opened.order[0].lead, pk, 1, ALL)

    assert refused.value.code == "offer_moved"


@pytest.mark.parametrize("amount", [ASKED + 1, None])
def test_a_sum_lies_within_what_was_asked(opened: Ranked, amount: int | None):
    with clock.at(LATER), pytest.raises(BadInput) as refused:
        commands.make_offer(
            actor=opened.agency, negotiation_id=table(opened), terms=commands.Terms(amount=amount)
        )

    assert refused.value.field == "amount"


def test_the_table_shows_the_budget_that_an_offered_sum_gives(opened: Ranked):
    pk = table(opened)
    offer(opened.agency, pk, ASKED - 30_000_000)
    with clock.at(LATER):
        found = table_for(opened.order[0].lead, pk)

    national = sum(cell.change for cell in found.fitted if "/2030/" in cell.key and "/national/" in cell.key)
    assert national == -30_000_000
    assert found.theirs


def test_reserves_and_strangers_learn_nothing(opened: Ranked):
    reserve = table(opened, 2)
    with clock.at(LATER):
        for actor, pk in (
            (opened.order[2].lead, reserve),
            (opened.order[1].lead, table(opened)),
            (make_applicant("KR-26"), table(opened)),
        ):
            with pytest.raises(NotFound):
                table_for(actor, pk)
            with pytest.raises(NotFound):
                commands.make_offer(actor=actor, negotiation_id=pk, terms=commands.Terms(amount=ASKED))


def test_both_sides_are_told_once_before_the_limit_and_once_after():
    agreement = {
        "clause": "T-1", "starts_planned": "2030-05-01", "ends": "2031-12-31", "parties": ["lead"], "yearly_review": True,
        "termination": {"ko": "해약", "en": "Ends"}, "negotiation": {"clause": "T-1", "days": 10, "warn_days": 3},
    }  # fmt: skip
    found = ranked_call(2, sample_definition(agreement=agreement))
    with clock.at(LATER):
        commands.open_negotiations(actor=found.agency, call_id=found.call.pk)
    counts = []
    for days in (1, 9, 9, 20, 21):
        with clock.at(LATER + timedelta(days=days)):
            counts.append(warn_negotiations(actor=system()))

    assert counts == [0, 2, 0, 2, 0]


def test_the_pages_of_both_sides_carry_a_negotiation_to_its_end(opened: Ranked):
    pk = table(opened)
    agency, lead = Client(), Client()
    agency.force_login(Person.objects.get(pk=opened.agency.person))
    lead.force_login(Person.objects.get(pk=opened.order[0].lead.person))
    with clock.at(LATER):
        agency.post(
            f"/negotiations/{pk}/offers/new/", {"amount": f"{ASKED - 10_000_000:,}", "scope": "줄인 범위"}
        )
        seen = lead.get(f"/negotiations/{pk}/").content.decode()
        wrong = lead.post(f"/negotiations/{pk}/offers/new/", {"amount": "많이", "scope": "적던 글"})
        lead.post(f"/negotiations/{pk}/offers/accept/", {"offer": "1", "kinds": ALL})
        done = agency.get(f"/negotiations/{pk}/").content.decode()

    assert "줄인 범위" in seen
    assert wrong.status_code == 422
    assert "적던 글" in wrong.content.decode()
    assert "모든 항목에 합의했습니다" in done
