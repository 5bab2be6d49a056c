"""Particles that depend on the word before them are settled when a sentence is shown."""

from datetime import timedelta

import pytest

from gongmo.kernel.korean import settled, span, span_en
from gongmo.web.language import pick, t


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("‘제1 위원회’을(를) 해산했습니다", "‘제1 위원회’를 해산했습니다"),
        ("‘강원’을(를) 적어 주세요", "‘강원’을 적어 주세요"),
        ("평가위원 A은(는) 이미 위촉했습니다", "평가위원 A는 이미 위촉했습니다"),
        ("‘서울’(으)로 옮기고 ‘현금’(으)로 냅니다", "‘서울’로 옮기고 ‘현금’으로 냅니다"),
        ("위원장(예비)이(가) 옵니다", "위원장(예비)가 옵니다"),
        ("괄호 (선택)은 그대로 둡니다", "괄호 (선택)은 그대로 둡니다"),
        ("을(를)", "를"),
    ],
)
def test_a_particle_follows_the_word_before_it(sentence: str, shown: str) -> None:
    assert settled(sentence) == shown


def test_what_is_filled_in_decides_the_particle() -> None:
    assert t("‘{name}’을(를) 적어 주세요", "Type “{name}”", name="위원회") == "‘위원회’를 적어 주세요"
    assert pick({"ko": "‘경남’은(는) 없습니다.", "en": "No “경남”."}) == "‘경남’은 없습니다."


@pytest.mark.parametrize(
    ("passed", "ko", "en"),
    [
        (timedelta(seconds=-3), "0초", "0 s"),
        (timedelta(minutes=12, seconds=9), "12분", "12 min"),
        (timedelta(hours=3), "3시간", "3 h"),
        (timedelta(hours=84, minutes=5), "3일 12시간", "3 d 12 h"),
    ],
)
def test_a_long_span_is_told_in_its_two_largest_units(passed: timedelta, ko: str, en: str) -> None:
    assert (span(passed), span_en(passed)) == (ko, en)
