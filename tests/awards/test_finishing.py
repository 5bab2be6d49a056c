"""Finishing an agreement whose period is over, and telling whoever has not signed before the limit comes."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from gongmo.awards import commands, invariants
from gongmo.awards.commands.warnings import warn_negotiations
from gongmo.awards.models import Agreement
from gongmo.awards.states import AgreementState
from gongmo.kernel import clock
from gongmo.kernel.actor import system
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotAllowed, Refused
from gongmo.ledger.models import Entry
from gongmo.ledger.queries import history
from gongmo.notices.telling import tellings_of
from tests.awards.builders import LATER, agreed_call, agreement_in_force, negotiation_of, sign_by_all
from tests.awards.test_negotiation_page import browser
from tests.builders import make_ministry_officer
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db


def test_an_agreement_is_finished_from_the_day_after_its_last_by_typing_its_number():
    found = agreed_call(2)
    agreement = agreement_in_force(found)
    address = f"/agreements/{agreement.pk}/"
    last = datetime.combine(agreement.period_ends, time(23, 59), SEOUL)
    with clock.at(last):
        client = browser(found.agency)
        early = client.post(f"{address}finish/", {"confirm": agreement.number})
    with clock.at(last + timedelta(minutes=2)):
        client = browser(found.agency)
        offered = client.get(address).content.decode()
        untyped = client.post(f"{address}finish/", {"confirm": "아무 번호"})
        with pytest.raises(NotAllowed):
            commands.finish_agreement(actor=make_ministry_officer(), agreement_id=agreement.pk)
        done = client.post(f"{address}finish/", {"confirm": agreement.number}, follow=True).content.decode()
        with pytest.raises(Refused):
            commands.finish_agreement(actor=found.agency, agreement_id=agreement.pk)
    agreement.refresh_from_db()

    assert (early.status_code, "그다음 날부터 종료할 수 있습니다" in early.content.decode()) == (409, True)
    assert f'action="{reverse("awards:finish", args=[agreement.pk])}"' in offered
    assert untyped.status_code == 422
    assert "종료한 협약입니다" in done
    assert agreement.state == AgreementState.FINISHED
    assert list(invariants.as_recorded()) == []


def test_whoever_has_not_signed_is_told_before_the_limit_and_after_it():
    agreement = {
        "clause": "T-1", "starts_planned": "2030-05-01", "ends": "2031-12-31", "parties": ["lead"], "yearly_review": True,
        "termination": {"ko": "해약", "en": "Ends"}, "negotiation": {"clause": "T-1", "days": 10, "warn_days": 3},
    }  # fmt: skip
    found = agreed_call(2, sample_definition(agreement=agreement))
    first, second = (item.application for item in found.order)
    with clock.at(LATER + timedelta(days=1)):
        drawn = [
            commands.draw_up_agreement(actor=found.agency, negotiation_id=negotiation_of(each).pk)
            for each in (first, second)
        ]
        sign_by_all(drawn[1], found.agency, found.order[1].lead)
    counts = []
    for days in (1, 9, 9, 20, 21):
        with clock.at(LATER + timedelta(days=days)):
            counts.append(warn_negotiations(actor=system()))

    told = Entry.objects.filter(act="awards.warn_agreement").order_by("sequence")
    assert counts == [0, 1, 0, 1, 0]
    assert {int(each.subject_id) for each in told} == {first.pk}
    assert Agreement.objects.get(pk=drawn[1].pk).state == AgreementState.IN_FORCE
    late, near = history("application", first.pk, acts=frozenset({"awards.warn_agreement"}))
    assert (near.payload["passed"], late.payload["passed"]) == (False, True)
    # The lead's signers and the officers, each of the two times.
    assert [len(tellings_of(each)) for each in (near, late)] == [2, 2]
