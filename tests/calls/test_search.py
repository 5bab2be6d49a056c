"""Finding calls, and following what was found."""

import json
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from gongmo.calls import commands, search
from gongmo.calls.bizinfo import short
from gongmo.calls.cards import folded, item_in, items_of, lined
from gongmo.calls.models import Call
from gongmo.calls.search import Wanted
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor
from tests.builders import (
    AT_OPENING,
    CLOSES,
    make_agency_officer,
    make_applicant,
    publish_sample_call,
    publish_sample_regional,
)
from tests.calls.test_pages import signed_in
from tests.sample_call import sample_definition

BEFORE = datetime.fromisoformat("2030-01-31T12:00:00+09:00")


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def found(at: datetime = AT_OPENING, **asked: str) -> list[str]:
    """Slugs of the calls that fit."""
    return [each.slug for each in search.find(PUBLIC, Wanted.read(asked), at).calls]


# --- Reading what was asked -------------------------------------------------------------------------------------------
@given(st.dictionaries(st.sampled_from([*search.NAMES, "other"]), st.text(max_size=200)))
def test_whatever_is_asked_is_read_and_can_be_asked_again(asked: dict[str, str]) -> None:
    wanted = Wanted.read(asked)

    again = Wanted.read(QueryDict(wanted.address(page=wanted.page).removeprefix("?")).dict())
    assert again == wanted
    assert 1 <= wanted.page <= search.FARTHEST


@given(st.lists(st.text(min_size=1, max_size=20).filter(lambda text: text.split()), max_size=6))
def test_lined_text_holds_each_item_whole(items: list[str]) -> None:
    text = lined(items)

    assert all(item_in(item) in text for item in items)
    assert items_of(text) == list(dict.fromkeys(" ".join(item.split()) for item in items))


def test_words_are_compared_without_case_width_spaces_and_composition() -> None:
    decomposed = "\u1100\u1161\u1109\u1161\u11bc"  # 가상 in single letters

    assert folded("ＡＩ 전환") == folded("ai전환")
    assert folded(decomposed) == "가상"


# --- The list ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"q": "가상"}, True),
        ({"q": "지역사업 가상"}, True),
        ({"q": "MADE-UP"}, True),
        ({"q": "전담기관"}, True),
        ({"q": "없는말"}, False),
        ({"q": "%"}, False),
        ({"q": "_"}, False),
        ({"region": "KR-48"}, True),
        ({"region": "KR-11"}, False),
        ({"region": "KR-4"}, False),
        ({"who": "university"}, True),
        ({"who": "nonsense"}, True),
        ({"programme": "sample-programme"}, True),
        ({"programme": "other"}, False),
        ({"office": "가상 전담기관"}, True),
        ({"office": "가상"}, False),
        ({"field": "없는 분야"}, False),
        ({"state": "open"}, True),
        ({"state": "coming"}, False),
        ({"state": "soon"}, False),
        ({"state": "over"}, False),
    ],
)
def test_filters(call: Call, asked: dict[str, str], fits: bool) -> None:
    assert found(**asked) == ([call.slug] if fits else [])


@pytest.mark.django_db
def test_states_follow_the_instants(call: Call) -> None:
    def states(at: datetime) -> list[str]:
        return [state for state in search.STATES if found(at, state=state)]

    assert states(call.opens_at - timedelta(microseconds=1)) == ["coming"]
    assert states(call.opens_at) == ["open"]
    assert states(CLOSES - search.SOON) == ["open", "soon"]
    assert states(CLOSES) == ["over"]


@pytest.mark.django_db
def test_what_closes_next_stands_first_and_what_is_over_last(agency: Actor) -> None:
    windows = {
        "over-early": ("2030-01-31T10:00", "2030-02-05T10:00"),
        "over-late": ("2030-01-31T10:00", "2030-02-08T10:00"),
        "later": ("2030-02-01T10:00", "2030-06-01T10:00"),
        "next": ("2030-02-01T10:00", "2030-02-20T10:00"),
        "coming-far": ("2030-05-01T10:00", "2030-06-01T10:00"),
        "coming": ("2030-04-01T10:00", "2030-06-01T10:00"),
    }
    for slug, (opens, closes) in windows.items():
        with clock.at(BEFORE):
            commands.publish(
                actor=agency,
                definition=sample_definition(),
                operator_id=agency.organisation or 0,
                slug=slug,
                intake=(
                    datetime.fromisoformat(f"{opens}:00+09:00"),
                    datetime.fromisoformat(f"{closes}:00+09:00"),
                ),
            )

    assert found() == ["next", "later", "coming", "coming-far", "over-late", "over-early"]
    assert found(sort="newest")[0] == "coming"


@pytest.mark.django_db
def test_list_takes_the_same_few_queries_however_many_calls_there_are(agency: Actor) -> None:
    for number in range(25):
        publish_sample_call(agency, slug=f"call-{number}")
    client = Client()

    with clock.at(AT_OPENING), CaptureQueriesContext(connection) as made:
        first = BeautifulSoup(client.get("/calls/").content, "html.parser")
    with clock.at(AT_OPENING):
        last = BeautifulSoup(client.get("/calls/?page=99999999").content, "html.parser")

    assert len(first.select(".calls-item")) == search.PER_PAGE
    assert len(last.select(".calls-item")) == 5
    assert len(made) <= 8


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "q=<script>alert(1)</script>",
        "q=%00x",
        "q=" + "a" * 5000,
        "page=-1",
        "page=1e9",
        "page=" + "9" * 5000,
        "page=٣",
        "state=open&state=over&sort=';--",
        "region=%5C%27%22",
        "field=%F0%9F%98%80%ED%A0%80",
    ],
)
@pytest.mark.parametrize("path", ["/calls/", "/calls/feed/", "/calls/calendar.ics", "/calls/bizinfo.json"])
def test_odd_addresses_are_answered_and_written_nowhere_as_markup(call: Call, path: str, query: str) -> None:
    with clock.at(AT_OPENING):
        answer = Client().get(f"{path}?{query}")

    # NUL and endless numbers are refused before any page (ReadableForms).
    assert answer.status_code in ((200, 400) if "%00" in query or "9" * 5000 in query else (200,))
    assert "<script>alert" not in answer.content.decode()


# --- Following --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(("form", "item"), [("rss", "item"), ("atom", "{http://www.w3.org/2005/Atom}entry")])
def test_feed_tells_new_calls_and_what_changed_in_them(
    call: Call, agency: Actor, form: str, item: str
) -> None:
    later = CLOSES + timedelta(days=3)
    with clock.at(AT_OPENING):
        commands.extend(actor=agency, call_id=call.pk, closes_at=later, reason="<b>접수</b> 장애")
        answer = Client().get(f"/calls/feed/?format={form}&q=가상")
        nothing = Client().get(f"/calls/feed/?format={form}&q=없는말")

    items = ElementTree.fromstring(answer.content).findall(f".//{item}")
    assert [("마감 연장" in text, "공고" in text) for text in map(_text, items)] == [
        (True, False),
        (False, True),
    ]
    assert "&lt;b&gt;접수" in _text(items[0])
    assert ElementTree.fromstring(nothing.content).findall(f".//{item}") == []
    assert "testserver/calls/" in answer.content.decode()


def _text(item: ElementTree.Element) -> str:
    return " ".join(item.itertext())


@pytest.mark.django_db
def test_calendar_moves_an_event_that_somebody_has_already(call: Call, agency: Actor) -> None:
    path = f"/calls/{call.slug}/calendar.ics"
    client = Client()
    with clock.at(AT_OPENING):
        before = _events(client.get(path).content)
        commands.extend(
            actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=3), reason="접수 장애"
        )
        after = _events(client.get(path).content)
        everything = _events(client.get("/calls/calendar.ics").content)
        commands.cancel(actor=agency, call_id=call.pk, reason="예산")
        cancelled = _events(client.get(path).content)

    [closes] = [uid for uid in before if "-closes@" in uid]
    assert before[closes].end == CLOSES
    assert after[closes].end == CLOSES + timedelta(days=3)
    assert (before[closes]["sequence"], after[closes]["sequence"]) == (0, 1)
    assert before.keys() == after.keys() == everything.keys()
    assert {str(event["status"]) for event in cancelled.values()} == {"CANCELLED"}


def _events(content: bytes) -> dict[str, object]:
    return {str(event["uid"]): event for event in Calendar.from_ical(content).events}


@pytest.mark.django_db
def test_listing_has_the_shape_that_readers_of_bizinfo_expect(call: Call) -> None:
    publish_sample_regional(parent=call)
    with clock.at(AT_OPENING):
        answer = Client().get(
            "/calls/bizinfo.json?pageUnit=1&pageIndex=2&crtfcKey=x&dataType=json&sort=newest"
        )

    [item] = json.loads(answer.content)["jsonArray"]
    assert item["pblancNm"] == call.title_ko
    assert item["pblancId"] == f"PBLN_{call.pk:015d}"
    assert item["reqstBeginEndDe"] == "2030-02-01 ~ 2030-03-15"
    assert item["totCnt"] == 2
    assert item["pblancUrl"] == f"http://testserver/calls/{call.slug}/"
    assert "경남" in item["hashtags"].split(",")
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_listing_is_safe_to_put_into_a_page(agency: Actor) -> None:
    evil = {"ko": "</script><img src=x onerror=alert(1)>", "en": "&"}
    publish_sample_call(agency, sample_definition(title=evil, purpose=evil))

    with clock.at(AT_OPENING):
        text = Client().get("/calls/bizinfo.json").content.decode()

    assert "<" not in text
    [item] = json.loads(text)["jsonArray"]
    assert item["bsnsSumryCn"].count("<") == 2
    assert "<img" not in item["pblancNm"]


@pytest.mark.django_db
def test_tags_of_the_listing_must_all_fit(call: Call) -> None:
    def count(tags: str) -> int:
        with clock.at(AT_OPENING):
            return len(
                json.loads(Client().get("/calls/bizinfo.json", {"hashtags": tags}).content)["jsonArray"]
            )

    tags = ("경남", "경남,가상", "서울", "경남,없는말", ",")
    assert [count(each) for each in tags] == [1, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("whole", "brief"),
    [
        ("경상남도", "경남"),
        ("충청북도", "충북"),
        ("강원특별자치도", "강원"),
        ("부산광역시", "부산"),
        ("경기도", "경기"),
    ],
)
def test_regions_are_tagged_by_their_short_names(whole: str, brief: str) -> None:
    assert short(whole) == brief


@pytest.mark.django_db
def test_signed_in_people_find_the_same_calls(call: Call) -> None:
    with clock.at(AT_OPENING):
        page = signed_in(make_applicant()).get("/calls/?q=가상")

    assert call.title_ko in page.content.decode()
