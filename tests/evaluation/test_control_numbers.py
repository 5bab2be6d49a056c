"""Figures of the control room are exact fractions until they are read."""

from fractions import Fraction

import pytest

from gongmo.evaluation.views.control import _text


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Fraction(1, 8), "0.13"),
        (Fraction(201, 200), "1.01"),
        (Fraction(1, 3), "0.33"),
        (Fraction(90), "90"),
        (Fraction(0), "0"),
    ],
)
def test_a_figure_is_rounded_half_up_from_its_exact_value(value: Fraction, read: str) -> None:
    assert _text(value) == read
