"""Resident numbers are found where they are, and other numbers are left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.files.numbers import check_digit, masked, resident_numbers

TODAY = date(2026, 11, 22)


def with_check(twelve: str) -> str:
    return next(twelve + str(last) for last in range(10) if check_digit(twelve + str(last)))


SURE = with_check("900101123456")
FOREIGN = with_check("850630512345")


def found(text: str) -> list[tuple[str, bool, bool]]:
    return [(each.masked, each.sure, each.foreign) for each in resident_numbers(text, TODAY)]


@pytest.mark.parametrize(
    "text",
    [
        f"{SURE[:6]}-{SURE[6:]}",
        f"주민번호:{SURE[:6]} - {SURE[6:]}입니다",
        SURE,
        f"{SURE[:6]} {SURE[6:]}",
        "９００１０１－" + SURE[6:],
        f"{SURE[:6]}–{SURE[6:]}",
    ],
)
def test_a_number_is_found_in_every_way_people_write_it(text: str) -> None:
    assert found(text) == [("900101-1******", True, False)]


def test_a_foreigner_s_number_is_known_by_its_own_check_digit() -> None:
    assert found(f"{FOREIGN[:6]}-{FOREIGN[6:]}") == [("850630-5******", True, True)]


def test_numbers_given_out_since_2020_have_no_check_digit_and_are_found_with_a_hyphen() -> None:
    last = (int(SURE[-1]) + 1) % 10

    assert found(f"{SURE[:6]}-{SURE[6:-1]}{last}") == [("900101-1******", False, False)]
    assert found(f"{SURE[:-1]}{last}") == []


@pytest.mark.parametrize(
    "text",
    [
        "901301-1234567",  # no such month
        "900230-1234567",  # no such day
        "300101-4234567",  # not born yet
        "900101-9234567",  # no such century
        "법인등록번호 110111-1234567",
        "130111-0006246",
        "124-81-00998",
        "1900101-1234567",
        "900101-12345678",
        "900101-1******",
        "02-900101-1234567",
        "110111-1234567",  # nobody born in 1911 applies
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_person_s_number_that_looks_like_a_company_s_is_found_when_the_words_say_so() -> None:
    assert found("법인 대표자 주민등록번호 110111-3234567") == [("110111-3******", False, False)]


@given(st.text(), st.text())
def test_masking_keeps_everything_but_the_last_six_digits(before: str, after: str) -> None:
    number = f"{SURE[:6]}-{SURE[6:]}"
    text = f"{before} {number} {after}"

    hidden = masked(text, TODAY)

    assert len(hidden) == len(text)
    assert number not in hidden
    assert all(there == shown or shown == "*" for there, shown in zip(text, hidden, strict=True))
    assert found(hidden) == []
