"""The definitions that ship with Gongmo say what their calls say."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from gongmo.definition.base import Severity
from gongmo.definition.loader import announcement, load_definition, parse_definition, templates
from gongmo.definition.model import Definition, defaults
from gongmo.definition.names import all_based
from gongmo.definition.rules import AmountCeiling, ApplicantRegions, InKindCap, ShareCeiling, ShareFloor
from gongmo.kernel.canonical import canonical_json, digest

CALLS = Path(__file__).resolve().parents[2] / "calls"
NAMES = sorted(folder.name for folder in CALLS.iterdir() if (folder / "call.yaml").is_file())


@pytest.fixture(scope="module")
def first() -> Definition:
    return load_definition(CALLS / "2025-regional-ai")


def test_the_four_definitions_ship() -> None:
    assert NAMES == ["2025-regional-ai", "2026-regional-ai", "regional-sme", "sample-culture"]


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_survives_being_stored_as_json(name: str) -> None:
    call = load_definition(CALLS / name)
    stored = call.model_dump_json()
    assert Definition.model_validate_json(stored) == call
    assert parse_definition(canonical_json(call).encode(), "call.json") == call
    assert digest(Definition.model_validate_json(stored)) == digest(call)


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_is_used_or_speaks_for_itself(name: str) -> None:
    call = load_definition(CALLS / name)
    assert call.id == name
    assert all(len(clause.text.ko) > 10 and len(clause.text.en) > 10 for clause in call.clauses)


@pytest.mark.parametrize("name", NAMES)
def test_every_default_says_why_in_both_languages(name: str) -> None:
    found = defaults(load_definition(CALLS / name))
    assert found
    for path, based in found:
        assert based.clause is None, path
        assert based.default is not None
        assert re.search("[가-힣]", based.default.ko)
        assert not re.search("[가-힣]", based.default.en)


def test_the_first_call_holds_every_clause_of_the_programme(first: Definition) -> None:
    sub = {"A-5": "abcde", "A-8": "a", "A-11": "abc", "A-15": "ab"}
    expected = [
        name
        for number in range(1, 18)
        for name in [f"A-{number}", *(f"A-{number}{letter}" for letter in sub.get(f"A-{number}", ""))]
    ]
    assert [clause.id for clause in first.clauses] == expected
    assert all(clause.under == clause.id[:-1] for clause in first.clauses if clause.id[-1].isalpha())


def test_every_settled_thing_of_the_first_call_names_a_clause_or_is_marked(first: Definition) -> None:
    cited = {based.clause for _, based in all_based(first)}
    # Clauses that are told in words only: what the heading above them carries, and what happens much later.
    silent = {"A-5", "A-5d", "A-10", "A-11a", "A-11c", "A-7", "A-1"}
    assert {clause.id for clause in first.clauses} - cited <= silent


def test_intake_of_the_first_call_closes_at_the_instant_that_the_clause_states(first: Definition) -> None:
    assert first.closes() == datetime(2025, 8, 29, 8, 0, tzinfo=UTC)
    assert {channel.due_on for channel in first.intake.channels} == {date(2025, 8, 29)}


def test_sixteen_regions_may_apply_to_the_first_call_and_seoul_may_not(first: Definition) -> None:
    rule = first.rule("applicant_region")
    assert isinstance(rule, ApplicantRegions)
    assert len(set(rule.regions)) == 16
    assert "KR-11" not in rule.regions


def test_the_second_call_seeks_two_of_the_regions_that_the_first_left(first: Definition) -> None:
    second = load_definition(CALLS / "2026-regional-ai")
    before, after = first.rule("applicant_region"), second.rule("applicant_region")
    assert isinstance(before, ApplicantRegions)
    assert isinstance(after, ApplicantRegions)
    assert set(before.regions) - set(after.regions) == {"KR-48", "KR-27", "KR-31", "KR-46", "KR-49"}
    assert second.selection.count == 2
    assert second.closes() == datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
    assert second.intake.is_default


def shares(call: Definition) -> dict[str, Fraction]:
    limits: dict[str, Fraction] = {}
    for rule in call.rules:
        if isinstance(rule, ShareFloor):
            limits[rule.id] = rule.at_least
        elif isinstance(rule, ShareCeiling | InKindCap):
            limits[rule.id] = rule.at_most
    return limits


def test_the_shares_of_both_regional_calls_are_those_of_the_clauses(first: Definition) -> None:
    assert shares(first) == {
        "non_national_floor": Fraction(2, 5),
        "national_ceiling": Fraction(3, 5),
        "local_floor": Fraction(1, 5),
        "direct_national_ceiling": Fraction(3, 5),
        "direct_local_floor": Fraction(1, 5),
        "direct_private_ceiling": Fraction(1, 5),
        "direct_in_kind_cap": Fraction(7, 10),
    }
    assert shares(load_definition(CALLS / "2026-regional-ai")) == shares(first)


def test_the_average_grant_is_told_and_limits_nobody(first: Definition) -> None:
    averages = [rule for rule in first.rules if isinstance(rule, AmountCeiling)]
    assert [(rule.at_most, rule.per) for rule in averages] == [
        (14_000_000_000, "total"),
        (7_000_000_000, "year"),
    ]
    assert all(rule.severity is Severity.ADVISORY and rule.clause == "A-6" for rule in averages)


def test_the_first_call_scores_a_hundred_points_forty_and_sixty(first: Definition) -> None:
    evaluation = first.evaluation
    assert [group.max_points for group in evaluation.criteria] == [20, 30, 20, 30]
    assert [(stage.id, stage.weight) for stage in evaluation.scored_stages()] == [
        ("desk", Decimal(40)),
        ("presentation", Decimal(60)),
    ]
    assert evaluation.criterion_map()["4-1"].max_points == 20
    assert (first.selection.count, evaluation.committee.size) == (5, 7)
    assert evaluation.averaging.is_default
    assert evaluation.rounding.is_default
    assert evaluation.ties.is_default


def test_nine_documents_are_due_as_the_clause_lists_them(first: Definition) -> None:
    assert [(document.number, document.per) for document in first.documents] == [
        (1, "application"),
        (2, "application"),
        (3, "application"),
        (4, "organisation"),
        (5, "organisation"),
        (6, "organisation"),
        (7, "organisation"),
        (8, "organisation"),
        (9, "application"),
    ]
    assert first.document("eligibility_self_check").roles == ("lead", "partner")
    assert first.document("local_payment_pledge").roles == ("local_government",)
    assert first.document("asset_purchase_plan").when.kind == "buys_assets"


def test_the_four_survey_figures_are_the_baselines(first: Definition) -> None:
    assert sorted(baseline.percent for baseline in first.baselines) == ["17.9", "28.7", "40.4", "48.8"]


def test_the_companies_call_hands_on_a_parents_money() -> None:
    call = load_definition(CALLS / "regional-sme")
    rule = call.rule("applicant_region")
    assert isinstance(rule, ApplicantRegions)
    assert rule.from_parent
    assert call.second_level is not None
    assert call.second_level.parent_programme == "regional-ai"
    assert call.second_level.sources == ("national", "local")


def test_the_culture_call_differs_in_every_way_that_the_first_does_not_need() -> None:
    call = load_definition(CALLS / "sample-culture")
    evaluation = call.evaluation
    assert call.invented
    assert len(evaluation.scored_stages()) == 3
    assert evaluation.averaging.method == "trimmed_mean"
    assert evaluation.cutoffs
    assert evaluation.bonus is not None
    assert evaluation.ties.criteria
    assert {rule.kind for rule in call.rules} >= {"amount_floor", "share_ceiling", "in_kind_cap"}


def test_the_long_text_lies_beside_the_definition_in_both_languages() -> None:
    folder = CALLS / "2025-regional-ai"
    for lang in ("ko", "en"):
        text = announcement(folder, lang)
        assert text is not None
        known = {clause.id for clause in load_definition(folder).clauses}
        assert set(re.findall(r"\bA-\d+[a-z]?\b", text)) <= known
        assert announcement(folder / "call.yaml", lang) == text
    assert announcement(CALLS / "sample-culture", "ko") is None


def test_templates_beside_a_definition_are_listed_by_name(tmp_path: Path) -> None:
    assert templates(tmp_path) == ()
    (tmp_path / "templates").mkdir()
    for name in ("b.hwpx", "a.hwpx", ".hidden"):
        (tmp_path / "templates" / name).write_bytes(b"")
    assert [file.name for file in templates(tmp_path)] == ["a.hwpx", "b.hwpx"]


@pytest.mark.parametrize(
    "path", sorted(CALLS.rglob("*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_file_is_yaml_for_a_reader_without_libyaml_too(path: Path) -> None:
    assert list(yaml.parse(path.read_text("utf-8"), Loader=yaml.SafeLoader))
