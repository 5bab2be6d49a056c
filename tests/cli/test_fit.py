"""`gongmo fit`: examples, kept cells, and a written file that the check accepts."""

import json
from pathlib import Path

import pytest

from gongmo.cli.main import main
from gongmo.definition.loader import load_application, load_definition
from gongmo.rules.finding import Verdict, verdict
from gongmo.rules.money import check_money

CALL = Path(__file__).parents[2] / "calls" / "2025-regional-ai"
EXAMPLES = CALL / "examples"
KEPT = (
    "lead-a/2025/solution/operations/national/cash",
    "government/2025/solution/operations/local/cash",
)


def run(application: Path, *arguments: str) -> int:
    return main(["fit", "--call", str(CALL), str(application), *arguments])


@pytest.mark.parametrize("name", ["gyeongnam", "jeju"])
def test_lawful_examples_are_left_alone(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLES / f"{name}.yaml", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total_change"] == 0


@pytest.mark.parametrize("name", ["faults", "fit-no-local-money", "fit-kept-cells"])
@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_the_written_application_keeps_every_money_rule(
    name: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"fitted.{suffix}"

    assert run(EXAMPLES / f"{name}.yaml", "--out", str(out)) == 0

    fitted, before = load_application(out), load_application(EXAMPLES / f"{name}.yaml")
    assert verdict(check_money(load_definition(CALL), fitted)) is Verdict.PASS
    assert fitted.model_copy(update={"budget": ()}) == before.model_copy(update={"budget": ()})
    assert "바꾸면 모든 금액 규칙에 맞습니다" in capsys.readouterr().out
    assert run(out, "--json") == 0
    assert json.loads(capsys.readouterr().out)["total_change"] == 0


def test_kept_cells_that_conflict_are_named_with_the_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLES / "fit-kept-cells.yaml", "--keep", *KEPT, "--json") == 1

    found = json.loads(capsys.readouterr().out)
    assert sorted(found["keep"]) == sorted(KEPT)
    assert found["rules"]


def test_without_new_cells_a_missing_source_cannot_be_mended(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLES / "fit-no-local-money.yaml", "--no-new-cells") == 1
    assert "지방비" in capsys.readouterr().out


def test_a_cell_that_does_not_exist_cannot_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLES / "gyeongnam.yaml", "--keep", "no/such/cell") == 2
    assert "no/such/cell" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_ends_with_2(tmp_path: Path) -> None:
    assert run(EXAMPLES / "gyeongnam.yaml", "--out", str(tmp_path / "no" / "where.yaml")) == 2
