"""What is wrong with a definition is told with line, path, what was seen and what was expected, in both languages."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from gongmo.definition.loader import load_definition, parse_application, parse_definition
from gongmo.definition.problems import Problem, Unusable

FILE = Path(__file__).resolve().parents[2] / "calls" / "2025-regional-ai" / "call.yaml"
GOOD = FILE.read_text("utf-8")


def broken(old: str, new: str) -> list[Problem]:
    """The problems after the first `old` in the good file became `new`."""
    assert old in GOOD
    with pytest.raises(Unusable) as caught:
        parse_definition(GOOD.replace(old, new, 1).encode())
    return list(caught.value.problems)


def line_of(text: str) -> int:
    return GOOD[: GOOD.index(text)].count("\n") + 1


Change = tuple[str, str, str, str]
CHANGES: dict[str, Change] = {
    # what is changed, into what, the path that is named, a word of the Korean sentence
    "unknown key": ("lead_role: lead", "lead_roll: lead", "consortium.lead_roll", "혹시 ‘lead_role’인가요"),
    "text for a number": ("  count: 5", "  count: five", "selection.count", "정수"),
    "number for text": ("name: {ko: 시설·장비비,", "name: {ko: 3,", "budget.categories.1.name.ko", "글이어야"),
    "comma in money": ("pot: 35000000000", "pot: 35,000,000,000", "allocation.pot", "쉼표"),
    "unknown choice": ("mode: half_up", "mode: half_upp", "evaluation.rounding.mode", "혹시 ‘half_up’인가요"),
    "bad date": ("announced_on: 2025-07-30", "announced_on: 2025-13-30", "announced_on", "2030-01-02처럼"),
    "no offset": ("closes: 2025-08-29T17:00:00+09:00", "closes: 2025-08-29T17:00:00", "intake.closes", "시간대"),
    "bad share": ("at_least: 40%", "at_least: forty", "rules.12.at_least", "비율은"),
    "share above one": ("at_least: 40%", "at_least: 140%", "rules.12.at_least", "0%에서 100%"),
    "unknown rule kind": ("kind: cash_only", "kind: cash_onli", "rules.18", "혹시 ‘cash_only’인가요"),
    "unknown clause": ("clause: A-17\n    name", "clause: A-99\n    name", "contacts.0.clause", "정의에 없는"),
    "unknown role": ("applicant_role: local_government", "applicant_role: province", "consortium.applicant_role", "정의에 없는"),
    "unknown source": ("part: {sources: [local, private]}", "part: {sources: [locale]}", "rules.12.part.sources.0", "정의에 없는"),
    "unknown fact": ("fact: tax_arrears", "fact: debts", "rules.9.fact", "정의에 없는"),
    "twice the same id": ("- id: no_tax_arrears", "- id: in_business", "rules.9.id", "두 번"),
    "yes for true": ("next_in_rank: true", "next_in_rank: yes", "selection.next_in_rank", "true 또는 false"),
    "map for a list": ("stages:\n", "stages: {}\n  stagings:\n", "evaluation.stages", "목록"),
    "empty list in a part": ("sources: [local, private]", "sources: []", "rules.12.part.sources", "1개 이상"),
    "bad pattern": ("id: 2025-regional-ai", "id: Regional AI", "id", "모양"),
    "negative money": ("floor: 6000000000", "floor: -1", "allocation.floor", "0 이상"),
    "ceiling below floor": ("ceiling: 8000000000", "ceiling: 5000000000", "allocation.ceiling", "floor 이상"),
    "points do not add up": ("max_points: 20\n      criteria:\n        - id: 1-1", "max_points: 25\n      criteria:\n        - id: 1-1", "evaluation.criteria.0", "배점"),
    "weights do not add up": ("weight: 40", "weight: 30", "evaluation", "가중치"),
    "year outside the period": ("      ends: 2026-12-31\n  sources", "      ends: 2027-12-31\n  sources", "budget.years.1", "사업기간"),
    "clause and default": ("selection:\n  clause: A-12", "selection:\n  clause: A-12\n  default: {ko: 가, en: a}", "selection", "하나만"),
    "a rule with the program's name": ("- id: expert_member", "- id: names", "rules.3.id", "다른 이름"),
    "a document with a rule's id": ("- id: project_plan", "- id: local_floor", "documents.1.id", "다른 이름"),
    "no kinds at all": ("kinds: [metropolitan_government]", "kinds: []", "rules.1.kinds", "1개 이상"),
    "a document in no format": ("formats: [ppt, pptx]", "formats: []", "documents.8.formats", "1개 이상"),
    "a stage without criteria": ("      weight: 40", "      weight: 40\n      criteria: []", "evaluation.stages.0.criteria", "1개 이상"),
    "a criterion twice in a stage": ("      weight: 40", "      weight: 40\n      criteria: [1-1, 1-1]", "evaluation.stages.0.criteria", "두 번"),
    "advance at the end": ("      weight: 60", "      weight: 60\n      advance: 3", "evaluation.stages.1.advance", "selection.count"),
    "quorum above the size": ("quorum: 5", "quorum: 8", "evaluation.committee.quorum", "정족수"),
    "sectors above the size": ("at_least_per_sector: 1", "at_least_per_sector: 3", "evaluation.committee.at_least_per_sector", "계열"),
    "extremes without trimming": ("method: mean", "method: mean\n    highest: 1", "evaluation.averaging", "trimmed_mean"),
    "trimming nothing": ("method: mean", "method: trimmed_mean", "evaluation.averaging", "trimmed_mean"),
    "a tie broken by no score": ("committee_decides: true", "committee_decides: true\n    stages: [site_visit]", "evaluation.ties.stages.0", "점수를 매기지 않는"),
    "a cut-off nobody passes": ("selection:\n", "  cutoffs: [{clause: A-12, points: 101}]\nselection:\n", "evaluation.cutoffs.0.points", "만점"),
    "a final cut-off of a stage": ("selection:\n", "  cutoffs: [{clause: A-12, points: 60, stage: desk}]\nselection:\n", "evaluation.cutoffs.0.stage", "of를 stage로"),
    "a cut-off of no score": ("selection:\n", "  cutoffs: [{clause: A-12, points: 60, of: stage, stage: site_visit}]\nselection:\n", "evaluation.cutoffs.0.stage", "점수를 매기지 않는"),
    "by rank without weights": ("method: by_score", "method: by_rank", "allocation.rank_weights", "by_rank"),
    "weights without by rank": ("method: by_score", "method: by_score\n  rank_weights: [2, 1]", "allocation.rank_weights", "by_rank"),
    "certain years per year": ("part: {sources: [local]}\n    whole: {}\n    at_least: 20%", "part: {sources: [local], years: [2025]}\n    whole: {}\n    at_least: 20%\n    per: year", "rules.14.per", "per를 빼"),
    "years that overlap": ("starts: 2026-01-01", "starts: 2025-12-31", "budget.years.1.starts", "겹칩니다"),
    "an instant beyond the calendar": ("closes: 2025-08-29T17:00:00+09:00", "closes: 9999-12-31T23:59:59-23:59", "intake.closes", "1900에서 2200"),
    "opens after closes": ("opens: 2025-07-30T00", "opens: 2025-10-30T00", "intake", "마감보다"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_broken_definition_is_told_by_path_line_and_sentence(name: str) -> None:
    old, new, path, word = CHANGES[name]
    problems = broken(old, new)
    told = next((problem for problem in problems if problem.path == path), None)
    assert told is not None, [(problem.path, problem.ko) for problem in problems]
    assert word in told.ko
    assert told.en
    assert told.en[0] < "가", "the English sentence is in English"
    assert told.line is not None


def test_the_line_is_the_line_of_the_value() -> None:
    assert [problem.line for problem in broken("  count: 5", "  count: five")] == [line_of("  count: 5")]


def test_a_missing_key_points_at_the_block_that_lacks_it() -> None:
    problems = broken("  lead_role: lead\n", "")
    assert [(problem.path, problem.line) for problem in problems] == [
        ("consortium.lead_role", line_of("consortium:\n  clause"))
    ]


def test_several_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("  count: 5", "  count: five").replace("lead_role: lead", "lead_rol: lead")
    with pytest.raises(Unusable) as caught:
        parse_definition(text.encode())
    lines = [problem.line or 0 for problem in caught.value.problems]
    assert len(lines) == 3
    assert lines == sorted(lines)


def test_a_problem_in_json_is_placed_too() -> None:
    with pytest.raises(Unusable) as caught:
        parse_application(b'{\n "format": "gongmo/application/1",\n "call": "a",\n "title": 3\n}', "a.json")
    problem = caught.value.problems[0]
    assert (problem.path, problem.line, problem.place) == ("title", 4, "a.json:4:11")


def test_an_application_tells_a_misspelt_kind_of_organisation() -> None:
    text = "format: gongmo/application/1\ncall: a\ntitle: 나\norganisations:\n  - {id: x, name: 가, role: lead, kind: compny}\n"
    with pytest.raises(Unusable) as caught:
        parse_application(text.encode())
    problem = caught.value.problems[0]
    assert problem.path == "organisations.0.kind"
    assert "혹시 ‘company’인가요" in problem.ko
    assert "Did you mean “company”?" in problem.en
    assert problem.line == 5


def test_the_good_file_is_right() -> None:
    assert load_definition(FILE) == parse_definition(GOOD.encode())


def _mutations() -> list[Callable[[str], str]]:
    return [
        lambda line: line.replace(":", "", 1),
        lambda line: f"  {line}",
        lambda line: line + " extra: 1",
        lambda line: "",
    ]


@pytest.mark.parametrize("step", range(4))
def test_any_broken_line_is_refused_or_harmless_but_never_crashes(step: int) -> None:
    lines, change = GOOD.splitlines(), _mutations()[step]
    for number in range(step, len(lines), 83):
        changed = [*lines[:number], change(lines[number]), *lines[number + 1 :]]
        with suppress(Unusable):
            parse_definition("\n".join(changed).encode())


def test_a_file_of_another_kind_is_told_in_one_problem() -> None:
    with pytest.raises(Unusable) as caught:
        parse_application(GOOD.encode())
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("format", 1)


def test_values_nested_too_deeply_are_told_in_a_sentence() -> None:
    with pytest.raises(Unusable) as caught:
        parse_application(b"[" * 500 + b"]" * 500, "a.json")
    assert "너무 깊이" in caught.value.problems[0].ko


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_an_instant_that_seoul_cannot_tell_is_refused(instant: str) -> None:
    text = f"{{format: gongmo/application/1, call: a, title: t, received_at: {instant}}}"
    with pytest.raises(Unusable) as caught:
        parse_application(text.encode())
    assert caught.value.problems[0].path == "received_at"
