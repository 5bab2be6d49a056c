"""Stems, features, passages and the likeness of two texts."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.rules.similarity.passages import Comparison, compare, sentences, shared_words, side
from gongmo.rules.similarity.postings import asked, best, block_of, count, no_frequencies, weights_of
from gongmo.rules.similarity.score import overall, title_likeness, without
from gongmo.rules.similarity.words import clean, features, spans, stem, stems

PLAN = (
    "압연 소재 표면의 긁힘을 고속 카메라로 찍어 결함을 가려냅니다. 숙련 검사원의 판정 기록을 모아 학습 자료로 정리합니다. "
    "협력사 열두 곳의 출하 검사대에 판독 장치를 달고 시험합니다."
)
RETOLD = (
    "협력사 열두 곳과 출하 검사대에서 판독 장치를 시험하였다. 고속 카메라가 압연 소재 표면에 긁힘과 결함을 찍는다. "
    "학습 자료는 숙련 검사원의 판정 기록으로 정리하고자 한다."
)
OTHER = "감귤 농가의 수확량을 위성 사진으로 내다봅니다. 저장 창고의 온도를 집집마다 알립니다. 판로를 넓히는 누리집을 엽니다."


def flat(found: np.ndarray) -> np.ndarray:
    """Every feature weighs as if one text in two hundred held it."""
    return np.full(len(found), 5.3, dtype=np.float32)


def beside(left: str, right: str) -> Comparison:
    return compare(side(sentences(clean(left)), flat), side(sentences(clean(right)), flat))


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("기업을", "기업"),
        ("기업에서는", "기업"),
        ("개발하였습니다", "개발"),
        ("개발한다", "개발"),
        ("평가", "평가"),
        ("인공지능", "인공지능"),
        ("ai", "ai"),
    ],
)
def test_particles_and_endings_are_trimmed_but_two_syllables_stay(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@given(st.text(max_size=400))
def test_places_of_words_are_places_in_the_clean_text(text: str) -> None:
    cleaned = clean(text)

    for start, end, one in spans(cleaned):
        assert cleaned[start:end].lower().startswith(one[:1])
    assert [one for _, _, one in spans(cleaned)] == stems(cleaned)


@given(st.text(alphabet="가나다라 마바사.\n", max_size=600))
def test_sentences_hold_every_word_once(text: str) -> None:
    cleaned = clean(text)

    held = [word for each in sentences(cleaned) for word in each.words]

    assert held == spans(cleaned)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    import unicodedata

    assert clean(unicodedata.normalize("NFD", PLAN)) == clean(PLAN)


def test_a_copy_is_wholly_alike_and_something_else_is_not() -> None:
    assert beside(PLAN, PLAN).of_right == pytest.approx(1)
    assert beside(PLAN, OTHER) == Comparison(0.0, 0.0, 0.0, ())


def test_other_particles_and_another_order_are_still_alike() -> None:
    found = beside(PLAN, RETOLD)

    assert found.of_right > 0.6
    assert len(found.passages) == 2


def test_passages_name_the_places_of_both_texts() -> None:
    left, right = clean(PLAN), clean(RETOLD)
    found = beside(PLAN, RETOLD)

    camera = found.passages[0]

    assert "카메라로" in left[slice(*camera.left)]
    assert "카메라가" in right[slice(*camera.right)]
    ours, _ = shared_words(sentences(left), sentences(right), camera)
    assert "카메라로" in [left[a:b] for a, b in ours]


def test_a_copy_inside_a_long_text_covers_the_short_one_only() -> None:
    found = beside(f"{OTHER} {PLAN} {OTHER}", PLAN)

    assert found.of_right == pytest.approx(1)
    assert found.of_left < 0.8


@given(
    st.lists(st.sampled_from([*PLAN.split(". "), *RETOLD.split(". "), *OTHER.split(". ")]), max_size=6),
    st.lists(st.sampled_from([*PLAN.split(". "), *OTHER.split(". ")]), max_size=6),
)
def test_likeness_lies_between_none_and_whole_and_the_order_of_texts_does_not_matter(
    one: list[str], two: list[str]
) -> None:
    left, right = ". ".join(one), ". ".join(two)

    there, back = beside(left, right), beside(right, left)

    for each in (there, back):
        assert 0 <= overall(each, 1000) <= 1 + 1e-6
    if len(sentences(clean(left))) == len(sentences(clean(right))):
        assert there.of_left == pytest.approx(back.of_right, abs=1e-4)


def test_titles_are_compared_without_a_threshold() -> None:
    assert title_likeness("압연 소재 결함 판독", "압연 소재의 결함을 판독", flat) == pytest.approx(1)
    assert title_likeness("", "압연", flat) is None


def test_common_sentences_are_left_out() -> None:
    common = side(sentences(clean("지역 기업의 도입과 정착을 함께 돕는 체계를 만듭니다.")), flat)

    left = without(sentences(clean(f"{PLAN} 지역 기업의 도입과 정착을 함께 돕는 체계를 만듭니다.")), common)

    assert len(left) == 3


def test_a_block_names_the_text_that_holds_the_asked_features() -> None:
    rnd = random.Random(3)
    syllables = [chr(0xAC00 + 588 * place) for place in range(19)]
    texts = [" ".join("".join(rnd.choices(syllables, k=3)) for _ in range(40)) for _ in range(300)]
    held = [features(stems(text))[0] for text in texts]
    cells = no_frequencies()
    count(held, cells)
    block = block_of(range(1000, 1300), held, cells, 300)

    terms, weights = asked(held[7], cells, 300)
    found = max(best(block, terms, weights, 5), key=lambda each: each[1])

    assert found[0] == 1007
    assert found[1] == pytest.approx(float(weights.sum()), rel=1e-4)


def test_rarer_features_weigh_more_and_none_below_nothing() -> None:
    cells = no_frequencies()
    cells[1], cells[2] = 1, 90

    rare, common, unknown = weights_of(np.array([1, 2, 3], dtype=np.uint32), cells, 80)

    assert unknown > rare > common == 0
