import io

import pytest
from django.db import IntegrityError, transaction

from gongmo.applications import commands
from gongmo.applications.models import Application, ApplicationDocument, Member
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound
from tests.builders import AT_OPENING, join, make_applicant, make_organisation, pdf, publish_sample_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Actor:
    return make_applicant()


@pytest.fixture
def application(lead: Actor) -> Application:
    call = publish_sample_call()
    with clock.at(AT_OPENING):
        return commands.start(actor=lead, call_id=call.pk, title="가상 사업")


def attach(actor: Actor, application: Application, **more: object) -> ApplicationDocument:
    given: dict[str, object] = {"kind": "plan", "name": "계획서.pdf", "stream": pdf(), **more}
    return commands.attach(actor=actor, application_id=application.pk, **given)  # type: ignore[arg-type]


def test_replacing_a_document_keeps_the_earlier_one(application: Application, lead: Actor) -> None:
    first = attach(lead, application)

    second = attach(lead, application, stream=pdf("changed"))

    first.refresh_from_db()
    assert first.removed_at is not None
    assert [item.pk for item in application.documents.filter(removed_at__isnull=True)] == [second.pk]


def test_database_keeps_one_current_document_of_a_kind_for_the_whole_application(
    application: Application, lead: Actor
) -> None:
    document = attach(lead, application)

    document.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)


def test_database_keeps_one_current_document_of_a_kind_for_each_member(
    application: Application, lead: Actor
) -> None:
    document = attach(lead, application)
    ApplicationDocument.objects.filter(pk=document.pk).update(member=application.members.get())
    document.refresh_from_db()

    document.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)


def test_name_is_kept_safe(application: Application, lead: Actor) -> None:
    document = attach(lead, application, name="..\\..\\비밀/계획\n서.pdf")

    assert document.name == "계획서.pdf"


def test_content_decides_and_a_wrong_format_is_refused(application: Application, lead: Actor) -> None:
    png = io.BytesIO(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
        )
    )

    with pytest.raises(BadInput):
        attach(lead, application, name="계획서.png", stream=png)
    with pytest.raises(BadInput):
        attach(lead, application, name="계획서.pdf", stream=io.BytesIO(b"not a pdf"))
    with pytest.raises(BadInput):
        attach(lead, application, name="계획서.pdf", stream=io.BytesIO(b""))
    assert not application.documents.exists()


def test_unknown_kind_and_missing_organisation_are_refused(application: Application, lead: Actor) -> None:
    with pytest.raises(BadInput) as kind:
        attach(lead, application, kind="diary")
    with pytest.raises(BadInput) as member:
        attach(lead, application, kind="self_check")

    assert (kind.value.code, member.value.code) == ("document_kind_unknown", "document_member_missing")


def test_member_hands_in_its_own_document_and_not_anothers(application: Application, lead: Actor) -> None:
    own = Member.objects.get(application=application)
    member, actor = join(application, lead, make_organisation(), "partner")

    document = attach(actor, application, kind="self_check", member_id=member.pk)

    assert document.member_id == member.pk
    with pytest.raises(NotAllowed):
        attach(actor, application, kind="self_check", member_id=own.pk)
    with pytest.raises(NotAllowed):
        attach(actor, application, kind="plan")


def test_documents_of_another_application_are_unknown(application: Application, lead: Actor) -> None:
    document = attach(lead, application)
    stranger = make_applicant()

    with pytest.raises(NotFound):
        attach(stranger, application)
    with pytest.raises(NotFound):
        commands.detach(actor=stranger, document_id=document.pk)


def test_detached_document_stays_in_the_record(application: Application, lead: Actor) -> None:
    document = attach(lead, application)

    commands.detach(actor=lead, document_id=document.pk)

    assert ApplicationDocument.objects.get(pk=document.pk).removed_at is not None
    with pytest.raises(NotFound):
        commands.detach(actor=lead, document_id=document.pk)
