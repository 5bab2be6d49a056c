"""From the closing to five agreements in force through the pages alone: officers, experts, applicants, the ministry.

The steps build on each other: each function is one step, played in order in browsers that stay open.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from gongmo.kernel import clock
from gongmo.kernel.numbers import SHAPE, Kind
from gongmo.rehearsal import paper
from tests.browser.conftest import Site, served
from tests.browser.selecting import (
    CALL,
    REGIONS,
    TIED,
    Cast,
    Given,
    cast,
    form_of,
    handle,
    label_of,
    people_of,
    said,
    score,
    send,
    sign,
    to_the_desk,
)
from tests.browser.walking import Axe

EXCLUDED = len(REGIONS)
MEMBERS = 7
RANKING = f"/evaluation/{CALL}/ranking/"
NEGOTIATIONS = f"/board/{CALL}/negotiations/"


@pytest.fixture(scope="module")
def closed() -> Iterator[Site]:
    """A site whose call has closed with 13 applications."""
    with served("--until", "closing") as made:
        yield made


@pytest.fixture(scope="module")
def everybody(closed: Site, browser: Browser, axe: Axe) -> Iterator[Cast]:
    with cast(closed, browser, axe) as made:
        yield made


# --- Screening ------------------------------------------------------------------------------------------------------
def test_letters_and_post_are_registered_and_the_reviews_opened(everybody: Cast) -> None:
    page = everybody.at("agency-a", f"/calls/{CALL}/arrivals/")
    rows = page.locator("main table").last.locator("tbody tr").all_inner_texts()
    receipts = [word for row in rows for word in row.split() if word.startswith(f"{CALL}-")]
    assert len(receipts) >= len(REGIONS)
    for channel in ("official_letter", "postal_originals"):
        page = everybody.at("agency-a", f"/calls/{CALL}/arrivals/")
        send(
            page.locator("form#register"),
            {"channel": channel, "arrived_on": "2025-08-29", "codes": "\n".join(receipts)},
        )
    page = everybody.at("agency-a", f"/screening/{CALL}/")
    opening = form_of(page, "/open/")
    if opening.count():
        said(send(opening), "적격성 검토를 시작했습니다")
    expect(page.locator("h1")).to_contain_text("13건")


def test_a_certificate_excludes_by_two_officers_and_the_objection_is_rejected(
    everybody: Cast,
) -> None:
    excluded = everybody.site.row(EXCLUDED, Kind.APPLICATION)
    place, own = f"/screening/{CALL}/{excluded}/", f"/applications/{excluded}/screening/"
    page = everybody.at("agency-a", place)
    cell = page.locator("main a[href$='/in_business/']").last.get_attribute("href")
    assert cell is not None
    page = everybody.at("agency-a", cell)
    form = page.locator("main form:has([name=evidence])")
    certificate = paper.pdf("사업자등록상태 조회 결과", ("휴업 중",)).getvalue()
    form.locator("[name=evidence]").set_input_files(
        {"name": "조회 결과.pdf", "mimeType": "application/pdf", "buffer": certificate}
    )
    facts = {"value": "yes", "source": "certificate", "as_of": "2025-08-29", "since": "2025-08-01"}
    said(send(form, facts | {"note": "휴업 상태임을 확인했습니다."}), "기록했습니다")

    everybody.at("agency-a", place)
    form = form_of(page, "/propose/")
    ground = form.locator("[name=ground][value*='|']").first.get_attribute("value")
    assert ground is not None
    said(
        send(form, {"ground": ground, "reason": "참여기관이 마감일에 휴업 중입니다."}), "제외를 제안했습니다"
    )
    expect(form_of(page, "/confirm/")).to_have_count(0)
    said(everybody.at("daejeon-lead", own).locator("main").inner_text(), "검토")
    page = everybody.at("agency-b", place)
    said(send(form_of(page, "/confirm/")), "제외를 확정했습니다")

    page = everybody.at("daejeon-lead", own)
    form = form_of(page, "/objection/")
    said(send(form, {"text": "휴업 신고는 착오였습니다."}), "이의")
    page = everybody.at("agency-b", place)
    form = form_of(page, "/objection/")
    said(send(form, {"verdict": "reject", "answer": "마감일의 등록 상태를 기준으로 합니다."}), "기각")
    page = everybody.at("daejeon-lead", own)
    said(page.locator("main").inner_text(), "마감일의 등록 상태를 기준으로 합니다.")


def test_what_is_missing_is_asked_for_answered_and_accepted(everybody: Cast) -> None:
    page = everybody.at("agency-a", f"/screening/{CALL}/{everybody.site.row(3, Kind.APPLICATION)}/")
    due = (clock.now() + timedelta(days=7)).astimezone(clock.SEOUL).strftime("%Y-%m-%dT%H:%M")
    asking = {"what": "사업 목적을 수치로 적어 주세요.", "open-answer:purpose": "yes", "due_at": due}
    said(send(form_of(page, "/supplement/"), asking), "보완을 요청했습니다")

    page = everybody.at("daegu-lead", f"/applications/{everybody.site.row(3, Kind.APPLICATION)}/screening/")
    everybody.of("daegu-lead").seen()
    form = form_of(page, "/answer/")
    text = form.locator("[name^='item-']").first.get_attribute("name") or ""
    said(send(form, {text: "기업 60곳이 AI를 씁니다.", "answer": "목표 수를 더했습니다."}), "보완")
    page = everybody.at("agency-a", f"/screening/{CALL}/{everybody.site.row(3, Kind.APPLICATION)}/")
    said(page.locator("main").inner_text(), "기업 60곳이 AI를 씁니다.")
    said(send(form_of(page, "/accept/")), "완료로 처리했습니다")


def test_the_others_are_decided_eligible_in_one_act(everybody: Cast) -> None:
    page = everybody.at("agency-b", f"/screening/{CALL}/?state=open")
    form = form_of(page, "/many/")
    rows = form.locator("[name=review]").evaluate_all("boxes => boxes.map(each => each.value)")
    assert len(rows) == len(REGIONS) - 1
    said(
        send(form, {"review": rows}, button="eligible"),
        "12건을 적격으로 결정했습니다",
        "적격성 검토가 끝났습니다",
    )
    everybody.of("agency-b").seen()


# --- The committee --------------------------------------------------------------------------------------------------
def test_the_committee_is_proposed_fixed_and_pledges(everybody: Cast) -> None:
    page = everybody.at("agency-a", f"/evaluation/{CALL}/committee/new/")
    form = page.locator("main form:has([name=reserves])")
    said(send(form, {"size": str(MEMBERS), "reserves": "2"}), "기준을 모두 지키는 구성안입니다")
    everybody.of("agency-a").seen()
    text = send(form_of(page, "/fix/"), {"confirm": CALL})
    said(text, "위원회를 구성하고")
    rows = page.locator("main table tbody tr th[scope=row]:has(a[href^='/pool/'])").all_inner_texts()
    whole = page.locator("main table tbody tr:has(th[scope=row] a[href^='/pool/'])").all_inner_texts()
    labels = [re.match(r"평가위원 [A-Z0-9]+", row) for row in rows]
    keys = [f"evaluator-{label[0].split()[1].lower()}" for label in labels if label]
    everybody.found["members"] = [key for key, row in zip(keys, rows, strict=True) if "예비" not in row]
    everybody.found["reserves"] = [key for key, row in zip(keys, rows, strict=True) if "예비" in row]
    assert (len(everybody.found["members"]), len(everybody.found["reserves"])) == (MEMBERS, 2)
    sectors = [re.search("산업계|학계|연구계", row) for row in whole]
    everybody.found["seated"] = keys
    everybody.found["sectors"] = [found[0] for found in sectors if found]
    for key in (*everybody.found["members"], *everybody.found["reserves"]):
        page = to_the_desk(everybody, key)
        said(send(form_of(page, "/answer/"), {"pledge": "yes"}, button="accept"), "위촉을 수락했습니다")


def test_experts_declare_and_one_has_a_conflict(everybody: Cast) -> None:
    for place, key in enumerate(everybody.found["members"]):
        page = to_the_desk(everybody, key)
        form = form_of(page, "/declare/")
        names = form.locator("[name^=conflict-]").evaluate_all("all => [...new Set(all.map(e => e.name))]")
        assert len(names) == len(REGIONS) - 1
        answers: Given = dict.fromkeys(names, "no")
        if place == 1:
            answers[names[-1]] = "yes"
        said(send(form, answers), f"{len(names)}건을 신고했습니다")
    page = everybody.at("agency-a", f"/evaluation/{CALL}/committee/")
    said(page.locator("main").inner_text(), "회피")


def test_the_desk_stage_is_opened(everybody: Cast) -> None:
    page = everybody.at("agency-a", f"/evaluation/{CALL}/")
    said(send(form_of(page, "/open/")), "단계를 열고")
    everybody.of("agency-a").seen()


# --- Scoring --------------------------------------------------------------------------------------------------------
def test_experts_score_and_one_leaves_in_the_middle(everybody: Cast) -> None:
    members = everybody.found["members"]
    sectors = dict(zip(everybody.found["seated"], everybody.found["sectors"], strict=True))
    # One whose sector keeps another member: the committee is drawn, and the reserve may come from any sector.
    leaver = next(key for key in members[2:] if sum(sectors[each] == sectors[key] for each in members) > 1)
    score(everybody, leaver, most=2)
    everybody.refused(
        "ministry-a", f"/evaluation/{CALL}/spread/desk/", f"/desk/{everybody.site.row(3, Kind.SEAT)}/"
    )
    page = everybody.at("agency-a", f"/evaluation/{CALL}/committee/")
    form = form_of(page, "/leave/")
    seat = form.locator("option", has_text=label_of(leaver)).first.get_attribute("value") or ""
    said(send(form, {"seat": seat, "reason": "자문한 사실이 드러나 회피합니다."}), "회피를 기록했습니다")
    everybody.of("agency-a").seen()
    assert "정족수에 모자라는" not in page.locator("main").inner_text()
    seats = page.locator("main table tbody tr:has(a[href^='/pool/'])").all_inner_texts()
    left = [
        label_of(key)
        for key in everybody.found["reserves"]
        if not any(row.startswith(label_of(key) + " 예비") for row in seats)
    ]
    assert len(left) == 1, seats
    following = "evaluator-" + left[0].removeprefix("평가위원 ").lower()
    page = to_the_desk(everybody, leaver)
    expect(page.locator("main a[href^='/desk/sheets/']")).to_have_count(0)
    page = to_the_desk(everybody, following)
    form = form_of(page, "/declare/")
    names = form.locator("[name^=conflict-]").evaluate_all("all => [...new Set(all.map(e => e.name))]")
    said(send(form, dict.fromkeys(names, "no")), f"{len(names)}건을 신고했습니다")
    members[members.index(leaver)] = following

    for key in members:
        score(everybody, key)
    page = everybody.at("agency-a", f"/evaluation/{CALL}/")
    said(page.locator("main").inner_text(), "모든 위원이 확정했습니다")
    said(send(form_of(page, "/lock/"), {"confirm": CALL}), "‘서면평가’ 단계를 확정했습니다")


# --- Presentations --------------------------------------------------------------------------------------------------
def test_presentations_are_drawn_by_lot_held_and_scored(everybody: Cast) -> None:
    page = everybody.at("agency-a", f"/evaluation/{CALL}/")
    said(send(form_of(page, "/open/")), "‘대면평가’ 단계를 열고")
    page = everybody.at("agency-a", f"/evaluation/{CALL}/presentations/")
    begins = (clock.now() + timedelta(days=1)).astimezone(clock.SEOUL).strftime("%Y-%m-%dT09:00")
    said(send(form_of(page, "/plan/"), {"starts_at": begins, "place": "가상 회의장"}), "추첨 씨앗")
    everybody.of("agency-a").seen()
    send(form_of(page, "/announce/"))
    said(
        everybody.at("gyeongnam-lead", f"/applications/{everybody.site.row(1, Kind.APPLICATION)}/presenter/")
        .locator("main")
        .inner_text(),
        "가상 회의장",
    )

    day = page.locator("main a[href^='/presentations/']:not([href$='.ics'])").first.get_attribute("href")
    assert day is not None
    page = everybody.at("agency-a", day)
    for act in ("check", "start", "questions", "end"):
        send(form_of(page, f"/{act}/"))
    said(page.locator("main").inner_text(), "마침", "총괄책임자 확인")
    for key in everybody.found["members"]:
        score(everybody, key)
    page = everybody.at("agency-a", f"/evaluation/{CALL}/")
    said(page.locator("main").inner_text(), "발표하지 않은 신청이 11건 있습니다")
    without = {"confirm": CALL, "reason": "발표 한 건만 연습했습니다."}
    said(send(form_of(page, "/lock/"), without), "모든 평가 단계를 확정했습니다")


# --- Ranking --------------------------------------------------------------------------------------------------------
def test_nobody_reads_points_before_the_ranking_is_fixed(everybody: Cast) -> None:
    page = everybody.at("ministry-a", RANKING)
    said(page.locator("main").inner_text(), "아직 순위를 확정하지 않았습니다")
    expect(page.locator("main table")).to_have_count(0)
    everybody.refused(
        "gyeongnam-lead",
        RANKING,
        f"/evaluation/{CALL}/",
        f"/evaluation/{CALL}/spread/desk/",
        f"/desk/sheets/{everybody.site.row(1, Kind.SHEET)}/",
    )
    expert, other = everybody.found["members"][:2]
    page = to_the_desk(everybody, other)
    theirs = page.locator("main a[href^='/desk/sheets/']").first.get_attribute("href")
    everybody.refused(expert, RANKING, theirs or "", f"/desk/{everybody.site.row(2, Kind.SEAT)}/")
    page = everybody.at("gyeongnam-lead", f"/applications/{everybody.site.row(1, Kind.APPLICATION)}/result/")
    said(page.locator("main").inner_text(), "아직 통보한 결과가 없습니다")


def test_the_tie_is_decided_and_the_ranking_fixed(everybody: Cast) -> None:
    page = everybody.at("agency-a", RANKING)
    said(page.locator("main").inner_text(), "선정선에 걸린 동점을 먼저 의결해 주세요")
    everybody.of("agency-a").seen()
    tie = page.locator(f"main form:has([name=place-{TIED + 1}])")
    said(send(tie, {"reason": "지역의 균형을 보아 의결했습니다."}), "동점 의결을 기록했습니다")
    said(send(form_of(page, "/fix/"), {"confirm": CALL}), "순위를 확정했습니다", "재계산 확인됨")
    page = everybody.at("ministry-a", RANKING)
    said(page.locator("main").inner_text(), "최종 순위", "재계산 확인됨")
    everybody.of("ministry-a").seen()
    page = everybody.at("agency-a", RANKING)
    said(send(form_of(page, "/tell/"), {"confirm": CALL}), "결과를 통보했습니다")


def test_applicants_read_their_result_and_no_points(everybody: Cast) -> None:
    results = {}
    for place, key in enumerate(REGIONS, 1):
        if place not in (1, 5, 6, 12):
            continue
        page = everybody.at(
            f"{key}-lead", f"/applications/{everybody.site.row(place, Kind.APPLICATION)}/result/"
        )
        results[place] = page.locator("h1").inner_text()
        words = page.locator("main").inner_text()
        said(words, "목표와 추진 방법이 서로 맞습니다.")
        assert "최종 점수" not in words
        everybody.of(f"{key}-lead").seen()
        other = everybody.site.row(place % 12 + 1, Kind.APPLICATION)
        everybody.refused(f"{key}-lead", RANKING, f"/applications/{other}/result/")
    assert "우선협상대상자로 선정되었습니다" in results[1]
    assert sorted("선정되었습니다" in results[place] for place in (5, 6)) == [False, True]
    assert "선정되지 않았습니다" in results[12] or "예비순위" in results[12]


# --- Negotiation, allocation, agreements ----------------------------------------------------------------------------
def test_one_negotiation_fails_and_the_next_in_rank_follows(everybody: Cast) -> None:
    page = everybody.at("agency-a", NEGOTIATIONS)
    said(send(form_of(page, "/open/")), "우선협상대상 5건의 협상을 시작했습니다")
    everybody.of("agency-a").seen()
    failed = page.locator("main section", has_text="제주테크노파크 협상 처리하기").locator(
        "form[action$='/fail/']"
    )
    said(
        send(failed, {"text": "지방비 부담을 정하지 못했습니다.", "confirm": "제주테크노파크"}),
        "결렬을 기록하고 6번째 순서와 협상을 시작했습니다",
    )
    everybody.refused("busan-lead", NEGOTIATIONS)
    for _ in range(5):
        page = everybody.at("agency-a", NEGOTIATIONS)
        said(
            handle(form_of(page, "/note/"), "신청한 금액과 목표로 합의했습니다.", "/agree/"),
            "협상을 마쳤습니다",
        )
    page = everybody.at("agency-a", NEGOTIATIONS)
    said(page.locator("h1").inner_text(), "5곳과 협상을 마쳤습니다")
    said(send(form_of(page, "/allocate/")), "1차 배분을 확정했습니다")
    said(everybody.at("ministry-a", NEGOTIATIONS).locator("main").inner_text(), "1차 배분")


def test_five_agreements_are_drawn_up_and_signed_by_every_party(everybody: Cast) -> None:
    for _ in range(5):
        page = everybody.at("agency-a", NEGOTIATIONS)
        said(send(form_of(page, "/agreement/")), "을 만들었습니다")
    everybody.of("agency-a").seen()
    people = people_of()
    page = everybody.at("agency-a", "/agreements/")
    links = page.locator("main a[href^='/agreements/']").evaluate_all(
        "all => [...new Set(all.map(each => each.getAttribute('href')))]"
    )
    addresses = [each for each in links if re.fullmatch(f"/agreements/{SHAPE}/", each)]
    assert len(addresses) == 5
    for address in addresses:
        page = everybody.at("agency-a", address)
        words = page.locator("main").inner_text()
        region = next(key for key, name in REGIONS.items() if name in words)
        sign(everybody, "agency-a", address)
        for key in people[region]:
            sign(everybody, key, address)
        page = everybody.at("agency-a", address)
        said(page.locator("h1").inner_text(), "협약이 발효 중입니다")
    everybody.of("agency-a").seen()
    everybody.refused("busan-lead", *addresses)


# --- The record -----------------------------------------------------------------------------------------------------
def test_doctor_and_replay_agree_with_what_was_done_on_the_pages(everybody: Cast) -> None:
    """Both end with a failure when anything differs."""
    everybody.site.gongmo("doctor")
    said(everybody.site.gongmo("replay", "--call", CALL).stdout, CALL)
