"""What a register's answer says of a question, for every order of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.application import Truth
from gongmo.definition.base import Text
from gongmo.definition.registers import AccountsLookup, StatusLookup
from gongmo.rules.registers import Basis, Heard, decided, from_accounts, from_status

DEFAULT = Text(ko="기본값", en="a default")
STATUS = StatusLookup(kind="business_status", default=DEFAULT)
ACCOUNTS = AccountsLookup(kind="accounts", default=DEFAULT)
CLOSING = date(2030, 3, 15)
days = st.dates(date(2029, 1, 1), date(2031, 12, 31))
outcomes = st.sampled_from(["match", "mismatch", "unregistered", "suspended", "closed", "unavailable"])


@given(outcomes, days)
def test_only_an_answer_of_the_day_or_before_or_a_dated_one_excludes(outcome: str, asked: date) -> None:
    drawn = from_status(STATUS, Heard(outcome, {}, asked), judged_on=CLOSING)
    if outcome in ("unavailable", "mismatch"):
        assert drawn is None
        return
    assert drawn is not None
    assert (drawn.basis is Basis.CLOSING) == (asked == CLOSING)
    assert (drawn.value is Truth.YES) == (outcome in ("suspended", "closed") and asked <= CLOSING)


@given(days, days)
def test_a_day_that_the_register_names_is_kept(asked: date, ended: date) -> None:
    payload = {"end_dt": ended.strftime("%Y%m%d")}
    drawn = from_status(STATUS, Heard("closed", payload, asked), judged_on=CLOSING)
    assert drawn is not None
    assert (drawn.value, drawn.since, drawn.basis) == (Truth.YES, ended, Basis.DATED)


@given(st.lists(st.tuples(outcomes, days), max_size=4))
def test_several_answers_come_to_one_that_was_given(answers: list[tuple[str, date]]) -> None:
    heard = [Heard(outcome, {}, asked) for outcome, asked in answers]
    found = decided(STATUS, heard, judged_on=CLOSING)
    single = [from_status(STATUS, each, judged_on=CLOSING) for each in heard]
    assert (found is None) == (not any(single))
    assert found is None or found in single


def test_a_closing_registered_after_the_fact_outweighs_the_closing_days_answer() -> None:
    early = Heard("match", {}, CLOSING)
    late = Heard("closed", {"end_dt": "20300301"}, CLOSING + timedelta(days=9))
    found = decided(STATUS, [early, late], judged_on=CLOSING)
    assert found is not None
    assert (found.value, found.since) == (Truth.YES, date(2030, 3, 1))


def test_the_closing_days_answer_outweighs_a_later_one_without_a_day() -> None:
    found = decided(
        STATUS,
        [Heard("match", {}, CLOSING), Heard("suspended", {}, CLOSING + timedelta(days=9))],
        judged_on=CLOSING,
    )
    assert found is not None
    assert (found.value, found.basis) == (Truth.NO, Basis.CLOSING)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["separate", "consolidated"]))
def test_equity_of_nothing_or_less_is_complete_impairment(equity: int, kind: str) -> None:
    payload = {"bizYear": "2029", "statements": {kind: {"equity": str(equity)}}}
    drawn = from_accounts(ACCOUNTS, Heard("match", payload, CLOSING))
    assert drawn is not None
    assert (drawn.value is Truth.YES) == (equity <= 0)


def test_the_separate_accounts_come_first_and_none_decide_nothing() -> None:
    both = {"statements": {"separate": {"equity": "-1"}, "consolidated": {"equity": "1"}}}
    drawn = from_accounts(ACCOUNTS, Heard("match", both, CLOSING))
    assert drawn is not None
    assert drawn.value is Truth.YES
    assert from_accounts(ACCOUNTS, Heard("unregistered", {"statements": {}}, CLOSING)) is None
