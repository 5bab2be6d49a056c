"""`gongmo allocate`: the example sums to the pot, floors that do not fit end with 1, bad files with 2."""

import json
from pathlib import Path

import pytest

from gongmo.cli.main import main
from gongmo.definition.loader import load_definition

CALL = Path(__file__).parents[2] / "calls" / "2025-regional-ai"
REQUESTS = CALL / "examples" / "requests.yaml"


def run(requests: Path, *arguments: str) -> int:
    return main(["allocate", "--call", str(CALL), str(requests), *arguments])


def test_the_example_uses_the_pot_to_the_won(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(REQUESTS, "--json") == 0

    found = json.loads(capsys.readouterr().out)
    rule = load_definition(CALL).allocation
    assert rule is not None
    assert sum(amount["amount"] for amount in found["amounts"]) == found["total"] == rule.pot
    assert all(rule.floor <= amount["amount"] <= amount["requested"] for amount in found["amounts"])


def test_the_table_explains_each_amount(capsys: pytest.CaptureFixture[str]) -> None:
    run(REQUESTS)

    shown = capsys.readouterr().out
    assert "합계" in shown
    assert "비례한 몫" in shown


def test_floors_beyond_the_pot_end_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "many.yaml"
    file.write_text(
        "".join(
            f"- {{application: a{n}, score: 80, rank: {n}, requested: 7000000000}}\n" for n in range(1, 7)
        ),
        encoding="utf-8",
    )

    assert run(file) == 1
    assert "모자랍니다" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "- {application: a, score: 80, rank: 1}\n",
        "- {application: a, score: 80, rank: 0, requested: 1}\n",
        "- {application: a, score: many, rank: 1, requested: 1}\n",
        "- {application: a, score: 80, rank: 1, requested: 1.5}\n",
        "- {application: a, score: 8, rank: 1, requested: 1}\n- {application: a, score: 8, rank: 2, requested: 1}\n",
        "[]\n",
        "application: a\n",
    ],
)
def test_requests_that_cannot_be_used_end_with_2(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")

    assert run(file) == 2
    assert capsys.readouterr().err


def test_ranks_that_contradict_the_scores_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "requests.yaml"
    file.write_text(
        "- {application: a, rank: 1, score: 70, requested: 1}\n- {application: b, rank: 2, score: 90, requested: 1}\n",
        encoding="utf-8",
    )
    assert run(file) == 2
    assert "a(1위, 70점)" in capsys.readouterr().err
