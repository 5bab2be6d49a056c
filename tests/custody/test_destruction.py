"""Destruction by schedule: what is due, two officers, what goes and what stays, the certificate."""

import io
import json
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from gongmo.applications.invariants import manifest_holds, signed_documents_hold
from gongmo.applications.models import Answer, ApplicationDocument, DraftVersion, FieldChange, Submission
from gongmo.awards import commands as awards
from gongmo.awards.content import read_content
from gongmo.awards.models import AgreementSignature, AgreementVersion
from gongmo.calls import commands as calls
from gongmo.cli.doctor import discover
from gongmo.custody import commands, queries
from gongmo.custody.invariants import destroyed_by_two, destroyed_is_gone
from gongmo.custody.models import Destruction, DestructionState, PersonDestruction
from gongmo.definition.retention import USUAL
from gongmo.evaluation import commands as evaluation
from gongmo.evaluation.models import Seat
from gongmo.evaluation.queries import replay
from gongmo.files import storage
from gongmo.files.commands.destroy import remove_destroyed
from gongmo.files.queries import verify
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound, Refused
from gongmo.kernel.invariants import examine, invariants
from gongmo.ledger import queries as ledger
from gongmo.ledger import rows
from gongmo.parties.models import Organisation, Person
from gongmo.rules.retention import Ground, due_on
from tests.awards.builders import agreed_call, agreement_in_force
from tests.builders import (
    AFTER,
    AT_OPENING,
    CLOSES,
    SYSTEM,
    filled_application,
    make_agency_officer,
    publish_sample_call,
    submitted_application,
)

YEAR = timedelta(days=366)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_time_is_over_on_the_same_day_years_later(since: date) -> None:
    day = due_on(Ground.UNSELECTED, since, USUAL)
    assert 365 <= (day - since).days <= 366
    assert due_on(Ground.DRAFT, date(2028, 2, 29), USUAL) == date(2029, 3, 1)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


@pytest.fixture
def first() -> Actor:
    return make_agency_officer()


@pytest.fixture
def second(first: Actor) -> Actor:
    return make_agency_officer(Organisation.objects.get(pk=first.organisation))


@pytest.fixture
def due(first: Actor) -> Destruction:
    """The destruction of an application that was not selected, proposed a year after the call ended; a draft beside it."""
    call = publish_sample_call(first)
    with clock.at(AT_OPENING):
        application = submitted_application(call).application
        filled_application(call, "KR-26")
    with clock.at(AFTER):
        calls.close(actor=first, call_id=call.pk)
        calls.finish(actor=first, call_id=call.pk)
    with clock.at(AFTER + YEAR):
        assert commands.propose(actor=SYSTEM) == 2
        assert commands.propose(actor=SYSTEM) == 0
    return Destruction.objects.get(application=application)


@pytest.mark.django_db
def test_nothing_is_due_before_its_time(first: Actor) -> None:
    call = publish_sample_call(first)
    with clock.at(AT_OPENING):
        submitted_application(call)
        filled_application(call, "KR-26")
    with clock.at(CLOSES + timedelta(days=364)):
        assert commands.propose(actor=SYSTEM) == 0
    # The call never ended: what was submitted is in use, the draft is not.
    with clock.at(CLOSES + YEAR):
        assert commands.propose(actor=SYSTEM) == 1
    assert Destruction.objects.get().ground == Ground.DRAFT


@pytest.mark.django_db
def test_two_officers_destroy_and_the_record_still_holds(
    due: Destruction, first: Actor, second: Actor
) -> None:
    application = due.application
    files = set(ApplicationDocument.objects.filter(application=application).values_list("file", flat=True))
    before = json.loads(Submission.objects.get().content)
    draft = Destruction.objects.get(ground=Ground.DRAFT)
    # What is not destroyed, or was handed in anew since, stays where it is.
    assert not any(remove_destroyed(sha256) for sha256 in files)
    with clock.at(AFTER + YEAR):
        with pytest.raises(Refused):
            commands.destroy(actor=second, destruction_id=due.pk)
        commands.agree(actor=first, destruction_id=due.pk)
        with pytest.raises(Refused, match="second_officer"):
            commands.destroy(actor=first, destruction_id=due.pk)
        done = commands.destroy(actor=second, destruction_id=due.pk)
        commands.agree(actor=second, destruction_id=draft.pk)
        commands.destroy(actor=first, destruction_id=draft.pk)
    assert not Answer.objects.filter(application=draft.application_id).exclude(text="").exists()
    after = json.loads(Submission.objects.get().content)
    assert {name for name in before if before[name] != after[name]} <= {"answers"}
    persons = [text for place, text in (after["answers"] or {}).items() if place.endswith(".phone")]
    assert set(persons) <= {"000-0000-0000", ""}
    assert not FieldChange.objects.filter(application=application).exists()
    assert not DraftVersion.objects.filter(application=application).exists()
    assert set(done.outcome["files"]) <= files
    for sha256 in done.outcome["files"]:
        remove_destroyed(sha256)
        assert storage.current().size(storage.content(sha256)) is None
    assert list(manifest_holds()) == []
    assert list(signed_documents_hold()) == []
    assert list(verify()) == []
    assert list(rows.differences(ledger.row_seals())) == []


@pytest.mark.django_db
def test_it_is_kept_for_a_reason_and_proposed_again_after_a_year(due: Destruction, first: Actor) -> None:
    with clock.at(AFTER + YEAR):
        commands.hold(actor=first, destruction_id=due.pk, reason="감사원 감사가 진행 중")
    with clock.at(AFTER + YEAR + timedelta(days=364)):
        assert commands.propose(actor=SYSTEM) == 0
    with clock.at(AFTER + YEAR + timedelta(days=366)):
        assert commands.propose(actor=SYSTEM) == 1
    due.refresh_from_db()
    assert due.state == DestructionState.PROPOSED


@pytest.mark.django_db
def test_the_pages_lead_to_the_certificate_and_strangers_see_nothing(
    due: Destruction, first: Actor, second: Actor
) -> None:
    address = f"/privacy/retention/{due.pk}/"
    with clock.at(AFTER + YEAR):
        assert "2건" in client_of(first).get("/privacy/retention/").content.decode()
        client_of(first).post(address, {"act": "agree"})
        other = client_of(second)
        assert other.post(address, {"act": "destroy", "confirm": "예"}).status_code == 422
        assert other.get(f"{address}certificate.pdf").status_code == 404
        done = other.post(address, {"act": "destroy", "confirm": "파기"}, follow=True).content.decode()
        assert "개인정보를 파기했습니다" in done
        pdf = other.get(f"{address}certificate.pdf").content
        assert "개인정보 파기 확인서" in "".join(
            page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages
        )
        assert other.get(f"{address}certificate.hwpx").content[:2] == b"PK"
        stranger = client_of(make_agency_officer())
        assert stranger.get(address).status_code == 404
        with pytest.raises(NotFound):
            queries.destruction(make_agency_officer(), due.pk)


@pytest.mark.django_db
def test_a_selected_application_is_kept_until_years_after_its_agreement_and_goes_with_it() -> None:
    found = agreed_call(2)
    agreement = agreement_in_force(found)
    end = datetime.combine(agreement.period_ends, time(12), clock.SEOUL) + timedelta(days=1)
    seat = Seat.objects.filter(committee__call=found.call).select_related("evaluator__person").first()
    assert seat is not None
    expert = seat.evaluator
    with clock.at(end):
        calls.finish(actor=found.agency, call_id=found.call.pk)
        own = Actor(role=Role.EVALUATOR, person=expert.person_id, name=expert.person.display_name)
        evaluation.withdraw_consent(actor=own, evaluator_id=expert.pk)
    with clock.at(end + 3 * YEAR):
        # What the expert judged is still kept, and so is the name below it.
        assert commands.propose_people(actor=SYSTEM) == 0
        # The other application was never agreed on: the year after the call's end is over. The agreement runs.
        assert commands.propose(actor=SYSTEM) == 1
        awards.finish_agreement(actor=found.agency, agreement_id=agreement.pk)
    with clock.at(end + 8 * YEAR - timedelta(days=30)):
        assert commands.propose(actor=SYSTEM) == 0
    other = make_agency_officer(Organisation.objects.get(pk=found.agency.organisation))
    with clock.at(end + 8 * YEAR):
        assert commands.propose(actor=SYSTEM) == 1
        due = Destruction.objects.get(application=agreement.application)
        commands.agree(actor=found.agency, destruction_id=due.pk)
        done = commands.destroy(actor=other, destruction_id=due.pk)
        page = client_of(other).get(f"/privacy/retention/{due.pk}/").content.decode()
        pdf = client_of(other).get(f"/privacy/retention/{due.pk}/certificate.pdf").content
        assert commands.propose_people(actor=SYSTEM) == 1
        leaver = PersonDestruction.objects.get(evaluator=expert)
        address = f"/privacy/retention/people/{leaver.pk}/"
        client_of(found.agency).post(address, {"act": "agree"})
        with pytest.raises(Refused, match="second_officer"):
            commands.destroy_person(actor=found.agency, destruction_id=leaver.pk)
        left = client_of(other).post(address, {"act": "destroy", "confirm": "파기"}, follow=True)
        paper = client_of(other).get(f"{address}certificate.pdf").content

    expert.refresh_from_db()
    assert "개인정보를 파기했습니다" in left.content.decode()
    assert paper[:5] == b"%PDF-"
    assert (Person.objects.get(pk=expert.person_id).display_name, expert.affiliations.count()) == (
        "닫은 계정",
        0,
    )
    assert due.ground == Ground.SELECTED
    content = read_content(AgreementVersion.objects.get(agreement=agreement).content)
    assert {content.director, *(party.head_name for party in content.parties)} <= {"", "파기"}
    signatures = AgreementSignature.objects.filter(version__agreement=agreement)
    assert {(each.signer_name, each.drawing) for each in signatures} == {("", "")}
    assert done.outcome["signatures"] >= len(signatures) > 0
    assert "개인정보를 파기했습니다" in page
    assert "협약이 끝난 신청서" in "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages)
    discover()
    assert {each.name: broken for each in invariants() if (broken := examine(each))} == {}
    AgreementSignature.objects.filter(version__agreement=agreement).update(signer_name="김담당")
    assert [each.subject for each in destroyed_is_gone()] == [f"application {agreement.application_id}"]
    Destruction.objects.filter(pk=due.pk).update(agreed_by=done.destroyed_by)
    assert len(list(destroyed_by_two())) == 1
    assert replay(found.call.slug).ok
