"""Values travel between databases without losing anything."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongmo.carrying.rows import Counted, Digest, canonical, plain

values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.floats(allow_nan=False, allow_infinity=False)
)


@settings(max_examples=30)
@given(st.lists(st.lists(values, max_size=4), max_size=6), st.randoms())
def test_the_digest_knows_every_row_and_no_order(rows: list[list[object]], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = Counted(rows), Counted(mixed)

    assert list(one) == rows
    list(other)

    assert one.digest == other.digest
    for place in range(len(rows)):
        fewer = Counted(rows[:place] + rows[place + 1 :])
        list(fewer)
        assert str(fewer.digest) != str(one.digest)
        assert fewer.digest.count == len(rows) - 1


def test_one_instant_and_one_number_are_one_value_whatever_their_form() -> None:
    seoul = timezone(timedelta(hours=9))

    assert plain(datetime(2030, 1, 2, 9, tzinfo=seoul)) == plain(datetime(2030, 1, 2, tzinfo=UTC))
    assert plain({"b": 1e22, "a": [Decimal("1.50")]}) == {"b": 10**22, "a": ["1.50"]}
    assert canonical([{"b": 1, "a": 2}]) == canonical([{"a": 2, "b": 1}])
    assert [plain(each) for each in (date(2030, 1, 2), UUID(int=1), b"\0\xff", "한글\u0001")] == [
        "2030-01-02",
        "00000000-0000-0000-0000-000000000001",
        "AP8=",
        "한글\u0001",
    ]
    with pytest.raises(TypeError):
        plain(object())
    assert str(Digest()) == "0" * 64
