from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands
from gongmo.applications.models import Application, ApplicationDocument, Member, Origin, Signature
from gongmo.applications.paperwork import code_of
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.numbers import Kind, token
from gongmo.parties.models import Organisation, Person
from tests.applications.signing import ready_to_sign, seen, sign
from tests.builders import AT_OPENING, Filled, make_organisation, member_actor, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _while_open() -> Iterator[None]:
    with clock.at(AT_OPENING + timedelta(hours=1)):
        yield


@pytest.fixture
def filled() -> Filled:
    return ready_to_sign()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


def soup(response: Any, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def own(filled: Filled, actor: Actor) -> Member:
    return Member.objects.get(application=filled.application, organisation=actor.organisation)


def last(filled: Filled) -> Actor:
    return list(filled.actors.values())[-1]


def at(filled: Filled, path: str = "documents/") -> str:
    return f"/applications/{token(filled.application.pk, Kind.APPLICATION)}/{path}"


def test_list_says_what_is_left_and_filters_it(filled: Filled) -> None:
    client = client_of(last(filled))

    everything = soup(client.get(at(filled)))
    mine = soup(client.get(at(filled, "documents/?show=mine&q=확인서")))

    assert "남은 서류가 5건입니다" in everything.get_text()
    assert len(everything.select(".doc-row")) == 6
    assert len(mine.select(".doc-row")) == 1


def test_signer_is_led_from_the_list_to_one_act_and_back(filled: Filled) -> None:
    client = client_of(filled.lead)
    listed = soup(client.get(at(filled)))
    assert listed.select_one(f'a[href="{at(filled, "sign/")}"]')

    page = soup(client.get(at(filled, "sign/")))
    boxes = [str(box["value"]) for box in page.select("input[name=paper]")]
    response = client.post(
        at(filled, "sign/"),
        {"paper": boxes, "name": "김담당", "title": "원장", "agreed": "yes", "revision": "1"},
        follow=True,
    )

    assert len(boxes) == 3
    assert not page.select("input[name=paper][checked]")
    assert "문서 3건에 서명했습니다" in response.content.decode()
    assert Signature.objects.count() == 3


def test_refused_signature_keeps_what_was_typed_and_shows_the_paper_again(filled: Filled) -> None:
    client = client_of(filled.lead)
    paper = at(filled, "papers/application_form/")
    wanted = str(soup(client.get(paper)).select_one("input[name=paper]")["value"])  # type: ignore[index]

    answer = soup(
        client.post(
            at(filled, "sign/"),
            {"paper": wanted, "only": "application_form|", "name": "김<b>담당", "title": ""},
        ),
        422,
    )

    assert answer.select_one("#name")["value"] == "김<b>담당"  # type: ignore[index]
    assert answer.select_one(".doc-paper")
    assert not Signature.objects.exists()


def test_paper_page_and_its_files_say_the_same(filled: Filled) -> None:
    sign(filled.lead, filled.application, ("application_form", None))
    client = client_of(filled.lead)

    page = soup(client.get(at(filled, "papers/application_form/"))).get_text()
    file = client.get(at(filled, "papers/application_form/paper.pdf"))
    hwpx = client.get(at(filled, "papers/application_form/paper.hwpx"))

    assert "1,000,000,000" in page
    assert "김담당" in page
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")
    assert hwpx.content.startswith(b"PK")
    assert client.get(at(filled, "papers/application_form/paper.exe")).status_code == 404


def test_sealed_copy_is_taken_with_its_code_and_refused_on_the_paper_without(filled: Filled) -> None:
    client = client_of(filled.lead)
    code = code_of(seen(filled.application, ("application_form", None))[0].content_sha256)

    def post(code: str) -> Any:
        file = SimpleUploadedFile("scan.pdf", pdf("scan").read(), "application/pdf")
        return client.post(
            at(filled, "documents/attach/"), {"kind": "application_form", "file": file, "code": code}
        )

    refused = soup(post("WRONG"), 422)
    assert refused.select_one("#code[aria-invalid]")
    assert post(code).status_code == 302
    assert ApplicationDocument.objects.get(kind="application_form", removed_at=None).origin == Origin.SEALED


def test_taken_down_document_can_be_brought_back(filled: Filled) -> None:
    client = client_of(filled.lead)
    plan = ApplicationDocument.objects.get(kind="plan", removed_at=None)

    client.post(f"/application-documents/{plan.pk}/detach/")
    page = soup(client.get(at(filled)))
    assert page.find(string=lambda text: "되살리기: plan.pdf" in text)
    client.post(f"/application-documents/{plan.pk}/reinstate/")

    assert ApplicationDocument.objects.get(kind="plan", removed_at=None).file_id == plan.file_id


def test_script_is_answered_in_json(filled: Filled) -> None:
    client = client_of(filled.lead)
    file = SimpleUploadedFile("plan.txt", b"not a plan", "text/plain")

    refused = client.post(
        at(filled, "documents/attach/"), {"kind": "plan", "file": file}, HTTP_ACCEPT="application/json"
    )

    assert refused.status_code == 422
    assert refused.json()["message"]


def test_drop_zones_choice_names_kind_and_member(filled: Filled) -> None:
    member = own(filled, filled.lead)
    file = SimpleUploadedFile("확인서.pdf", pdf("x").read(), "application/pdf")

    client_of(filled.lead).post(
        at(filled, "documents/attach/"), {"row": f'{{"kind":"intent","member":{member.pk}}}', "file": file}
    )

    assert ApplicationDocument.objects.filter(kind="intent", member=member, removed_at=None).exists()


def test_invited_organisation_opens_no_document_until_it_joins(filled: Filled) -> None:
    sign(filled.lead, filled.application, ("application_form", None))
    document = ApplicationDocument.objects.get(kind="application_form", removed_at=None)
    guest = make_organisation(OrganisationKind.COMPANY)
    invited = commands.invite(
        actor=filled.lead, application_id=filled.application.pk, organisation_id=guest.pk, role="partner"
    )
    actor = member_actor(guest)
    client = client_of(actor)
    pages = [
        at(filled),
        at(filled, "papers/application_form/"),
        at(filled, "papers/application_form/paper.pdf"),
    ]

    assert [client.get(page).status_code for page in [*pages, at(filled, "cover.pdf")]] == [403] * 4
    assert client.get(f"/application-documents/{document.pk}/").status_code == 404

    commands.answer_invitation(actor=actor, member_id=invited.pk, accept=True)
    assert [client.get(page).status_code for page in pages] == [200] * 3
    assert client.get(f"/application-documents/{document.pk}/").status_code == 200


def test_writer_uploads_but_is_offered_no_signature(filled: Filled) -> None:
    organisation = Organisation.objects.get(pk=filled.lead.organisation or 0)
    client = client_of(member_actor(organisation, OrganisationRole.WRITER))

    page = soup(client.get(at(filled, "papers/application_form/")))

    assert not page.select_one("input[name=agreed]")
    assert page.select_one("input[name=code]")
    assert "서명할 수 있는 사람이 아닙니다" in soup(client.get(at(filled, "sign/"))).get_text()


def test_text_from_people_is_never_html_in_a_paper(filled: Filled) -> None:
    commands.update_overview(
        actor=filled.lead,
        application_id=filled.application.pk,
        title="<script>alert(1)</script>",
        summary="<img src=x onerror=alert(1)>",
        fields=["solution"],
    )

    page = soup(client_of(filled.lead).get(at(filled, "papers/application_form/")))

    assert not page.select(".doc-paper script, .doc-paper img")
    assert "<script>alert(1)</script>" in page.select(".doc-paper")[0].get_text()


def test_documents_page_costs_the_same_for_any_consortium() -> None:
    costs = []
    for partners, slug in ((1, "small"), (8, "large")):
        filled = ready_to_sign(partners, slug=slug)
        sign(filled.lead, filled.application, ("application_form", None))
        client = client_of(filled.lead)
        client.get(at(filled))
        with CaptureQueriesContext(connection) as queries:
            client.get(at(filled))
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[0] <= 10, costs


def test_submitted_papers_stand_as_they_were(filled: Filled) -> None:
    for actor in filled.actors.values():
        keys = [("consortium_agreement", None), ("intent", own(filled, actor).pk)]
        keys += [("application_form", None)] if actor == filled.lead else []
        sign(actor, filled.application, *keys)
    commands.submit(actor=filled.lead, application_id=filled.application.pk)

    page = soup(client_of(filled.lead).get(at(filled)))

    assert "서류가 모두 준비되었습니다" in page.get_text()
    assert Application.objects.get(pk=filled.application.pk).state == "submitted"
