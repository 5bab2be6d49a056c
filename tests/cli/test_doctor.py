"""`gongmo doctor` runs every invariant and tells what is broken, even where an invariant cannot finish."""

import json
from argparse import Namespace
from collections.abc import Iterator

import pytest
from django.db import Error
from pytest_django import Settings

from gongmo.carrying.arriving import Arrived
from gongmo.cli.main import main
from gongmo.cli.restore import report
from gongmo.kernel.invariants import Broken, Invariant, examine
from gongmo.operation.deploy import Level
from gongmo.operation.deploy.environment import field_keys
from gongmo.parties.models import Organisation
from gongmo.privacy import keys
from tests.builders import make_applicant


def holds() -> Iterator[Broken]:
    return iter(())


def stops() -> Iterator[Broken]:
    yield Broken("row 1", "3", "4")
    raise KeyError("amount")


def fails() -> Iterator[Broken]:
    yield Broken("row 0", "0", "1")
    raise Error("no such table")


def test_an_invariant_that_cannot_finish_is_broken_and_what_it_found_before_is_kept() -> None:
    found = examine(Invariant("a", "가", "a", stops))
    assert found[0] == Broken("row 1", "3", "4")
    assert "KeyError" in found[1].observed
    assert examine(Invariant("b", "나", "b", holds)) == ()


def test_a_database_that_cannot_be_read_is_not_taken_for_a_broken_invariant() -> None:
    with pytest.raises(Error):
        examine(Invariant("a", "가", "a", fails))


@pytest.mark.django_db
def test_an_empty_installation_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert "ledger.chain" in {each["name"] for each in report}
    assert all(each["holds"] for each in report)


@pytest.mark.django_db
def test_one_invariant_can_be_asked_for_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--only", "ledger.chain"]) == 0
    assert "ledger.chain" in capsys.readouterr().out
    assert main(["doctor", "--only", "nonsense"]) == 2
    assert "ledger.chain" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_value_that_no_key_opens_is_told_and_does_not_end_the_look(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.GONGMO_FIELD_KEYS = keys.made("k1")
    applicant = make_applicant()
    Organisation.objects.filter(pk=applicant.organisation).update(phone="02-000-0000")
    settings.GONGMO_FIELD_KEYS = keys.made("k1")

    deploy = [each.told.ko for each in field_keys() if each.level is Level.MEND]
    # What came with the wrong keys is not proved, also where the answer is JSON.
    code = report(Namespace(json=True, lang="ko"), Arrived())

    told = json.loads(capsys.readouterr().out)
    assert code == 1
    assert "Unreadable" in str(told["proof"]["broken"])
    assert any("개인정보 칸" in each for each in deploy)
