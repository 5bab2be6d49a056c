"""What a correction changed, for everyone to read."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from gongmo.calls import commands
from gongmo.calls.models import Call
from gongmo.calls.values import Announcement
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput
from gongmo.tasks import run_waiting
from tests.builders import AT_OPENING, CLOSES, make_agency_officer, publish_sample_call
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def correct(agency: Actor, call: Call, **changed: object) -> None:
    with clock.at(AT_OPENING):
        commands.correct(
            actor=agency, call_id=call.pk, definition=sample_definition(**changed), reason="<b>오타</b>"
        )


def page(path: str) -> str:
    with clock.at(AT_OPENING):
        answer = Client().get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").main.get_text()  # type: ignore[union-attr]


def test_correction_tells_each_change_once_with_its_reason(call: Call, agency: Actor) -> None:
    correct(agency, call, purpose={"ko": "고친 목적입니다.", "en": "Corrected."})

    text = page(f"/calls/{call.slug}/corrections/2/")

    assert "제2판에서 1곳이 바뀌었습니다" in text
    assert "고친 목적입니다." in text
    assert "<b>오타</b>" in text
    assert "정정된 공고입니다 (제2판)" in page(f"/calls/{call.slug}/")


def test_extension_shows_both_deadlines(call: Call, agency: Actor) -> None:
    with clock.at(AT_OPENING):
        commands.extend(
            actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=3), reason="접수 장애"
        )

    text = page(f"/calls/{call.slug}/corrections/2/")

    assert "2030. 3. 15. 17:00" in text
    assert "2030. 3. 18. 17:00" in text


def test_later_version_is_pointed_at_and_versions_that_are_not_there_are_not_found(
    call: Call, agency: Actor
) -> None:
    correct(agency, call, purpose={"ko": "둘째", "en": "second"})
    correct(agency, call, purpose={"ko": "셋째", "en": "third"})

    assert "지금 시행 중인 제3판 보기" in page(f"/calls/{call.slug}/corrections/2/")
    answers = [Client().get(f"/calls/{call.slug}/corrections/{n}/").status_code for n in (0, 1, 4, 10**12)]
    assert answers == [404, 404, 404, 404]


def test_every_version_can_be_taken_as_data_whose_hash_is_published(call: Call, agency: Actor) -> None:
    correct(agency, call, purpose={"ko": "둘째", "en": "second"})

    first = Client().get(f"/calls/{call.slug}/call.json?version=1")
    now = Client().get(f"/calls/{call.slug}/call.json")

    assert sha256_hex(first.content.decode()) == call.versions.get(number=1).sha256
    assert sha256_hex(now.content.decode()) == call.versions.get(number=2).sha256
    assert Client().get(f"/calls/{call.slug}/call.json?version=9").status_code == 404
    assert Client().get(f"/calls/{call.slug}/call.json?version=x").status_code == 404


def test_announcement_stays_with_its_version_and_is_shown_without_markup_of_its_own(agency: Actor) -> None:
    with clock.at(AT_OPENING):
        call = commands.publish(
            actor=agency,
            definition=sample_definition(),
            operator_id=agency.organisation or 0,
            announcement=Announcement("# 제목\n\n## 안내\n<script>x</script> **굵게**(T-1)", ""),
        )
    correct(agency, call, purpose={"ko": "둘째", "en": "second"})

    with clock.at(AT_OPENING):
        shown = BeautifulSoup(Client().get(f"/calls/{call.slug}/").content, "html.parser")

    part = shown.select_one("#announcement")
    assert part is not None
    assert "<script>x</script> 굵게" in part.get_text()
    assert part.select_one("a[href='#clause-T-1']") is not None
    assert part.script is None


def test_endless_announcement_is_refused(agency: Actor) -> None:
    with clock.at(AT_OPENING), pytest.raises(BadInput):
        commands.publish(
            actor=agency,
            definition=sample_definition(),
            operator_id=agency.organisation or 0,
            announcement=Announcement("가" * 100_001),
        )


def test_addresses_of_the_list_are_no_names_for_calls(agency: Actor) -> None:
    with pytest.raises(BadInput):
        publish_sample_call(agency, slug="feed")


def test_prints_are_made_once_a_version_and_known_to_who_holds_them(call: Call, agency: Actor) -> None:
    pdf, hwpx = Client().get(f"/calls/{call.slug}/call.pdf"), Client().get(f"/calls/{call.slug}/call.hwpx")
    held = Client().get(f"/calls/{call.slug}/call.pdf", headers={"if-none-match": pdf["ETag"]})
    run_waiting()
    correct(agency, call, purpose={"ko": "둘째", "en": "second"})
    after = Client().get(f"/calls/{call.slug}/call.pdf", headers={"if-none-match": pdf["ETag"]})

    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert b"".join(hwpx.streaming_content).startswith(b"PK")
    assert held.status_code == 304
    assert after.status_code == 200
    assert after["ETag"] != pdf["ETag"]
