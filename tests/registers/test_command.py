"""`gongmo registers`: asking and the state of the breakers, on the command line."""

import json

import pytest

from gongmo.cli.main import main
from gongmo.parties import checks
from tests.registers.server import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registers")]
NUMBER = checks.invented_business_number(5)
CORPORATE = checks.invented_corporate_number(5)


def test_numbers_are_asked_by_their_kind(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.states[NUMBER] = ("03", "20300228")
    assert main(["registers", "check", f"{NUMBER[:3]}-{NUMBER[3:5]}-{NUMBER[5:]}", CORPORATE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["register"], each["outcome"]) for each in told] == [
        ("business_status", "closed"),
        ("accounts", "unregistered"),
        ("outline", "unregistered"),
    ]


def test_an_outage_ends_with_one_and_says_why(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.behave("code:30")
    assert main(["registers", "check", NUMBER]) == 1
    assert "인증키" in capsys.readouterr().out
    assert main(["registers", "state"]) == 0
    assert "멈춤" in capsys.readouterr().out


def test_a_number_with_a_wrong_check_digit_is_not_asked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["registers", "check", "1234567890"]) == 2
    assert world.requests == []
    assert "1234567890" in capsys.readouterr().err
