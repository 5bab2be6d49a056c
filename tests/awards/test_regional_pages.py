"""The page on which a task force publishes a regional call under its agreement."""

from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongmo.awards.models import Agreement
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.canonical import canonical_json
from gongmo.parties.models import Organisation
from tests.awards.builders import LATER, Ranked, agreed_call, agreement_in_force
from tests.awards.test_pages import browser
from tests.builders import make_task_force_officer, officer
from tests.sample_call import sample_regional

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later():
    with clock.at(LATER):
        yield


def opened() -> tuple[Ranked, Agreement, Actor]:
    """An agreement in force, and an officer of the task force that its lead runs."""
    found = agreed_call()
    agreement = agreement_in_force(found)
    return (
        found,
        agreement,
        officer(Role.TASK_FORCE, Organisation.objects.get(pk=found.order[0].lead.organisation)),
    )


def definition(**changes: object) -> str:
    return canonical_json(sample_regional(**changes).model_dump(mode="json"))


def confirmed(text: str) -> dict[str, str]:
    window = {"opens_at": "2030-06-01T09:00", "closes_at": "2030-06-20T17:00"}
    return {"publish": "yes", "text": text, "name": "call.json", "slug": "region-call", **window}


def test_a_task_force_reads_pot_and_money_left_and_publishes():
    _, agreement, force = opened()
    client = browser(force)
    url = reverse("awards:regional_call", args=[agreement.pk])
    assert url in client.get(f"/agreements/{agreement.pk}/").content.decode()

    read = client.post(url, {"definition": SimpleUploadedFile("call.json", definition().encode())})
    done = client.post(url, confirmed(definition()))

    assert "협약에서 아직 넘기지 않은 돈" in read.content.decode()
    assert done["Location"] == "/calls/region-call/"
    assert Call.objects.get(slug="region-call").parent_agreement == agreement.pk


def test_a_pot_beyond_the_money_left_is_shown_and_refused():
    _, agreement, force = opened()
    client = browser(force)
    url = reverse("awards:regional_call", args=[agreement.pk])
    level = {**sample_regional().model_dump(mode="json")["second_level"], "pot": 900_000_000_000}
    text = definition(second_level=level)

    read = client.post(url, {"definition": SimpleUploadedFile("call.json", text.encode())})
    done = client.post(url, confirmed(text))

    assert "총액이 남은 돈보다 많습니다" in read.content.decode()
    assert done.status_code == HTTPStatus.CONFLICT
    assert not Call.objects.filter(slug="region-call").exists()


def test_others_do_not_learn_of_the_page():
    found, agreement, _ = opened()
    url = reverse("awards:regional_call", args=[agreement.pk])

    for actor in (found.agency, found.order[0].lead, make_task_force_officer()):
        client = browser(actor)
        assert client.get(url).status_code == HTTPStatus.NOT_FOUND
        assert client.post(url, confirmed(definition())).status_code == HTTPStatus.NOT_FOUND
    assert not Call.objects.filter(slug="region-call").exists()
