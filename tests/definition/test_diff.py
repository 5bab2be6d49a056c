"""A correction notice is told in words: what changed, under which clause, in figures that people read."""

from pathlib import Path

import pytest

from gongmo.definition.diff import Change, differences
from gongmo.definition.loader import parse_definition

GOOD = (Path(__file__).resolve().parents[2] / "calls" / "2025-regional-ai" / "call.yaml").read_text("utf-8")


def changes(*pairs: tuple[str, str]) -> list[Change]:
    text = GOOD
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return differences(parse_definition(GOOD.encode()), parse_definition(text.encode()))


def test_equal_definitions_have_no_differences() -> None:
    assert changes() == []


def test_writing_the_same_value_differently_is_no_difference() -> None:
    assert changes(("at_least: 40%", "at_least: 2/5"), ("+09:00\n  closes", "+09:00 \n  closes")) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "clause", "korean"),
    [
        ("closes: 2025-08-29T17", "closes: 2025-09-05T18", "intake.closes", "A-15", "접수 › 마감: 2025. 8. 29. 17:00 → 2025. 9. 5. 18:00"),
        ("pot: 35000000000", "pot: 36000000000", "allocation.pot", "A-13", "35,000,000,000원(350억) → 36,000,000,000원(360억)"),
        ("  count: 5", "  count: 6", "selection.count", "A-12", "선정 › 선정 수: 5 → 6"),
        ("at_least: 40%", "at_least: 45%", "rules.non_national_floor", "A-8", "40% 이상이어야 합니다. → 지방비+민간부담금은 총사업비의 45%"),
        ("formats: [ppt, pptx]", "formats: [pdf]", "documents.presentation_slides", "A-16", "형식: PPT, PPTX → 주관기관이 한 번 냅니다. 형식: PDF"),
        ("next_in_rank: true", "next_in_rank: false", "selection.next_in_rank", "A-12", "예 → 아니요"),
        ("days: 10\n", "days: 30\n", "periods.objection.days", None, "기간 › 이의신청 › 일수: 10 → 30"),
        ("percent: \"28.7\"", "percent: \"28.8\"", "baselines.ai_use_sme.percent", None, "28.7 → 28.8"),
    ],
)  # fmt: skip
def test_one_change_is_one_line(old: str, new: str, path: str, clause: str | None, korean: str) -> None:
    found = changes((old, new))
    assert [(change.path, change.clause) for change in found] == [(path, clause)]
    assert korean in found[0].ko
    assert found[0].en


def test_a_changed_clause_text_is_told_under_its_own_clause() -> None:
    found = changes(("17:00(한국 시각)까지", "18:00(한국 시각)까지"))
    assert [change.clause for change in found] == ["A-15"]


def test_an_added_and_a_removed_item_are_one_change_each() -> None:
    rule = "  - id: proof_handed_in\n    kind: demanded_proof\n    clause: A-5e\n    title: {ko: 요구한 증빙의 제출, en: Demanded proof is handed in}\n"
    assert [(change.path, change.ko.split(":")[1].strip()) for change in changes((rule, ""))] == [
        ("rules.proof_handed_in", "뺌")
    ]
    added = differences(parse_definition(GOOD.replace(rule, "").encode()), parse_definition(GOOD.encode()))
    assert [(change.path, change.clause) for change in added] == [("rules.proof_handed_in", "A-5e")]
    assert "새로 넣음" in added[0].ko


def test_a_moved_stage_is_told_as_a_change_of_order() -> None:
    site = GOOD[
        GOOD.index(
            "    - id: site_visit\n      clause: A-11c\n      name: {ko: 현장평가, en: Site visit}"
        ) : GOOD.index("  averaging:")
    ]
    found = changes((site, ""), ("  stages:\n", f"  stages:\n{site}"))
    assert [change.path for change in found] == ["evaluation.stages"]
    assert "순서가 바뀜" in found[0].ko


def test_what_a_rules_sentence_does_not_say_is_told_beside_it() -> None:
    found = changes(
        ("    clause: A-8\n    title: {ko: 국비 비율", "    clause: A-8a\n    title: {ko: 국비 비율"),
        ("at_most: 60%", "at_most: 55%"),
    )
    assert [change.path for change in found] == ["rules.national_ceiling", "rules.national_ceiling.clause"]


def test_a_default_that_becomes_a_clause_is_told() -> None:
    found = changes(("selection:\n  clause: A-12", "selection:\n  default: {ko: 아직 모름, en: not known}"))
    assert [change.path for change in found] == ["selection.clause", "selection.default"]
