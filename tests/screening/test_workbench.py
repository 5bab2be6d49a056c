"""The officers' list: filters, views, one act on many, reminders, hand-over, export."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.queries import history
from gongmo.parties.models import Person
from gongmo.screening import commands
from gongmo.screening.models import ReviewDigest, SavedView
from gongmo.screening.queries.digests import stale_reviews
from gongmo.screening.queries.handover import DutyKind, open_work
from gongmo.screening.queries.requests import open_requests
from gongmo.screening.queries.workbench import Filters, workbench
from gongmo.screening.states import ReviewState
from tests.builders import make_agency_officer, make_applicant, make_ministry_officer
from tests.custody.reasons import say_why
from tests.screening.builders import AT_REVIEW, Reviewed, excluded, found_out, in_review

pytestmark = pytest.mark.django_db

DUE = AT_REVIEW + timedelta(days=5)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="gongmo.notices.people.SignedIn")
    return client


def shown(found: Reviewed, query: str, actor: Actor | None = None) -> list[int]:
    """Places of the applications that a query of the list leaves."""
    from django.http import QueryDict

    with clock.at(AT_REVIEW):
        rows = workbench(actor or found.agency, found.call, Filters.read(QueryDict(query).dict())).rows
    places = {item.application.pk: place for place, item in enumerate(found.items)}
    return [places[row.application_id] for row in rows]


def ask(found: Reviewed, place: int = 0) -> int:
    with clock.at(AT_REVIEW):
        asked = commands.request_supplement(
            actor=found.agency, application_id=found.items[place].application.pk, what="표를 다시", due_at=DUE
        )
    return asked.pk


def test_the_list_is_narrowed_by_what_is_open_and_by_whom_is_waited_for() -> None:
    found = in_review(4)
    ask(found, 0)
    with clock.at(AT_REVIEW):
        found_out(found, found.partner(1), Truth.UNKNOWN, FactSource.REGISTER, place=1)
        excluded(found, 2)
    assert shown(found, "supplements=yes") == [0]
    assert shown(found, "waits=applicant") == [0]
    assert shown(found, "unknown=yes") == [1]
    assert shown(found, "excluded=yes") == [2]
    assert shown(found, "waits=officer") == [1, 3]
    assert shown(found, "state=excluded&unknown=yes") == []
    assert shown(found, "sort=due")[0] == 0


def test_the_list_is_searched_by_name_organisation_and_receipt_number() -> None:
    found = in_review(2)
    application = found.items[1].application
    receipt = application.submissions.get().receipt_number
    assert shown(found, f"q={found.partner(1).name}") == [1]
    assert shown(found, f"q={receipt}") == [1]
    assert shown(found, f"region={application.region_id}") == [1]
    assert shown(found, "q=없는 이름") == []


def test_a_query_that_means_nothing_filters_nothing() -> None:
    found = in_review(1)
    assert shown(found, "state=no&waits=x&officer=a&sort=up&unknown=1&region=%00") == [0]
    filters = Filters.read(
        {"state": "open", "q": " 가  나 ", "unknown": "yes", "sort": "due", "officer": "me"}
    )
    assert Filters.read(dict(pair.split("=") for pair in filters.query().split("&") if "q=" not in pair)) == (
        Filters(state="open", flags=frozenset({"unknown"}), sort="due", officer="me")
    )


def test_sums_follow_the_record_and_the_passing_of_deadlines() -> None:
    found = in_review(1)
    assert shown(found, "") == [0]
    digest = ReviewDigest.objects.get()
    assert (digest.failed, digest.unknown, digest.excluded) == (0, 0, [])
    with clock.at(AT_REVIEW):
        assert stale_reviews(found.call) == []
        commands.demand_proof(
            actor=found.agency,
            application_id=found.items[0].application.pk,
            organisation_id=found.partner().pk,
            fact="arrears",
            due_at=DUE,
        )
        assert len(stale_reviews(found.call)) == 1
    shown(found, "")
    digest.refresh_from_db()
    assert (digest.failed, digest.unknown, digest.until) == (0, 1, DUE)
    with clock.at(DUE):
        workbench(found.agency, found.call, Filters())
    digest.refresh_from_db()
    assert (digest.failed, digest.unknown, digest.until) == (1, 0, None)


def test_officers_are_put_in_charge_and_their_own_list_shows_it() -> None:
    found = in_review(3)
    chosen = [found.review(place).pk for place in (0, 2)]
    with clock.at(AT_REVIEW):
        changed = commands.assign_officer(
            actor=found.agency, call_id=found.call.pk, review_ids=chosen, officer_id=found.second.person
        )
        again = commands.assign_officer(
            actor=found.agency, call_id=found.call.pk, review_ids=chosen, officer_id=found.second.person
        )
    assert (len(changed), len(again)) == (2, 0)
    assert shown(found, "officer=me", found.second) == [0, 2]
    assert shown(found, "officer=none") == [1]
    with clock.at(AT_REVIEW):
        for stranger in (make_agency_officer(), make_ministry_officer(), found.items[0].lead):
            with pytest.raises(BadInput):
                commands.assign_officer(
                    actor=found.agency, call_id=found.call.pk, review_ids=chosen, officer_id=stranger.person
                )


def test_everything_open_is_handed_over_in_one_act_with_its_history() -> None:
    found = in_review(3)
    with clock.at(AT_REVIEW):
        commands.assign_officer(
            actor=found.agency,
            call_id=found.call.pk,
            review_ids=[found.review(place).pk for place in range(3)],
            officer_id=found.agency.person,
        )
        commands.decide_eligible(actor=found.agency, review_id=found.review(2).pk)
    ask(found, 1)
    with clock.at(AT_REVIEW):
        assert found.agency.person is not None
        assert found.second.person is not None
        moved = commands.hand_over(
            actor=found.agency,
            call_id=found.call.pk,
            from_officer=found.agency.person,
            to_officer=found.second.person,
            note="보완 답변을 기다립니다.",
        )
        assert [duty.kind for duty in moved] == [DutyKind.REVIEW, DutyKind.REVIEW, DutyKind.SUPPLEMENT]
        assert list(open_work(found.agency, found.call)) == [found.second.person]
        # What is decided stays with whoever decided it.
        assert found.review(2).officer_id == found.agency.person
        with pytest.raises(Refused) as nothing:
            commands.hand_over(
                actor=found.agency,
                call_id=found.call.pk,
                from_officer=found.agency.person,
                to_officer=found.second.person,
                note="다시",
            )
    assert nothing.value.code == "nothing_to_hand_over"
    assert history("review", found.review(0).pk)[0].act == "screening.take_over"


def test_the_same_is_asked_of_many_and_what_cannot_be_asked_is_told() -> None:
    found = in_review(3)
    with clock.at(AT_REVIEW):
        commands.decide_eligible(actor=found.agency, review_id=found.review(1).pk)
        done, held = commands.request_supplements(
            actor=found.agency,
            call_id=found.call.pk,
            review_ids=[found.review(place).pk for place in range(3)],
            what="계획서를 다시 내 주세요.",
            due_at=DUE,
            opened=["document:plan:"],
        )
    assert done == 2
    assert [(each.review.pk, each.why.code) for each in held] == [(found.review(1).pk, "review_state")]
    assert [found.review(place).state for place in range(3)] == ["supplement", "eligible", "supplement"]


def test_open_requests_are_reminded_of_in_one_act_and_not_again_within_the_hour() -> None:
    found = in_review(2)
    first, second = ask(found, 0), ask(found, 1)
    with clock.at(AT_REVIEW + timedelta(hours=1)):
        assert [each.key for each in open_requests(found.agency, found.call)] == [
            f"supplement-{first}",
            f"supplement-{second}",
        ]
        assert commands.remind(actor=found.agency, call_id=found.call.pk, supplement_ids=[first]) == 1
        assert commands.remind(actor=found.agency, call_id=found.call.pk, supplement_ids=[first, second]) == 1
        with pytest.raises(Refused):
            commands.remind(actor=found.agency, call_id=found.call.pk, supplement_ids=[first, second])
    with clock.at(AT_REVIEW + timedelta(hours=2, minutes=1)):
        assert commands.remind(actor=found.agency, call_id=found.call.pk, supplement_ids=[first, second]) == 2
    with clock.at(DUE), pytest.raises(Refused):
        commands.remind(actor=found.agency, call_id=found.call.pk, supplement_ids=[first])


def test_views_are_one_officers_own() -> None:
    found = in_review(1)
    with clock.at(AT_REVIEW):
        view = commands.save_view(
            actor=found.agency, call_id=found.call.pk, name="내 일", filters=Filters(state="open")
        )
        commands.save_view(
            actor=found.agency, call_id=found.call.pk, name="내 일", filters=Filters(officer="me")
        )
        assert [each.query for each in SavedView.objects.all()] == ["officer=me"]
        with pytest.raises(NotFound):
            commands.forget_view(actor=found.second, view_id=view.pk)
        with pytest.raises(NotAllowed):
            commands.save_view(
                actor=make_ministry_officer(), call_id=found.call.pk, name="보기", filters=Filters()
            )
        commands.forget_view(actor=found.agency, view_id=view.pk)
    assert not SavedView.objects.exists()


def test_only_the_operator_acts_on_many_and_only_in_its_call() -> None:
    found = in_review(1)
    pk = found.review().pk
    with clock.at(AT_REVIEW):
        for actor, refusal in (
            (make_ministry_officer(), NotAllowed),
            (make_applicant(), NotFound),
            (make_agency_officer(), NotFound),
        ):
            with pytest.raises(refusal):
                commands.send_notice(
                    actor=actor, call_id=found.call.pk, review_ids=[pk], title="안내", text="내용"
                )
            with pytest.raises(refusal):
                commands.remind(actor=actor, call_id=found.call.pk, supplement_ids=[1])
            with pytest.raises(refusal):
                commands.hand_over(
                    actor=actor, call_id=found.call.pk, from_officer=1, to_officer=2, note="인계"
                )


def test_officers_work_on_many_from_the_page_and_a_field_s_enter_decides_nothing() -> None:
    found = in_review(2)
    address = f"/screening/{found.call.slug}/"
    chosen = [found.review(place).pk for place in range(2)]
    client = signed_in(found.agency)
    with clock.at(AT_REVIEW):
        enter = client.post(f"{address}many/", {"review": chosen, "act": "", "title": "안내"})
        assert (enter.status_code, found.review().state) == (422, ReviewState.OPEN)
        assert "무엇을 할지 골라 주세요." in enter.content.decode()
        assigned = client.post(
            f"{address}many/",
            {"review": chosen, "act": "assign", "officer": found.second.person, "query": "state=open"},
            follow=True,
        )
        assert assigned.redirect_chain[-1][0] == f"{address}?state=open"
        assert "2건의 담당자를 정했습니다." in assigned.content.decode()
        told = client.post(
            f"{address}many/",
            {"review": chosen, "act": "notice", "title": "안내", "text": "평가 일정을 알립니다."},
            follow=True,
        )
        assert "신청 2건의 기관에 안내를 보냈습니다." in told.content.decode()
        saved = client.post(f"{address}views/", {"name": "열린 것", "query": "state=open"}, follow=True)
        assert "열린 것" in saved.content.decode()
        late = client.post(
            f"{address}many/",
            {"review": chosen, "act": "supplement", "what": "표", "due_at": "2030-01-01T00:00"},
        )
        assert (late.status_code, "기한은 지금보다 뒤로" in late.content.decode()) == (422, True)


def test_the_list_is_exported_as_filtered_and_no_cell_is_a_formula() -> None:
    found = in_review(2)
    with clock.at(AT_REVIEW):
        excluded(found, 1)
        client = signed_in(found.agency)
        client.get(f"/screening/{found.call.slug}/")
        say_why(client, f"/screening/{found.call.slug}/reviews.xlsx?state=excluded")
        answer = client.get(f"/screening/{found.call.slug}/reviews.xlsx?state=excluded")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    assert rows[1][1] == found.items[1].application.title
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    with clock.at(AT_REVIEW):
        assert (
            signed_in(found.items[0].lead).get(f"/screening/{found.call.slug}/reviews.xlsx").status_code
            == 404
        )


def test_the_page_of_requests_reminds_and_the_page_of_hand_overs_hands_over() -> None:
    found = in_review(1)
    asked = ask(found)
    client = signed_in(found.agency)
    address = f"/screening/{found.call.slug}/"
    with clock.at(AT_REVIEW + timedelta(hours=1)):
        reminded = client.post(f"{address}requests/remind/", {"request": f"supplement-{asked}"}, follow=True)
        assert "1건을 다시 알렸습니다." in reminded.content.decode()
        commands.assign_officer(
            actor=found.agency,
            call_id=found.call.pk,
            review_ids=[found.review().pk],
            officer_id=found.agency.person,
        )
        refused = client.post(f"{address}handover/", {"from_officer": found.agency.person})
        assert refused.status_code == 422
        handed = client.post(
            f"{address}handover/",
            {"from_officer": found.agency.person, "to_officer": found.second.person, "note": "확인 부탁"},
            follow=True,
        ).content.decode()
        assert "열린 일 2건을 인계했습니다." in handed
        assert handed.count("확인 부탁") == 1


def test_lists_take_the_same_queries_however_long(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    found = in_review(4)
    for place in range(4):
        ask(found, place)
    client = signed_in(found.agency)
    with clock.at(AT_REVIEW):
        client.get(f"/screening/{found.call.slug}/")
        say_why(client, f"/screening/{found.call.slug}/reviews.xlsx")
        for path, most in (("requests/", 9), ("handover/", 17), ("reviews.xlsx", 7)):
            with django_assert_max_num_queries(most):
                assert client.get(f"/screening/{found.call.slug}/{path}").status_code == 200
