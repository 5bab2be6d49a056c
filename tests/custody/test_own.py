"""A person's own data: which offices saw it, consents with their withdrawal, everything as a file."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from gongmo.applications.commands.consents import withdraw_consent
from gongmo.applications.models import Consent, Member
from gongmo.custody import own
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.models import Person
from gongmo.privacy.models import Kind
from tests.builders import (
    AT_OPENING,
    Submitted,
    make_agency_officer,
    make_applicant,
    publish_sample_call,
    submitted_application,
)
from tests.privacy.builders import drained, noted, own_buffer

pytestmark = pytest.mark.django_db

AT = datetime(2030, 3, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def submitted(agency: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Submitted:
    with clock.at(AT_OPENING):
        made = submitted_application(publish_sample_call(agency))
    own_buffer(monkeypatch, tmp_path)
    return made


def test_offices_are_told_by_month_and_experts_are_not(submitted: Submitted, agency: Actor) -> None:
    subject = ("application", submitted.application.pk)
    noted(AT, agency, subject=subject)
    noted(AT, agency, subject=subject)
    noted(AT, agency, subject=subject, outcome=404)
    noted(AT, Actor(role=Role.EVALUATOR, person=agency.person), subject=subject)
    noted(AT, agency, subject=("person", submitted.lead.person), kind=Kind.LIST)
    drained()
    told = {(each.office.ko, each.what.ko, each.kind.ko, each.count) for each in own.seen(submitted.lead)}
    assert told == {
        ("운영기관 가상 전담기관", "신청", "열람", 2),
        ("운영기관 가상 전담기관", "사람", "목록·검색", 1),
    }
    assert own.seen(make_applicant()) == []


def test_an_optional_consent_is_taken_back_even_after_the_submission(submitted: Submitted) -> None:
    member = Member.objects.get(application=submitted.application, organisation=submitted.lead.organisation)
    Consent.objects.update_or_create(
        member=member,
        kind="third_party",
        defaults={"given": True, "given_at": AT, "given_by_id": submitted.lead.person},
    )
    with pytest.raises(Refused, match="consent_needed"):
        withdraw_consent(actor=submitted.lead, member_id=member.pk, kind="personal_data")
    with pytest.raises(NotFound):
        withdraw_consent(actor=make_applicant(), member_id=member.pk, kind="third_party")
    client = Client()
    client.force_login(Person.objects.get(pk=submitted.lead.person or 0))
    form = {"member": member.pk, "kind": "third_party"}
    with clock.at(AT):
        assert "동의 거두기" in client.get("/privacy/me/").content.decode()
        assert client.post("/privacy/me/", form).status_code == 302
        assert not Consent.objects.get(member=member, kind="third_party").given
        assert client.post("/privacy/me/", form).status_code == 409


def test_everything_comes_as_a_file_for_people_and_programs(submitted: Submitted) -> None:
    client = Client()
    person = Person.objects.get(pk=submitted.lead.person or 0)
    person.display_name = "<b>김담당</b>"
    person.save()
    client.force_login(person)
    archive = zipfile.ZipFile(io.BytesIO(client.get("/privacy/me/data.zip").content))
    told = json.loads(archive.read("data.json"))
    assert told["account"]["display_name"] == "<b>김담당</b>"
    assert {each["consent"] for each in told["consents"]} >= {"personal_data"}
    assert "&lt;b&gt;김담당&lt;/b&gt;" in archive.read("data.html").decode()
