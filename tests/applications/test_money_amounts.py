"""What people type, paste and keep in spreadsheets as money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.applications.amounts import FAULTS, MOST, NotAnAmount, read_amount
from gongmo.kernel.korean import eok, won


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("", 0),
        ("  ", 0),
        ("-", 0),
        (None, 0),
        ("0", 0),
        ("1000000", 1_000_000),
        ("1,000,000", 1_000_000),
        ("1,000,000원", 1_000_000),
        (" 1,000,000 원 ", 1_000_000),
        ("₩1,000", 1000),
        ("￦ 1,000", 1000),
        ("１，０００", 1000),
        ("1\u00a0000\u00a0000", 1_000_000),
        ("'1000", 1000),
        ("+1000", 1000),
        ("007", 7),
        ("140억", 14_000_000_000),
        ("233억 4,000만", 23_340_000_000),
        ("1억2,345만6,789원", 123_456_789),
        ("1.5억", 150_000_000),
        ("1조", 10**12),
        ("1000.00", 1000),
        (1000, 1000),
        (1000.0, 1000),
        (Decimal("1000.0"), 1000),
        ("1,000,000,000,000,000", MOST),
    ],
)
def test_amounts_are_read_as_people_write_them(written: object, amount: int) -> None:
    assert read_amount(written) == amount


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("-5", "negative"),
        ("(1,000)", "negative"),
        ("(1,000원)", "negative"),
        ("△1,000", "negative"),
        ("▲ 1,000", "negative"),
        ("−1000", "negative"),
        (-5, "negative"),
        (-0.5, "negative"),
        ("1.5", "fraction"),
        ("1,000.25원", "fraction"),
        (".5", "fraction"),
        ("1.000", "fraction"),
        (1.5, "fraction"),
        ("0.00001만", "fraction"),
        ("=SUM(A1:A3)", "formula"),
        ("+A1", "formula"),
        ("@cmd", "formula"),
        ("1,000,000,000,000,001", "too_large"),
        (10**15 + 1, "too_large"),
        (1e300, "too_large"),
        ("9" * 80, "too_large"),
        ("1001조", "too_large"),
        ("1,5", "commas"),
        ("1,00,000", "commas"),
        ("12,3억", "commas"),
        ("삼억", "text"),
        ("1.000.000", "text"),
        ("1000 USD", "text"),
        ("1e9", "text"),
        ("<script>", "text"),
        ("원", None),
        (True, "text"),
        (float("nan"), "text"),
        (float("inf"), "text"),
        ([1], "text"),
        ("억", "text"),
        ("만1억", "text"),
        ("a" * 10**6, "text"),
    ],
)
def test_everything_else_is_told_by_its_fault(written: object, fault: str | None) -> None:
    if fault is None:
        assert read_amount(written) == 0
        return
    with pytest.raises(NotAnAmount) as refusal:
        read_amount(written)
    assert refusal.value.fault == fault


@given(st.integers(0, MOST))
def test_whatever_we_print_is_read_back(amount: int) -> None:
    for written in (
        str(amount),
        f"{amount:,}",
        won(amount),
        eok(amount),
        f"{eok(amount)}원",
        f" {amount:,} ",
    ):
        assert read_amount(written) == amount


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_has_a_fault_with_a_sentence(written: str) -> None:
    try:
        amount: int | str = read_amount(written)
    except NotAnAmount as refusal:
        amount = refusal.fault
    assert amount in FAULTS or 0 <= int(amount) <= MOST
