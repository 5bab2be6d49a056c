"""`gongmo committee`: solves a file of inputs with reasons, says what cannot be met, and compares recorded proposals."""

from pathlib import Path

import pytest

from bench.committee_data import problem
from gongmo.cli.main import main
from gongmo.evaluation import commands
from gongmo.evaluation.forming import Asked
from gongmo.evaluation.models import Proposal
from gongmo.kernel import clock
from tests.evaluation.builders import AT_EVALUATION, eligible, make_expert


def test_a_file_of_inputs_is_solved_with_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "inputs.json"
    file.write_text(problem(30, 4, 1).canonical(), "utf-8")
    assert main(["committee", "solve", str(file)]) == 0
    told = capsys.readouterr().out
    assert told.count("추첨 번호") >= 9
    assert " C " in told


def test_what_cannot_be_met_ends_with_1_and_bad_inputs_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "inputs.json"
    file.write_text(problem(5, 2, 1).canonical(), "utf-8")
    assert main(["committee", "solve", str(file)]) == 1
    assert "모자랍니다" in capsys.readouterr().out
    file.write_text("{}", "utf-8")
    assert main(["committee", "solve", str(file)]) == 2
    assert main(["committee", "solve", str(tmp_path / "missing.json")]) == 2


@pytest.mark.django_db
def test_recorded_proposals_are_computed_again(capsys: pytest.CaptureFixture[str]) -> None:
    found = eligible(1)
    for number in range(9):
        make_expert(number)
    with clock.at(AT_EVALUATION):
        commands.propose_committee(actor=found.agency, call_id=found.call.pk, name="위원회", asked=Asked())
    assert main(["committee", "replay", "--call", found.call.slug]) == 0
    assert "같습니다" in capsys.readouterr().out
    held = Proposal.objects.get()
    Proposal.objects.filter(pk=held.pk).update(seed=held.seed + 1)
    assert main(["committee", "replay", "--call", found.call.slug]) == 1
    assert main(["committee", "replay", "--call", "no-such-call"]) != 0
