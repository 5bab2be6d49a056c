"""`gongmo call` and the frame of the command: what goes in, what comes out, how it ends."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gongmo.cli.main import COMMANDS, available, main

ROOT = Path(__file__).resolve().parents[2]
CALL = ROOT / "calls" / "2025-regional-ai"


def test_validate_says_right_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    folders = sorted(str(folder.parent) for folder in (ROOT / "calls").glob("*/call.yaml"))
    assert main(["call", "validate", *folders]) == 0
    printed = capsys.readouterr().out
    assert printed.count("맞습니다") == len(folders)


def test_validate_notes_a_region_that_does_not_exist_on_the_closing_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (CALL / "call.yaml").read_text("utf-8")
    (tmp_path / "call.yaml").write_text(
        text.replace("regions: [KR-26,", "regions: [KR-26, KR-99, KR-46A,"), "utf-8"
    )
    assert main(["call", "validate", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "KR-99는" in printed
    assert "KR-46A는" in printed
    assert "KR-26은(는)" not in printed


def test_validate_names_file_line_path_and_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (CALL / "call.yaml").read_text("utf-8")
    (tmp_path / "call.yaml").write_text(text.replace("  count: 5", "  cuont: 5"), "utf-8")
    assert main(["call", "validate", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    line = text[: text.index("  count: 5")].count("\n") + 1
    assert printed.out == ""
    assert f"call.yaml:{line}:" in printed.err
    assert "selection.cuont" in printed.err
    assert "혹시 ‘count’인가요" in printed.err
    assert main(["call", "validate", "--lang", "en", str(tmp_path)]) == 2
    assert "Did you mean “count”?" in capsys.readouterr().err


def test_problems_are_data_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "call.yaml").write_text("format: 3", "utf-8")
    assert main(["call", "validate", "--json", str(tmp_path)]) == 2
    problems = json.loads(capsys.readouterr().out)["unusable"]
    assert {"file", "line", "column", "path", "observed", "expected", "ko", "en"} == set(problems[0])


def test_show_prints_each_rule_beside_its_clause_and_marks_defaults(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["call", "show", str(CALL)]) == 0
    printed = capsys.readouterr().out
    under = printed[printed.index("\nA-8 ") : printed.index("\nA-8a ")]
    assert "국비는 총사업비의 60% 이하여야 합니다." in under
    assert "기본값(조항 아님)" in printed
    assert printed.index("반올림: 최종 점수에서 한 번") > printed.index("조항에 없어 기본값으로 정한 것")


def test_show_in_english_holds_no_korean_but_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "show", "--lang", "en", str(ROOT / "calls" / "sample-culture")]) == 0
    printed = capsys.readouterr().out
    assert "This is invented material for practice." in printed
    assert not any("가" <= letter <= "힣" for letter in printed)


def test_diff_tells_a_correction_notice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (CALL / "call.yaml").read_text("utf-8")
    (tmp_path / "call.yaml").write_text(
        text.replace("closes: 2025-08-29T17", "closes: 2025-09-05T17"), "utf-8"
    )
    assert main(["call", "diff", str(CALL), str(tmp_path)]) == 0
    assert "2025. 8. 29. 17:00 → 2025. 9. 5. 17:00" in capsys.readouterr().out
    assert main(["call", "diff", "--json", str(CALL), str(CALL)]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("arguments", "page"),
    [
        (["call", "schema", "call"], "docs/schema/call.schema.json"),
        (["call", "schema", "application"], "docs/schema/application.schema.json"),
        (["call", "reference"], "docs/call-definition.md"),
    ],
)
def test_the_published_page_is_what_the_command_prints(
    arguments: list[str], page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    assert (ROOT / page).read_text("utf-8") == capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["call"], ["nonsense"], ["call", "validate"], ["call", "show", "nowhere"]]
)
def test_a_command_that_cannot_be_used_ends_with_two_and_says_why(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == (0 if arguments == ["--help"] else 2)
    printed = capsys.readouterr()
    assert printed.out + printed.err


def test_every_command_of_the_table_that_is_there_registers_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert {command.name for command in available()} <= {command.name for command in COMMANDS}
    for command in available():
        if not command.passthrough:
            assert main([command.name, "--help"]) == 0
            assert f"gongmo {command.name}" in capsys.readouterr().out


def test_a_command_on_files_does_not_start_the_web_framework() -> None:
    script = (
        "import sys; from gongmo.cli.main import main; code = main(sys.argv[1:]); "
        "sys.exit(3 if any(name.split('.')[0] == 'django' for name in sys.modules) else code)"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, "call", "validate", str(CALL)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "맞습니다" in done.stdout
    assert time.monotonic() - started < 5


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m gongmo.cli.main call reference | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.stdout.startswith("# The call definition")
    assert done.stderr == ""


def test_validate_notes_a_fact_without_a_rule_and_a_project_longer_than_its_agreement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (CALL / "call.yaml").read_text("utf-8")
    asked = "  - {id: banned, clause: A-5, name: {ko: 제한, en: Ban}, question: {ko: 제한?, en: Banned}}\n"
    (tmp_path / "call.yaml").write_text(
        text.replace("facts:\n", f"facts:\n{asked}", 1).replace(
            "period_ends: 2026-12-31", "period_ends: 2027-03-31", 1
        ),
        "utf-8",
    )
    assert main(["call", "validate", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "banned: 이 사실을 묻지만" in printed
    assert "협약은 2026. 12. 31.에 끝납니다" in printed
