"""A ranking's inputs have one canonical form, whatever order they were found in."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gongmo.evaluation.inputs import Inputs, parse
from gongmo.evaluation.sealing import commitment
from gongmo.rules.ranking import TieDecision

POINTS = st.decimals(min_value=0, max_value=100, places=3)
NAMES = st.sampled_from(["평가위원 A", "평가위원 B", "평가위원 C"])
SHEETS = st.dictionaries(
    st.tuples(st.sampled_from(["desk", "presentation"]), st.sampled_from(["1", "2", "10"]), NAMES),
    st.dictionaries(st.sampled_from(["1-1", "1-2", "2-1"]), POINTS, max_size=3),
    max_size=8,
)


def inputs(sheets: dict[tuple[str, str, str], dict[str, Decimal]], bonus: Decimal) -> Inputs:
    return Inputs(
        call="sample-call",
        version=1,
        definition="0" * 64,
        applications=("1", "10", "2"),
        withdrawn=("3",),
        sheets=sheets,
        bonus=(("2", bonus, "지역 협력"),),
        decisions=(TieDecision(("2", "1"), None, "의결"),),
    )


@given(sheets=SHEETS, bonus=POINTS, seed=st.randoms())
def test_order_and_spelling_do_not_change_the_canonical_form(
    sheets: dict[tuple[str, str, str], dict[str, Decimal]], bonus: Decimal, seed: object
) -> None:
    keys = list(sheets)
    seed.shuffle(keys)  # type: ignore[attr-defined]
    spelt = {
        key: {name: points.quantize(Decimal("0.00000")) for name, points in reversed(sheets[key].items())}
        for key in keys
    }
    assert inputs(spelt, bonus).canonical() == inputs(sheets, bonus).canonical()


@given(sheets=SHEETS, bonus=POINTS)
def test_reading_the_canonical_form_gives_the_same_inputs_back(
    sheets: dict[tuple[str, str, str], dict[str, Decimal]], bonus: Decimal
) -> None:
    given_inputs = inputs(sheets, bonus)
    again = parse(given_inputs.canonical())
    assert again.canonical() == given_inputs.canonical()
    assert {key: dict(points) for key, points in again.sheets.items()} == sheets


@given(points=st.dictionaries(st.sampled_from(["1-1", "1-2"]), st.sampled_from(["0", "1", "2"])))
def test_a_commitment_changes_with_points_secret_and_texts(points: dict[str, str]) -> None:
    base = commitment(1, "a" * 64, points, "t")
    assert base != commitment(1, "b" * 64, points, "t")
    assert base != commitment(1, "a" * 64, points, "u")
    assert base != commitment(1, "a" * 64, {**points, "2-1": "1"}, "t")
    assert base != commitment(2, "a" * 64, points, "t")
