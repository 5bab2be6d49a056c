"""Commands that show or carry away people's data stand in the access log, under the operating system's user."""

import os
import pwd
from pathlib import Path

import pytest
from django.test import Client

from gongmo.cli import noting
from gongmo.cli.main import COMMANDS, main
from gongmo.cli.manage import noted
from gongmo.custody import queries
from gongmo.custody.months import COMMAND_LINE
from gongmo.kernel import clock
from gongmo.parties.models import Person
from gongmo.privacy.models import Kind
from tests.builders import AT_OPENING, make_agency_officer, publish_sample_call, submitted_application
from tests.privacy.builders import drained, own_buffer


def test_every_command_is_noted_or_named_as_one_without_peoples_data() -> None:
    known = {name.partition(" ")[0] for name in noting.NOTED}
    assert {command.name for command in COMMANDS} == known | noting.PLAIN
    assert known & noting.PLAIN == set()
    assert {each.kind for each in noting.NOTED.values()} <= {kind.value for kind in Kind}


@pytest.mark.django_db
def test_data_is_written_out_with_a_reason_only_and_the_note_names_who_and_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_buffer(monkeypatch, tmp_path)
    make_agency_officer()
    capsys.readouterr()

    assert main(["manage", "dumpdata", "parties.person", "--reason", "왜"]) == 2
    refused = capsys.readouterr()
    assert (refused.out, "--reason" in refused.err, drained()) == ("", True, [])

    # Django's own command ends the test's connection: it is left out.
    assert noted(["dumpdata", "--reason", "감사원 자료 제출", "parties.person"]) == [
        "dumpdata",
        "parties.person",
    ]
    (note,) = drained()
    assert (note.kind, note.page, note.subject_type, note.detail, note.reason) == (
        "export",
        "cli:manage_dumpdata",
        "installation",
        "parties.person",
        "감사원 자료 제출",
    )
    assert (note.person, note.role, note.origin) == (None, "operator", "cli")
    assert note.address.startswith(pwd.getpwuid(os.getuid()).pw_name)


@pytest.mark.django_db
def test_a_receipt_is_noted_as_its_applications_and_reviewed_as_the_command_lines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    officer = make_agency_officer()
    call = publish_sample_call(officer)
    with clock.at(AT_OPENING):
        submission = submitted_application(call).submission
        own_buffer(monkeypatch, tmp_path)
        assert (
            main(["receipt", "issue", submission.receipt_number, "--output", str(tmp_path / "r.json")]) == 0
        )
        (note,) = drained()
        assert (note.kind, note.subject_type, note.subject_id) == (
            "file",
            "application",
            str(submission.application_id),
        )
        client = Client()
        client.force_login(Person.objects.get(pk=officer.person or 0))
        site = client.get("/privacy/review/").content.decode()
        month = f"{AT_OPENING:%Y-%m}"
        page = client.get(f"/privacy/review/{month}/site/").content.decode()
        mine = client.get(f"/privacy/review/{month}/site/people/{COMMAND_LINE}/").content.decode()
        waiting = {each.scope.key: each.waiting for each in queries.months(officer)}

    assert f"/privacy/review/{month}/site/" in site
    assert "명령줄" in page
    assert "gongmo receipt issue" in mine
    assert note.address in mine
    assert waiting["site"] == {COMMAND_LINE}
