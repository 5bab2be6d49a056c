"""Who applies: regions with their days, roles, kinds, and names that fit together."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.base import Severity
from gongmo.rules.consortium import check_consortium
from gongmo.rules.finding import Status
from gongmo.rules.regions import RegionTable
from tests.rules.sample import application, definition, of_rule, only, organisation, statuses

GOVERNMENT = "metropolitan_government"
REGIONS: dict[str, Any] = {"kind": "applicant_regions", "role": "applicant", "regions": ["KR-90", "KR-91"]}
PARENT: dict[str, Any] = {"kind": "applicant_regions", "role": "lead", "from_parent": True}
TABLE = RegionTable.from_rows(
    [
        {"code": "KR-90", "ko": "가 지역", "en": "Region A"},
        {
            "code": "KR-91",
            "ko": "나 지역",
            "en": "Region B",
            "valid_to": "2030-03-14",
            "successors": ["KR-91A"],
        },
        {"code": "KR-91A", "ko": "다 지역", "en": "Region C", "valid_from": "2030-03-15"},
    ]
)


def applicant(region: str | None = "KR-90", **more: Any) -> dict[str, Any]:
    return organisation("gov", "applicant", GOVERNMENT, region=region, **more)


@pytest.mark.parametrize(
    ("region", "table", "status"),
    [
        ("KR-90", TABLE, Status.PASS),
        ("KR-90", None, Status.PASS),
        ("KR-91", None, Status.PASS),
        ("KR-91", TABLE, Status.FAIL),
        ("KR-91A", TABLE, Status.FAIL),
        ("KR-99", None, Status.FAIL),
        ("KR-99", TABLE, Status.UNKNOWN),
        (None, TABLE, Status.UNKNOWN),
    ],
)
def test_the_applicants_region_is_listed_and_valid_on_the_closing_day(
    region: str | None, table: RegionTable | None, status: Status
) -> None:
    found = check_consortium(
        definition(REGIONS), application(organisations=[applicant(region)]), regions=table
    )
    assert only(found).status is status


def test_an_ended_region_names_what_followed_it() -> None:
    found = check_consortium(
        definition(REGIONS), application(organisations=[applicant("KR-91")]), regions=TABLE
    )
    assert "다 지역" in only(found).message.ko


def test_the_applications_region_stands_in_and_may_not_contradict() -> None:
    made = application(organisations=[applicant(None)], region="KR-90")
    assert statuses(check_consortium(definition(REGIONS), made)) == [Status.PASS]
    made = application(organisations=[applicant("KR-90")], region="KR-91")
    assert statuses(check_consortium(definition(REGIONS), made)) == [Status.FAIL]


def test_no_applicant_means_an_unknown_region() -> None:
    assert statuses(check_consortium(definition(REGIONS), application())) == [Status.UNKNOWN]


@pytest.mark.parametrize(
    ("parent", "own", "status"),
    [
        ("KR-90", "KR-90", Status.PASS),
        ("KR-90", "KR-91A", Status.FAIL),
        ("KR-91", "KR-91A", Status.PASS),
        (None, "KR-90", Status.UNKNOWN),
        ("KR-90", None, Status.UNKNOWN),
    ],
)
def test_a_second_level_call_takes_the_parents_region_or_what_followed_it(
    parent: str | None, own: str | None, status: Status
) -> None:
    made = application(organisations=[organisation(region=own)], parent_region=parent)
    second = {"clause": "T-1", "parent_programme": "above", "pot": 1000, "sources": ["national"]}
    call = definition(PARENT, second_level=second)
    assert statuses(check_consortium(call, made, regions=TABLE)) == [status]


@given(st.integers(0, 6), st.integers(0, 4), st.integers(1, 4))
def test_a_required_role_counts_between_its_bounds(count: int, least: int, more: int) -> None:
    rule = {
        "kind": "required_role",
        "roles": ["partner"],
        "kinds": ["university"],
        "at_least": least,
        "at_most": least + more,
    }
    members = [organisation(f"o{n}", "partner", "university") for n in range(count)]
    others = [organisation("x", "partner", "company"), organisation("y", "lead", "university")]
    found = only(check_consortium(definition(rule), application(organisations=[*others, *members])))
    assert (found.status is Status.PASS) == (least <= count <= least + more)
    assert found.numbers["count"] == count


def test_a_wrong_kind_is_named() -> None:
    rule = {"kind": "allowed_kinds", "roles": ["partner"], "kinds": ["university"]}
    members = [
        organisation("a", "partner", "university"),
        organisation("b", "partner", "company"),
        organisation("c"),
    ]
    found = only(check_consortium(definition(rule), application(organisations=members)))
    assert (found.status, found.subject.organisation) == (Status.FAIL, "b")
    assert statuses(check_consortium(definition(rule), application(organisations=members[:1]))) == [
        Status.PASS
    ]
    assert statuses(check_consortium(definition(rule), application())) == [Status.NOT_APPLICABLE]


KINDS = st.sampled_from(["university", "company", "association"])


@given(st.lists(KINDS, max_size=6), st.sets(KINDS, min_size=1))
def test_exactly_the_wrong_kinds_are_named(kinds: list[str], allowed: set[str]) -> None:
    rule = {"kind": "allowed_kinds", "roles": ["partner"], "kinds": sorted(allowed)}
    members = [organisation(f"o{number}", "partner", kind) for number, kind in enumerate(kinds)]
    found = of_rule(check_consortium(definition(rule), application(organisations=members)))
    wrong = [f"o{number}" for number, kind in enumerate(kinds) if kind not in allowed]
    assert [f.subject.organisation for f in found if f.status is Status.FAIL] == wrong


def test_names_that_the_call_does_not_have_fail() -> None:
    members = [organisation("a"), organisation("a"), organisation("b", "patron")]
    made = application(organisations=members, call="other", fields=["gamma"])
    found = of_rule(check_consortium(definition(), made), "names")
    assert [f.status for f in found] == [Status.FAIL] * 4
    assert statuses(check_consortium(definition(), application()), "names") == [Status.PASS]


def test_a_region_exists_on_its_first_and_last_day() -> None:
    row = {"code": "KR-90", "ko": "가", "en": "A", "valid_from": "2030-03-10", "valid_to": "2030-03-15"}
    region = RegionTable.from_rows([row]).get("KR-90")
    assert region is not None
    days = (date(2030, 3, 9), date(2030, 3, 10), date(2030, 3, 15), date(2030, 3, 16))
    assert [region.valid_on(day) for day in days] == [False, True, True, False]


def test_what_stands_for_a_region_follows_its_successors_in_turn() -> None:
    rows: list[dict[str, Any]] = [
        {"code": "KR-90", "ko": "가", "en": "A", "valid_to": "2030-01-01", "successor": "KR-91"},
        {"code": "KR-91", "ko": "나", "en": "B", "valid_to": "2030-02-01", "successors": ["KR-92", "KR-93"]},
        {"code": "KR-92", "ko": "다", "en": "C"},
        {"code": "KR-93", "ko": "라", "en": "D"},
    ]
    table = RegionTable.from_rows(rows)
    assert table.now_valid("KR-90", date(2030, 1, 1)) == ("KR-90",)
    assert table.now_valid("KR-90", date(2030, 1, 2)) == ("KR-91",)
    assert table.now_valid("KR-90", date(2030, 3, 1)) == ("KR-92", "KR-93")
    assert table.now_valid("KR-99", date(2030, 3, 1)) == ()


def test_a_region_table_refuses_double_codes_and_unknown_successors() -> None:
    row = {"code": "KR-90", "ko": "가", "en": "A"}
    with pytest.raises(ValueError, match="twice"):
        RegionTable.from_rows([row, row])
    with pytest.raises(ValueError, match="successor"):
        RegionTable.from_rows([{**row, "successors": ["KR-98"]}])


def test_answers_arrivals_and_demands_under_unknown_names_are_told_as_advice() -> None:
    found = check_consortium(
        definition(),
        application(
            organisations=[organisation(facts={"arrear": {"value": "yes"}})],
            arrivals=[{"channel": "pigeon", "arrived_on": "2030-03-01"}],
            proof_demands=[
                {"organisation": "nobody", "fact": "arrears", "due_at": "2030-04-01T00:00:00+09:00"}
            ],
        ),
    )
    loose = of_rule(found, "loose_names")
    assert [finding.numbers["name"] for finding in loose] == ["arrear", "pigeon", "nobody"]
    assert {finding.severity for finding in loose} == {Severity.ADVISORY}
