"""The self-check and the consents as people meet them, without JavaScript."""

import json
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from gongmo.applications import commands
from gongmo.applications.commands.autosave import FieldInput
from gongmo.applications.models import Application, Consent, Declaration, Member
from gongmo.applications.statements_form import form_of
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.parties.models import Organisation, Person
from tests.builders import AT_OPENING, make_applicant, member_actor, publish_sample_call

pytestmark = pytest.mark.django_db
BACKEND = "gongmo.notices.people.SignedIn"


@pytest.fixture
def lead() -> Actor:
    return make_applicant()


@pytest.fixture
def application(lead: Actor) -> Application:
    call = publish_sample_call()
    with clock.at(AT_OPENING):
        return commands.start(actor=lead, call_id=call.pk, title="가상 사업")


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0), backend=BACKEND)
    return client


def place_of(application: Application) -> Member:
    return Member.objects.get(application=application, organisation=application.lead_id)


def test_answers_are_saved_by_the_button_and_the_verdict_stands_beside(
    application: Application, lead: Actor
) -> None:
    client, base = client_of(lead), f"/applications/{application.pk}/statements/"
    place = place_of(application)
    page = BeautifulSoup(client.get(base).content, "html.parser")
    seen = {item["name"]: item["value"] for item in page.select("input[name^='seen:']")}
    path = f"fact:{place.pk}:arrears"

    client.post(base, {**seen, f"{path}:value": "yes", f"{path}:note": "설명\r\n둘째 줄"})

    stored = Declaration.objects.get(member=place, fact="arrears")
    assert (stored.value, stored.note) == ("yes", "설명\n둘째 줄")
    after = client.get(base).content.decode()
    assert "제외 사유에 해당합니다" in after
    assert "컨소시엄 전체가 제외됩니다" in after
    assert "제외 사유에 해당합니다" in client.get(base + "verdict/").content.decode()


def test_a_colleagues_answer_is_not_overwritten_unseen(application: Application, lead: Actor) -> None:
    client, base = client_of(lead), f"/applications/{application.pk}/statements/"
    place = place_of(application)
    path = f"fact:{place.pk}:arrears:note"
    page = BeautifulSoup(client.get(base).content, "html.parser")
    seen = {item["name"]: item["value"] for item in page.select("input[name^='seen:']")}
    colleague = member_actor(Organisation.objects.get(pk=lead.organisation or 0), OrganisationRole.WRITER)
    commands.save_fields(
        actor=colleague, application_id=application.pk, changes=[FieldInput(path, "동료의 글", 0)]
    )

    answer = client.post(base, {**seen, path: "내 글"})

    assert answer.status_code == 409
    assert "동료의 글" in answer.content.decode()
    assert "내 글" in answer.content.decode()
    assert Declaration.objects.get(member=place, fact="arrears").note == "동료의 글"


@pytest.mark.parametrize(
    ("part", "value"), [("value", "maybe"), ("ended", "2030-02-31"), ("note", "가" * 2001)]
)
def test_unusable_answers_are_told_and_stay_in_the_page(
    application: Application, lead: Actor, part: str, value: str
) -> None:
    place = place_of(application)

    answer = client_of(lead).post(
        f"/applications/{application.pk}/statements/", {f"fact:{place.pk}:duplicate:{part}": value}
    )

    assert answer.status_code == 422
    assert not Declaration.objects.filter(member=place, fact="duplicate").exists()


def test_consents_are_given_apart_and_taken_back_with_their_day(
    application: Application, lead: Actor
) -> None:
    client, base = client_of(lead), f"/applications/{application.pk}/statements/"
    place = place_of(application)

    client.post(base + "consents/", {"consent": ["personal_data"]})
    assert set(Consent.objects.filter(member=place, given=True).values_list("kind", flat=True)) == {
        "personal_data"
    }
    page = client.get(base).content.decode()
    assert "동의 거두기" in page
    client.post(base + "consents/", {"back": "personal_data"})

    stored = Consent.objects.get(member=place)
    assert not stored.given
    assert "거두었습니다" in client.get(base).content.decode()
    nothing = client.post(base + "consents/", {}, follow=True)
    assert "표시해 주세요" in nothing.content.decode()
    assert client.post(base + "consents/", {"consent": ["marketing"]}).status_code == 422


def test_viewers_and_other_organisations_answer_nothing(application: Application, lead: Actor) -> None:
    place = place_of(application)
    viewer = member_actor(Organisation.objects.get(pk=lead.organisation or 0), OrganisationRole.VIEWER)
    base = f"/applications/{application.pk}/statements/"

    assert client_of(viewer).post(base, {f"fact:{place.pk}:arrears:value": "no"}).status_code == 403
    assert client_of(viewer).post(base + "consents/", {"consent": ["personal_data"]}).status_code == 403
    assert client_of(make_applicant()).get(base).status_code == 404
    assert not Declaration.objects.exists()


def test_notes_are_text_in_the_page(application: Application, lead: Actor) -> None:
    place = place_of(application)
    path = f"fact:{place.pk}:arrears:note"
    commands.save_fields(
        actor=lead, application_id=application.pk, changes=[FieldInput(path, "<script>1</script>", 0)]
    )

    page = client_of(lead).get(f"/applications/{application.pk}/statements/").content.decode()

    assert "<script>1</script>" not in page
    assert "&lt;script&gt;1&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("founded", "holds"),
    [(date(2023, 3, 16), True), (date(2023, 3, 15), False), (date(2010, 1, 1), False), (None, None)],
)
def test_the_age_exception_is_worked_out_from_the_founding_day(
    application: Application, lead: Actor, founded: date | None, holds: bool | None
) -> None:
    definition = definition_of(Call.objects.get(pk=application.call_id))
    rules = [rule.model_dump(mode="json") for rule in definition.rules]
    for rule in rules:
        if rule["id"] == "no_arrears":
            rule["exceptions"] = [
                {"kind": "younger_than", "years": 7, "text": {"ko": "창업 7년 미만", "en": "younger"}}
            ]
    changed = type(definition).model_validate_json(
        json.dumps({**definition.model_dump(mode="json"), "rules": rules})
    )
    place = place_of(application)
    place.organisation.founded_on = founded

    asked = next(
        item for item in form_of(changed, place, None, (), {}).questions if item.fact.id == "arrears"
    )

    assert [item.holds for item in asked.exceptions] == [holds]
