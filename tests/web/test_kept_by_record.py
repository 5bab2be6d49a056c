"""Officers' pages, receipts and notices are made once for a reader and shown again while the record stands: never stale, never another reader's."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands as applications
from gongmo.awards import commands as awards
from gongmo.awards.models import Agreement
from gongmo.calls import commands as calls
from gongmo.evaluation import commands as evaluation
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role, system
from gongmo.ledger.commands import checkpoint
from gongmo.ledger.rows import Sealed
from gongmo.notices import commands as notices
from gongmo.parties import commands as parties
from gongmo.parties.models import Grant, Person
from tests.awards.builders import LATER, Ranked, agreed_call, agreement_in_force, second_officer
from tests.awards.test_agreement import WINDOW
from tests.builders import (
    AT_OPENING,
    CLOSES,
    filled_application,
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    officer,
    publish_sample_call,
    submitted_application,
)
from tests.notices.builders import tell
from tests.sample_call import sample_regional

pytestmark = pytest.mark.django_db
NOW = LATER + timedelta(days=5)
# Session, person with what is held, and at most three for the call, the agreement and their marks.
STATEMENTS = 5


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.at(NOW):
        yield


class World:
    """A call that has come as far as an agreement, with the pages that its officers look at."""

    def __init__(self) -> None:
        self.found: Ranked = agreed_call(3)
        self.agreement: Agreement = agreement_in_force(self.found)
        slug, best = self.found.call.slug, self.found.order[0].application
        self.best = best
        self.pages = {
            "board": f"/board/{slug}/",
            "ranking": f"/evaluation/{slug}/ranking/",
            "agreement": f"/agreements/{self.agreement.pk}/",
            "application": f"/applications/{best.pk}/",
        }


@pytest.fixture
def world() -> World:
    return World()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


def words(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


# Written by commands only, each with its act; versions' texts, cards made of them and regions never change, sheets move with the acts on them.
NOT_SEALED = {"ledger_entry", "ledger_checkpoint", "parties_region", "calls_card", "evaluation_scoresheet"}
SIGNED_IN = r"django_session|notices_notice"
# Who saved last: asked at each showing, with the application's marks.
ASKED_EACH_TIME = {"application": {"parties_person"}}


def test_a_page_shown_again_is_made_of_what_acts_tell_of_and_is_only_its_readers(world: World) -> None:
    agency, client = world.found.agency, client_of(world.found.agency)
    sealed = {model._meta.db_table for model in apps.get_models() if issubclass(model, Sealed)}
    shown = {}
    for name, path in world.pages.items():
        with CaptureQueriesContext(connection) as made:
            shown[name] = words(client, path)
        with CaptureQueriesContext(connection) as asked:
            assert words(client, path) == shown[name], name
        assert len(asked) <= STATEMENTS, name
        tables = {
            table
            for query in made
            if not re.search(SIGNED_IN, query["sql"])
            for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
        }
        assert tables - sealed - NOT_SEALED == ASKED_EACH_TIME.get(name, set()), name

    colleague, strangers = second_officer(world.found), (make_agency_officer(), make_applicant())
    for name, path in world.pages.items():
        assert client_of(colleague).get(path).status_code == 200, name
        assert Client().get(path).status_code in (302, 404), name
        for stranger in strangers:
            assert client_of(stranger).get(path).status_code == 404, (name, stranger.role)
    # The ministry may not do what the operator may.
    assert words(client_of(make_ministry_officer()), world.pages["board"]) != shown["board"]

    grant = Grant.objects.get(person=agency.person, until=None)
    parties.revoke_role(actor=system("test"), grant_id=grant.pk)
    with clock.at(NOW + timedelta(seconds=1)):
        for name, path in world.pages.items():
            assert client.get(path).status_code in (302, 403, 404), name


def test_an_act_is_there_at_the_next_showing(world: World) -> None:
    found, client, pages = world.found, client_of(world.found.agency), world.pages
    before = {name: words(client, path) for name, path in pages.items()}

    # About an organisation, which belongs to no call.
    parties.update_organisation(
        actor=found.order[0].lead, organisation_id=world.best.lead.pk, name="이름을 바꾼 기관"
    )
    renamed = words(client, pages["agreement"])
    # About the call.
    calls.ask(actor=make_applicant(), call_id=found.call.pk, title="묻습니다", body="무엇인가요?")
    asked = words(client, pages["board"])
    evaluation.tell_results(actor=found.agency, call_id=found.call.pk)
    told = words(client, pages["ranking"])
    # About a call that hands on the agreement's money.
    force = officer(Role.TASK_FORCE, world.best.lead)
    below = awards.open_regional_call(
        actor=force, agreement_id=world.agreement.pk, definition=sample_regional(),
        operator_id=force.organisation or 0, intake=WINDOW,
    )  # fmt: skip
    opened = words(client, pages["agreement"])

    assert "이름을 바꾼 기관" not in before["agreement"]
    assert "이름을 바꾼 기관" in renamed
    assert "답하지 않은 질문" not in before["board"]
    assert "답하지 않은 질문" in asked
    assert told != before["ranking"]
    assert below.title_ko not in renamed
    assert below.title_ko in opened


def test_the_board_of_a_call_follows_its_deadline() -> None:
    with clock.at(AT_OPENING):
        agency = make_agency_officer()
        call = publish_sample_call(agency)
        filled_application(call)
        client = client_of(agency)

    with clock.at(CLOSES - timedelta(seconds=1)):
        before = words(client, f"/board/{call.slug}/")
    with clock.at(CLOSES):
        after = words(client, f"/board/{call.slug}/")

    assert "마감까지 제출하지 않았습니다" not in before
    assert "마감까지 제출하지 않았습니다" in after


def test_a_receipt_follows_signatures_and_withdrawal() -> None:
    submitted = submitted_application(publish_sample_call())
    application, client = submitted.application, client_of(submitted.lead)
    path = f"/applications/{application.pk}/receipt/"
    with clock.at(AT_OPENING + timedelta(days=2)):
        unsigned = words(client, path)
        assert words(client, path) == unsigned
        checkpoint(actor=system("test"))
        signed = words(client, path)
        with CaptureQueriesContext(connection) as asked:
            assert words(client, path) == signed
        applications.withdraw(actor=submitted.lead, application_id=application.pk, reason="고쳐 냅니다.")
        withdrawn = words(client, path)

    assert "번째 기록까지" not in unsigned
    assert "번째 기록까지" in signed
    assert len(asked) <= STATEMENTS
    assert withdrawn != signed
    assert "철회" in withdrawn


def test_notices_are_kept_until_one_comes_or_is_read() -> None:
    reader, other = make_applicant(), make_applicant()
    tell(reader.person or 0, key="one")
    client = client_of(reader)
    one = words(client, "/notices/")
    with CaptureQueriesContext(connection) as asked:
        assert words(client, "/notices/") == one
    assert len(asked) <= STATEMENTS

    second = tell(reader.person or 0, key="two")
    two = words(client, "/notices/")
    notices.read(actor=reader, notice_id=second.pk)
    read = words(client, "/notices/")

    assert "읽지 않은 알림이 1건" in one
    assert "읽지 않은 알림이 2건" in two
    assert "읽지 않은 알림이 1건" in read
    assert "알림이 없습니다" in words(client_of(other), "/notices/")
