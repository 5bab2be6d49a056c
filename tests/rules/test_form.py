"""The call's own questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.application import Application, Kpi
from gongmo.definition.base import Severity
from gongmo.definition.model import Definition
from gongmo.rules.finding import Finding, Status
from gongmo.rules.form import answer_problem, asked, check_form, question_at, told_answers
from tests.sample_call import sample_definition

D = {"default": {"ko": "시험", "en": "test"}}


def t(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}


FORM = {
    "sections": [
        {
            "id": "all",
            "name": t("모두"),
            "questions": [
                {"id": "why", **D, "name": t("까닭"), "kind": "long_text", "limit": 20},
                {"id": "way", **D, "name": t("계획"), "kind": "short_text", "per_field": True},
                {
                    "id": "staff",
                    **D,
                    "name": t("사람"),
                    "kind": "number",
                    "required": False,
                    "unit_name": t("명"),
                },
                {"id": "starts_on", **D, "name": t("날"), "kind": "date", "required": False},
                {
                    "id": "pick",
                    **D,
                    "name": t("고르기"),
                    "kind": "choice",
                    "required": False,
                    "choices": [{"id": "a", "name": t("가")}, {"id": "b", "name": t("나")}],
                },
                {"id": "boss", **D, "name": t("책임자"), "kind": "person"},
            ],
        }
    ],
    "kpis": {**D, "count": 2},
}
GOOD = {"why": "까닭입니다", "way@solution": "계획", "boss.name": "담당자 A", "boss.phone": "055-000-0000"}
KPIS = tuple(Kpi(name=f"지표 {n}", baseline="1", target="2") for n in (1, 2))


@pytest.fixture(scope="module")
def call() -> Definition:
    return sample_definition(form=FORM)


def application(**changes: object) -> Application:
    whole = {
        "format": "gongmo/application/1",
        "call": "sample-call",
        "title": "가상 사업",
        "fields": ("solution",),
        "answers": GOOD,
        "kpis": KPIS,
    }
    return Application.model_validate(whole | changes)


def failing(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {item.rule: item.subject.id for item in findings if item.status is Status.FAIL}


def test_a_whole_form_passes(call: Definition) -> None:
    assert failing(check_form(call, application())) == {}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"why": "why", "way": "way@solution", "boss": "boss.name"}),
        (GOOD | {"why": "가" * 21}, {"why": "why"}),
        (GOOD | {"why": "   "}, {"why": "why"}),
        (GOOD | {"staff": "많음"}, {"staff": "staff"}),
        (GOOD | {"starts_on": "2030-02-30"}, {"starts_on": "starts_on"}),
        (GOOD | {"pick": "c"}, {"pick": "pick"}),
        (GOOD | {"boss.phone": ""}, {"boss": "boss.email"}),
        (GOOD | {"boss.email": "주소아님"}, {"boss": "boss.email"}),
        (GOOD | {"boss.name": ""}, {"boss": "boss.name"}),
    ],
)
def test_what_is_missing_or_wrong_fails_at_its_place(
    call: Definition, answers: dict[str, str], expected: dict[str, str]
) -> None:
    assert failing(check_form(call, application(answers=answers))) == expected


def test_each_chosen_field_has_its_own_question(call: Definition) -> None:
    both = application(fields=("people", "solution"))

    assert [item.place for item in asked(call, both.fields) if item.field] == ["way@solution", "way@people"]
    assert failing(check_form(call, both)) == {"way": "way@people"}


@pytest.mark.parametrize(
    "kpis",
    [(), KPIS[:1], (*KPIS, Kpi(name="반만")), (*KPIS, Kpi(baseline="3", target="4"))],
)
def test_too_few_or_half_written_indicators_fail(call: Definition, kpis: tuple[Kpi, ...]) -> None:
    assert failing(check_form(call, application(kpis=kpis))) == {"kpis": "kpis"}


def test_empty_lines_of_indicators_do_not_count(call: Definition) -> None:
    assert failing(check_form(call, application(kpis=(*KPIS, Kpi())))) == {}


def test_a_value_that_says_nothing_of_answers_is_told_and_decides_nothing(call: Definition) -> None:
    (finding,) = check_form(call, application(answers=None, kpis=None))

    assert (finding.status, finding.severity) == (Status.UNKNOWN, Severity.ADVISORY)


def test_answers_to_no_question_are_told_as_advice(call: Definition) -> None:
    found = check_form(call, application(answers=GOOD | {"nothing": "x"}))

    assert [item.severity for item in found if item.rule == "answers"] == [Severity.ADVISORY]


def test_a_call_without_questions_asks_nothing() -> None:
    assert check_form(sample_definition(), application()) == ()


@given(st.text(max_size=60))
def test_a_text_within_its_limit_passes_and_one_beyond_fails(text: str) -> None:
    call = sample_definition(form=FORM)
    found = question_at(call, "why")
    assert found is not None

    assert (answer_problem(*found, text) is None) == (len(text) <= 20)


@given(st.text(alphabet="whyaboss@.solutionpeople", max_size=20))
def test_only_places_that_are_asked_are_known(place: str) -> None:
    call = sample_definition(form=FORM)
    known = {each for item in asked(call, ["solution", "people"]) for each in item.places}

    assert (question_at(call, place) is not None) == (place in known)


def test_open_questions_of_every_kind_are_told(call: Definition) -> None:
    assert {answer.ko for _, answer in told_answers(call, ["solution"], {})} == {"(없음)"}


def test_answers_are_told_in_words(call: Definition) -> None:
    told = told_answers(call, ["solution"], GOOD | {"pick": "b", "staff": "3"})

    assert {name.ko: answer.ko for name, answer in told} == {
        "까닭": "까닭입니다",
        "계획 (솔루션)": "계획",
        "사람": "3명",
        "날": "(없음)",
        "고르기": "나",
        "책임자": "담당자 A, 055-000-0000",
    }
