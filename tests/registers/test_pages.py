"""Pages of the registers: an organisation verifies its number, looks its address up, and operators see how each register fares."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from gongmo.calls.due import works
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.notices.models import Notice
from gongmo.parties import checks
from gongmo.parties import commands as parties
from gongmo.parties.models import Organisation, Person
from gongmo.registers import commands
from gongmo.registers import tasks as register_tasks
from gongmo.registers.models import RegisterAnswer
from gongmo.tasks import run_waiting
from tests.builders import SYSTEM, make_applicant, member_actor, officer
from tests.registers.server import World

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 3, 18, 1, 0, tzinfo=UTC)


@pytest.fixture
def applicant() -> Actor:
    actor = make_applicant()
    assert actor.organisation is not None
    parties.update_organisation(
        actor=SYSTEM,
        organisation_id=actor.organisation,
        business_number=checks.invented_business_number(77),
        founded_on=date(2015, 3, 2),
        representative_name="김대표",
    )
    return actor


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="gongmo.notices.people.SignedIn")
    return client


def text_of(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join((page.find("main") or page).get_text(" ").split())


def verified(applicant: Actor, **typed: str) -> str:
    """The organisation's page after its number was verified through it."""
    client = signed_in(applicant)
    page = f"/organisations/{applicant.organisation}/registers/"
    with clock.at(NOW):
        answer = client.post(page, {"opened_on": "2015-03-02", "head": "김대표", **typed})
        assert answer.status_code == 302
        assert "기다리고 있습니다" in text_of(client.get(answer["Location"]))
        run_waiting(only="registers.verify")
        told = text_of(client.get(answer["Location"]))
    assert "기다리고 있습니다" not in told
    return told


@pytest.mark.usefixtures("registers")
def test_a_number_that_matches_is_shown_as_confirmed_on_the_profile(applicant: Actor, world: World) -> None:
    number = checks.invented_business_number(77)
    world.states[number] = ("01", "")
    world.heads[number] = ("20150302", "김대표")
    assert "확인됨" in verified(applicant)
    with clock.at(NOW):
        profile = text_of(signed_in(applicant).get(f"/organisations/{applicant.organisation}/"))
    assert "국세청 확인됨 2030. 3. 18." in profile
    assert "김대표" not in RegisterAnswer.objects.get().payload


@pytest.mark.usefixtures("registers")
def test_a_mismatch_is_told_and_blocks_nothing(applicant: Actor, world: World) -> None:
    world.heads[checks.invented_business_number(77)] = ("20150303", "김대표")
    told = verified(applicant)
    assert "국세청 기록과 다릅니다" in told
    assert "신청이 막히지는 않습니다" in told


@pytest.mark.usefixtures("registers")
def test_what_is_wrong_in_the_form_is_said_at_its_field(applicant: Actor) -> None:
    page = f"/organisations/{applicant.organisation}/registers/"
    with clock.at(NOW):
        answer = signed_in(applicant).post(page, {"opened_on": "2031-01-01", "head": "김대표"})
    assert answer.status_code == 422
    assert "개업 연월일을 골라 주세요" in text_of(answer)


def test_without_a_key_the_page_says_that_one_can_apply_all_the_same(applicant: Actor) -> None:
    page = f"/organisations/{applicant.organisation}/registers/"
    assert "확인하지 않아도 신청할 수 있습니다" in text_of(signed_in(applicant).get(page))
    assert signed_in(applicant).post(page, {"opened_on": "2015-03-02", "head": "김"}).status_code == 409


@pytest.mark.usefixtures("registers")
def test_who_only_reads_sees_the_answer_and_cannot_ask(applicant: Actor) -> None:
    reader = member_actor(Organisation.objects.get(pk=applicant.organisation), OrganisationRole.VIEWER)
    page = f"/organisations/{applicant.organisation}/registers/"
    assert signed_in(reader).get(page).status_code == 200
    assert signed_in(reader).post(page, {"opened_on": "2015-03-02", "head": "김"}).status_code == 403
    assert signed_in(make_applicant()).get(page).status_code == 404


@pytest.mark.usefixtures("registers")
def test_an_address_is_found_and_taken_over(applicant: Actor, world: World) -> None:
    world.addresses = [{"roadAddr": "경상남도 가상시 가상로 12", "jibunAddr": "가상동 1", "zipNo": "00012"}]
    client = signed_in(applicant)
    page = f"/organisations/{applicant.organisation}/address/"
    assert "경상남도 가상시 가상로 12" in text_of(client.get(page, {"q": "가상로"}))
    client.post(page, {"address": "경상남도 가상시 가상로 12 (00012)"})
    assert Organisation.objects.get(pk=applicant.organisation).address == "경상남도 가상시 가상로 12 (00012)"
    world.behave("reset")
    assert "지금은 주소를 찾을 수 없습니다" in text_of(client.get(page, {"q": "가상로"}))


@pytest.mark.usefixtures("registers")
def test_operators_see_a_register_held_off_and_try_it_at_once(applicant: Actor, world: World) -> None:
    number = checks.invented_business_number(77)
    world.heads[number] = ("20150302", "김대표")
    world.behave("gateway:-401", times=1)
    operator = signed_in(officer(Role.OPERATOR, None))
    with clock.at(NOW):
        commands.verify_number(
            actor=applicant,
            organisation_id=applicant.organisation or 0,
            opened_on=date(2015, 3, 2),
            head="김대표",
        )
        run_waiting(only="registers.verify")
        told = text_of(operator.get("/registers/"))
    assert "외부 확인이 멈춰 있습니다: 국세청 진위확인" in told
    assert "다시 확인 예정: 2030. 3. 18. 16:00" in told
    with clock.at(NOW + timedelta(minutes=1)):
        register_tasks.follow_up.func()
        register_tasks.follow_up.func()
        assert Notice.objects.filter(title_ko__startswith="외부 확인이 멈춰 있습니다").count() == 1
        assert operator.post("/registers/business_validation/try/").status_code == 302
        register_tasks.verify(organisation=applicant.organisation or 0, start_dt="20150302", p_nm="김대표")
        told = text_of(operator.get("/registers/"))
    assert "멈춰 있습니다" not in told


@pytest.mark.usefixtures("registers")
def test_a_holiday_declared_at_short_notice_is_no_working_day(world: World) -> None:
    world.holidays["2030", "04"] = [{"locdate": "20300403", "isHoliday": "Y", "dateName": "임시공휴일"}]
    with clock.at(NOW):
        assert works(date(2030, 4, 3))
        register_tasks.fetch_holidays.func()
        assert not works(date(2030, 4, 3))
        assert works(date(2030, 4, 4))
