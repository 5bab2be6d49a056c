"""The page that checks and submits: links to fields, the last millisecond, what is shouted before, and requests that are sent again."""

import re
import time
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands
from gongmo.applications.models import ApplicationDocument, Member, Submission
from gongmo.applications.queries.unsubmitted import unsubmitted
from gongmo.applications.states import MemberState
from gongmo.calls import commands as calls
from gongmo.definition.application import Truth
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole
from gongmo.kernel.numbers import Kind, token
from gongmo.parties.models import Organisation, Person
from gongmo.parties.recent import SIGNED_IN_AT
from tests.applications.ready import Ready, make_ready
from tests.applications.test_pages import client_of
from tests.builders import member_actor

pytestmark = pytest.mark.django_db
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def ready() -> Ready:
    return make_ready(timedelta(hours=2))


def address(ready: Ready, page: str = "submit/") -> str:
    return f"/applications/{token(ready.application.pk, Kind.APPLICATION)}/{page}"


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())


def test_every_finding_that_can_be_mended_links_to_its_field(ready: Ready) -> None:
    document = ApplicationDocument.objects.filter(application=ready.application).latest("pk")
    commands.detach(actor=ready.lead, document_id=document.pk)
    client = client_of(ready.lead)

    page = BeautifulSoup(client.get(address(ready)).content, "html.parser")

    place = f"{document.kind}-{document.member_id or 'all'}"
    link = page.select_one(f'#group-documents a[href$="#{place}"]')
    assert link is not None
    target = BeautifulSoup(client.get(str(link["href"]).partition("#")[0]).content, "html.parser")
    assert target.find(id=place) is not None
    assert page.select_one("#group-documents details.gm-clause") is not None
    assert page.select_one("form[data-submit]") is None


def test_one_millisecond_before_the_deadline_counts_and_the_deadline_itself_does_not(ready: Ready) -> None:
    client, closes = client_of(ready.lead), ready.call.closes_at

    with clock.at(closes):
        late = client.post(address(ready), {"confirm": "제출", "seen": "0"})
    text = text_of(late)

    assert late.status_code == 409
    assert "마감 뒤에 도착해 접수하지 못했습니다" in text
    assert text.count(f"{closes.astimezone(clock.SEOUL):%H:%M:%S}") >= 2
    with clock.at(closes - MILLISECOND):
        assert client.post(address(ready), {"confirm": "제출"}).status_code == 302
    assert Submission.objects.get().received_at == closes - MILLISECOND


def test_a_request_that_the_proxy_received_in_time_counts_although_it_waited(ready: Ready, settings) -> None:  # type: ignore[no-untyped-def]
    settings.GONGMO_REQUEST_START_HEADER = "X-Request-Start"
    client, closes = client_of(ready.lead), ready.call.closes_at
    told = f"t={(closes - MILLISECOND).timestamp():.3f}"

    with clock.at(closes + timedelta(seconds=2)):
        answer = client.post(address(ready), {"confirm": "제출"}, headers={"x-request-start": told})

    assert answer.status_code == 302
    assert abs(Submission.objects.get().received_at - (closes - MILLISECOND)) < MILLISECOND


def test_a_script_that_asks_again_is_told_where_the_one_receipt_is(ready: Ready) -> None:
    client = client_of(ready.lead)
    form = {"confirm": "제출", "seen": "0"}

    answers = [client.post(address(ready), form, headers={"accept": "application/json"}) for _ in range(2)]

    assert [answer.json() for answer in answers] == [{"receipt": address(ready, "receipt/")}] * 2
    assert Submission.objects.count() == 1


def test_a_retry_after_somebody_withdrew_makes_no_second_submission(ready: Ready) -> None:
    client, form = client_of(ready.lead), {"confirm": "제출", "seen": "0"}
    client.post(address(ready), form)
    commands.withdraw(actor=ready.colleague, application_id=ready.application.pk, reason="고치려고")

    answer = client.post(address(ready), form)

    assert answer.status_code == 409
    assert "철회한 기록이 있습니다" in text_of(answer)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("page", ["overview/", "members/", "money/", "documents/", "statements/", ""])
def test_what_is_complete_and_unsubmitted_is_shouted_on_every_page(ready: Ready, page: str) -> None:
    text = text_of(client_of(ready.lead).get(address(ready, page)))

    assert "다 갖추었지만 아직 제출하지 않았습니다" in text
    assert re.search(r"남은 시간 0[12]:\d\d:\d\d", text)


def test_the_list_and_the_start_page_shout_too_and_fall_silent_once_submitted(ready: Ready) -> None:
    client = client_of(ready.lead)
    loud = "다 갖추었지만 아직 제출하지 않았습니다"

    assert loud in text_of(client.get("/applications/"))
    assert loud in text_of(client.get("/"))
    client.post(address(ready), {"confirm": "제출"})
    assert loud not in text_of(client.get("/applications/"))
    assert loud not in text_of(client.get("/"))


def test_nothing_is_shouted_more_than_three_days_before() -> None:
    ready = make_ready(timedelta(days=10))
    with clock.at(ready.call.closes_at - timedelta(days=3, seconds=1)):
        assert unsubmitted(ready.lead) == []
    with clock.at(ready.call.closes_at - timedelta(days=3) + MILLISECOND):
        assert [each.application for each in unsubmitted(ready.lead)] == [ready.application]


def test_what_stands_is_asked_for_in_one_query(ready: Ready) -> None:
    unsubmitted(ready.lead)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        unsubmitted(ready.lead)

    assert len(asked) == 1


def test_an_extension_is_told_on_the_draft_for_a_day(ready: Ready) -> None:
    later = ready.call.closes_at + timedelta(days=1)
    calls.extend(actor=ready.agency, call_id=ready.call.pk, closes_at=later, reason="접속 장애")
    client = client_of(ready.lead)

    assert "마감이 연장되었습니다" in text_of(client.get(address(ready, "overview/")))
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert "마감이 연장되었습니다" not in text_of(client.get(address(ready, "overview/")))


def test_submitting_takes_few_statements_and_calls_nobody_outside(ready: Ready) -> None:
    client = client_of(ready.lead)
    client.get(address(ready))

    with CaptureQueriesContext(connection) as asked:
        client.post(address(ready), {"confirm": "제출"})

    assert len(asked) <= 60, len(asked)


def test_an_installation_may_ask_again_who_submits(ready: Ready, settings) -> None:  # type: ignore[no-untyped-def]
    settings.GONGMO_SUBMIT_CONFIRM_MINUTES = 10
    client = client_of(ready.lead)
    person = Person.objects.get(pk=ready.lead.person)
    person.set_password("a long and good password")
    person.save()
    client.force_login(person)
    session = client.session
    session[SIGNED_IN_AT] = time.time() - 11 * 60
    session.save()

    answer = client.post(address(ready), {"confirm": "제출"})

    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert Submission.objects.count() == 0


def test_the_check_of_three_hundred_organisations_shows_twenty_of_a_group_and_pages_the_rest(
    ready: Ready,
) -> None:
    # Rows made directly: 300 invitations are not the question here.
    Organisation.objects.bulk_create(
        Organisation(
            name=f"가상 참여기업 {n:03d}",
            kind=OrganisationKind.COMPANY,
            region_id="KR-48",
            invented=True,
            created_at=clock.now(),
        )
        for n in range(300)
    )
    Member.objects.bulk_create(
        Member(
            application=ready.application,
            organisation=each,
            role="partner",
            state=MemberState.ACCEPTED,
            invited_at=clock.now(),
        )
        for each in Organisation.objects.filter(name__startswith="가상 참여기업")
    )
    client = client_of(ready.lead)

    page = BeautifulSoup(client.get(address(ready)).content, "html.parser")

    group = page.select_one("#group-self_check")
    assert group is not None
    assert len(group.select(".app-todo > li")) == 20
    more = group.find("a", string=re.compile("가지 더 보기"))
    assert more is not None
    second = BeautifulSoup(client.get(address(ready) + "?group=self_check&page=2").content, "html.parser")
    assert len(second.select("#group-self_check .app-todo > li")) == 50
    with CaptureQueriesContext(connection) as asked:
        client.get(address(ready))
    assert len(asked) <= 12, len(asked)


def test_who_may_not_submit_a_complete_application_is_not_told_to_submit(ready: Ready) -> None:
    """Only the lead's people submit; whoever read “submit it now” looked for a button that was not there."""
    reader = member_actor(ready.application.lead, OrganisationRole.VIEWER)

    page = BeautifulSoup(client_of(reader).get(address(ready)).content, "html.parser")

    assert page.h1 is not None
    assert "주관기관이 제출할 차례입니다" in page.h1.get_text()
    assert page.select_one("#submit-form") is None


def test_what_is_missing_is_a_line_and_what_is_wrong_says_how_to_mend_it(ready: Ready) -> None:
    document = ApplicationDocument.objects.filter(application=ready.application).latest("pk")
    commands.detach(actor=ready.lead, document_id=document.pk)
    place = Member.objects.get(application=ready.application, organisation=ready.application.lead)
    commands.declare(actor=ready.lead, member_id=place.pk, fact="arrears", value=Truth.YES)

    page = BeautifulSoup(client_of(ready.lead).get(address(ready)).content, "html.parser")

    assert page.select("#group-documents .app-todo > li a[href]")
    assert not page.select("#group-documents article")
    assert page.select("#group-self_check article .gm-finding__remedy")
