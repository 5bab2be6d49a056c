"""Regions have days of validity and successors."""

from datetime import date

import pytest

from gongmo.kernel.errors import NotFound
from gongmo.parties import queries
from gongmo.parties.models import Region
from gongmo.parties.regions import load_regions

pytestmark = pytest.mark.django_db


def test_regions_are_there_after_migration_and_loading_again_changes_nothing() -> None:
    assert Region.objects.count() == 18
    assert load_regions() == 0


@pytest.mark.parametrize(
    ("day", "count", "merged"),
    [(date(2025, 8, 29), 17, False), (date(2026, 6, 30), 17, False), (date(2026, 7, 1), 16, True)],
)
def test_two_regions_became_one_on_a_day(day: date, count: int, merged: bool) -> None:
    codes = set(queries.regions_on(day).values_list("code", flat=True))

    assert len(codes) == count
    assert ("KR-46A" in codes) is merged
    assert ("KR-46" in codes) is not merged


def test_region_table_follows_successors() -> None:
    table = queries.region_table()

    assert table.now_valid("KR-29", date(2026, 7, 1)) == ("KR-46A",)
    assert table.now_valid("KR-48", date(2026, 7, 1)) == ("KR-48",)


def test_a_changed_row_is_put_right_and_others_stay() -> None:
    Region.objects.filter(pk="KR-48").update(ko="옛 이름")

    assert load_regions() == 1
    assert queries.region("KR-48").ko == "경상남도"


def test_unknown_region_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.region("KR-99")
