"""Conflicts of interest against every organisation, and whether a committee is whole."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.evaluation import Committee, Sector
from gongmo.definition.model import Definition
from gongmo.rules.committee import (
    Affiliation,
    Candidate,
    Conflict,
    ConflictKind,
    Declared,
    Evaluator,
    Member,
    Relation,
    check_committee,
    conflicts,
    years_before,
)
from gongmo.rules.finding import Severity, Status

TODAY = date(2030, 3, 1)
CANDIDATE = Candidate("app", (Member("lead", "주관", "KR-48"), Member("partner", "참여", "KR-11")), "KR-48")


class _Evaluation:
    def __init__(self, committee: Committee) -> None:
        self.committee = committee


def call(**changes: Any) -> Definition:
    made = {"default": {"ko": "시험", "en": "test"}, "size": 3, "quorum": 2, **changes}
    return Definition.model_construct(evaluation=_Evaluation(Committee.model_validate(made)))  # type: ignore[arg-type]


def seen(evaluator: Evaluator, **changes: Any) -> list[tuple[ConflictKind, str | None]]:
    return [(c.kind, c.organisation) for c in conflicts(call(**changes), evaluator, CANDIDATE, as_of=TODAY)]


def test_a_stranger_has_no_conflict() -> None:
    assert seen(Evaluator("e", "industry", (Affiliation("elsewhere"),), "KR-48")) == []


def test_employment_at_a_partner_counts_like_employment_at_the_lead() -> None:
    assert seen(Evaluator("e", "industry", (Affiliation("partner"),))) == [
        (ConflictKind.SAME_ORGANISATION, "partner")
    ]


@pytest.mark.parametrize(
    ("until", "conflict"),
    [
        (date(2027, 2, 28), False),
        (date(2027, 3, 1), False),
        (date(2027, 3, 2), True),
        (date(2030, 2, 28), True),
    ],
)
def test_former_employment_counts_until_the_years_are_full(until: date, conflict: bool) -> None:
    found = seen(Evaluator("e", "industry", (Affiliation("lead", None, until),)), affiliation_years=3)

    assert found == ([(ConflictKind.FORMER_ORGANISATION, "lead")] if conflict else [])


def test_future_employment_is_not_yet_a_conflict() -> None:
    assert seen(Evaluator("e", "industry", (Affiliation("lead", TODAY + timedelta(1)),))) == []


def test_last_day_of_employment_is_still_employment() -> None:
    found = seen(Evaluator("e", "industry", (Affiliation("lead", None, TODAY),)))

    assert found == [(ConflictKind.SAME_ORGANISATION, "lead")]


@pytest.mark.parametrize("relation", list(Relation))
def test_every_declared_relation_is_a_conflict(relation: Relation) -> None:
    found = conflicts(
        call(),
        Evaluator("e", "academia", declared=(Declared(relation, "partner"),)),
        CANDIDATE,
        as_of=TODAY,
    )

    assert [(c.kind, c.relation, c.organisation) for c in found] == [
        (ConflictKind.DECLARED, relation, "partner")
    ]
    assert found[0].message.ko
    assert found[0].message.en


def test_having_been_an_adviser_fades_and_advice_on_the_matter_does_not() -> None:
    long_ago = date(2020, 1, 1)

    assert seen(Evaluator("e", "academia", declared=(Declared(Relation.ADVISER, "lead", long_ago),))) == []
    assert seen(Evaluator("e", "academia", declared=(Declared(Relation.ADVICE, "lead", long_ago),))) != []


def test_region_is_a_conflict_only_where_the_definition_says_so() -> None:
    evaluator = Evaluator("e", "research", region="KR-11")

    assert seen(evaluator) == []
    assert seen(evaluator, same_region="conflict") == [(ConflictKind.SAME_REGION, None)]


@pytest.mark.parametrize("own", ["app", "rival"])
def test_taking_part_in_the_same_call_is_a_conflict_with_every_application(own: str) -> None:
    assert seen(Evaluator("e", "industry", applications=(own,))) == [(ConflictKind.SAME_CALL, None)]


@given(st.permutations(["a", "b", "c", "lead", "partner"]), st.integers(0, 5))
def test_order_of_affiliations_changes_nothing(order: list[str], years: int) -> None:
    def found(names: list[str]) -> tuple[Conflict, ...]:
        jobs = tuple(Affiliation(name, None, date(2028, 1, 1)) for name in names)
        definition = call(affiliation_years=years)
        return conflicts(definition, Evaluator("e", "industry", jobs), CANDIDATE, as_of=TODAY)

    assert found(order) == found(sorted(order))


def test_years_before_a_leap_day() -> None:
    assert years_before(date(2028, 2, 29), 1) == date(2027, 2, 28)


def people(*sectors: Sector) -> list[Evaluator]:
    return [Evaluator(f"e{n}", sector) for n, sector in enumerate(sectors)]


def test_a_whole_committee_passes() -> None:
    found = check_committee(call(at_least_per_sector=1), people("industry", "academia", "research"))

    assert {finding.status for finding in found} == {Status.PASS}
    assert len(found) == 5


def test_a_missing_sector_and_a_missed_quorum_are_told() -> None:
    found = check_committee(call(at_least_per_sector=1), people("industry"))

    failed = {finding.rule for finding in found if finding.status is Status.FAIL}
    assert failed == {
        "committee_size",
        "committee_quorum",
        "committee_sector_academia",
        "committee_sector_research",
    }


def test_size_alone_is_advisory() -> None:
    found = {f.rule: f for f in check_committee(call(), people("industry", "academia"))}

    assert found["committee_size"].severity is Severity.ADVISORY
    assert found["committee_quorum"].status is Status.PASS


def test_a_sector_outside_the_definition_fails() -> None:
    found = check_committee(call(sectors=("industry",)), people("industry", "industry", "academia"))

    assert "committee_sector_allowed" in {f.rule for f in found if f.status is Status.FAIL}
