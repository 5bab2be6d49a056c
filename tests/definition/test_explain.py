"""Every rule, document and evaluation setting has a sentence in Korean and in English."""

import re
from pathlib import Path

import pytest

from gongmo.definition.base import Text
from gongmo.definition.explain import (
    amount,
    explain_allocation,
    explain_document,
    explain_evaluation,
    explain_part,
    explain_rule,
)
from gongmo.definition.loader import load_definition
from gongmo.definition.model import Definition
from gongmo.definition.rules import Part

CALLS = Path(__file__).resolve().parents[2] / "calls"
NAMES = sorted(folder.name for folder in CALLS.iterdir() if (folder / "call.yaml").is_file())


@pytest.fixture(scope="module")
def first() -> Definition:
    return load_definition(CALLS / "2025-regional-ai")


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_call_is_explained_in_both_languages(name: str) -> None:
    call = load_definition(CALLS / name)
    told = [
        *(explain_rule(call, rule) for rule in call.rules),
        *(explain_document(call, document) for document in call.documents),
        *(text for _, text, _ in explain_evaluation(call)),
        explain_allocation(call),
    ]
    for text in told:
        assert text is not None
        assert re.search("[가-힣]", text.ko)
        assert not re.search("[가-힣]", text.en), text.en
        assert "None" not in text.ko + text.en


@pytest.mark.parametrize(
    ("rule", "korean"),
    [
        ("national_ceiling", "국비는 총사업비의 60% 이하여야 합니다."),
        ("non_national_floor", "지방비+민간부담금은 총사업비의 40% 이상이어야 합니다."),
        ("direct_local_floor", "직접지원 지방비는 직접지원 사업비의 20% 이상이어야 합니다."),
        ("direct_national_cash", "직접지원 국비는 현금만 쓸 수 있습니다."),
        ("direct_in_kind_cap", "직접지원 민간부담금에서 현물은 70% 이하여야 합니다."),
        ("average_national_year", "국비는 해마다 7,000,000,000원(70억)을 기준으로 봅니다. 참고로 알릴 뿐 판정에 쓰지 않습니다."),
    ],
)  # fmt: skip
def test_a_money_rule_reads_as_people_say_it(first: Definition, rule: str, korean: str) -> None:
    assert explain_rule(first, first.rule(rule)).ko == korean


def test_regions_are_named_where_names_are_given(first: Definition) -> None:
    rule = first.rule("applicant_region")
    assert "KR-26" in explain_rule(first, rule).ko
    named = explain_rule(first, rule, regions={"KR-26": Text(ko="갑 지역", en="Region A")})
    assert "갑 지역" in named.ko
    assert "Region A" in named.en


def test_the_whole_budget_is_the_total_cost(first: Definition) -> None:
    assert explain_part(first, Part()) == Text(ko="총사업비", en="the total cost")


def test_small_sums_have_no_reading_aid() -> None:
    assert amount(9_999).ko == "9,999원"
    assert amount(10_000).ko == "10,000원(1만)"


def test_limits_of_a_call_are_told_where_the_call_has_them() -> None:
    call = load_definition(CALLS / "sample-culture")
    told = {name.en: text.ko for name, text, _ in explain_evaluation(call)}
    assert "최고 1개와 최저 1개를 뺀 평균" in told["Averaging"]
    assert "5점" in told["Bonus"]
    assert told["Ties"].endswith("평가위원회 의결")
    assert explain_rule(call, call.rule("cooperating_count")).ko == "협력 단체는 2곳까지 둘 수 있습니다."
