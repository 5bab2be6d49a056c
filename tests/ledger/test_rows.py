"""Row seals: whatever is written past the commands is found, in any sealed table and any field."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from gongmo.kernel.actor import system
from gongmo.ledger import commands, queries, rows
from gongmo.ledger.writing import insert, update
from gongmo.parties.models import Organisation
from tests.awards.test_doctor import whole_life
from tests.builders import make_organisation

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, str, str]]:
    return list(rows.differences(queries.row_seals()))


def test_what_commands_wrote_is_as_recorded():
    whole_life()

    assert found() == []


def changed(field: Any, old: Any) -> Any:
    """Another value that the field's column takes, or None where the field has no free other value."""
    if isinstance(field, models.BooleanField):
        return not old
    if isinstance(field, models.DateTimeField):
        return (old or dt.datetime(2025, 1, 1, tzinfo=dt.UTC)) + dt.timedelta(microseconds=1)
    if isinstance(field, models.DateField):
        return (old or dt.date(2025, 1, 1)) + dt.timedelta(days=1)
    if isinstance(field, models.JSONField):
        return ["x"]
    if isinstance(field, models.DecimalField):
        return (old or Decimal(0)) + 1
    if isinstance(field, models.IntegerField) and field.remote_field is None:
        return (old or 0) + 1
    if isinstance(field, models.TextField | models.CharField) and field.remote_field is None:
        return "x" if field.max_length and len(str(old)) >= field.max_length else f"{old or ''}x"
    return None


def test_any_field_of_any_sealed_table_is_watched():
    whole_life()
    missed, tried = [], 0
    told = queries.row_seals()
    for label, model in rows.sealed_models().items():
        row = model._base_manager.order_by("pk").first()
        if row is None:
            continue
        for field in model._meta.concrete_fields:
            value = None if field.primary_key else changed(field, getattr(row, field.attname))
            if value is None:
                continue
            try:
                with transaction.atomic():
                    table, column = (
                        connection.ops.quote_name(model._meta.db_table),
                        connection.ops.quote_name(field.column),
                    )
                    stored = field.get_db_prep_save(value, connection)
                    with connection.cursor() as cursor:
                        key = connection.ops.quote_name(model._meta.pk.column)
                        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [stored, row.pk])
                    tried += 1
                    if not list(rows.differences(told)):
                        missed.append(f"{label}.{field.name}")
                    transaction.set_rollback(True)
            except IntegrityError:
                pass  # the database's own constraint stands in the way: as good as found

    assert missed == []
    assert tried > 60


def test_a_row_put_in_or_taken_out_by_hand_is_found():
    organisation = make_organisation()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM parties_organisation WHERE id = %s", [organisation.pk])

    assert found() == [
        (f"parties.organisation {organisation.pk}", "no such row", found()[0][2]),
    ]


def test_a_deleted_row_may_be_gone_when_a_command_deleted_it():
    organisation = make_organisation()
    with transaction.atomic():
        key = organisation.pk
        organisation.delete()
        commands.append(actor=system("test"), act="test.delete", subject=("organisation", key), payload={})

    assert found() == []


def test_bulk_statements_are_noted_too():
    first, second = make_organisation(), make_organisation()
    with transaction.atomic():
        Organisation.objects.filter(pk__in=[first.pk, second.pk]).update(address="가상시")
        commands.append(actor=system("test"), act="test.update", subject=("organisation", 0), payload={})

    assert found() == []


def test_what_was_rolled_back_leaves_no_trace():
    organisation = make_organisation()
    with transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(address="가상시")
        transaction.set_rollback(True)

    make_organisation()

    assert found() == []


def told(organisation: Organisation) -> str | None:
    return queries.row_seals()["parties.organisation"][str(organisation.pk)]


def an_act(organisation: Organisation) -> None:
    commands.append(actor=system("test"), act="tests.act", subject=("thing", 1), payload={})
    organisation.refresh_from_db()


def test_a_written_row_that_was_given_back_is_not_read_again() -> None:
    organisation = make_organisation()

    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        organisation.name = "고친 이름"
        update(organisation, "name")
        commands.append(actor=system("test"), act="tests.act", subject=("thing", 1), payload={})

    assert [
        each["sql"]
        for each in asked
        if each["sql"].startswith("SELECT") and 'FROM "parties_organisation"' in each["sql"]
    ] == []
    organisation.refresh_from_db()
    assert told(organisation) == rows.seal(organisation)


@pytest.mark.parametrize("how", ["bulk", "save", "again"])
def test_what_is_written_once_more_before_the_act_is_sealed_as_it_stands(how: str) -> None:
    organisation = make_organisation()

    with transaction.atomic():
        organisation.name = "고친 이름"
        update(organisation, "name")
        if how == "bulk":
            Organisation.objects.filter(pk=organisation.pk).update(name="다시 고친 이름")
        else:
            organisation.name = "다시 고친 이름"
            update(organisation, "name") if how == "again" else organisation.save()
        an_act(organisation)

    assert organisation.name == "다시 고친 이름"
    assert told(organisation) == rows.seal(organisation)


@pytest.mark.parametrize("inner", [True, False])
def test_what_was_taken_back_is_not_sealed(inner: bool) -> None:
    organisation = make_organisation()
    with transaction.atomic():
        rows.touch(Organisation, [organisation.pk], connection.alias)
        an_act(organisation)

    def taken_back() -> None:
        with transaction.atomic():
            organisation.name = "없던 일"
            update(organisation, "name")
            raise LookupError

    if inner:
        with transaction.atomic():
            with pytest.raises(LookupError):
                taken_back()
            an_act(organisation)
    else:
        with pytest.raises(LookupError):
            taken_back()
        with transaction.atomic():
            an_act(organisation)

    assert organisation.name != "없던 일"
    assert told(organisation) == rows.seal(organisation)


def test_a_new_row_is_sealed_by_the_statement_that_stores_it() -> None:
    made = Organisation(
        name="새 기관", kind="local_government", created_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    )

    with transaction.atomic():
        insert(made)
        an_act(made)

    assert made.pk is not None
    assert told(made) == rows.seal(made)
