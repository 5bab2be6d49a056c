"""`gongmo rank`: exit codes, refused rows with file and line, ties decided from a file, JSON."""

import json
from pathlib import Path

import pytest

from gongmo.cli.main import main

CALL = Path(__file__).parents[2] / "calls" / "2025-regional-ai"
EXAMPLES = CALL / "examples"
LINES = (EXAMPLES / "scores.csv").read_text(encoding="utf-8").splitlines()


def run(scores: Path, *arguments: str) -> int:
    return main(["rank", "--call", str(CALL), str(scores), *arguments])


@pytest.fixture
def tied(tmp_path: Path) -> Path:
    """The example with the sixth's sheets equal to the fifth's: a tie on the cut line."""
    fifth = [line for line in LINES if line.startswith("app-04,")]
    others = [line for line in LINES if not line.startswith("app-06,")]
    file = tmp_path / "tied.csv"
    file.write_text(
        "\n".join([*others, *(line.replace("app-04", "app-06") for line in fifth)]), encoding="utf-8"
    )
    return file


def test_the_example_is_ranked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLES / "scores.csv", "--panel", str(EXAMPLES / "panel.csv")) == 0

    shown = capsys.readouterr()
    assert shown.err == ""
    assert "선정선: 5위까지" in shown.out
    assert "예비 순위: app-06" in shown.out
    assert "기본값" in shown.out


def test_json_holds_the_whole_way_and_the_hash(capsys: pytest.CaptureFixture[str]) -> None:
    run(EXAMPLES / "scores.csv", "--json", "--draws", "20", "--seed", "1")

    found = json.loads(capsys.readouterr().out)
    first = found["ranking"]["entries"][0]
    assert len(found["ranking"]["input_hash"]) == 64
    assert len(first["stages"][0]["sheets"]) == 7
    assert len(first["stages"][0]["sheets"][0]["points"]) == 9
    assert found["stability"]["draws"] == 20


def test_a_tie_on_the_cut_line_ends_with_1(tied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tied) == 1
    assert "동점 (선정선에 걸림): app-04, app-06" in capsys.readouterr().out


def test_the_committees_decision_settles_it(
    tied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decision = tmp_path / "decide.yaml"
    decision.write_text("- {order: [app-06, app-04], reason: 위원회 의결}\n", encoding="utf-8")

    assert run(tied, "--decide", str(decision), "--json") == 0

    found = json.loads(capsys.readouterr().out)["ranking"]
    assert found["selected"][-1] == "app-06"
    assert found["reserve"][0] == "app-04"


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (lambda row: row.replace(",9,", ",10.1,"), 2, "배점 10점을 넘습니다"),
        (lambda row: row.replace(",9,", ",,"), 2, "숫자가 아닙니다"),
        (lambda row: row.replace("1-1", "9-9"), 2, "평가항목에"),
        (lambda row: row + "\n" + row, 3, "두 번 나옵니다"),
    ],
)
def test_a_bad_row_is_refused_with_file_and_line(
    change: object, line: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(change)
    file = tmp_path / "bad.csv"
    file.write_text("\n".join([LINES[0], change(LINES[1]), *LINES[2:]]), encoding="utf-8")

    assert run(file) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"bad.csv:{line} " in shown.err
    assert sentence in shown.err


def test_an_unknown_evaluator_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panel = tmp_path / "panel.csv"
    panel.write_text("stage,evaluator\ndesk,A\npresentation,A\n", encoding="utf-8")

    assert run(EXAMPLES / "scores.csv", "--panel", str(panel)) == 2
    assert "평가위원이 아닙니다" in capsys.readouterr().err


def test_a_file_with_a_byte_order_mark_ranks_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bom.csv"
    file.write_text("\n".join(LINES), encoding="utf-8-sig")
    run(EXAMPLES / "scores.csv", "--json")
    plain = capsys.readouterr().out

    assert run(file, "--json") == 0
    assert capsys.readouterr().out == plain


@pytest.mark.parametrize(
    "arguments", [["--through", "nowhere"], ["--draws", "-1"], ["--decide", "missing.yaml"]]
)
def test_options_that_cannot_be_used_end_with_2(arguments: list[str]) -> None:
    assert run(EXAMPLES / "scores.csv", *arguments) == 2


def test_other_encodings_are_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cp949.csv"
    file.write_bytes("신청,단계".encode("cp949"))

    assert run(file) == 2
    assert "CSV UTF-8" in capsys.readouterr().err


def test_ranking_through_the_first_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLES / "scores.csv", "--through", "desk", "--json") == 0
    assert json.loads(capsys.readouterr().out)["ranking"]["outcome"] == "interim"


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--bonus", "application,points\napp-01,1\n"),
        ("--panel", "stage,evaluator\ndesk,A\ndesk,A\n"),
        ("--decide", "- {order: [app-01, app-02]}\n"),
    ],
)
def test_a_problem_names_the_file_in_which_it_stands(
    option: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other"
    file.write_text(text, encoding="utf-8")
    assert run(EXAMPLES / "scores.csv", option, str(file), "--json") == 2
    problems = json.loads(capsys.readouterr().out)["unusable"]
    assert str(file) in {problem["file"] for problem in problems}
