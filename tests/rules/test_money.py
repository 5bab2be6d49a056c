"""Money rules: exact at the limit, explained, mended to the won."""

import json
import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gongmo.definition.application import Application
from gongmo.rules.finding import Finding, Status, SubjectKind
from gongmo.rules.money import check_money
from tests.rules.sample import SOURCES, application, cell, definition, of_rule, only, organisation, statuses

RATIOS = st.sampled_from(["60%", "40%", "20%", "1/3", "2/7", "33.3333%", "99.9999%"])
AMOUNTS = st.integers(0, 3000) | st.integers(0, 10**15)
CEILING: dict[str, Any] = {
    "kind": "share_ceiling",
    "part": {"sources": ["national"]},
    "whole": {},
    "at_most": "60%",
}
FLOOR: dict[str, Any] = {
    "kind": "share_floor",
    "part": {"sources": ["local"]},
    "whole": {},
    "at_least": "20%",
}


def sums(*amounts: int) -> Application:
    return application(*(cell(source, amount) for source, amount in zip(SOURCES, amounts, strict=False)))


def fraction(text: str) -> Fraction:
    return Fraction(text.rstrip("%")) / 100 if text.endswith("%") else Fraction(text)


@pytest.mark.parametrize(
    ("national", "other", "status"),
    [
        (6000, 4000, Status.PASS),
        (6001, 4000, Status.FAIL),
        (6000, 3999, Status.FAIL),
        (5999, 4000, Status.PASS),
    ],
)
def test_a_ceiling_is_kept_at_the_limit_and_broken_one_won_above(
    national: int, other: int, status: Status
) -> None:
    found = only(check_money(definition(CEILING), sums(national, other)))
    assert found.status is status
    assert found.clause == "T-1"


@pytest.mark.parametrize(("local", "status"), [(2000, Status.PASS), (1999, Status.FAIL), (2001, Status.PASS)])
def test_a_floor_is_kept_at_the_limit_and_broken_one_won_below(local: int, status: Status) -> None:
    assert only(check_money(definition(FLOOR), sums(0, local, 8000))).status is status


def test_a_share_one_won_above_never_reads_as_the_limit() -> None:
    found = only(check_money(definition(CEILING), sums(6_000_000_001, 3_999_999_999)))
    assert "60.00000001 %" in found.observed.ko
    assert "60.00 %" not in found.observed.ko


def test_a_finding_tells_the_sums_the_room_and_the_mends() -> None:
    found = only(check_money(definition(FLOOR), sums(59, 19, 21)))
    assert (found.numbers["part"], found.numbers["whole"], found.numbers["limit"]) == (19, 99, 20)
    assert found.distance == 1
    assert (found.numbers["move"], found.numbers["raise_part"], found.numbers["lower_rest"]) == (1, 1, 4)
    assert found.remedy is not None
    assert "국비·민간부담금 1원을 지방비로 옮기거나" in found.remedy.ko
    assert "raise Local money by 1 won" in found.remedy.en


def test_a_passed_limit_tells_what_is_left() -> None:
    found = only(check_money(definition(CEILING), sums(14_000_000_000, 9_340_000_000)))
    assert found.status is Status.PASS
    assert found.distance == 4_000_000
    assert found.remedy is None


def test_an_empty_budget_fails_and_says_so() -> None:
    found = check_money(definition(CEILING), application())
    assert only(found, "budget_given").status is Status.FAIL
    assert statuses(found) == [Status.NOT_APPLICABLE]


def test_a_share_of_nothing_does_not_apply() -> None:
    rule = {
        "kind": "share_ceiling",
        "part": {"sources": ["national"], "direct_support": True},
        "whole": {"direct_support": True},
        "at_most": "60%",
    }
    assert statuses(check_money(definition(rule), sums(1, 1))) == [Status.NOT_APPLICABLE]


def test_the_whole_needs_no_common_ground_with_the_part() -> None:
    rule = {**CEILING, "whole": {"sources": ["local"]}, "at_most": "50%"}
    assert statuses(check_money(definition(rule), sums(50, 100))) == [Status.PASS]
    found = only(check_money(definition(rule), sums(51, 100)))
    assert (found.status, found.numbers["lower_part"], found.numbers["raise_rest"]) == (Status.FAIL, 1, 2)
    assert "move" not in found.numbers


def test_a_rule_a_year_is_judged_for_each_year() -> None:
    cells = [
        cell("national", 6),
        cell("local", 4),
        cell("national", 7, year=2031),
        cell("local", 3, year=2031),
    ]
    found = of_rule(check_money(definition({**CEILING, "per": "year"}), application(*cells)))
    assert [(f.subject.id, f.status) for f in found] == [("2030", Status.PASS), ("2031", Status.FAIL)]


def test_a_rule_an_organisation_is_judged_for_each_that_has_money() -> None:
    members = [organisation("lead"), organisation("b", "partner"), organisation("c", "partner")]
    cells = [cell("national", 6), cell("local", 4), cell("national", 1, organisation="b")]
    found = of_rule(
        check_money(
            definition({**CEILING, "per": "organisation"}), application(*cells, organisations=members)
        )
    )
    assert [(f.subject.organisation, f.status) for f in found] == [("lead", Status.PASS), ("b", Status.FAIL)]
    assert found[1].subject.kind is SubjectKind.ORGANISATION


def test_parts_by_role_read_the_organisations_role() -> None:
    rule = {**CEILING, "part": {"roles": ["partner"]}, "at_most": "50%"}
    members = [organisation("lead"), organisation("b", "partner")]
    cells = [cell("local", 10), cell("local", 10, organisation="b")]
    assert statuses(check_money(definition(rule), application(*cells, organisations=members))) == [
        Status.PASS
    ]


@pytest.mark.parametrize(("in_kind", "status"), [(70, Status.PASS), (71, Status.FAIL)])
def test_the_in_kind_cap_counts_in_kind_within_its_part(in_kind: int, status: Status) -> None:
    rule = {"kind": "in_kind_cap", "part": {"sources": ["private"]}, "at_most": "70%"}
    cells = [
        cell("private", in_kind, form="in_kind"),
        cell("private", 100 - in_kind),
        cell("local", 999, form="in_kind"),
    ]
    assert statuses(check_money(definition(rule), application(*cells))) == [status]


def test_cash_only_names_every_cell_in_kind() -> None:
    rule = {"kind": "cash_only", "part": {"sources": ["national"]}}
    cells = [
        cell("national", 5),
        cell("national", 7, form="in_kind"),
        cell("national", 0, form="in_kind", field="beta"),
        cell("local", 3, form="in_kind"),
    ]
    found = only(check_money(definition(rule), application(*cells)))
    assert (found.status, found.distance) == (Status.FAIL, 7)
    assert found.subject.id == "lead/2030/alpha/work/national/in_kind"
    assert statuses(check_money(definition(rule), application(cells[0]))) == [Status.PASS]
    assert statuses(check_money(definition(rule), application(cells[3]))) == [Status.NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("kind", "key", "amount", "status", "distance"),
    [
        ("amount_ceiling", "at_most", 100, Status.PASS, 0),
        ("amount_ceiling", "at_most", 101, Status.FAIL, 1),
        ("amount_floor", "at_least", 100, Status.PASS, 0),
        ("amount_floor", "at_least", 99, Status.FAIL, 1),
    ],
)
def test_amounts_are_exact(kind: str, key: str, amount: int, status: Status, distance: int) -> None:
    rule = {"kind": kind, "part": {"sources": ["national"]}, key: 100}
    found = only(check_money(definition(rule), sums(amount, 5)))
    assert (found.status, found.distance) == (status, distance)


def test_an_advisory_rule_stays_advisory() -> None:
    rule = {"kind": "amount_ceiling", "part": {}, "at_most": 1, "severity": "advisory"}
    found = only(check_money(definition(rule), sums(2)))
    assert (found.status, found.severity.value) == (Status.FAIL, "advisory")


@pytest.mark.parametrize(
    ("change", "axis"),
    [
        ({"organisation": "nobody"}, "organisation"),
        ({"year": 2029}, "year"),
        ({"field": "gamma"}, "field"),
        ({"category": "gifts"}, "category"),
        ({"source": "lottery"}, "source"),
    ],
)
def test_a_cell_outside_the_axes_fails_by_name(change: dict[str, Any], axis: str) -> None:
    found = only(
        check_money(definition(), application(cell("national", 1), {**cell("local", 1), **change})),
        "budget_axes",
    )
    assert (found.status, found.numbers["axis"], found.subject.kind) == (Status.FAIL, axis, SubjectKind.CELL)


def test_a_cell_given_twice_fails() -> None:
    found = only(
        check_money(definition(), application(cell("national", 1), cell("national", 2))), "budget_axes"
    )
    assert (found.status, found.numbers["axis"]) == (Status.FAIL, "key")


def test_forms_and_marks_that_the_call_does_not_have_fail() -> None:
    call = definition()
    budget = call.budget.model_copy(update={"direct_support": None, "forms": ("cash",)})
    call = call.model_copy(update={"budget": budget})
    found = of_rule(
        check_money(call, application(cell("national", 1, form="in_kind", direct_support=True))),
        "budget_axes",
    )
    assert [finding.numbers["axis"] for finding in found] == ["form", "direct_support"]


@given(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), RATIOS, st.sampled_from(["share_floor", "share_ceiling"]))
def test_a_share_agrees_with_exact_fractions(amounts: tuple[int, int, int], ratio: str, kind: str) -> None:
    assume(sum(amounts) > 0)
    key = "at_least" if kind == "share_floor" else "at_most"
    rule = {"kind": kind, "part": {"sources": ["national"]}, "whole": {}, key: ratio}
    share = Fraction(amounts[0], sum(amounts))
    lawful = share >= fraction(ratio) if kind == "share_floor" else share <= fraction(ratio)
    assert (only(check_money(definition(rule), sums(*amounts))).status is Status.PASS) == lawful


def mended(amounts: tuple[int, int, int], act: str, won: int) -> tuple[int, int, int]:
    """The budget after a mend; what lies outside the part is local money, then private."""
    part, local, private = amounts
    if act == "raise_part":
        return part + won, local, private
    if act == "lower_part":
        return part - won, local, private
    if act == "raise_rest":
        return part, local + won, private
    taken = min(local, won)
    lowered = (local - taken, private - (won - taken))
    if act == "lower_rest":
        return (part, *lowered)
    return (part + won, *lowered)


def judged(rule: dict[str, Any], amounts: tuple[int, int, int]) -> Finding:
    return only(check_money(definition(rule), sums(*amounts)))


@given(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), RATIOS, st.sampled_from(["share_floor", "share_ceiling"]))
def test_every_mend_passes_and_one_won_less_does_not(
    amounts: tuple[int, int, int], ratio: str, kind: str
) -> None:
    key = "at_least" if kind == "share_floor" else "at_most"
    rule = {"kind": kind, "part": {"sources": ["national"]}, "whole": {}, key: ratio}
    found = judged(rule, amounts)
    assume(found.status is Status.FAIL)
    assert found.remedy is not None
    acts: dict[str, int] = {
        act: found.numbers[act]
        for act in ("raise_part", "lower_part", "raise_rest", "lower_rest")
        if act in found.numbers
    }
    if "move" in found.numbers:
        acts["move" if kind == "share_floor" else "give"] = found.numbers["move"]
        assert found.distance == found.numbers["move"]
    assert acts
    for act, won in acts.items():
        for amount, lawful in ((won, True), (won - 1, False)):
            after = (
                (amounts[0] - amount, amounts[1] + amount, amounts[2])
                if act == "give"
                else mended(amounts, act, amount)
            )
            assert min(after) >= 0
            # Amounts of a cell end at 10^15; the sums beyond are judged by exact fractions.
            share = Fraction(after[0], sum(after)) if sum(after) else None
            limit = fraction(ratio)
            kept = share is None or (share >= limit if kind == "share_floor" else share <= limit)
            assert kept == lawful


@given(st.lists(AMOUNTS, min_size=3, max_size=3), RATIOS, st.booleans())
def test_room_left_can_be_used_to_the_won(amounts: list[int], ratio: str, floor: bool) -> None:
    kind, key = ("share_floor", "at_least") if floor else ("share_ceiling", "at_most")
    rule = {"kind": kind, "part": {"sources": ["national"]}, "whole": {}, key: ratio}
    national, local, private = amounts
    found = judged(rule, (national, local, private))
    assume(found.status is Status.PASS and found.distance is not None)
    room, whole = found.distance or 0, national + local + private
    limit = fraction(ratio)
    at = national - room if floor else national + room
    beyond = at - 1 if floor else at + 1
    assert (Fraction(at, whole) >= limit) if floor else (Fraction(at, whole) <= limit)
    if 0 <= beyond <= whole:
        assert (Fraction(beyond, whole) < limit) if floor else (Fraction(beyond, whole) > limit)


@given(AMOUNTS, AMOUNTS, RATIOS)
def test_the_in_kind_cap_agrees_with_exact_fractions_and_its_mends(
    cash: int, in_kind: int, ratio: str
) -> None:
    assume(cash + in_kind > 0)
    rule = {"kind": "in_kind_cap", "part": {"sources": ["private"]}, "at_most": ratio}
    cells = (
        cell("private", in_kind, form="in_kind"),
        cell("private", cash),
        cell("local", 77, form="in_kind"),
    )
    found, limit = only(check_money(definition(rule), application(*cells))), fraction(ratio)
    assert (found.status is Status.PASS) == (Fraction(in_kind, cash + in_kind) <= limit)
    if found.status is Status.FAIL:
        for won, kept in ((found.numbers["move"], True), (found.numbers["move"] - 1, False)):
            assert (Fraction(in_kind - won, cash + in_kind) <= limit) == kept
        for won, kept in ((found.numbers["raise_rest"], True), (found.numbers["raise_rest"] - 1, False)):
            assert (Fraction(in_kind, cash + in_kind + won) <= limit) == kept


@given(
    st.lists(
        st.tuples(st.sampled_from(SOURCES), st.sampled_from(["cash", "in_kind"]), st.integers(0, 3)),
        max_size=8,
    )
)
def test_cash_only_finds_exactly_the_cells_in_kind_with_money(rows: list[tuple[str, str, int]]) -> None:
    rule = {"kind": "cash_only", "part": {"sources": ["national"]}}
    cells = [cell(source, won, form=form) for source, form, won in rows]
    wanted = [won for source, form, won in rows if (source, form) == ("national", "in_kind") and won > 0]
    found = of_rule(check_money(definition(rule), application(*cells)))
    assert [f.distance for f in found if f.status is Status.FAIL] == wanted
    assert len(found) == max(1, len(wanted))


@given(
    st.sampled_from(["amount_ceiling", "amount_floor"]),
    st.integers(0, 10**15),
    st.lists(AMOUNTS, min_size=1, max_size=2),
)
def test_an_amount_agrees_with_plain_integers(kind: str, limit: int, amounts: list[int]) -> None:
    rule = {"kind": kind, "part": {}, "at_least" if kind == "amount_floor" else "at_most": limit}
    total = sum(amounts)
    found = only(check_money(definition(rule), sums(*amounts)))
    assert (found.status is Status.PASS) == (total >= limit if kind == "amount_floor" else total <= limit)
    assert found.distance == abs(total - limit)


@given(st.permutations(range(6)), st.lists(st.integers(0, 50), min_size=6, max_size=6))
def test_the_order_of_cells_changes_nothing(order: list[int], amounts: list[int]) -> None:
    cells = [
        cell(source, amounts[2 * number + extra], year=2030 + extra)
        for number, source in enumerate(SOURCES)
        for extra in (0, 1)
    ]
    call = definition(CEILING, FLOOR, {**CEILING, "per": "year"})
    straight = check_money(call, application(*cells))
    assert check_money(call, application(*(cells[index] for index in order))) == straight


@given(AMOUNTS, AMOUNTS, st.integers(0, 1000))
def test_more_local_money_never_breaks_a_floor_on_it(national: int, local: int, more: int) -> None:
    assume(national + local > 0 and local + more <= 10**15)
    before = judged(FLOOR, (national, local, 0)).status
    after = judged(FLOOR, (national, local + more, 0)).status
    assert not (before is Status.PASS and after is Status.FAIL)


def test_three_hundred_organisations_are_judged_while_one_types() -> None:
    members = [organisation(f"o{number}", "partner") for number in range(300)]
    cells = [
        cell(source, 10, organisation=member["id"], year=year, field=field)
        for member in members
        for year in (2030, 2031)
        for field in ("alpha", "beta")
        for source in SOURCES
    ]
    call = definition(CEILING, FLOOR, {**CEILING, "per": "year"}, {**FLOOR, "per": "year"})
    made = application(*cells, organisations=members)
    started = time.perf_counter()
    found = check_money(call, made)
    assert (
        time.perf_counter() - started < 0.5
    )  # measured at 0.02 s; the bound only guards against a change of order
    assert len(found) == 7


def test_findings_are_plain_values() -> None:
    from gongmo.kernel.canonical import canonical_json

    assert json.loads(canonical_json(check_money(definition(CEILING), sums(1, 2))))
