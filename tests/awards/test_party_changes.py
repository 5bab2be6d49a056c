"""Who is party to an agreement changes: a member leaves, joins or is replaced; the newcomer answers for itself, versions keep who was party when."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from gongmo.awards import commands, queries
from gongmo.awards.commands import PartyWish, Said
from gongmo.awards.consortium import standing_value
from gongmo.awards.content import read_content
from gongmo.awards.models import Agreement, AgreementParty, Amendment, PartyAct, PartyChange
from gongmo.cli.doctor import discover
from gongmo.definition.application import Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.invariants import examine, invariants
from gongmo.notices.models import Notice
from gongmo.parties.commands import register_organisation
from gongmo.parties.models import Person
from gongmo.tasks import run_waiting
from tests.awards.builders import LATER, Ranked, agreed_call, agreement_in_force, sign_by_all
from tests.awards.test_amendment import TERMS
from tests.builders import SYSTEM, make_applicant, make_ministry_officer, member_actor
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db

DAY = LATER + timedelta(days=5)
NUMBER = "9999900005"
NO = {fact: Said(Truth.NO) for fact in ("arrears", "duplicate")}
CONSENTS = {"personal_data": True, "integrity_pledge": True}


@pytest.fixture
def standing() -> tuple[Ranked, Agreement]:
    found = agreed_call(2, sample_definition(agreement=TERMS))
    return found, agreement_in_force(found)


def newcomer(number: str = NUMBER) -> Actor:
    """The owner of a registered organisation that has nothing to do with the call yet."""
    made = register_organisation(
        actor=SYSTEM, name="가상 이음", kind="company", region="KR-48", business_number=number, invented=True
    )
    return member_actor(made)


def partner_of(found: Ranked) -> int:
    return next(
        pk
        for pk, actor in found.order[0].actors.items()
        if pk != found.order[0].lead.organisation and role_of(found, pk) == "partner"
    )


def role_of(found: Ranked, organisation: int) -> str:
    return found.order[0].application.members.get(organisation=organisation).role


def ask(found: Ranked, agreement: Agreement, **wish: object) -> PartyChange:
    with clock.at(DAY):
        made = commands.ask_party_change(
            actor=found.order[0].lead,
            agreement_id=agreement.pk,
            wish=PartyWish(**wish),  # type: ignore[arg-type]
            reason="합병으로 참여를 이어받습니다.",
            files=[("철회서.pdf", BytesIO(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"))],
        )
    return PartyChange.objects.get(amendment=made)


def accept(change: PartyChange, actor: Actor, **more: object) -> PartyChange:
    with clock.at(DAY):
        return commands.answer_joining(
            actor=actor,
            amendment_id=change.amendment_id,
            accepts=True,
            **{"said": NO, "consents": CONSENTS, **more},  # type: ignore[arg-type]
        )


def approve(found: Ranked, change: PartyChange) -> Amendment:
    with clock.at(DAY):
        return commands.answer_amendment(
            actor=found.agency, amendment_id=change.amendment_id, approved=True, answer="승인합니다."
        )


def broken() -> set[str]:
    discover()
    return {each.name for each in invariants() if examine(each)}


def test_a_successor_is_asked_on_the_pages_approved_signs_and_takes_the_place(standing) -> None:
    found, agreement = standing
    old, new = partner_of(found), newcomer()
    leaver = found.order[0].actors[old]
    lead, joiner, officer = (_client(each) for each in (found.order[0].lead, new, found.agency))
    address = f"/agreements/{agreement.pk}/changes/"
    given = {"act": "replaced", "leaving": str(old), "number": "123", "reason": "합병했습니다."}
    with clock.at(DAY):
        wrong = lead.post(f"{address}parties/", given)
        asked = lead.post(f"{address}parties/", {**given, "number": NUMBER}, follow=True)
    change = PartyChange.objects.get()
    join = f"/amendments/{change.amendment_id}/join/"
    answers = {"decision": "join", "fact-arrears": "no", "fact-duplicate": "no"}
    with clock.at(DAY), pytest.raises(Refused) as silent:
        approve(found, change)
    with clock.at(DAY):
        waiting, page = joiner.get("/agreements/"), joiner.get(join)
        lacking = joiner.post(join, answers)
        joined = joiner.post(
            join, {**answers, "consent-personal_data": "yes", "consent-integrity_pledge": "yes"}, follow=True
        )
        told = officer.get(address)
        strangers = [_client(each).get(join).status_code for each in (found.order[0].lead, found.agency)]
    assert (wrong.status_code, "합병했습니다." in wrong.content.decode()) == (422, True)
    assert "들어올 기관에 참여를 요청했습니다" in asked.content.decode()
    assert "협약에 참여해 달라는 요청이 있습니다" in waiting.content.decode()
    assert "이 협약에 참여하시겠습니까" in page.content.decode()
    assert (lacking.status_code, "꼭 필요한 동의입니다" in lacking.content.decode()) == (422, True)
    assert "참여를 수락했습니다" in joined.content.decode()
    assert "바뀐 컨소시엄이 모든 규칙을 지킵니다" in told.content.decode()
    assert "들어올 기관의 자가점검" in told.content.decode()
    assert (silent.value.code, strangers) == ("newcomer_silent", [404, 404])

    approve(found, change)
    staying = [actor for pk, actor in found.order[0].actors.items() if pk != old]
    with clock.at(DAY):
        with pytest.raises(Refused) as leaving:
            sign_by_all(agreement, leaver)
        sign_by_all(agreement, found.agency, *staying)
        assert agreement.parties.get(organisation=new.organisation).pending
        sign_by_all(agreement, new)
        run_waiting()
    now = {party.organisation_id: party.role for party in agreement.parties.all()}
    first, second = (
        {party.organisation for party in read_content(each.content).parties}
        for each in agreement.versions.order_by("number")
    )
    assert leaving.value.code == "leaves_by_it"
    assert (old in now, now[new.organisation]) == (False, "partner")
    assert second == (first - {old}) | {new.organisation}
    assert AgreementParty.everyone.get(agreement=agreement, organisation=old).left_at == DAY
    assert [each.role for each in standing_value(agreement).organisations if each.id == str(new.organisation)]
    assert Notice.objects.filter(title_ko__startswith="협약에서 나갔습니다", person=leaver.person).exists()
    with pytest.raises(NotFound):
        queries.agreement_for(leaver, agreement.pk)
    assert broken() == set()


def test_rules_hold_for_who_joins_and_who_leaves_and_the_newcomer_speaks_for_itself(standing) -> None:
    found, agreement = standing
    lead, new = found.order[0].lead.organisation, newcomer()
    government = next(pk for pk in found.order[0].actors if role_of(found, pk) == "government")
    for leaving, heir, code in (
        (lead, government, "lead_stays"),
        (found.agency.organisation, lead, "lead_stays"),
        (government, lead, "party_rule"),
    ):
        with pytest.raises(Refused) as stays:
            ask(found, agreement, act=PartyAct.LEAVES, leaving=leaving, heir=heir)
        assert stays.value.code == code
    for actor, error in ((make_ministry_officer(), NotAllowed), (make_applicant(), NotFound)):
        with clock.at(DAY), pytest.raises(error):
            commands.ask_party_change(
                actor=actor, agreement_id=agreement.pk, wish=PartyWish(PartyAct.LEAVES), reason="."
            )

    cell = next(c for c in read_content(agreement.versions.get().content).budget if c.source == "private")
    change = ask(
        found, agreement, act=PartyAct.JOINS, number=NUMBER, role="partner", moves={cell.key: 1_000_000}
    )
    proposed = read_content(change.amendment.proposed)
    own = [each.amount for each in proposed.budget if each.organisation == str(new.organisation)]
    total = sum(agreement.money.values_list("amount", flat=True))
    assert (own, sum(each.amount for each in proposed.budget)) == ([1_000_000], total)
    for stranger in (make_applicant(), found.order[0].lead, found.agency):
        with pytest.raises(NotFound):
            accept(change, stranger)
    with pytest.raises(BadInput) as unanswered:
        accept(change, new, said={"arrears": Said(Truth.NO)})
    accept(change, new, said={**NO, "arrears": Said(Truth.YES)})
    with pytest.raises(Refused) as excluded:
        approve(found, change)
    assert (unanswered.value.code, excluded.value.code) == ("fact_missing", "party_rule")
    with clock.at(DAY):
        commands.withdraw_amendment(actor=found.order[0].lead, amendment_id=change.amendment_id)

    again = ask(found, agreement, act=PartyAct.JOINS, number=NUMBER, role="partner")
    with clock.at(DAY):
        commands.answer_joining(
            actor=new, amendment_id=again.amendment_id, accepts=False, reason="인력이 없습니다."
        )
    again.amendment.refresh_from_db()
    assert again.amendment.state == "withdrawn"


def _client(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    return client
