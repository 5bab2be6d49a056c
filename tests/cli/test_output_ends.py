"""How a command ends when its reader leaves, its output is full, its input never ends or its words make no sense."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from gongmo.cli.main import main

CALL = Path(__file__).parents[2] / "calls" / "2025-regional-ai"
FAULTS = CALL / "examples" / "faults.yaml"
COMMAND = [sys.executable, "-m", "gongmo.cli.main", "check", "--call", str(CALL)]


def test_the_verdict_stands_when_the_reader_goes_away() -> None:
    running = subprocess.Popen([*COMMAND, str(FAULTS)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    running.stdout.close()
    _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_an_output_that_is_full_ends_with_2_and_a_sentence(option: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, str(FAULTS), *option], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "결과를 쓸 수 없습니다" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero")
@pytest.mark.parametrize("command", ["check", "rank"])
def test_an_input_without_end_is_refused(command: str) -> None:
    assert main([command, "--call", str(CALL), "/dev/zero"]) == 2


@pytest.mark.parametrize("arguments", [["check", "--json"], ["rank", "--json", "--draws", "x"]])
def test_words_that_make_no_sense_are_told_as_json_when_asked(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert json.loads(shown.out)["unusable"][0]["en"].startswith("The command cannot be used")
    assert shown.err == ""


@pytest.mark.parametrize(
    "arguments",
    [["receipt", "verify", "/nowhere"], ["agreement", "verify", "/nowhere"], ["backup"], ["move"]],
)
def test_an_input_that_cannot_be_used_is_told_as_json_when_asked(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--json"]) == 2
    assert set(json.loads(capsys.readouterr().out)) >= {"refused", "ko", "en"}


def test_an_instant_outside_the_calendar_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--at", "0001-01-01T00:00:00+23:59", "--call", str(CALL), str(FAULTS)]) == 2
    assert "1900" in capsys.readouterr().err


def test_the_garbage_collector_is_back_after_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--call", str(CALL), str(FAULTS)])
    assert gc.isenabled()
