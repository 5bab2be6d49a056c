"""The whole check, and the example applications of the built-in call at their limits."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongmo.definition.application import Application, Cell
from gongmo.definition.base import Form
from gongmo.definition.loader import load_application, load_definition
from gongmo.rules.check import check
from gongmo.rules.finding import Finding, Status, Verdict, verdict
from tests.rules.sample import application, definition

CALL = Path(__file__).parents[2] / "calls" / "2025-regional-ai"
DEFINITION = load_definition(CALL)
EXAMPLES = {
    name: load_application(CALL / "examples" / f"{name}.yaml") for name in ("gyeongnam", "jeju", "faults")
}


def broken(made: Application) -> set[str]:
    """The rules that a blocking finding says are broken or not known."""
    return {
        finding.rule
        for finding in check(DEFINITION, made)
        if finding.status in (Status.FAIL, Status.UNKNOWN) and finding.severity.value == "blocking"
    }


def change_cell(made: Application, won: int, choose: Callable[[Cell], bool]) -> Application:
    """The application with so many won more in the first cell that is chosen."""
    number = next(index for index, cell in enumerate(made.budget) if choose(cell))
    cell = made.budget[number]
    changed = cell.model_copy(update={"amount": cell.amount + won})
    return made.model_copy(update={"budget": (*made.budget[:number], changed, *made.budget[number + 1 :])})


def change_organisation(made: Application, name: str, **update: object) -> Application:
    return made.model_copy(
        update={
            "organisations": tuple(
                item.model_copy(update=update) if item.id == name else item for item in made.organisations
            )
        }
    )


@pytest.mark.parametrize("name", ["gyeongnam", "jeju"])
def test_the_good_examples_keep_every_rule(name: str) -> None:
    findings = check(DEFINITION, EXAMPLES[name])
    assert verdict(findings) is Verdict.PASS
    assert not [finding for finding in findings if finding.status is Status.FAIL]


def test_the_faulty_example_breaks_three_rules_and_no_other() -> None:
    assert broken(EXAMPLES["faults"]) == {"no_tax_arrears", "local_floor", "presentation_slides"}


def test_every_finding_cites_a_clause_or_says_that_it_is_a_default() -> None:
    clauses = {clause.id for clause in DEFINITION.clauses}
    for finding in check(DEFINITION, EXAMPLES["faults"]):
        assert (finding.clause in clauses) != finding.is_default
        assert finding.message.ko
        assert finding.message.en


def test_every_rule_of_the_call_is_answered() -> None:
    answered = {finding.rule for finding in check(DEFINITION, EXAMPLES["gyeongnam"])}
    assert {rule.id for rule in DEFINITION.rules} <= answered


@pytest.mark.parametrize(
    ("won", "source", "direct", "form", "rules"),
    [
        (1, "national", False, Form.CASH, {"national_ceiling", "non_national_floor"}),
        (-1, "national", False, Form.CASH, set()),
        (-1, "local", False, Form.CASH, {"national_ceiling", "non_national_floor"}),
        (-1, "private", False, Form.CASH, {"national_ceiling", "non_national_floor"}),
        (
            1,
            "private",
            True,
            Form.IN_KIND,
            {"direct_private_ceiling", "direct_local_floor", "direct_in_kind_cap"},
        ),
        (
            -1,
            "private",
            True,
            Form.CASH,
            {"direct_in_kind_cap", "direct_national_ceiling", "national_ceiling", "non_national_floor"},
        ),
    ],
)
def test_the_borderline_example_breaks_by_one_won(
    won: int, source: str, direct: bool, form: Form, rules: set[str]
) -> None:
    made = change_cell(
        EXAMPLES["jeju"],
        won,
        lambda cell: (cell.source, cell.direct_support, cell.form) == (source, direct, form),
    )
    assert broken(made) == rules


def test_the_borderline_example_breaks_by_one_microsecond_or_one_day() -> None:
    made = EXAMPLES["jeju"]
    assert made.received_at is not None
    assert broken(made.model_copy(update={"received_at": made.received_at + timedelta(microseconds=1)})) == {
        "intake"
    }
    post = next(arrival for arrival in made.arrivals if arrival.channel == "postal_originals")
    late = post.model_copy(update={"arrived_on": post.arrived_on + timedelta(days=1)})
    arrivals = (*(a for a in made.arrivals if a is not post), late)
    assert broken(made.model_copy(update={"arrivals": arrivals})) == {"postal_originals"}


def test_the_borderline_example_breaks_when_its_impaired_company_is_one_day_older() -> None:
    made = EXAMPLES["jeju"]
    young = next(item for item in made.organisations if item.id == "ai-a")
    assert young.founded_on is not None
    older = change_organisation(made, "ai-a", founded_on=young.founded_on - timedelta(days=1))
    assert broken(older) == {"no_capital_impairment"}
    assert verdict(check(DEFINITION, older)) is Verdict.FAIL
    unknown = change_organisation(made, "ai-a", founded_on=None)
    assert verdict(check(DEFINITION, unknown)) is Verdict.UNKNOWN


def key(finding: Finding) -> str:
    return repr((finding.rule, finding.subject, finding.status, finding.distance))


@given(st.randoms())
@settings(max_examples=15)
def test_the_order_in_a_file_changes_no_verdict(shuffle: Random) -> None:
    made = EXAMPLES["faults"]
    parts: dict[str, object] = {}
    for name in ("organisations", "budget", "documents", "arrivals"):
        items = list(getattr(made, name))
        shuffle.shuffle(items)
        parts[name] = tuple(items)
    again = check(DEFINITION, made.model_copy(update=parts))
    assert sorted(map(key, again)) == sorted(map(key, check(DEFINITION, made)))


@given(st.sampled_from(sorted({item.id for item in EXAMPLES["gyeongnam"].organisations})), st.data())
@settings(max_examples=30)
def test_forgetting_a_fact_makes_the_verdict_unknown(name: str, data: st.DataObject) -> None:
    made = EXAMPLES["gyeongnam"]
    member = next(item for item in made.organisations if item.id == name)
    forgotten = data.draw(st.sampled_from(sorted(member.facts)))
    facts = {fact: value for fact, value in member.facts.items() if fact != forgotten}
    assert verdict(check(DEFINITION, change_organisation(made, name, facts=facts))) is Verdict.UNKNOWN


def test_an_empty_draft_is_answered_without_an_error() -> None:
    draft = application(organisations=[]).model_copy(update={"call": DEFINITION.id})
    assert verdict(check(DEFINITION, draft)) is Verdict.FAIL


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CALL.parent.glob("*/call.yaml")))
def test_every_built_in_call_answers_any_application(name: str) -> None:
    call = load_definition(CALL.parent / name)
    for made in (application(organisations=[]), *EXAMPLES.values()):
        findings = check(call, made, at=call.intake.closes)
        assert {rule.id for rule in call.rules} <= {finding.rule for finding in findings}
        assert (verdict(findings) is Verdict.FAIL) == (made.call != call.id or made is EXAMPLES["faults"])


def test_the_groups_come_in_a_fixed_order() -> None:
    assert [finding.rule for finding in check(definition(), application())] == [
        "names",
        "budget_axes",
        "intake",
    ]
