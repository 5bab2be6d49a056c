"""Encrypted columns: ciphertext in the database, the same values in Python, keys that turn while everything runs."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from gongmo.applications.models import FieldChange, Submission
from gongmo.cli import main
from gongmo.kernel import clock
from gongmo.ledger import queries as ledger
from gongmo.ledger import rows
from gongmo.ledger.models import Entry
from gongmo.parties import commands as parties
from gongmo.parties.models import Organisation
from gongmo.privacy import keys, rotation
from gongmo.privacy.fields import encrypted
from gongmo.privacy.invariants import values_are_encrypted
from tests.builders import (
    AT_OPENING,
    SYSTEM,
    filled_application,
    make_agency_officer,
    make_organisation,
    publish_sample_call,
    submitted_application,
)

PLACE = "parties.organisation.phone"
ONE, TWO = "k1=" + "A" * 43, "k2=" + "B" * 42 + "A"


def ring(text: str = ONE) -> keys.Keyring:
    return keys.Keyring(keys.read(text))


@given(st.text())
def test_what_is_closed_opens_again(text: str) -> None:
    closed = ring().close(PLACE, text)
    assert ring(f"{TWO},{ONE}").open(PLACE, closed) == text
    assert keys.key_of(closed) == "k1"


def test_a_value_opens_only_unaltered_in_its_own_column_with_its_own_key() -> None:
    closed = ring().close(PLACE, "055-000-0000")
    assert "055" not in closed
    assert ring().close(PLACE, "055-000-0000") != closed
    altered = closed[:-6] + ("B" if closed[-6] == "A" else "A") + closed[-5:]
    for place, token, text in (
        ("parties.organisation.address", closed, ONE),
        (PLACE, altered, ONE),
        (PLACE, closed, TWO),
        (PLACE, closed[:-8], ONE),
    ):
        with pytest.raises(keys.Unreadable):
            ring(text).open(place, token)


def test_a_seal_covers_a_salt_that_is_destroyed_with_the_text() -> None:
    one, other = (ring().open(PLACE, ring().close(PLACE, "055-000-0000")) for _ in range(2))
    assert one == other
    assert len(one.salt) == 32
    assert rows._seal(Organisation, [one] * len(rows._columns(Organisation))) != rows._seal(
        Organisation, [other] * len(rows._columns(Organisation))
    )


@pytest.mark.parametrize("wrong", ["k1", "k1=short", f"{ONE},{ONE}", "K 1=" + "A" * 43, "k1=" + "A" * 44])
def test_unusable_keys_stop_the_start(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        keys.read(wrong)


def raw(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_the_database_holds_no_plain_value_and_row_seals_stand() -> None:
    organisation = make_organisation()
    parties.update_organisation(
        actor=SYSTEM, organisation_id=organisation.pk, phone="055-000-0000", representative_name="김대표"
    )
    stored = raw("SELECT phone, representative_name FROM parties_organisation")[0]
    assert all(value.startswith("gm1:") for value in stored)
    read = Organisation.objects.values_list("phone", "representative_name").get()
    assert read == ("055-000-0000", "김대표")
    assert list(rows.differences(ledger.row_seals())) == []
    bodies = "".join(Entry.objects.values_list("body", flat=True))
    assert "055-000" not in bodies
    assert "김대표" not in bodies


@pytest.mark.django_db
def test_an_encrypted_column_can_only_be_asked_for_being_empty() -> None:
    make_organisation()
    assert Organisation.objects.filter(phone="").count() == 1
    with pytest.raises(FieldError):
        Organisation.objects.filter(phone="055-000-0000").exists()
    with pytest.raises(FieldError):
        Organisation.objects.filter(phone__contains="055").exists()


@pytest.mark.django_db
def test_what_an_applicant_wrote_is_encrypted_in_draft_journal_and_submission() -> None:
    call = publish_sample_call(make_agency_officer())
    with clock.at(AT_OPENING):
        submitted_application(call)
        filled_application(call)
    for table, column in (
        ("applications_answer", "text"),
        ("applications_submission", "content"),
        ("applications_draftversion", "content"),
        ("applications_papercontent", "content"),
        ("applications_fieldchange", "after"),
    ):
        found = [value for (value,) in raw(f"SELECT {column} FROM {table}") if value]
        assert {value[:4] for value in found} <= {"gm1:"}, table
    assert json.loads(Submission.objects.get().content)["organisations"]
    assert any(isinstance(each.after, str) for each in FieldChange.objects.all())
    assert list(values_are_encrypted()) == []


@pytest.mark.django_db
def test_keys_turn_in_batches_and_a_value_written_meanwhile_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    with override_settings(GONGMO_HOME=tmp_path, GONGMO_FIELD_KEYS=ONE):
        made = [make_organisation() for _ in range(5)]
        for place, each in enumerate(made):
            parties.update_organisation(actor=SYSTEM, organisation_id=each.pk, phone=f"055-000-000{place}")
        Organisation.objects.filter(pk=made[0].pk)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE parties_organisation SET phone = '055-999-9999' WHERE id = %s", [made[4].pk]
            )
    (field,) = [each for each in encrypted if str(each) == PLACE or each.name == "phone"]
    with override_settings(GONGMO_HOME=tmp_path, GONGMO_FIELD_KEYS=f"{TWO},{ONE}"):
        assert [broken.observed for broken in values_are_encrypted()] == ["1 values closed by no key"]
        batches = rotation.rotate(field)
        assert next(batches) == 2
        late = Organisation.objects.get(pk=made[3].pk)
        late.phone = "055-111-1111"
        late.save(update_fields=["phone"])
        assert sum(batches) == 2
        assert rotation.census()[PLACE] == {"k2": 5}
        # A value from before the encryption is closed without a salt: what its row was sealed with goes on to hold.
        assert (
            keys.opened(
                PLACE, raw(f"SELECT phone FROM parties_organisation WHERE id = {made[4].pk}")[0][0]
            ).salt
            == ""
        )
        sealed = [each[0].partition(" ")[2] for each in rows.differences(ledger.row_seals())]
        # The two that no command wrote, and no other: turning the key leaves every seal as it was.
        assert sealed == [str(made[3].pk), str(made[4].pk)]
    with override_settings(GONGMO_HOME=tmp_path, GONGMO_FIELD_KEYS=TWO):
        told = list(Organisation.objects.filter(pk__in=[each.pk for each in made]).order_by("pk"))
        assert [each.phone for each in told] == [
            "055-000-0000",
            "055-000-0001",
            "055-000-0002",
            "055-111-1111",
            "055-999-9999",
        ]


@pytest.mark.django_db
def test_the_command_makes_a_key_and_turns_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with override_settings(GONGMO_HOME=tmp_path, GONGMO_FIELD_KEYS=""):
        keys.keyring(anew=True)
        organisation = make_organisation()
        parties.update_organisation(actor=SYSTEM, organisation_id=organisation.pk, phone="055-000-0000")
        assert (tmp_path / "field-keys").stat().st_mode & 0o777 == 0o600
        assert main.main(["keys", "rotate"]) == 0
        assert main.main(["keys", "status"]) == 0
        assert "k2" in capsys.readouterr().out
        assert [line[:3] for line in keys.lines()] == ["k2=", "k1="]
        assert rotation.census()[PLACE] == {"k2": 1}
        assert Organisation.objects.get(pk=organisation.pk).phone == "055-000-0000"
    keys.keyring(anew=True)
