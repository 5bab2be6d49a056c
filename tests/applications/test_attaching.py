"""Handing in a document: in how few statements, and what becomes of it when something else happens while its file arrives."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongmo.applications import commands
from gongmo.applications.models import Application
from gongmo.calls import commands as calls
from gongmo.files.models import StoredFile
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.ledger import queries as record
from gongmo.ledger import rows
from gongmo.ledger.models import Entry
from gongmo.parties.models import Person
from tests.builders import (
    AT_OPENING,
    join,
    make_agency_officer,
    make_applicant,
    make_organisation,
    pdf,
    publish_sample_call,
)

pytestmark = pytest.mark.django_db

BESIDES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
Meanwhile = Callable[[], object]


class Arriving(io.BytesIO):
    """A file during whose arrival something else happens."""

    def __init__(self, meanwhile: Meanwhile) -> None:
        super().__init__(pdf("arriving").getvalue())
        self.meanwhile: Meanwhile | None = meanwhile

    def read(self, size: int | None = -1, /) -> bytes:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().read(size)


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def lead() -> Actor:
    return make_applicant()


@pytest.fixture
def application(agency: Actor, lead: Actor) -> Application:
    call = publish_sample_call(agency)
    with clock.at(AT_OPENING):
        return commands.start(actor=lead, call_id=call.pk, title="가상 사업")


def attach(actor: Actor, application: Application, stream: Any = None, **more: Any) -> Any:
    given = {"kind": "plan", "name": "계획서.pdf", "stream": stream or pdf(), **more}
    return commands.attach(actor=actor, application_id=application.pk, **given)


def standing(application: Application) -> list[str]:
    return list(application.documents.filter(removed_at__isnull=True).values_list("file_id", flat=True))


def test_handing_a_document_in_takes_eight_statements(application: Application, lead: Actor) -> None:
    client = Client()
    client.force_login(Person.objects.get(pk=lead.person))
    at = reverse("applications:attach", args=[application.pk])

    def post(text: str) -> list[str]:
        file = SimpleUploadedFile("계획서.pdf", pdf(text).getvalue())
        with clock.at(AT_OPENING), CaptureQueriesContext(connection) as asked:
            assert client.post(at, {"kind": "plan", "file": file}).status_code == 302
        return [query["sql"] for query in asked if not query["sql"].startswith(BESIDES)]

    post("first")
    replacing, same = post("second"), post("second")

    # Session, person, application; its revision with the lock and the record's end, the file, what it replaces, the document, the record.
    # PostgreSQL has one lock more for the files and one for the record, whose end it reads under it.
    most = 8 + (3 if connection.vendor == "postgresql" else 0)
    assert len(replacing) == most, "\n".join(sql[:110] for sql in replacing)
    assert len(same) == most


def test_only_the_first_of_several_files_asks_for_the_task_that_looks_into_them(
    application: Application, lead: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as first:
        attach(lead, application, pdf("first"))
    with django_capture_on_commit_callbacks() as second:
        attach(lead, application, pdf("second"))

    assert (len(first), len(second)) == (1, 0)


def test_a_document_that_replaces_another_leaves_every_row_as_recorded(
    application: Application, lead: Actor
) -> None:
    first = attach(lead, application, pdf("first"))

    attach(lead, application, pdf("second"))

    newest = Entry.objects.order_by("-sequence")[0]
    assert (newest.act, newest.subject_id) == ("applications.attach", str(application.pk))
    assert list(rows.differences(record.row_seals())) == []
    first.refresh_from_db()
    assert first.removed_at is not None


def test_an_application_that_was_changed_while_the_file_arrived_is_asked_again(
    application: Application, lead: Actor
) -> None:
    def summary() -> None:
        change = commands.FieldInput("summary", "그사이 고친 개요", 0)
        commands.save_fields(actor=lead, application_id=application.pk, changes=[change])

    document = attach(lead, application, Arriving(summary))

    before = application.revision
    application.refresh_from_db()
    assert (application.summary, application.revision) == ("그사이 고친 개요", before + 2)
    assert standing(application) == [document.file_id]
    assert list(rows.differences(record.row_seals())) == []


def test_a_call_that_was_cancelled_while_the_file_arrived_takes_no_document(
    application: Application, lead: Actor, agency: Actor
) -> None:
    def cancel() -> None:
        calls.cancel(actor=agency, call_id=application.call_id, reason="예산이 없어졌습니다.")

    with pytest.raises(Refused) as refused:
        attach(lead, application, Arriving(cancel))

    assert refused.value.code == "call_over"
    assert (standing(application), StoredFile.objects.count()) == ([], 0)


def test_a_member_that_left_while_the_file_arrived_hands_nothing_in(
    application: Application, lead: Actor
) -> None:
    member, partner = join(application, lead, make_organisation(), "partner")

    def leave() -> None:
        commands.remove_member(actor=lead, member_id=member.pk)

    with pytest.raises(Refused):
        attach(partner, application, Arriving(leave), kind="self_check", member_id=member.pk)

    assert (standing(application), StoredFile.objects.count()) == ([], 0)


def test_another_document_that_came_meanwhile_is_replaced_and_told(
    application: Application, lead: Actor
) -> None:
    document = attach(lead, application, Arriving(lambda: attach(lead, application, pdf("quicker"))))

    quicker = application.documents.exclude(pk=document.pk).get()
    assert standing(application) == [document.file_id]
    newest = Entry.objects.order_by("-sequence")[0]
    assert f'"replaced":["{quicker.file_id}"]' in newest.body.replace(" ", "")


def test_a_refused_document_leaves_no_row(application: Application, lead: Actor) -> None:
    revision = application.revision

    with pytest.raises(BadInput):
        attach(lead, application, code="ABCD-EFGH")

    application.refresh_from_db()
    assert (application.revision, StoredFile.objects.count()) == (revision, 0)


def test_whoever_may_not_is_told_before_a_byte_is_kept(application: Application, lead: Actor) -> None:
    _, partner = join(application, lead, make_organisation(), "partner")

    def unread() -> None:
        raise AssertionError("the file was read")

    with pytest.raises(NotAllowed):
        attach(partner, application, Arriving(unread))
