"""`gongmo check`: exit codes, readable output, JSON, and a thousand organisations."""

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongmo.cli.check import region_table
from gongmo.cli.main import main

CALL = Path(__file__).parents[2] / "calls" / "2025-regional-ai"
EXAMPLES = CALL / "examples"


def run(*arguments: str) -> int:
    return main(["check", "--call", str(CALL), *arguments])


@pytest.mark.parametrize(("name", "code"), [("gyeongnam", 0), ("jeju", 0), ("faults", 1)])
def test_examples_end_with_their_exit_codes(name: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(EXAMPLES / f"{name}.yaml")) == code
    assert capsys.readouterr().err == ""


def test_a_broken_rule_is_shown_with_its_clause_and_its_mend(capsys: pytest.CaptureFixture[str]) -> None:
    run(str(EXAMPLES / "faults.yaml"))
    shown = capsys.readouterr().out
    assert "규칙에 어긋난 곳이 있습니다." in shown
    assert "A-5c" in shown
    assert "지방비를 100,000,000원(1억) 늘리거나" in shown


def test_english_output_has_english_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    run(str(EXAMPLES / "faults.yaml"), "--lang", "en")
    shown = capsys.readouterr().out
    assert "Some rules are broken." in shown
    assert "raise Local money by 100,000,000 won" in shown


def test_json_holds_every_finding_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    run(str(EXAMPLES / "faults.yaml"), "--json")
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert shown["verdict"] == "fail"
    assert sum(shown["counts"].values()) == len(shown["findings"])
    floor = next(finding for finding in shown["findings"] if finding["rule"] == "local_floor")
    assert (floor["numbers"]["move"], floor["numbers"]["raise_part"]) == (80_000_000, 100_000_000)


def test_what_is_broken_stands_first_and_what_is_well_is_summed_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(str(EXAMPLES / "faults.yaml"))
    brief = capsys.readouterr().out.splitlines()
    run(str(EXAMPLES / "faults.yaml"), "--all")
    whole = capsys.readouterr().out.splitlines()

    words = [
        line.split("  ")[0] for line in whole if line.startswith(("어긋남", "미확인", "맞음", "해당 없음"))
    ]
    assert words.index("맞음") > max(place for place, word in enumerate(words) if word == "어긋남")
    summed = [line for line in brief if line.startswith(("맞음", "해당 없음"))]
    assert summed[0].startswith(f"맞음 {words.count('맞음')}건 (")
    assert any("--all" in line for line in brief)
    assert [line for line in brief if line.startswith("어긋남")]


def test_all_lists_one_row_for_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    run(str(EXAMPLES / "gyeongnam.yaml"), "--json")
    count = len(json.loads(capsys.readouterr().out)["findings"])
    run(str(EXAMPLES / "gyeongnam.yaml"), "--all")
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("맞음", "해당 없음"))]
    assert len(rows) == count


def test_an_instant_makes_missing_arrivals_too_late(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (EXAMPLES / "gyeongnam.yaml").read_text(encoding="utf-8")
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        "\n".join(line for line in text.splitlines() if "postal_originals" not in line), encoding="utf-8"
    )
    for at, status in (("2025-08-29T23:59:59+09:00", "unknown"), ("2025-08-30T00:00:00+09:00", "fail")):
        assert run(str(draft), "--at", at, "--json") == 1
        findings = json.loads(capsys.readouterr().out)["findings"]
        assert [f["status"] for f in findings if f["rule"] == "postal_originals"] == [status]


@pytest.mark.parametrize("text", ["", "format: gongmo/application/1\n", "budget: [", "a: 1\na: 2\n"])
def test_an_unusable_file_ends_with_2_and_a_reason(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "application.yaml"
    file.write_text(text, encoding="utf-8")
    assert run(str(file)) == 2
    assert "application.yaml" in capsys.readouterr().err


def test_a_missing_file_and_a_missing_call_end_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "none.yaml")) == 2
    assert main(["check", "--call", str(tmp_path), str(EXAMPLES / "gyeongnam.yaml")]) == 2
    assert run(str(EXAMPLES / "gyeongnam.yaml"), "--at", "tomorrow") == 2
    assert capsys.readouterr().err


def test_a_region_table_is_read_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "regions.yaml"
    file.write_text("- {code: KR-48, ko: 경상남도, en: Gyeongnam, valid_to: 2025-08-28}\n", encoding="utf-8")
    assert run(str(EXAMPLES / "gyeongnam.yaml"), "--regions", str(file)) == 1
    assert "2025. 8. 29.에 없는 지역" in capsys.readouterr().out
    file.write_text("- {ko: 경상남도}\n", encoding="utf-8")
    assert run(str(EXAMPLES / "gyeongnam.yaml"), "--regions", str(file)) == 2


def test_the_built_in_regions_know_what_followed_them() -> None:
    table = region_table(None)
    assert table is not None
    ended = [region for region in table.regions.values() if region.valid_to is not None]
    assert ended
    for region in ended:
        assert region.valid_to is not None
        assert table.now_valid(region.code, region.valid_to + timedelta(days=1)) == region.successors != ()


def large(organisations: int) -> dict[str, Any]:
    facts = {
        name: {"value": "no"}
        for name in ("duplicate_project", "capital_impairment", "closed_or_suspended", "tax_arrears")
    }
    members = [
        {
            "id": f"o{n}",
            "name": f"기관 {n}",
            "role": "partner",
            "kind": "company",
            "region": "KR-48",
            "facts": facts,
        }
        for n in range(organisations)
    ]
    cells = [
        {
            "organisation": member["id"],
            "year": year,
            "field": field,
            "category": category,
            "source": source,
            "form": "cash",
            "amount": 1000,
        }
        for member in members
        for year in (2025, 2026)
        for field, category in (("solution", "operations"), ("people", "operations"))
        for source in ("national", "local", "private", "private", "local")
    ]
    for number, cell in enumerate(cells):
        if number % 5 in (3, 4):
            cell["category"] = "materials"
    return {
        "format": "gongmo/application/1",
        "call": "2025-regional-ai",
        "title": "큰 컨소시엄",
        "organisations": members,
        "budget": cells,
    }


def test_a_thousand_organisations_take_less_than_two_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "large.json"
    made = large(1000)
    assert len(made["budget"]) == 20_000
    file.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    started = time.process_time()
    assert run(str(file)) == 1
    assert time.process_time() - started < 2
    assert "기관 0" in capsys.readouterr().out
