"""The evaluation's pages: the desk without JavaScript, the operator's stages and committee, the ranking for those who oversee."""

import re
from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gongmo.evaluation.models import Committee, Ranking, ScoreSheet, Seat
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from tests.builders import make_agency_officer, make_applicant, make_ministry_officer
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    both_stages,
    committee,
    eligible,
    fill,
    fixed,
    make_expert,
    opened,
    ready,
    scored,
    seated,
)
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db


def get(actor: Actor | None, address: str) -> tuple[int, str]:
    client = Client() if actor is None else signed_in(actor)
    with clock.at(AT_EVALUATION):
        response = client.get(address)
    return response.status_code, response.content.decode() if not response.streaming else ""


def post(actor: Actor, address: str, **given: object) -> tuple[int, str]:
    with clock.at(AT_EVALUATION):
        response = signed_in(actor).post(address, given, follow=True)
    return response.status_code, response.content.decode()


def read(html: str) -> str:
    """What a reader sees of the page's body: ids in addresses and tokens may hold any digits."""
    return re.sub(r"<[^>]*>", " ", html.split("<main")[1].split("</main>")[0])


def stages(found: Evaluated) -> str:
    return f"/evaluation/{found.call.slug}/"


def test_an_operator_forms_a_committee_on_the_page_and_a_refusal_keeps_the_choice() -> None:
    found = eligible(1)
    experts = [make_expert(number) for number in range(4)]
    ids = [expert.evaluator.pk for expert in experts]
    address = f"{stages(found)}committee/form/"
    status, html = post(found.agency, address, name="평가위원회", member=ids[:2], chair=ids[0])
    assert (status, "연구계" in html) == (HTTPStatus.CONFLICT, True)
    assert f'name="member" value="{ids[1]}"' in html
    assert html.count(" checked") >= 3
    status, html = post(
        found.agency, address, name="평가위원회", member=ids[:3], chair=ids[0], reserve=ids[3]
    )
    assert (status, "위촉을 요청했습니다" in html) == (HTTPStatus.OK, True)
    assert Committee.objects.get().seats.filter(reserve=True).count() == 1


def test_the_operators_pages_are_not_there_for_others() -> None:
    found = both_stages([90, 80])
    others = [
        found.experts[0].actor,
        found.items[0].lead,
        make_agency_officer(),
        make_applicant(),
        None,
    ]
    for actor in others:
        for path in ("", "committee/", "ranking/"):
            assert get(actor, stages(found) + path)[0] == HTTPStatus.NOT_FOUND
    ministry = make_ministry_officer()
    assert get(ministry, stages(found) + "committee/")[0] == HTTPStatus.NOT_FOUND
    # The ministry reads who is how far, without a door to any act.
    status, html = get(ministry, stages(found))
    assert (status, "<form" in html.split("<main")[1].split("</main>")[0]) == (HTTPStatus.OK, False)
    for actor in others[:-1]:
        assert actor is not None
        assert post(actor, stages(found) + "fix/")[0] == HTTPStatus.NOT_FOUND
    assert post(ministry, stages(found) + "fix/", confirm=found.call.slug)[0] == HTTPStatus.FORBIDDEN
    assert not Ranking.objects.exists()


def test_the_ministry_reads_the_ranking_once_it_is_fixed_and_no_points_before() -> None:
    found = both_stages([90, 80])
    ministry = make_ministry_officer()
    _, before = get(ministry, stages(found) + "ranking/")
    assert ("아직 순위를 확정하지 않았습니다" in before, re.findall(r"\b90\b", read(before))) == (True, [])
    fixed(found)
    _, after = get(ministry, stages(found) + "ranking/")
    assert ("재계산 확인됨" in after, "90.00" in after, found.experts[0].evaluator.label in after) == (
        True,
    ) * 3
    assert "담당자 A" not in after.replace(ministry.name, "담당자 A", 0).split('class="gm-ranking')[1]
    assert "/fix/" not in after


def test_the_operator_goes_from_stage_to_stage_on_the_page() -> None:
    found = ready(2)
    _, html = get(found.agency, stages(found))
    assert "다음은 서면평가입니다" in html
    _, html = post(found.agency, stages(found) + "open/", stage="desk")
    words = read(html)
    assert ("평가표 6건이 남았습니다" in html, re.search(r"\b51(\.0+)?\b", words)) == (True, None)
    fill(found, 0, 0, 85)
    _, html = get(found.agency, stages(found))
    assert "평가표 5건이 남았습니다" in html
    status, html = post(
        found.agency,
        stages(found) + "lock/",
        confirm=found.call.slug,
        run=ScoreSheet.objects.values_list("run", flat=True)[0],
    )
    assert (status, "아직 확정하지 않은 평가표가 5건 있습니다" in html) == (HTTPStatus.CONFLICT, True)
    for expert in range(3):
        for item in range(2):
            if (expert, item) != (0, 0):
                fill(found, expert, item, 80)
    _, html = post(
        found.agency,
        stages(found) + "lock/",
        confirm=found.call.slug,
        run=ScoreSheet.objects.values_list("run", flat=True)[0],
    )
    assert "다음은 대면평가입니다" in html
    scored(found, "presentation", [70, 90])
    _, html = get(found.agency, stages(found) + "ranking/")
    assert "순위 확정하기" in html
    status, html = post(found.agency, stages(found) + "fix/")
    assert (status, Ranking.objects.exists()) == (HTTPStatus.UNPROCESSABLE_ENTITY, False)
    _, html = post(found.agency, stages(found) + "fix/", confirm=found.call.slug)
    assert ("순위를 확정했습니다." in html, "재계산 확인됨" in html) == (True, True)


def test_a_tie_is_shown_and_decided_on_the_page() -> None:
    found = both_stages([90, 80, 80])
    _, html = get(found.agency, stages(found) + "ranking/")
    assert (
        "선정선에 동점 2건이 걸려 있습니다" in html,
        "선정선에 걸린 동점을 먼저 의결해 주세요" in html,
    ) == (
        True,
        True,
    )
    first, second = found.application(2), found.application(1)
    same = {f"place-{first}": "1", f"place-{second}": "1"}
    status, html = post(found.agency, stages(found) + "tie/", reason="지역 균형", back="ranking", **same)
    assert (status, "순서가 겹칩니다" in html) == (HTTPStatus.CONFLICT, True)
    assert ("아직 확정하지 않은 순위" in html, "지역 균형" in html) == (True, True)
    status, _ = post(
        found.agency,
        stages(found) + "tie/",
        reason="지역 균형",
        stage="",
        **{f"place-{first}": "1", f"place-{second}": "2"},
    )
    assert status == HTTPStatus.OK
    assert fixed(found)


def test_a_tie_is_asked_loudly_only_where_its_order_changes_something() -> None:
    found = both_stages([90, 90, 80, 80])
    _, html = get(found.agency, stages(found) + "ranking/")
    words = read(html)
    assert ("예비 첫째 자리가 동점 2건입니다" in words, "정하지 않아도 되는 동점 1건" in words) == (
        True,
        True,
    )
    assert ("선정선에 동점" in words, "먼저 의결해 주세요" in words) == (False, False)


def test_a_changed_result_is_told_on_the_page() -> None:
    found = both_stages([90, 80])
    held = fixed(found)
    Ranking.objects.filter(pk=held.pk).update(result=held.result.replace("90", "91", 1))
    _, html = get(found.agency, stages(found) + "ranking/")
    assert "재계산 결과가 다릅니다" in html


def test_the_way_of_a_score_is_on_the_page() -> None:
    found = ready(1)
    scored(found, "desk", [75])
    scored(found, "presentation", [85])
    fixed(found)
    _, html = get(found.agency, stages(found) + "ranking/")
    for words in (
        "<strong>75</strong>" if "<strong>75</strong>" in html else "75.00",
        "40 %",
        "60 %",
        "81.00",
    ):
        assert words in html


def test_the_lead_asks_for_a_substitute_and_the_operator_consents() -> None:
    found = ready(1)
    item = found.items[0]
    address = f"/applications/{item.application.pk}/presenter/"
    status, html = post(item.lead, address, organisation="", presenter="담당자 B", reason="출장")
    assert (status, 'value="담당자 B"' in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    _, html = post(
        item.lead, address, organisation=found.reviewed.partner().pk, presenter="담당자 B", reason="출장"
    )
    assert "대리 발표 동의를 요청했습니다." in html
    partner = found.items[0].actors[found.reviewed.partner().pk]
    assert (get(partner, address)[0], post(partner, address)[0]) == (HTTPStatus.OK, HTTPStatus.NOT_FOUND)
    _, html = get(found.agency, stages(found))
    assert "담당자 B" in html
    asked = item.application.substitute.pk
    _, html = post(found.agency, stages(found) + "substitute/", substitute=asked, consent="yes")
    assert "대리 발표에 동의했습니다." in html


def test_a_visit_is_asked_for_at_the_desk_and_recorded_by_the_operator() -> None:
    found = ready(1)
    scored(found, "desk", [80])
    opened(found, "presentation")
    sheet = found.sheet(0, 0, "presentation")
    _, html = post(found.experts[0].actor, f"/desk/sheets/{sheet.pk}/visit/", reason="설비 확인")
    assert "현장평가가 필요하다고 기록했습니다." in html
    visit = found.items[0].application.site_visit.pk
    status, html = post(
        found.agency, stages(found) + "visit/", visit=visit, visited_on="", memo="설비를 보았습니다."
    )
    assert (status, "설비를 보았습니다." in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    _, html = post(
        found.agency,
        stages(found) + "visit/",
        visit=visit,
        visited_on="2030-03-27",
        memo="설비를 보았습니다.",
    )
    assert "현장평가를 기록했습니다." in html


def test_challenge_and_leaving_are_recorded_on_the_committee_page() -> None:
    found = seated(committee(eligible(1), count=5))
    opened(found)
    address = f"{stages(found)}committee/"
    _, html = post(
        found.agency,
        address + "challenge/",
        seat=found.seat(4).pk,
        application=found.application(0),
        reason="같은 과제",
    )
    assert "기피를 기록하고" in html
    _, html = post(found.agency, address + "leave/", seat=found.seat(3).pk, reason="사퇴")
    assert "위원의 회피를 기록했습니다." in html
    assert Seat.objects.get(pk=found.seat(3).pk).state == "recused"


@pytest.mark.parametrize(("applications", "page", "most"), [(2, "ranking/", 12), (3, "ranking/", 12)])
def test_the_ranking_takes_the_same_queries_however_many_applications(
    applications: int, page: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    found = both_stages([90, 80, 70][:applications])
    fixed(found)
    client = signed_in(found.agency)
    client.get(stages(found) + page)
    with clock.at(AT_EVALUATION), django_assert_max_num_queries(most):
        assert client.get(stages(found) + page).status_code == HTTPStatus.OK


@pytest.mark.parametrize("applications", [1, 3])
def test_stages_take_the_same_queries_however_many_sheets(
    applications: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    found = ready(applications)
    opened(found)
    agency = signed_in(found.agency)
    with clock.at(AT_EVALUATION), django_assert_max_num_queries(18):
        assert agency.get(stages(found)).status_code == HTTPStatus.OK
