"""The changes that docs/changing-a-rule.md shows do what it says, with the words that stand there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongmo.definition.application import Application
from gongmo.definition.explain import explain_document
from gongmo.definition.loader import load_application, parse_definition
from gongmo.definition.model import Definition
from gongmo.definition.problems import Unusable
from gongmo.kernel.canonical import canonical_json
from gongmo.rules.check import check
from gongmo.rules.documents import due_documents
from gongmo.rules.finding import Status

HOME = Path(__file__).resolve().parents[2]
CALL = HOME / "calls" / "2025-regional-ai"
PAGE = (HOME / "docs" / "changing-a-rule.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^Under `([a-z.]+)`:\n\n```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


def changed(*places: str, mistyped: tuple[str, str] = ("", "")) -> Definition:
    """The shipped call with the page's blocks of these places put in, one word of them mistyped."""
    plain: Any = parse_definition((CALL / "call.yaml").read_bytes()).model_dump(mode="json")
    for place in places:
        *way, last = place.split(".")
        where = plain
        for key in way:
            where = where[key]
        added = yaml.safe_load(BLOCKS[place].replace(*mistyped) if mistyped[0] else BLOCKS[place])
        if isinstance(added, list):
            where[last] = [*where[last], *added]
        else:
            where[last].update(added)
    return parse_definition(canonical_json(plain).encode(), "call.json")


@pytest.fixture(scope="module")
def application() -> Application:
    return load_application(CALL / "examples" / "gyeongnam.yaml")


def test_every_block_of_the_page_is_tried_here() -> None:
    assert sorted(BLOCKS) == ["budget.categories", "documents", "evaluation.ties", "rules"]


def test_in_kind_is_capped_for_the_lead_and_cash_for_the_others(application: Application) -> None:
    call = changed("rules")
    in_kind = [cell for cell in application.budget if cell.form.value == "in_kind"]
    roles = {each.id: each.role for each in application.organisations}
    others = {cell.organisation for cell in in_kind if roles[cell.organisation] != "lead"}

    found = [each for each in check(call, application) if each.rule in ("lead_in_kind_cap", "others_in_cash")]

    assert in_kind
    assert {each.rule for each in found} == {"lead_in_kind_cap", "others_in_cash"}
    failing = {each.subject.organisation for each in found if each.status is Status.FAIL}
    assert failing - {None} == others


def test_a_document_is_due_from_the_members_who_buy_vehicles_alone(application: Application) -> None:
    call = changed("budget.categories", "documents")
    one = next(cell for cell in application.budget if cell.amount and cell.category != "vehicles")
    buying = application.model_copy(
        update={"budget": (*application.budget, one.model_copy(update={"category": "vehicles"}))}
    )

    before = [due for due in due_documents(call, application) if due.kind.id == "vehicle_plan"]
    after = [due for due in due_documents(call, buying) if due.kind.id == "vehicle_plan"]

    assert before == []
    assert [due.organisation.id for due in after if due.organisation] == [one.organisation]
    assert "차량비에 사업비가 있는 기관만" in explain_document(call, after[0].kind).ko


def test_ties_are_broken_by_criteria_in_their_order() -> None:
    assert changed("evaluation.ties").evaluation.ties.criteria == ("4-1", "2-1")


@pytest.mark.parametrize(
    ("places", "mistyped", "path"),
    [
        (("rules",), ("roles: [lead]", "roles: [leed]"), "rules"),
        (("documents",), ("", ""), "documents"),
        (("budget.categories", "documents"), ("categories: [vehicles]", "categories: [cars]"), "documents"),
        (("evaluation.ties",), ("2-1", "9-9"), "evaluation"),
    ],
)
def test_a_name_that_the_call_does_not_declare_is_pointed_at(
    places: tuple[str, ...], mistyped: tuple[str, str], path: str
) -> None:
    with pytest.raises(Unusable) as refused:
        changed(*places, mistyped=mistyped)

    assert any(str(problem.path).startswith(path) for problem in refused.value.problems)
