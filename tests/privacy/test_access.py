"""The access log: kept in a file first, carried into the database once, chained, guarded, deleted when its years are over."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from gongmo.kernel import clock
from gongmo.kernel.errors import NotAllowed
from gongmo.ledger.models import Entry
from gongmo.privacy import chain, commands, guards
from gongmo.privacy.buffer import Buffer
from gongmo.privacy.models import AccessBatch, AccessNote, Kind
from tests.privacy.builders import OFFICER, SYSTEM, drained, noted, own_buffer

AT = datetime(2030, 3, 1, 2, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def buffer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Buffer:
    return own_buffer(monkeypatch, tmp_path)


def _die_with_a_note(folder: str) -> None:
    import os

    Buffer(Path(folder)).append(b'{"left":1}')
    os._exit(9)


def test_what_a_killed_process_left_is_taken_by_the_next_one(tmp_path: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=_die_with_a_note, args=(str(tmp_path),))
    child.start()
    child.join()
    left = Buffer(tmp_path).full()
    assert [path.read_bytes() for path in left] == [b'{"left":1}\n']


def test_the_file_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    mine, other = Buffer(tmp_path), Buffer(tmp_path)
    mine.append(b"[1]")
    assert other.full() == []
    assert len(mine.full()) == 1


@pytest.mark.django_db
def test_a_note_says_who_from_where_did_what_with_whose_data_and_why(buffer: Buffer) -> None:
    noted(AT, kind=Kind.EXPORT, page="applications:arrivals_csv", subject=("call", "c1"), reason="감사")
    assert AccessNote.objects.count() == 0  # nothing is written within the request
    (note,) = drained()
    assert (note.at, note.person, note.role, note.organisation, note.address) == (
        AT,
        7,
        "agency",
        3,
        "192.0.2.7",
    )
    assert (note.kind, note.page, note.subject_type, note.subject_id) == (
        "export",
        "applications:arrivals_csv",
        "call",
        "c1",
    )
    assert (note.reason, note.outcome, note.refused) == ("감사", 200, False)


@pytest.mark.django_db
def test_a_file_is_taken_once_though_its_taker_died_before_removing_it(buffer: Buffer) -> None:
    noted(AT)
    (path,) = buffer.full()
    content = path.read_bytes()
    assert commands.drain(actor=SYSTEM) == 1
    path.write_bytes(content)
    assert commands.drain(actor=SYSTEM) == 0
    assert AccessNote.objects.count() == 1
    assert not path.exists()


@pytest.mark.django_db
def test_a_torn_line_does_not_hold_up_the_others(buffer: Buffer) -> None:
    noted(AT)
    buffer.append(b'["2030-03-01T02')
    noted(AT)
    assert len(drained()) == 2


@pytest.mark.django_db
def test_a_full_disk_sends_the_note_straight_to_the_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "access").write_text("no folder can be here")
    own_buffer(monkeypatch, tmp_path)
    noted(AT)
    assert AccessNote.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_accessnote SET person = 8",
        "UPDATE privacy_accessbatch SET count = 8",
        "DELETE FROM privacy_accessnote",
    ],
)
def test_the_database_refuses_to_alter_the_log(buffer: Buffer, statement: str) -> None:
    noted(AT)
    drained()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_an_altered_note_is_found_and_a_rewritten_chain_too(buffer: Buffer) -> None:
    noted(AT)
    drained()
    noted(AT, subject=("application", 2))
    drained()
    with clock.at(AT):
        assert commands.seal(actor=SYSTEM) == 2
        assert commands.seal(actor=SYSTEM) is None
    assert list(chain.broken()) == []
    guards.remove(connection)
    AccessNote.objects.filter(batch=2).update(person=8)
    assert [each.subject for each in chain.broken()] == ["access batch 2"]
    batch = AccessBatch.objects.get(number=2)
    rewritten = chain.digest_of(2, batch.name, batch.previous_hash, AccessNote.objects.filter(batch=2))
    AccessBatch.objects.filter(number=2).update(hash=rewritten)
    assert [each.expected[-len("as the record says") :] for each in chain.broken()] == ["as the record says"]
    AccessNote.objects.filter(batch=2).delete()
    AccessBatch.objects.filter(number=2).delete()
    assert [each.observed for each in chain.broken()] == ["ends at batch 1"]
    assert guards.missing(connection) == set(guards.wanted(connection))


@pytest.mark.django_db
@override_settings(GONGMO_ACCESS_YEARS=2)
def test_notes_go_after_their_years_and_the_chain_goes_on(buffer: Buffer) -> None:
    noted(LONG_AGO)
    drained()
    noted(LONG_AGO + timedelta(days=400))
    drained()
    with clock.at(LONG_AGO + timedelta(days=2 * 366)):
        assert commands.prune(actor=SYSTEM) == 0
    with clock.at(LONG_AGO + timedelta(days=2 * 366 + 1)):
        assert commands.prune(actor=SYSTEM) == 1
        assert list(chain.broken()) == []
    assert Entry.objects.get(act="privacy.prune_access").subject_id == "1"
    with clock.at(LONG_AGO + timedelta(days=3000)):
        assert commands.prune(actor=SYSTEM) == 1
    noted(AT)
    drained()
    assert AccessBatch.objects.get().number == 3
    assert list(chain.broken()) == []


@pytest.mark.django_db
def test_nobody_but_the_system_moves_or_clears_the_log() -> None:
    for act in (commands.drain, commands.prune, commands.seal):
        with pytest.raises(NotAllowed):
            act(actor=OFFICER)
