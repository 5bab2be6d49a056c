"""The evaluator's desk in the browser's terms: pledging, declaring, scoring by form and by fields, locking, papers, blind stages."""

import json
import re
import time
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from gongmo.evaluation import commands
from gongmo.evaluation.models import EvaluatorNote
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.ledger.models import Entry
from gongmo.parties.models import Person
from gongmo.parties.recent import SIGNED_IN_AT
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    committee,
    eligible,
    fill,
    opened,
    ready,
    with_evaluation,
)
from tests.evaluation.test_pages import get, post, read
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db
GIVEN = {"points-1-1": "15", "points-1-2": "16.5", "points-2-1": "50", "overall_opinion": "의견"}


def sheet_page(found: Evaluated, expert: int = 0, item: int = 0) -> str:
    return f"/desk/sheets/{found.sheet(expert, item).pk}/"


def save(actor: Actor | None, address: str, *changes: tuple[str, Any, int]) -> tuple[int, dict[str, Any]]:
    client = Client() if actor is None else signed_in(actor)
    body = {"changes": [{"path": path, "value": value, "base": base} for path, value, base in changes]}
    with clock.at(AT_EVALUATION):
        answer = client.post(f"{address}save/", json.dumps(body), content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def test_an_expert_pledges_declares_and_sees_what_is_left_and_next() -> None:
    found = committee(eligible(2))
    expert, seat = found.experts[0].actor, found.seat(0)
    status, html = post(expert, f"/desk/{seat.pk}/answer/", answer="accept")
    assert (status, "서약에 동의해 주세요" in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    _, html = post(expert, f"/desk/{seat.pk}/answer/", answer="accept", pledge="yes")
    assert "이해충돌을 먼저 신고해 주세요" in html
    for place in (1, 2):
        with clock.at(AT_EVALUATION):
            commands.pledge(actor=found.experts[place].actor, seat_id=found.seat(place).pk)
    opened(found)
    answers = {f"conflict-{found.application(place)}": "no" for place in (0, 1)}
    _, html = post(expert, f"/desk/{seat.pk}/declare/", **answers)
    words = read(html)
    assert ("확정할 평가표가 2건 남았습니다" in words, "평가 시작하기" in words, "시작 전" in words) == (
        True,
    ) * 3
    save(expert, sheet_page(found), ("points:1-1", "15", 0))
    _, html = get(expert, f"/desk/{seat.pk}/")
    assert "이어서 평가하기" in read(html)
    _, html = get(expert, "/desk/")
    assert "확정할 평가표 2건 / 모두 2건" in " ".join(read(html).split())


def test_a_sheet_is_scored_and_locked_without_javascript() -> None:
    found = ready(1)
    opened(found)
    expert, address = found.experts[0].actor, sheet_page(found)
    status, html = post(
        expert,
        address,
        revision=0,
        **{"points-1-1": "21", "comment-1-1": "좋습니다", "overall_opinion": "의견"},
    )
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ('value="21"' in html, ">좋습니다</textarea>" in html, "0점에서 20점 사이" in html) == (True,) * 3
    status, html = post(expert, address, revision=0, **{"points-1-1": "스물", "points-1-2": "7"})
    assert (status, 'value="스물"' in html, 'value="7"' in html) == (422, True, True)
    _, html = post(expert, address, revision=0, **GIVEN)
    assert ("저장했습니다." in html, "81.5" in read(html)) == (True, True)
    status, html = post(expert, address, revision=0, **{**GIVEN, "points-1-1": "1"})
    assert (status, "다른 창에서" in html) == (HTTPStatus.CONFLICT, True)
    _, html = post(expert, address, revision=1, then="lock", **GIVEN)
    assert ("이 점수로 확정할까요" in html, "81.5" in read(html)) == (True, True)
    status, html = post(expert, f"{address}lock/", revision=1, confirm="네")
    assert (status, "‘확정’이라고 적어 주세요" in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    status, html = post(expert, f"{address}lock/", revision=0, confirm="확정")
    assert (status, "평가표가 바뀌었습니다" in html) == (HTTPStatus.CONFLICT, True)
    _, html = post(expert, f"{address}lock/", revision=1, confirm="확정")
    assert "평가표를 확정했습니다." in html
    assert found.sheet(0, 0).state == "locked"
    entry = Entry.objects.get(act="evaluation.lock_sheet")
    _, html = get(expert, address)
    assert (entry.hash in html, f"기록 {entry.sequence}번" in read(html)) == (True, True)


def test_the_page_of_locking_lists_what_is_missing_and_offers_no_way_to_lock() -> None:
    found = ready(1)
    opened(found)
    expert, address = found.experts[0].actor, sheet_page(found)
    save(expert, address, ("points:1-1", "15", 0))
    _, html = get(expert, f"{address}lock/")
    words = read(html)
    assert ("아직 확정할 수 없습니다" in words, "1-2 구체성" in words) == (True, True)
    assert 'name="confirm"' not in html
    status, _ = post(expert, f"{address}lock/", revision=1, confirm="확정")
    assert status == HTTPStatus.CONFLICT


def test_who_signed_in_long_ago_is_asked_once_more_before_locking(settings: Settings) -> None:
    settings.GONGMO_CONFIRM_MINUTES = 30
    found = ready(1)
    opened(found)
    fill(found, 0, 0, 80, lock=False)
    expert, address = found.experts[0].actor, sheet_page(found)
    assert expert.person is not None
    person = Person.objects.get(pk=expert.person)
    person.set_password("gongmo-test-password")
    person.save()
    client = signed_in(expert)
    client.force_login(person)
    session = client.session
    session[SIGNED_IN_AT] = int(time.time()) - 3600
    session.pop("account_authentication_methods", None)
    session.save()
    with clock.at(AT_EVALUATION):
        answer = client.post(f"{address}lock/", {"revision": 1, "confirm": "확정"})
    assert (answer.status_code, "reauthenticate" in answer.headers["Location"]) == (HTTPStatus.FOUND, True)
    assert found.sheet(0, 0).state == "open"


def test_fields_are_saved_over_the_line_and_the_other_window_hears_of_it() -> None:
    found = ready(1)
    opened(found)
    expert, address = found.experts[0].actor, sheet_page(found)
    status, told = save(expert, address, ("points:1-1", "15", 0), ("points:1-2", "99", 0))
    assert (status, told["revision"], [each["state"] for each in told["results"]]) == (
        200,
        1,
        ["saved", "refused"],
    )
    status, html = get(expert, f"{address}changes/?after=0")
    heard = json.loads(html)
    assert [(each["path"], each["value"], each["revision"]) for each in heard["changes"]] == [
        ("points:1-1", "15", 1)
    ]
    assert json.loads(get(expert, f"{address}changes/?after=1")[1])["changes"] == []
    assert save(None, address, ("points:1-1", "1", 0))[0] == HTTPStatus.FORBIDDEN
    for actor in (found.experts[1].actor, found.agency, found.items[0].lead):
        assert save(actor, address, ("points:1-1", "1", 0))[0] == HTTPStatus.NOT_FOUND
        assert get(actor, f"{address}changes/")[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"changes": [1]}', b'{"changes": [{"path": 1}]}', b"\xff"]
)
def test_a_save_that_cannot_be_read_is_refused(body: bytes) -> None:
    found = ready(1)
    opened(found)
    with clock.at(AT_EVALUATION):
        answer = signed_in(found.experts[0].actor).post(
            f"{sheet_page(found)}save/", body, content_type="application/json"
        )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_sheet_opens_its_documents_and_nobody_elses() -> None:
    found = ready(2)
    opened(found)
    expert = found.experts[0].actor
    sheet = found.sheet(0, 0)
    own = found.items[0].application.documents.first()
    other = found.items[1].application.documents.first()
    assert own is not None
    assert other is not None
    paper = f"/desk/sheets/{sheet.pk}/documents/{own.pk}/"
    assert get(expert, paper)[0] == HTTPStatus.OK
    assert get(expert, f"{paper}?show=page")[0] == HTTPStatus.OK
    with clock.at(AT_EVALUATION):
        part = signed_in(expert).get(f"{paper}?show=yes", headers={"range": "bytes=0-9"})
    assert (part.status_code, len(part.getvalue())) == (HTTPStatus.PARTIAL_CONTENT, 10)
    for actor, address in (
        (expert, f"/desk/sheets/{sheet.pk}/documents/{other.pk}/"),
        (found.experts[1].actor, paper),
        (found.experts[1].actor, f"/desk/sheets/{sheet.pk}/"),
        (found.agency, f"/desk/sheets/{sheet.pk}/"),
        (found.items[0].lead, f"/desk/sheets/{sheet.pk}/"),
        (None, f"/desk/sheets/{sheet.pk}/"),
        (found.experts[1].actor, f"/desk/{found.seat(0).pk}/"),
    ):
        assert get(actor, address)[0] == HTTPStatus.NOT_FOUND
    with clock.at(AT_EVALUATION):
        commands.declare_conflict(
            actor=expert, seat_id=found.seat(0).pk, application_id=found.application(0), conflict=True
        )
    assert get(expert, paper)[0] == HTTPStatus.NOT_FOUND


def test_notes_are_kept_and_dropped_on_the_page_without_javascript() -> None:
    found = ready(1)
    opened(found)
    expert, address = found.experts[0].actor, sheet_page(found)
    document = found.items[0].application.documents.first()
    assert document is not None
    _, html = post(
        expert, f"{address}notes/", kind="note", document=document.pk, page="12", text="표 3을 다시 볼 것"
    )
    assert ("표 3을 다시 볼 것" in read(html), "12쪽" in read(html)) == (True, True)
    status, html = post(expert, f"{address}notes/", kind="note", text=" ")
    assert (status, "메모를 적어 주세요" in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    held = EvaluatorNote.objects.get()
    assert (
        post(found.experts[1].actor, f"{sheet_page(found, 1)}notes/{held.pk}/drop/")[0]
        == HTTPStatus.NOT_FOUND
    )
    _, html = post(expert, f"{address}notes/{held.pk}/drop/")
    assert "표 3을 다시 볼 것" not in html


def test_own_points_stand_in_their_order_with_links_and_nobody_elses() -> None:
    found = ready(2)
    run = opened(found)
    fill(found, 0, 0, 70, lock=False)
    fill(found, 0, 1, 95, lock=False)
    fill(found, 1, 0, 35, lock=False)
    _, html = get(found.experts[0].actor, f"/desk/scores/{run.pk}/")
    words = read(html)
    assert words.index(found.items[1].application.title) < words.index(found.items[0].application.title)
    assert (re.search(r"\b95\b", words) is not None, re.search(r"\b35\b", words)) == (True, None)
    for actor in (found.agency, found.items[0].lead, None):
        assert get(actor, f"/desk/scores/{run.pk}/")[0] == HTTPStatus.NOT_FOUND


def blind() -> Evaluated:
    stages = [
        {
            "id": "desk",
            "clause": "T-1",
            "name": {"ko": "서면", "en": "Desk"},
            "weight": "100",
            "blind": {"clause": "T-1"},
        }
    ]
    found = ready(2, definition=with_evaluation(stages=stages))
    opened(found)
    return found


def test_a_blind_stage_hides_title_organisations_and_file_names_on_every_page_of_the_desk() -> None:
    found = blind()
    expert = found.experts[0].actor
    hidden = [each.application.title for each in found.items]
    hidden += [m.organisation.name for each in found.items for m in each.application.members.all()]
    run = found.sheet(0, 0).run_id
    names = [document.name for document in found.items[0].application.documents.all()]
    for address in (f"/desk/{found.seat(0).pk}/", f"/desk/scores/{run}/", sheet_page(found)):
        html = get(expert, address)[1].split("<main")[1]
        assert [name for name in hidden if name in html] == []
    assert [name for name in names if name in get(expert, sheet_page(found))[1]] == []
    words = [read(get(expert, sheet_page(found, 0, item))[1]) for item in (0, 1)]
    titles = {title for page in words for title in re.findall(r"신청 [12]\b", page)}
    assert titles == {"신청 1", "신청 2"}


def test_a_blind_stages_files_go_out_under_the_name_of_their_kind() -> None:
    found = blind()
    document = found.items[0].application.documents.first()
    assert document is not None
    with clock.at(AT_EVALUATION):
        answer = signed_in(found.experts[0].actor).get(f"{sheet_page(found)}documents/{document.pk}/")
    assert document.name not in answer.headers["Content-Disposition"]
    assert get(found.experts[0].actor, f"{sheet_page(found)}documents/{document.pk}/?show=page")[0] == 404


def test_the_operator_is_told_where_names_are_left_in_papers_of_a_blind_stage() -> None:
    found = blind()
    status, html = get(found.agency, f"/evaluation/{found.call.slug}/blind/desk/")
    assert (status, "가리지 못하는 것" in html) == (HTTPStatus.OK, True)
    assert (
        get(found.experts[0].actor, f"/evaluation/{found.call.slug}/blind/desk/")[0] == HTTPStatus.NOT_FOUND
    )
    assert get(found.agency, f"/evaluation/{found.call.slug}/blind/site/")[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("count", [1, 3])
def test_the_sheet_and_the_desk_take_the_same_queries_however_many_applications(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    found = ready(count)
    opened(found)
    for item in range(count):
        fill(found, 0, item, 70, lock=False)
    client = signed_in(found.experts[0].actor)
    for address, most in ((sheet_page(found), 17), (f"/desk/{found.seat(0).pk}/", 9)):
        with clock.at(AT_EVALUATION):
            client.get(address)
            with django_assert_max_num_queries(most):
                assert client.get(address).status_code == HTTPStatus.OK
