"""Negotiations, agreements and what hangs on them: found by who may see them."""

import pytest

from gongmo.awards import commands, queries
from gongmo.awards.models import Amendment
from gongmo.evaluation.queries import ranking_is_fixed
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC
from gongmo.kernel.errors import NotFound
from tests.awards.builders import LATER, agreed_call, negotiation_of
from tests.builders import make_applicant, make_ministry_officer

pytestmark = pytest.mark.django_db


def test_negotiation_and_agreement_are_found_by_who_may_see_them() -> None:
    found = agreed_call(2)
    lead, stranger = found.order[0].lead, make_applicant()
    negotiation = negotiation_of(found.order[0].application)
    assert ranking_is_fixed(found.call)
    assert not queries.has_agreements(found.call)
    with clock.at(LATER):
        agreement = commands.draw_up_agreement(actor=found.agency, negotiation_id=negotiation.pk)
    version = queries.current_version(agreement)
    assert version is not None

    for reader in (found.agency, make_ministry_officer()):
        assert queries.negotiation_for(reader, negotiation.pk) == negotiation
    for reader in (lead, stranger, PUBLIC):
        with pytest.raises(NotFound):
            queries.negotiation_for(reader, negotiation.pk)
    assert queries.has_agreements(found.call)
    assert queries.agreements_with_money(lead) == queries.agreements_with_money(found.agency) == [agreement]
    assert queries.agreements_with_money(stranger) == []
    assert queries.awaits_own_signature(lead, agreement, version)
    assert not queries.awaits_own_signature(stranger, agreement, version)
    assert not queries.case_under_way(agreement)
    with clock.at(LATER):
        case = commands.ask_consent(actor=lead, agreement_id=agreement.pk, reason="합의로 끝냅니다.")
    assert queries.case_under_way(agreement)
    assert queries.agreement_of_case(lead, case.pk) == agreement
    assert not Amendment.objects.exists()
    for reader, number in ((stranger, case.pk), (found.agency, 10**9)):
        with pytest.raises(NotFound):
            queries.agreement_of_case(reader, number)
    with pytest.raises(NotFound):
        queries.agreement_of_amendment(found.agency, 10**9)
