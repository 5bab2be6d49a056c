"""The pages of the duplication check and of the corpus, without JavaScript."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.numbers import Kind, token
from gongmo.parties.models import Person
from gongmo.similarity import commands
from gongmo.similarity.models import CorpusImport, EarlierProject, Judgement
from gongmo.tasks import run_waiting
from tests.awards.builders import make_evaluators
from tests.builders import make_agency_officer, make_ministry_officer, officer
from tests.screening.builders import AT_REVIEW, in_review
from tests.similarity.builders import TOLD, brought_in, listed, others, retell, similar_definition

pytestmark = pytest.mark.django_db


def client(actor: Actor) -> Client:
    made = Client()
    made.force_login(Person.objects.get(pk=actor.person), backend="gongmo.notices.people.SignedIn")
    return made


def words(html: bytes) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_an_officer_sees_the_texts_beside_each_other_judges_and_concludes() -> None:
    brought_in()
    made = in_review(2, similar_definition())
    application = made.items[0].application
    retell(application)
    with clock.at(AT_REVIEW + timedelta(hours=1)):
        commands.look(application_id=application.pk)
        browser = client(made.agency)
        base = f"/screening/{made.call.slug}/{token(application.pk, Kind.APPLICATION)}/similar/"
        project = EarlierProject.objects.get(number="가상-1")

        overview = browser.get(f"/screening/{made.call.slug}/similar/")
        page = browser.get(base)
        refused = browser.post(
            f"{base}judge/", {"project": project.pk, "verdict": "same", "organisation": application.lead_id}
        )
        judged = browser.post(
            f"{base}judge/",
            {
                "project": project.pk,
                "verdict": "not_same",
                "organisation": application.lead_id,
                "reason": "대상 공정이 다릅니다.",
            },
            follow=True,
        )
        concluded = browser.post(f"{base}conclude/", {"conclusion": "모두 살폈습니다."}, follow=True)
        review = browser.get(f"/applications/{application.pk}/similar/")

    assert "판단할 유사 과제가 1건 있습니다" in words(overview.content)
    soup = BeautifulSoup(page.content, "html.parser")
    numbers = [link["href"] for link in soup.select(".sim-side:first-child a.sim-number")]
    assert numbers
    assert all(
        soup.select_one(f".sim-side:last-child {href.replace('#', '#')}") is not None for href in numbers
    )
    assert "카메라로" in {mark.get_text() for mark in soup.select("mark.sim-word")}
    assert refused.status_code == 422
    assert "왜 그렇게 판단했는지" in words(refused.content)
    assert "판단을 기다리는 유사 과제가 없습니다" in words(judged.content)
    assert "중복성 검토를 마쳤습니다" in words(concluded.content)
    assert review.headers["Location"] == base
    assert Judgement.objects.get().judged_by_id == made.agency.person


def test_a_list_is_uploaded_looked_at_brought_in_and_found() -> None:
    browser = client(make_agency_officer())
    file = SimpleUploadedFile(
        "과제.csv", listed([TOLD, ("x", "", "", "", "", "", "", ""), *others(3)]).getvalue()
    )

    begun = browser.post("/corpus/begin/", {"name": "국가 목록", "file": file}, follow=True)
    made = CorpusImport.objects.get()
    confirmed = browser.post(f"/corpus/imports/{made.pk}/confirm/", follow=True)
    run_waiting(only="similarity.")
    done = browser.get(f"/corpus/imports/{made.pk}/")
    found = browser.get("/corpus/find/", {"q": "압연 소재 긁힘 카메라"})
    numbered = browser.get("/corpus/find/", {"q": "가상-1"})

    assert "압연 소재 결함 판독 장치" in words(begun.content)
    assert "과제명이 비어 있어" in words(begun.content)
    assert "가져오고 있습니다" in words(confirmed.content)
    assert "과제 4건을 더했습니다" in words(done.content)
    assert "압연 소재 결함 판독 장치" in words(found.content)
    assert "압연 소재 결함 판독 장치" in words(numbered.content)


def test_a_file_that_cannot_be_read_is_told_with_the_name_kept() -> None:
    browser = client(make_agency_officer())

    answer = browser.post(
        "/corpus/begin/", {"name": "국가 목록", "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    )

    assert answer.status_code == 422
    assert 'value="국가 목록"' in answer.content.decode()


def test_text_of_a_list_is_data() -> None:
    evil = (
        "<b>1</b>",
        "<script>alert(1)</script> 과제",
        "<i>",
        "2020",
        "",
        "",
        "<img src=x> 목표입니다 목표입니다",
        "내용입니다",
    )
    brought_in(rows=[evil])
    project = EarlierProject.objects.get()

    page = client(make_agency_officer()).get(f"/corpus/projects/{project.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_neither_applicants_nor_evaluators_nor_strangers_know_of_the_pages() -> None:
    brought_in()
    made = in_review(1, similar_definition())
    application = made.items[0].application
    commands.look(application_id=application.pk)
    paths = (
        f"/screening/{made.call.slug}/similar/",
        f"/screening/{made.call.slug}/{token(application.pk, Kind.APPLICATION)}/similar/",
        f"/applications/{application.pk}/similar/",
    )

    for actor in (
        made.items[0].lead,
        make_evaluators(1)[0][1],
        make_agency_officer(),
        officer(Role.OPERATOR, None),
    ):
        assert {client(actor).get(path).status_code for path in paths} == {404}
    for actor in (made.items[0].lead, make_evaluators(1)[0][1]):
        assert client(actor).get("/corpus/").status_code == 404
        assert client(actor).get("/corpus/find/", {"q": "압연"}).status_code == 404
    assert [client(make_ministry_officer()).get(path).status_code for path in paths] == [200, 200, 302]


def test_the_call_s_page_costs_the_same_for_many_applications(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    brought_in()
    made = in_review(3, similar_definition())
    for item in made.items:
        retell(item.application)
        commands.look(application_id=item.application.pk)
    browser = client(made.agency)
    path = f"/screening/{made.call.slug}/similar/"
    browser.get(path)

    with django_assert_max_num_queries(20):
        browser.get(path)
