"""Exclusions: as of the closing day, three answers, exceptions to the day, contagion."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.base import Severity
from gongmo.rules.exclusions import anniversary, check_exclusions, closing_day, exclusion_verdicts
from gongmo.rules.finding import Finding, Status, SubjectKind, Verdict, verdict
from tests.rules.sample import T, application, definition, of_rule, only, organisation

ARREARS: dict[str, Any] = {"kind": "exclusion", "fact": "arrears"}
IMPAIRED: dict[str, Any] = {
    "kind": "exclusion",
    "fact": "impaired",
    "kinds": ["company"],
    "exceptions": [{"kind": "younger_than", "years": 7, "text": T}],
}
DUPLICATE: dict[str, Any] = {
    "kind": "exclusion",
    "fact": "duplicate",
    "exceptions": [{"kind": "follow_up_after_end", "text": T}],
}
PROOF: dict[str, Any] = {"kind": "demanded_proof"}
CLOSING = date(2030, 3, 15)
STATUSES = {"yes": Status.FAIL, "no": Status.PASS, "unknown": Status.UNKNOWN, None: Status.UNKNOWN}


def fact(name: str, value: str | None, **more: Any) -> dict[str, Any]:
    return {} if value is None else {"facts": {name: {"value": value, **more}}}


def verdicts(rule: dict[str, Any], *members: dict[str, Any], on: date | None = None) -> tuple[Finding, ...]:
    return exclusion_verdicts(definition(rule), application(organisations=members), on=on)


def one(rule: dict[str, Any], member: dict[str, Any]) -> Status:
    return verdicts(rule, member)[0].status


def whole(found: tuple[Finding, ...]) -> Finding:
    [finding] = [f for f in found if f.subject.kind is SubjectKind.APPLICATION]
    return finding


@pytest.mark.parametrize("value", list(STATUSES))
def test_an_answer_decides_and_a_missing_one_is_unknown(value: str | None) -> None:
    assert one(ARREARS, organisation(**fact("arrears", value))) is STATUSES[value]


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        ("2030-03-15", None, Status.FAIL),
        ("2030-03-16", None, Status.PASS),
        (None, "2030-03-15", Status.FAIL),
        (None, "2030-03-14", Status.PASS),
    ],
)
def test_a_fact_counts_on_the_closing_day_only(since: str | None, until: str | None, status: Status) -> None:
    assert one(ARREARS, organisation(**fact("arrears", "yes", since=since, until=until))) is status


def test_facts_can_be_judged_on_a_later_day() -> None:
    member = organisation(**fact("arrears", "yes", since="2030-06-01"))
    assert verdicts(ARREARS, member)[0].status is Status.PASS
    assert verdicts(ARREARS, member, on=date(2030, 6, 1))[0].status is Status.FAIL


def test_the_closing_day_is_the_day_in_seoul() -> None:
    intake = {"clause": "T-1", "opens": "2030-02-01T00:00:00Z", "closes": "2030-03-14T15:30:00Z"}
    assert closing_day(definition(intake=intake)) == CLOSING


@pytest.mark.parametrize(
    ("founded", "status"),
    [
        ("2023-03-15", Status.FAIL),
        ("2023-03-16", Status.PASS),
        ("2023-03-14", Status.FAIL),
        ("2030-03-15", Status.PASS),
        ("2030-03-16", Status.UNKNOWN),
        (None, Status.UNKNOWN),
    ],
)
def test_a_company_is_younger_until_its_anniversary(founded: str | None, status: Status) -> None:
    member = organisation(founded_on=founded, **fact("impaired", "yes"))
    assert one(IMPAIRED, member) is status


@pytest.mark.parametrize(
    ("founded", "years", "day"),
    [
        (date(2020, 2, 29), 7, date(2027, 2, 28)),
        (date(2020, 2, 29), 8, date(2028, 2, 29)),
        (date(2023, 3, 15), 7, date(2030, 3, 15)),
    ],
)
def test_an_anniversary_falls_on_the_months_last_day_where_the_day_is_missing(
    founded: date, years: int, day: date
) -> None:
    assert anniversary(founded, years) == day


@given(st.dates(date(1950, 1, 1), date(2040, 12, 31)), st.integers(1, 50))
def test_an_anniversary_lies_whole_years_later(founded: date, years: int) -> None:
    full = anniversary(founded, years)
    assert full.year - founded.year == years
    assert full.month == founded.month
    assert full.day == founded.day or (full + timedelta(days=1)).month != full.month


@given(st.dates(date(2020, 1, 1), CLOSING), st.dates(date(2020, 1, 1), CLOSING))
def test_an_older_company_is_never_excepted_where_a_younger_one_is_not(one_day: date, other: date) -> None:
    older, younger = sorted((one_day, other))
    answers = [
        one(IMPAIRED, organisation(founded_on=d.isoformat(), **fact("impaired", "yes")))
        for d in (older, younger)
    ]
    assert answers != [Status.PASS, Status.FAIL]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"follow_up": True, "earlier_ended_on": "2030-03-15"}, Status.PASS),
        ({"follow_up": True, "earlier_ended_on": "2030-03-16"}, Status.FAIL),
        ({"follow_up": True}, Status.UNKNOWN),
        ({"follow_up": False, "earlier_ended_on": "2029-01-01"}, Status.FAIL),
        ({}, Status.FAIL),
    ],
)
def test_follow_up_is_excepted_once_the_earlier_project_has_ended(
    more: dict[str, Any], status: Status
) -> None:
    assert one(DUPLICATE, organisation(**fact("duplicate", "yes", **more))) is status


def test_a_rule_does_not_apply_to_kinds_and_roles_that_it_does_not_concern() -> None:
    assert one(IMPAIRED, organisation(kind="university")) is Status.NOT_APPLICABLE
    rule = {**ARREARS, "roles": ["partner"]}
    assert one(rule, organisation(**fact("arrears", "yes"))) is Status.NOT_APPLICABLE


def test_one_excluded_organisation_excludes_the_consortium_and_is_named() -> None:
    members = [
        organisation("lead", **fact("arrears", "no")),
        organisation("b", "partner", **fact("arrears", "yes")),
    ]
    found = whole(verdicts(ARREARS, *members))
    assert found.status is Status.FAIL
    assert "기관 b" in found.message.ko
    assert found.numbers["excluded"] == ["b"]


def test_own_exclusion_does_not_reach_the_consortium_unless_the_lead_is_excluded() -> None:
    rule = {**ARREARS, "contagion": "organisation"}
    clean = fact("arrears", "no")
    found = verdicts(
        rule, organisation("lead", **clean), organisation("b", "partner", **fact("arrears", "yes"))
    )
    assert [f.status for f in found] == [Status.PASS, Status.FAIL]
    assert found[1].severity is Severity.ADVISORY
    assert verdict(found) is Verdict.PASS
    assert verdict(verdicts(rule, organisation("lead", **fact("arrears", "yes")))) is Verdict.FAIL


VALUES = st.lists(st.sampled_from(list(STATUSES)), min_size=1, max_size=5)


@given(VALUES, st.randoms())
def test_contagion_is_the_worst_answer_in_any_order(values: list[str | None], shuffle: Random) -> None:
    members = [organisation(f"o{n}", "partner", **fact("arrears", value)) for n, value in enumerate(values)]
    found = verdicts(ARREARS, *members)
    shuffled = list(members)
    shuffle.shuffle(shuffled)
    again = verdicts(ARREARS, *shuffled)
    expected = (
        Status.FAIL if "yes" in values else Status.UNKNOWN if {"unknown", None} & set(values) else Status.PASS
    )
    assert whole(found).status is whole(again).status is expected
    assert {f.subject.id: f.status for f in found} == {f.subject.id: f.status for f in again}


@given(VALUES)
def test_an_unknown_answer_never_passes(values: list[str | None]) -> None:
    members = [organisation(f"o{n}", "partner", **fact("arrears", value)) for n, value in enumerate(values)]
    if {"unknown", None} & set(values):
        assert verdict(verdicts(ARREARS, *members)) is not Verdict.PASS


DUE = datetime.fromisoformat("2030-04-01T12:00:00+09:00")


@pytest.mark.parametrize(
    ("handed_in", "at", "status"),
    [
        (None, None, Status.UNKNOWN),
        (None, DUE - timedelta(microseconds=1), Status.UNKNOWN),
        (None, DUE, Status.FAIL),
        (DUE - timedelta(microseconds=1), None, Status.PASS),
        (DUE, None, Status.FAIL),
        (DUE - timedelta(days=1), DUE + timedelta(days=9), Status.PASS),
    ],
)
def test_demanded_proof_counts_before_its_due_instant(
    handed_in: datetime | None, at: datetime | None, status: Status
) -> None:
    demand = {
        "organisation": "lead",
        "fact": "arrears",
        "due_at": DUE.isoformat(),
        "handed_in_at": handed_in.isoformat() if handed_in else None,
    }
    found = check_exclusions(definition(PROOF), application(proof_demands=[demand]), at=at)
    assert only(found).status is status
    assert only(found).subject.organisation == "lead"


def test_no_demand_means_that_the_rule_does_not_apply() -> None:
    found = of_rule(check_exclusions(definition(PROOF), application()))
    assert [finding.status for finding in found] == [Status.NOT_APPLICABLE]


def test_a_fact_that_begins_after_it_ends_is_unknown_and_never_passes() -> None:
    member = organisation(**fact("arrears", "yes", since="2030-04-02", until="2030-01-01"))
    assert one(ARREARS, member) is Status.UNKNOWN
