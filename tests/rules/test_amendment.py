"""What a change of an agreement touches, and who has to say yes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.agreement import AmendmentKind
from gongmo.definition.application import Cell
from gongmo.definition.base import Form, Text
from gongmo.rules.amendment import Facts, aspects_of, judge

ON = date(2031, 1, 1)


def cell(organisation: str = "1", year: int = 2030, category: str = "equipment", amount: int = 100) -> Cell:
    return Cell(
        organisation=organisation, year=year, field="solution", category=category, source="national",
        form=Form.CASH, amount=amount,
    )  # fmt: skip


BASE = Facts(
    parties=((1, "lead"), (2, "partner")),
    period=(date(2030, 5, 1), date(2031, 12, 31)),
    director="A",
    scope="",
    goals="[]",
    conditions=(),
    heads=((1, "원장 A"),),
    addresses=((1, ""),),
    budget=(cell(), cell(category="personnel"), cell("2"), cell(year=2031)),
)


def kind(name: str, needs: str, *changes: str, **more: object) -> AmendmentKind:
    return AmendmentKind.model_validate(
        {
            "id": name, "clause": "T-1", "name": Text(ko=name, en=name), "needs": needs, "changes": changes, **more
        }
    )  # fmt: skip


KINDS = (
    kind("big", "approval", "period", "organisation_total", "carry_over", signed=True, days_before_end=30),
    kind("person", "approval", "director"),
    kind("small", "notice", "money", "representative", "address"),
)


@pytest.mark.parametrize(
    ("change", "aspects"),
    [
        ({"period": (BASE.period[0], date(2032, 1, 31))}, ("period",)),
        ({"director": "B"}, ("director",)),
        # Who comes brings a head and an address; that is no change of anybody's.
        (
            {"parties": ((1, "lead"), (3, "partner")), "heads": ((1, "원장 A"), (3, "대표 C"))},
            ("parties",),
        ),
        ({"heads": ((1, "원장 B"),)}, ("representative",)),
        ({"budget": (cell(amount=150), cell(category="personnel", amount=50), *BASE.budget[2:])}, ("money",)),
        (
            {"budget": (cell(amount=50), cell(category="personnel"), cell("2"), cell(year=2031, amount=150))},
            ("carry_over",),
        ),
        (
            {"budget": (cell(amount=50), cell(category="personnel"), cell("2", amount=150), cell(year=2031))},
            ("organisation_total",),
        ),
        ({}, ()),
    ],
)
def test_aspects_are_told_apart(change, aspects):
    assert aspects_of(BASE, replace(BASE, **change)) == aspects


def test_one_approval_makes_the_whole_need_approval_and_a_signed_kind_signatures():
    both = replace(BASE, period=(BASE.period[0], date(2032, 1, 31)), heads=((1, "원장 B"),))
    judged = judge(KINDS, BASE, both, on=ON)

    assert (judged.needs, judged.signed, [each.id for each in judged.kinds]) == (
        "approval",
        True,
        ["big", "small"],
    )


def test_a_told_change_needs_nobody():
    judged = judge(KINDS, BASE, replace(BASE, addresses=((1, "새 주소"),)), on=ON)

    assert (judged.needs, judged.signed) == ("notice", False)


def test_what_no_kind_names_is_approved_and_signed():
    judged = judge(KINDS, BASE, replace(BASE, scope="다른 범위"), on=ON)

    assert (judged.loose, judged.needs, judged.signed) == (("scope",), "approval", True)


@pytest.mark.parametrize(("day", "late"), [(date(2031, 12, 1), 0), (date(2031, 12, 2), 1)])
def test_a_request_comes_so_many_days_before_the_end(day, late):
    longer = replace(BASE, period=(BASE.period[0], date(2032, 1, 31)))

    assert len(judge(KINDS, BASE, longer, on=day).late) == late


@given(st.lists(st.integers(0, 10**9), min_size=4, max_size=4))
def test_money_is_always_told_as_one_of_its_aspects(amounts):
    after = replace(
        BASE,
        budget=tuple(
            old.model_copy(update={"amount": new}) for old, new in zip(BASE.budget, amounts, strict=True)
        ),
    )
    found = set(aspects_of(BASE, after))

    assert bool(found) == (amounts != [100] * 4)
    assert found <= {"money", "carry_over", "organisation_total"}
    assert not ({"money"} < found)


def test_a_change_of_parties_is_approved_and_signed_whatever_the_kinds_say() -> None:
    after = replace(BASE, parties=((1, "lead"),))
    for kinds in ((), (kind("told", "notice", "parties"),)):
        judged = judge(kinds, BASE, after, on=ON)
        assert (judged.aspects, judged.needs, judged.signed) == (("parties",), "approval", True)
