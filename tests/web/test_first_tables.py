"""The first migration of each app makes its tables at once."""

import pytest
from django.db import connection
from django.db.migrations import AddField, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import CharField, UniqueConstraint

from gongmo.migrating import TablesMigration


def test_first_migrations_hold_nothing_that_would_make_them_slow() -> None:
    found = [
        each for each in MigrationLoader(None).disk_migrations.values() if isinstance(each, TablesMigration)
    ]

    assert len(found) > 10
    for migration in found:
        assert {type(each) for each in migration.operations} == {CreateModel}, migration


class Plan(TablesMigration):
    operations = [
        CreateModel("Plan", [("name", CharField(max_length=9, primary_key=True))]),
        CreateModel(
            "Step",
            [("name", CharField(max_length=9, primary_key=True))],
            options={"constraints": [UniqueConstraint(fields=["name"], name="step_once")]},
        ),
    ]


class Mixed(TablesMigration):
    operations = [*Plan.operations, AddField("Plan", "note", CharField(max_length=9, default=""))]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "columns"), [(Plan, ["name"]), (Mixed, ["name", "note"])])
def test_tables_stand_and_the_state_knows_them(kind: type[TablesMigration], columns: list[str]) -> None:
    state = ProjectState()
    state.apps  # noqa: B018  rendered, as Django's executor hands it over
    with connection.schema_editor() as editor:
        after = kind("first", "firsttables").apply(state, editor)
    try:
        with connection.cursor() as cursor:
            told = connection.introspection.get_table_description(cursor, "firsttables_plan")
            constraints = connection.introspection.get_constraints(cursor, "firsttables_step")
        assert [each.name for each in told] == columns
        assert any(each["unique"] for each in constraints.values())
        assert after.apps.get_model("firsttables", "Step")
    finally:
        with connection.schema_editor() as editor:
            for name in ("Plan", "Step"):
                editor.delete_model(after.apps.get_model("firsttables", name))
