"""Row seals over made-up upgrades: what migrations alter is sealed anew, and nothing that a hand wrote slips through with it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.state import ModelState, ProjectState

from gongmo.ledger import queries, rows
from gongmo.ledger.models import Entry
from gongmo.ledger.reshaping import Upgrade
from gongmo.migrating import SealRows
from gongmo.parties.models import Organisation, Region
from gongmo.privacy.fields import EncryptedText
from tests.builders import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def unlooked(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """SQLite must know before a test's transaction begins that tables may be made anew in it."""
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        yield
        connection.enable_constraint_checking()


@pytest.fixture(autouse=True)
def undone() -> Iterator[None]:
    """Changes of tables, taken back with everything else."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def four() -> list[Organisation]:
    return [make_organisation(name=f"가상기관 {number}") for number in range(4)]


def now() -> ProjectState:
    state = ProjectState()
    for model in (Region, Organisation):
        state.add_model(ModelState.from_model(model))
    return state


def upgraded(state: ProjectState, *steps: Any) -> tuple[ProjectState, Upgrade]:
    migration = Migration("9001_made_up", "parties")
    migration.operations = list(steps)
    upgrade = Upgrade(connection)
    # Rows of this test wait to be looked at until its end; PostgreSQL alters no table meanwhile.
    connection.check_constraints()
    with transaction.atomic():
        upgrade.begin([(migration, False)], state.apps)
        with connection.schema_editor() as editor:
            after = migration.apply(state.clone(), editor)
        connection.check_constraints()
        upgrade.end(after.apps)
    return after, upgrade


def found(state: ProjectState, name: str = "organisation") -> dict[str, str]:
    """What is not as recorded, by the row's key."""
    model = state.apps.get_model("parties", name)
    told = queries.row_seals().get(f"parties.{name}", {})
    return {key: observed for key, observed, _ in rows.compared(model, told, connection.alias)}


def by_hand(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1


def other_names(apps: Any, editor: Any) -> None:
    for row in apps.get_model("parties", "organisation").objects.all():
        row.name = f"{row.name} (새 이름)"
        row.save()
    # As between two migrations.
    editor.connection.check_constraints()


def one_more_and_one_less(apps: Any, _: Any) -> None:
    model = apps.get_model("parties", "organisation")
    last = model.objects.get(name="가상기관 3")
    model.objects.create(name="옮겨 온 기관", kind=last.kind, created_at=last.created_at)
    last.delete()


ADD = operations.AddField("organisation", "motto", models.CharField(max_length=20, default="없음"))
RENAME = operations.RenameField("organisation", "website", "homepage")
DROP = operations.RemoveField("organisation", "address")
CHANGES: dict[str, list[Any]] = {
    "add": [ADD],
    "add-empty": [operations.AddField("organisation", "seen", models.DateTimeField(null=True))],
    "add-encrypted": [operations.AddField("organisation", "fax", EncryptedText(default="없음"))],
    "rename": [RENAME],
    "drop": [DROP],
    "alter": [operations.AlterField("organisation", "address", models.TextField(default=""))],
    "rewrite": [operations.RunPython(other_names)],
    "rewrite-some": [operations.RunPython(one_more_and_one_less)],
    "sql": [operations.RunSQL("UPDATE parties_organisation SET website = 'https://example.test/'")],
    "at-once": [ADD, operations.RunPython(other_names), DROP, RENAME],
    "index": [operations.AddIndex("organisation", models.Index(name="made_up", fields=["kind"]))],
}
changes = pytest.mark.parametrize("steps", CHANGES.values(), ids=list(CHANGES))


@changes
def test_a_changed_table_is_as_recorded_and_what_hands_changed_before_and_after_is_found(
    four: list[Organisation], steps: list[Any]
) -> None:
    changed, gone, good, _ = four
    by_hand("UPDATE parties_organisation SET kind = 'x' WHERE id = %s", changed.pk)
    by_hand("DELETE FROM parties_organisation WHERE id = %s", gone.pk)
    columns = [each.column for each in Organisation._meta.concrete_fields if not each.primary_key]
    listed = ", ".join(map(connection.ops.quote_name, columns))
    copied = (
        f"INSERT INTO parties_organisation (id, {listed}) SELECT 900001, {listed} FROM parties_organisation"
    )
    by_hand(f"{copied} WHERE id = %s", good.pk)
    before = found(now())
    assert set(before) == {str(changed.pk), str(gone.pk), "900001"}

    after, upgrade = upgraded(now(), *steps)

    assert set(found(after)) == set(before)
    assert set(upgrade.wrong) in (set(), {f"parties.organisation {key}" for key in before})
    by_hand("UPDATE parties_organisation SET invented = NOT invented WHERE id = %s", good.pk)
    assert set(found(after)) == {*before, str(good.pk)}


def test_a_new_column_is_covered_from_the_upgrade_on(four: list[Organisation]) -> None:
    after, _ = upgraded(now(), ADD)
    assert found(after) == {}

    by_hand("UPDATE parties_organisation SET motto = 'x' WHERE id = %s", four[0].pk)

    assert set(found(after)) == {str(four[0].pk)}


def test_the_record_tells_of_each_change_its_columns_its_rows_and_what_was_wrong_before(
    four: list[Organisation],
) -> None:
    by_hand("UPDATE parties_organisation SET kind = 'x' WHERE id = %s", four[0].pk)
    columns = sorted(field.attname for field in Organisation._meta.concrete_fields)

    _, upgrade = upgraded(now(), DROP)

    (entry,) = upgrade.made
    assert Entry.objects.order_by("sequence").last() == entry
    (told,) = queries.history("table", "parties.organisation")
    assert told.act == "ledger.reshape"
    assert told.payload["before"] == {"table": "parties.organisation", "columns": columns}
    assert told.payload["after"]["columns"] == [each for each in columns if each != "address"]
    counted = {name: told.payload[name] for name in ("kept", "rewritten", "made", "removed", "wrong")}
    assert counted == {"kept": 0, "rewritten": 3, "made": 0, "removed": 0, "wrong": 1}
    assert list(told.payload["wrong_rows"]) == [str(four[0].pk)]
    assert queries.verify() == []


def test_one_upgrade_after_the_other(four: list[Organisation]) -> None:
    state = now()
    for steps in (CHANGES["add"], CHANGES["rewrite"], CHANGES["drop"], CHANGES["rename"]):
        state, upgrade = upgraded(state, *steps)
        assert (upgrade.wrong, found(state)) == ([], {})
        assert upgrade.made


def test_seals_of_a_great_table_are_spread_over_entries(
    four: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongmo.ledger.reshaping.MOST", 3)

    after, upgrade = upgraded(now(), ADD)

    assert len(upgrade.made) == 2
    assert found(after) == {}


def test_a_renamed_table_takes_its_rows_along_and_what_was_wrong_stays_found(
    four: list[Organisation],
) -> None:
    by_hand("UPDATE parties_organisation SET kind = 'x' WHERE id = %s", four[0].pk)

    after, _ = upgraded(now(), operations.RenameModel("Organisation", "Body"), operations.AddField("body", "motto", models.TextField(default="")))  # fmt: skip

    assert set(found(after, "body")) == {str(four[0].pk)}
    assert set(filter(None, queries.row_seals()["parties.organisation"].values())) == {
        queries.row_seals()["parties.organisation"][str(four[0].pk)]
    }


def test_a_dropped_table_owes_no_rows(four: list[Organisation]) -> None:
    upgraded(now(), operations.DeleteModel("Organisation"))

    assert set(queries.row_seals()["parties.organisation"].values()) == {None}


def test_a_table_that_becomes_sealed_brings_its_rows_only_where_its_migration_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(rows._models, "parties.region", Region)

    silent, _ = upgraded(now(), operations.RunPython(operations.RunPython.noop))
    assert found(silent, "region")

    said, upgrade = upgraded(now(), SealRows("Region"))
    assert [each.subject_id for each in upgrade.made] == ["parties.region"]
    assert found(said, "region") == {}


def test_a_new_sealed_table_may_come_with_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fake:
        """Stands for the model that the new version has."""

    monkeypatch.setitem(rows._models, "parties.seat", Fake)  # type: ignore[arg-type]
    make = operations.CreateModel(
        "Seat", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
    )

    def fill(apps: Any, _: Any) -> None:
        apps.get_model("parties", "seat").objects.create(name="첫 자리")

    after, upgrade = upgraded(now(), make, operations.RunPython(fill))

    assert [each.subject_id for each in upgrade.made] == ["parties.seat"]
    assert found(after, "seat") == {}


def test_what_alters_no_sealed_row_costs_no_look_at_the_record(django_assert_num_queries: Any) -> None:
    migration = Migration("9001_made_up", "parties")
    migration.operations = [
        operations.AddField("region", "note", models.TextField(default="")),
        operations.AlterModelOptions("organisation", {"ordering": ["id"]}),
    ]
    upgrade = Upgrade(connection)

    with django_assert_num_queries(0):
        upgrade.begin([(migration, False)], now().apps)
        upgrade.end(now().apps)

    assert upgrade.made == []


def test_an_upgrade_that_fails_has_changed_nothing(four: list[Organisation]) -> None:
    entries = Entry.objects.count()

    def fails(*_: Any) -> None:
        raise LookupError("a fault in the migration")

    with pytest.raises(LookupError):
        upgraded(now(), DROP, operations.RunPython(fails))

    assert found(now()) == {}
    assert Entry.objects.count() == entries
