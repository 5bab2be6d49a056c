import json
from datetime import date, timedelta

import pytest

from gongmo.applications import commands
from gongmo.applications.models import Application, ApplicationDocument, Member, Submission
from gongmo.applications.queries import findings, snapshot, submissions_of, submitted_value
from gongmo.applications.states import ApplicationState
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.definition.application import Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.ledger.models import Entry
from gongmo.rules.finding import Status
from tests.builders import (
    AFTER,
    AT_OPENING,
    CLOSES,
    Filled,
    filled_application,
    filled_regional,
    good_cells,
    make_agency_officer,
    make_organisation,
    member_actor,
    officer,
    publish_sample_call,
    publish_sample_regional,
    submitted_application,
)
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


@pytest.fixture
def filled(call: Call) -> Filled:
    return filled_application(call)


def submit(filled: Filled) -> Submission:
    return commands.submit(actor=filled.lead, application_id=filled.application.pk)


def refused(filled: Filled) -> Refused:
    with clock.at(AT_OPENING), pytest.raises(Refused) as refusal:
        submit(filled)
    assert refusal.value.code == "not_ready"
    assert Application.objects.get(pk=filled.application.pk).state == ApplicationState.DRAFT
    return refusal.value


def codes(refusal: Refused) -> set[str]:
    return {obstacle["code"] for obstacle in refusal.details["obstacles"]}


def test_submit_gives_one_receipt_with_a_manifest_that_hashes(filled: Filled, call: Call) -> None:
    with clock.at(AT_OPENING):
        submission = submit(filled)

    assert submission.receipt_number == f"{call.slug}-0001"
    assert submission.received_at == AT_OPENING
    assert sha256_hex(submission.manifest) == submission.sha256
    manifest = json.loads(submission.manifest)
    assert manifest["content"]["sha256"] == sha256_hex(submission.content)
    assert manifest["summary"] == "시험을 위한 개요입니다."
    assert len(manifest["files"]) == ApplicationDocument.objects.count() == 3
    assert all(consent["given"] for consent in manifest["consents"])
    entry = Entry.objects.get(act="applications.submit")
    assert json.loads(entry.body)["payload"]["manifest_sha256"] == submission.sha256
    assert Application.objects.get(pk=filled.application.pk).state == ApplicationState.SUBMITTED


def test_submitted_value_is_what_was_checked(filled: Filled) -> None:
    with clock.at(AT_OPENING):
        submit(filled)

    value = submitted_value(Application.objects.get(pk=filled.application.pk))

    assert value.received_at == AT_OPENING
    assert value == snapshot(filled.application, received_at=AT_OPENING)


def test_submit_refuses_at_the_deadline_instant_and_says_both_times(filled: Filled) -> None:
    with clock.at(CLOSES), pytest.raises(Refused) as refusal:
        submit(filled)

    assert refusal.value.code == "after_deadline"
    assert "2030. 3. 15. 17:00:00" in refusal.value.ko
    assert not Submission.objects.exists()


def test_submit_counts_until_the_last_microsecond(filled: Filled) -> None:
    with clock.at(CLOSES - MICROSECOND):
        assert submit(filled).received_at == CLOSES - MICROSECOND


def test_one_second_late_is_refused_and_the_draft_stays(filled: Filled) -> None:
    with clock.at(CLOSES + timedelta(seconds=1)), pytest.raises(Refused) as refusal:
        submit(filled)

    assert "17:00:01" in refusal.value.ko
    assert Application.objects.get(pk=filled.application.pk).state == ApplicationState.DRAFT


def test_request_received_in_time_counts_although_the_call_was_closed_meanwhile(
    filled: Filled, agency: Actor, call: Call
) -> None:
    with clock.at(AFTER):
        calls.close(actor=agency, call_id=call.pk)

    with clock.at(CLOSES - MICROSECOND):
        assert submit(filled).number == 1


def test_submitting_twice_answers_the_first_submission(filled: Filled) -> None:
    with clock.at(AT_OPENING):
        first = submit(filled)
    with clock.at(AT_OPENING + timedelta(minutes=1)):
        second = submit(filled)

    assert first.pk == second.pk
    assert Submission.objects.count() == 1
    assert Entry.objects.filter(act="applications.submit").count() == 1


def test_receipt_numbers_run_on_within_a_call(call: Call) -> None:
    receipts = [submitted_application(call, partners=0).submission.receipt_number for _ in range(3)]

    assert receipts == [f"{call.slug}-{serial:04d}" for serial in (1, 2, 3)]


def test_failing_money_refuses_with_the_finding(filled: Filled) -> None:
    lead = filled.lead.organisation or 0
    cells = good_cells(lead)
    with clock.at(AT_OPENING):
        commands.set_cells(
            actor=filled.lead, application_id=filled.application.pk, cells=cells[:1], replace=True
        )

    refusal = refused(filled)

    assert {"national_ceiling", "local_floor"} <= codes(refusal)
    assert all(finding.status is Status.FAIL for finding in refusal.findings)


def test_missing_document_refuses(filled: Filled) -> None:
    document = ApplicationDocument.objects.get(kind="plan")
    commands.detach(actor=filled.lead, document_id=document.pk)

    assert codes(refused(filled)) == {"plan"}


def test_asset_plan_is_due_where_assets_are_bought(filled: Filled) -> None:
    own = Member.objects.get(application=filled.application, organisation_id=filled.lead.organisation)
    commands.set_buys_assets(actor=filled.lead, member_id=own.pk, value=True)

    assert codes(refused(filled)) == {"asset_plan"}


def test_open_invitation_refuses(filled: Filled) -> None:
    organisation = make_organisation()
    commands.invite(
        actor=filled.lead,
        application_id=filled.application.pk,
        organisation_id=organisation.pk,
        role="partner",
    )

    refusal = refused(filled)

    assert "invitations_open" in codes(refusal)
    assert organisation.name in refusal.ko


def test_consent_taken_back_refuses(filled: Filled) -> None:
    own = Member.objects.get(application=filled.application, organisation_id=filled.lead.organisation)
    commands.consent(actor=filled.lead, member_id=own.pk, kind="personal_data", given=False)

    assert codes(refused(filled)) == {"consent_personal_data"}


@pytest.mark.parametrize(("answer", "code"), [(Truth.YES, "no_arrears"), (Truth.UNKNOWN, "self_check_open")])
def test_exclusion_that_an_organisation_confirms_or_leaves_open_refuses(
    filled: Filled, answer: Truth, code: str
) -> None:
    own = Member.objects.get(application=filled.application, organisation_id=filled.lead.organisation)
    commands.declare(actor=filled.lead, member_id=own.pk, fact="arrears", value=answer)

    assert code in codes(refused(filled))


def test_confirmed_exclusion_with_its_exception_does_not_refuse(filled: Filled) -> None:
    own = Member.objects.get(application=filled.application, organisation_id=filled.lead.organisation)
    commands.declare(
        actor=filled.lead,
        member_id=own.pk,
        fact="duplicate",
        value=Truth.YES,
        follow_up=True,
        earlier_ended_on=date(2029, 12, 31),
    )

    with clock.at(AT_OPENING):
        assert submit(filled).number == 1


def test_originals_that_are_still_on_their_way_do_not_refuse(filled: Filled, call: Call) -> None:
    operator = officer(Role.AGENCY, call.operator)
    with clock.at(AT_OPENING):
        submit(filled)
        unknown = [f for f in findings(_again(filled)) if f.subject.id == "post"]
        commands.register_arrival(
            actor=operator, application_id=filled.application.pk, channel="post", arrived_on=date(2030, 2, 10)
        )
        arrived = [f for f in findings(_again(filled)) if f.subject.id == "post"]

    assert [f.status for f in unknown] == [Status.UNKNOWN]
    assert [f.status for f in arrived] == [Status.PASS]


def test_arrivals_are_the_operators_and_never_in_the_future(filled: Filled, call: Call) -> None:
    operator = officer(Role.AGENCY, call.operator)
    key = filled.application.pk

    with clock.at(AT_OPENING):
        with pytest.raises(NotAllowed):
            commands.register_arrival(
                actor=filled.lead, application_id=key, channel="post", arrived_on=date(2030, 2, 10)
            )
        with pytest.raises(BadInput):
            commands.register_arrival(
                actor=operator, application_id=key, channel="post", arrived_on=date(2030, 2, 11)
            )
        with pytest.raises(BadInput):
            commands.register_arrival(
                actor=operator, application_id=key, channel="pigeon", arrived_on=date(2030, 2, 9)
            )


def test_submitted_application_cannot_be_edited(filled: Filled) -> None:
    with clock.at(AT_OPENING):
        submit(filled)

    with pytest.raises(Refused) as refusal:
        commands.set_cells(actor=filled.lead, application_id=filled.application.pk, cells=[])

    assert refusal.value.code == "application_submitted"


def test_withdrawn_application_is_changed_and_submitted_again_with_a_new_receipt(
    filled: Filled, call: Call
) -> None:
    with clock.at(AT_OPENING):
        first = submit(filled)
        commands.withdraw(actor=filled.lead, application_id=filled.application.pk, reason="금액을 고칩니다")
        commands.set_cells(
            actor=filled.lead,
            application_id=filled.application.pk,
            cells=good_cells(filled.lead.organisation or 0, scale=2),
        )
        second = submit(filled)

    assert (second.number, second.receipt_number) == (2, f"{call.slug}-0002")
    first.refresh_from_db()
    assert first.withdrawn_at == AT_OPENING
    assert [item.number for item in submissions_of(filled.application)] == [2, 1]
    national = [c.amount for c in submitted_value(_again(filled)).budget if c.source == "national"]
    assert sum(national) == 2 * 590_000_000


def test_withdrawing_needs_a_reason_and_time(filled: Filled) -> None:
    with clock.at(AT_OPENING):
        submit(filled)
        with pytest.raises(BadInput):
            commands.withdraw(actor=filled.lead, application_id=filled.application.pk, reason=" ")

    with clock.at(CLOSES), pytest.raises(Refused) as refusal:
        commands.withdraw(actor=filled.lead, application_id=filled.application.pk, reason="늦음")
    assert refusal.value.code == "withdraw_after_deadline"


def test_only_owners_and_signers_of_the_lead_submit(filled: Filled) -> None:
    lead = filled.application.lead
    partner = next(actor for key, actor in filled.actors.items() if key != lead.pk)

    with clock.at(AT_OPENING):
        for actor in (member_actor(lead, OrganisationRole.WRITER), partner):
            with pytest.raises(NotAllowed):
                commands.submit(actor=actor, application_id=filled.application.pk)
        signer = member_actor(lead, OrganisationRole.SIGNER)
        assert (
            commands.submit(actor=signer, application_id=filled.application.pk).submitted_by_id
            == signer.person
        )


def test_submission_knows_the_version_under_which_it_was_checked(
    filled: Filled, agency: Actor, call: Call
) -> None:
    with clock.at(AT_OPENING):
        submit(filled)
        calls.correct(
            actor=agency,
            call_id=call.pk,
            definition=sample_definition(purpose={"ko": "고침", "en": "Corrected"}),
            reason="고침",
        )

    assert [item.version.number for item in submissions_of(filled.application)] == [1]


def test_extension_reopens_submission(filled: Filled, agency: Actor, call: Call) -> None:
    with clock.at(AFTER):
        calls.close(actor=agency, call_id=call.pk)
        calls.extend(actor=agency, call_id=call.pk, closes_at=AFTER + timedelta(days=3), reason="접수 장애")
        assert submit(filled).received_at == AFTER


def test_company_of_the_parents_region_submits_and_one_of_another_region_cannot() -> None:
    call = publish_sample_regional()
    inside, outside = filled_regional(call, "KR-48"), filled_regional(call, "KR-49")

    with clock.at(call.closes_at - MICROSECOND):
        assert submit(inside).number == 1
        with pytest.raises(Refused) as refusal:
            submit(outside)

    assert codes(refusal.value) == {"region"}


def _again(filled: Filled) -> Application:
    return Application.objects.select_related("call__version").get(pk=filled.application.pk)
