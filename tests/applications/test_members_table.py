"""Who owes what: the table, and reminding in one act."""

import unicodedata
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands
from gongmo.applications.models import Application, Member
from gongmo.applications.queries.members import MemberRow, member_rows, page_of
from gongmo.applications.queries.standing import marked, standing_of
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotAllowed, Refused
from gongmo.ledger.models import Entry
from gongmo.notices.models import Notice
from gongmo.notices.telling import walk
from gongmo.parties.models import Organisation, Person
from tests.builders import (
    AT_OPENING,
    SYSTEM,
    Filled,
    filled_application,
    make_organisation,
    member_actor,
    publish_sample_call,
)

pytestmark = pytest.mark.django_db
BACKEND = "gongmo.notices.people.SignedIn"


@pytest.fixture
def filled() -> Filled:
    return filled_application(publish_sample_call())


def rows_of(application: Application) -> list[MemberRow]:
    found = marked(SYSTEM, application.pk)
    return member_rows(found, standing_of(found))


def row_of(application: Application, organisation_id: int) -> MemberRow:
    return next(row for row in rows_of(application) if row.member.organisation_id == organisation_id)


def newcomer(filled: Filled, name: str = "가상 새 참여사") -> tuple[Member, Actor]:
    organisation = make_organisation(OrganisationKind.COMPANY, "KR-48", name)
    member = commands.invite(
        actor=filled.lead,
        application_id=filled.application.pk,
        organisation_id=organisation.pk,
        role="partner",
    )
    return member, member_actor(organisation)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0), backend=BACKEND)
    return client


def test_an_organisation_owes_its_answer_first_and_then_its_part(filled: Filled) -> None:
    assert all(not row.left for row in rows_of(filled.application))
    member, actor = newcomer(filled)
    asked = row_of(filled.application, member.organisation_id)
    assert asked.invited
    assert [thing.ko for thing in asked.things()] == ["참여할지 답해 주세요."]

    commands.answer_invitation(actor=actor, member_id=member.pk, accept=True)

    joined = row_of(filled.application, member.organisation_id)
    assert joined.answered == (0, 2)
    assert len(joined.consents) == 2
    assert any("자가점검 2가지" in thing.ko for thing in joined.things())
    commands.consent(actor=actor, member_id=member.pk, kind="personal_data", given=True)
    assert len(row_of(filled.application, member.organisation_id).consents) == 1


def test_searching_filtering_sorting_and_paging() -> None:
    rows = [
        MemberRow(
            Member(
                pk=number,
                state="invited" if number % 3 == 0 else "accepted",
                organisation=Organisation(name=f"가상 기업 {number:03d}", business_number=f"{number:010d}"),
            ),
            lead=number == 1,
            money=number,
        )
        for number in range(1, 121)
    ]

    assert [len(page_of(rows, page=n).rows) for n in (1, 2, 3, 99)] == [50, 50, 20, 20]
    assert page_of(rows, show="invited").found == 40
    assert page_of(rows, show="nonsense").found == 120
    apart = unicodedata.normalize("NFD", "기업 007")
    assert [row.member.pk for row in page_of(rows, words=apart).rows] == [7]
    assert [row.member.pk for row in page_of(rows, words="00-00-00119").rows] == [119]
    assert page_of(rows, sort="money").rows[0].money == 120
    assert page_of(rows, words="<script>").found == 0


def test_reminding_tells_each_what_it_owes_once_an_hour(filled: Filled) -> None:
    first, actor = newcomer(filled)
    second, other = newcomer(filled, "가상 둘째 참여사")
    commands.answer_invitation(actor=actor, member_id=first.pk, accept=True)
    while walk():
        pass
    Notice.objects.all().delete()
    revision = Application.objects.get(pk=filled.application.pk).revision
    with clock.at(AT_OPENING):
        done = commands.remind(actor=filled.lead, application_id=filled.application.pk, text="이번 주까지요")
    assert {row.member.pk for row in done.told} == {first.pk, second.pk}
    assert Application.objects.get(pk=filled.application.pk).revision == revision
    while walk():
        pass

    told = Notice.objects.get(person=actor.person)
    assert "자가점검 2가지" in told.body_ko
    assert "이번 주까지요" in told.body_ko
    assert "참여할지 답해" in Notice.objects.get(person=other.person).body_ko
    with clock.at(AT_OPENING + timedelta(minutes=59)), pytest.raises(Refused) as early:
        commands.remind(actor=filled.lead, application_id=filled.application.pk)
    assert early.value.code == "reminded_lately"
    third, _ = newcomer(filled, "가상 셋째 참여사")
    with clock.at(AT_OPENING + timedelta(minutes=59)):
        some = commands.remind(actor=filled.lead, application_id=filled.application.pk)
    assert [row.member.pk for row in some.told] == [third.pk]
    assert len(some.too_soon) == 2
    with clock.at(AT_OPENING + timedelta(hours=1)):
        again = commands.remind(actor=filled.lead, application_id=filled.application.pk, members={first.pk})
    assert [row.member.pk for row in again.told] == [first.pk]
    assert Entry.objects.filter(act="applications.remind").count() == 3


def test_only_the_lead_reminds_and_only_whom_there_is_something_to_remind_of(filled: Filled) -> None:
    with pytest.raises(Refused) as nobody:
        commands.remind(actor=filled.lead, application_id=filled.application.pk)
    assert nobody.value.code == "nobody_owes"
    partner = next(actor for actor in filled.actors.values() if actor != filled.lead)
    with pytest.raises(NotAllowed):
        commands.remind(actor=partner, application_id=filled.application.pk)


def test_the_page_reminds_the_chosen_ones(filled: Filled) -> None:
    member, _ = newcomer(filled)
    client, base = client_of(filled.lead), f"/applications/{filled.application.pk}/members/"

    with clock.at(AT_OPENING + timedelta(days=1)):
        done = client.post(base + "remind/", {"whom": "chosen", "member": [member.pk, "x"]}, follow=True)
        refused = client.post(base + "remind/", {"whom": "chosen"})

    assert "1곳에 알렸습니다" in done.content.decode()
    assert refused.status_code == 409
    assert Member.objects.get(pk=member.pk).reminded_at is not None


def test_three_hundred_members_stay_usable(filled: Filled) -> None:
    now = clock.now()
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"가상 참여사 {number:03d}", kind="company", region_id="KR-48", created_at=now)
        for number in range(300)
    )
    Member.objects.bulk_create(
        Member(
            application=filled.application,
            organisation=organisation,
            role="partner",
            state="accepted",
            invited_at=now,
        )
        for organisation in organisations
    )
    client, base = client_of(filled.lead), f"/applications/{filled.application.pk}/members/"
    with clock.at(AT_OPENING + timedelta(days=1)):
        client.get(base)

        with CaptureQueriesContext(connection) as found:
            page = client.get(base + "?show=owing&sort=name&page=2")

    assert page.status_code == 200
    assert page.content.decode().count('class="mb-role"') == 50
    assert len(found) <= 12, [query["sql"][:120] for query in found]
