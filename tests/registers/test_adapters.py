"""Every adapter against a server that speaks the documented shapes, and every way in which it can fail."""

import logging
from dataclasses import replace
from datetime import date

import pytest

from gongmo.registers.adapters import addresses, business, companies, holidays
from gongmo.registers.config import Configuration, Service
from gongmo.registers.http import fetch
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.trouble import Down, Trouble
from gongmo.registers.values import Question, Said
from tests.registers.server import KEY, World

TODAY = date(2030, 3, 18)
ACTIVE, SUSPENDED, CLOSED, UNKNOWN = "0000000018", "0000000023", "0000000037", "0000000042"
CORPORATE = "0000000000011"


def _status(asked: Configuration, *numbers: str) -> list[Said]:
    questions = [Question.of(Register.BUSINESS_STATUS, number) for number in numbers]
    return business.status(asked, asked.services[Register.BUSINESS_STATUS], questions, TODAY)


def test_business_status_keeps_four_outcomes_apart(world: World, asked: Configuration) -> None:
    world.states = {ACTIVE: ("01", ""), SUSPENDED: ("02", ""), CLOSED: ("03", "20300228")}
    said = _status(asked, ACTIVE, SUSPENDED, CLOSED, UNKNOWN)
    assert [each.outcome for each in said] == [
        Outcome.MATCH,
        Outcome.SUSPENDED,
        Outcome.CLOSED,
        Outcome.UNREGISTERED,
    ]
    assert said[2].payload["end_dt"] == "20300228"
    assert all(each.as_of == TODAY for each in said)
    [(path, query, body)] = world.requests
    assert path == "/nts-businessman/v1/status"
    assert query["serviceKey"] == KEY
    assert body == {"b_no": [ACTIVE, SUSPENDED, CLOSED, UNKNOWN]}


def test_validation_compares_number_day_and_head_and_keeps_no_name(
    world: World, asked: Configuration
) -> None:
    world.states = {ACTIVE: ("01", ""), SUSPENDED: ("02", "")}
    world.heads = {ACTIVE: ("20200102", "김대표"), SUSPENDED: ("20190304", "이대표")}
    questions = [
        Question.of(Register.BUSINESS_VALIDATION, ACTIVE, start_dt="20200102", p_nm="김대표"),
        Question.of(Register.BUSINESS_VALIDATION, ACTIVE, start_dt="20200103", p_nm="김대표"),
        Question.of(Register.BUSINESS_VALIDATION, SUSPENDED, start_dt="20190304", p_nm="이대표"),
    ]
    said = business.validate(asked, asked.services[Register.BUSINESS_VALIDATION], questions, TODAY)
    assert [each.outcome for each in said] == [Outcome.MATCH, Outcome.MISMATCH, Outcome.SUSPENDED]
    assert "김대표" not in str([each.payload for each in said])


def test_accounts_are_read_by_statement_in_whole_won(world: World, asked: Configuration) -> None:
    row = {"crno": CORPORATE, "bizYear": "2029", "basDt": "20291231", "enpCptlAmt": 500_000_000}
    world.accounts[CORPORATE, "2029"] = [
        {**row, "fnclDcd": "110", "enpTcptAmt": "1234567890"},
        {**row, "fnclDcd": "120", "enpTcptAmt": "-2500000.00"},
        {**row, "fnclDcd": "120", "bizYear": "2028", "enpTcptAmt": "1"},
    ]
    question = Question.of(Register.ACCOUNTS, CORPORATE, year="2029")
    [said] = companies.accounts(asked, asked.services[Register.ACCOUNTS], [question], TODAY)
    assert said.outcome is Outcome.MATCH
    assert said.payload["statements"] == {
        "consolidated": {"equity": "1234567890", "capital": "500000000"},
        "separate": {"equity": "-2500000", "capital": "500000000"},
    }
    assert said.as_of == date(2029, 12, 31)


def test_accounts_that_the_register_has_not_are_unregistered(world: World, asked: Configuration) -> None:
    question = Question.of(Register.ACCOUNTS, CORPORATE, year="2029")
    [said] = companies.accounts(asked, asked.services[Register.ACCOUNTS], [question], TODAY)
    assert said.outcome is Outcome.UNREGISTERED


def test_an_amount_that_cannot_be_read_decides_nothing(world: World, asked: Configuration) -> None:
    world.accounts[CORPORATE, "2029"] = [
        {"crno": CORPORATE, "bizYear": "2029", "fnclDcd": "120", "enpTcptAmt": "NaN"}
    ]
    question = Question.of(Register.ACCOUNTS, CORPORATE, year="2029")
    with pytest.raises(Down):
        companies.accounts(asked, asked.services[Register.ACCOUNTS], [question], TODAY)


@pytest.mark.parametrize(
    ("name", "founded", "outcome", "differs"),
    [
        ("가상소프트 주식회사", "20240115", Outcome.MATCH, []),
        ("㈜가상소프트", "", Outcome.MATCH, []),
        ("다른회사", "20240115", Outcome.MISMATCH, ["name"]),
        ("가상소프트", "20200115", Outcome.MISMATCH, ["founded"]),
    ],
)
def test_an_outline_is_compared_with_what_the_organisation_says(
    world: World, asked: Configuration, name: str, founded: str, outcome: Outcome, differs: list[str]
) -> None:
    world.outlines[CORPORATE] = {
        "crno": CORPORATE,
        "corpNm": "(주)가상소프트",
        "bzno": ACTIVE,
        "enpEstbDt": "20240115",
        "enpRprFnm": "김대표",
    }
    question = Question.of(Register.OUTLINE, CORPORATE, name=name, founded=founded)
    [said] = companies.outline(asked, asked.services[Register.OUTLINE], [question], TODAY)
    assert (said.outcome, said.payload["differs"]) == (outcome, differs)
    assert "enpRprFnm" not in said.payload


def test_holidays_are_read_as_none_one_and_several(world: World, asked: Configuration) -> None:
    row = {"dateKind": "01", "isHoliday": "Y", "seq": 1}
    world.holidays["2030", "03"] = [{**row, "dateName": "삼일절", "locdate": 20300301}]
    world.holidays["2030", "05"] = [
        {**row, "dateName": "어린이날", "locdate": 20300505},
        {**row, "dateName": "대체공휴일", "locdate": 20300506},
        {**row, "dateName": "기념일", "locdate": 20300507, "isHoliday": "N"},
    ]
    questions = [Question.of(Register.HOLIDAYS, "2030", month=month) for month in ("02", "03", "05")]
    said = holidays.month(asked, asked.services[Register.HOLIDAYS], questions, TODAY)
    assert [each.payload["days"] for each in said] == [
        [],
        [["2030-03-01", "삼일절"]],
        [["2030-05-05", "어린이날"], ["2030-05-06", "대체공휴일"]],
    ]


def test_addresses_are_searched_without_the_signs_that_the_service_refuses(
    world: World, asked: Configuration
) -> None:
    world.addresses = [{"roadAddr": "경상남도 가상시 가상로 1", "jibunAddr": "가상동 1", "zipNo": "00001"}]
    places, total = addresses.search(asked, asked.services[Register.ADDRESSES], "가상로%")
    assert ([place.road for place in places], total) == (["경상남도 가상시 가상로 1"], 1)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("code:30", Trouble.KEY),
        ("code:31", Trouble.KEY),
        ("code:22", Trouble.QUOTA),
        ("code:01", Trouble.SERVER),
        ("code:10", Trouble.REFUSED),
        ("header:22", Trouble.QUOTA),
        ("gateway:-401", Trouble.KEY),
        ("gateway:-4", Trouble.KEY),
        ("http:500", Trouble.SERVER),
        ("http:503", Trouble.SERVER),
        ("http:429", Trouble.QUOTA),
        ("http:404", Trouble.REFUSED),
        ("slow", Trouble.TIMEOUT),
        ("drip", Trouble.TIMEOUT),
        ("cut", Trouble.NETWORK),
        ("reset", Trouble.NETWORK),
        ("huge", Trouble.UNREADABLE),
        ("announced", Trouble.UNREADABLE),
        ("text", Trouble.UNREADABLE),
        ("list", Trouble.UNREADABLE),
        ("bomb", Trouble.UNREADABLE),
        ("gzip", Trouble.UNREADABLE),
        ("redirect", Trouble.UNREADABLE),
        ("fewer", Trouble.UNREADABLE),
    ],
)
def test_every_failure_has_its_name_and_none_tells_the_key(
    world: World, asked: Configuration, caplog: pytest.LogCaptureFixture, fault: str, trouble: Trouble
) -> None:
    world.behave(fault)
    with caplog.at_level(logging.WARNING), pytest.raises(Down) as down:
        _status(asked, ACTIVE)
    assert down.value.trouble is trouble
    told = f"{down.value} {down.value.__cause__} {caplog.text}"
    assert KEY not in told
    assert "aB%2Bc" not in told


def test_a_redirect_is_not_followed(world: World, asked: Configuration) -> None:
    world.behave("redirect", times=1)
    with pytest.raises(Down):
        _status(asked, ACTIVE)
    assert [path for path, _, _ in world.requests] == ["/nts-businessman/v1/status"]


def test_a_wrong_key_is_told_as_such(world: World, asked: Configuration) -> None:
    wrong = replace(asked, services={Register.BUSINESS_STATUS: Service(world.base, "another")})
    with pytest.raises(Down) as down:
        _status(wrong, ACTIVE)
    assert down.value.trouble is Trouble.KEY


def test_nobody_listening_is_a_network_trouble(asked: Configuration) -> None:
    with pytest.raises(Down) as down:
        fetch(asked, Service("http://127.0.0.1:9", KEY), "x", {})
    assert down.value.trouble is Trouble.NETWORK


def test_a_number_that_holds_an_address_stays_in_the_query(world: World, asked: Configuration) -> None:
    question = Question.of(Register.ACCOUNTS, "1&x=http://elsewhere", year="2029")
    companies.accounts(asked, asked.services[Register.ACCOUNTS], [question], TODAY)
    [(_, query, _)] = world.requests
    assert query["crno"] == "1&x=http://elsewhere"
