"""The Financial Services Commission (금융위원회): summary of accounts and company outline, one corporate number a request."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from gongmo.registers.config import Configuration, Service
from gongmo.registers.http import fetch
from gongmo.registers.outcomes import Outcome
from gongmo.registers.protocol import items, read
from gongmo.registers.trouble import Down, Trouble
from gongmo.registers.values import Question, Said

STATEMENTS = {"110": "consolidated", "120": "separate"}
"""`fnclDcd`: which statements."""
_AMOUNTS = {"enpTcptAmt": "equity", "enpCptlAmt": "capital", "enpTastAmt": "assets", "enpTdbtAmt": "debts"}
_COMPANY = re.compile(r"주식회사|유한회사|유한책임회사|합자회사|합명회사|\(주\)|㈜|\(유\)|\s")


def accounts(
    configuration: Configuration, service: Service, questions: Sequence[Question], today: date
) -> list[Said]:
    """The summaries of a company's accounts of one year: `statements` {"separate": {equity, capital, ... in won}, "consolidated": ...}.

    MATCH where there are any, UNREGISTERED where the register has none (it holds mostly audited companies). Raises Down.
    """
    return [_accounts(configuration, service, question, today) for question in questions]


def _accounts(configuration: Configuration, service: Service, question: Question, today: date) -> Said:
    rows = _rows(
        configuration,
        service,
        "1160100/service/GetFinaStatInfoService_V2/getSummFinaStat_V2",
        {"crno": question.number, "bizYear": question.detail("year")},
    )
    statements: dict[str, dict[str, str]] = {}
    as_of = today
    for row in rows:
        if str(row.get("crno", "")) != question.number or str(row.get("bizYear", "")) != question.detail(
            "year"
        ):
            continue
        kind = STATEMENTS.get(str(row.get("fnclDcd", "")))
        if kind is None or row.get("enpTcptAmt") in (None, ""):
            continue
        statements[kind] = {
            name: str(_won(row[field]))
            for field, name in _AMOUNTS.items()
            if row.get(field) not in (None, "")
        }
        as_of = day(row.get("basDt")) or as_of
    outcome = Outcome.MATCH if statements else Outcome.UNREGISTERED
    payload = {"crno": question.number, "bizYear": question.detail("year"), "statements": statements}
    return Said(question, outcome, payload, as_of)


def outline(
    configuration: Configuration, service: Service, questions: Sequence[Question], today: date
) -> list[Said]:
    """A company's name, founding day and business number. MISMATCH where the name or the day differ from what was asked (`name`,
    `founded`); `differs` then names them. UNREGISTERED where the register has no such company. Raises Down."""
    return [_outline(configuration, service, question, today) for question in questions]


def _outline(configuration: Configuration, service: Service, question: Question, today: date) -> Said:
    rows = [
        row
        for row in _rows(
            configuration,
            service,
            "1160100/service/GetCorpBasicInfoService_V2/getCorpOutline_V2",
            {"crno": question.number},
        )
        if str(row.get("crno", "")) == question.number
    ]
    if not rows:
        return Said(question, Outcome.UNREGISTERED, {"crno": question.number}, today)
    # A company stands once for each change; the latest is told by `lastOpegDt`.
    row = max(rows, key=lambda each: str(each.get("lastOpegDt") or ""))
    kept = {
        name: str(row[name])
        for name in ("crno", "corpNm", "bzno", "enpEstbDt", "enpStacMm", "smenpYn", "lastOpegDt")
        if row.get(name)
    }
    differs = [
        name
        for name, asked, told in (
            ("name", _bare(question.detail("name")), _bare(kept.get("corpNm", ""))),
            ("founded", question.detail("founded"), kept.get("enpEstbDt", "")),
            ("business_number", question.detail("business_number"), kept.get("bzno", "").replace("-", "")),
        )
        if asked and told and asked != told
    ]
    outcome = Outcome.MISMATCH if differs else Outcome.MATCH
    return Said(question, outcome, {**kept, "differs": differs}, today)


def _rows(
    configuration: Configuration, service: Service, path: str, asked: Mapping[str, str]
) -> list[dict[str, Any]]:
    query = {"serviceKey": service.key, "pageNo": "1", "numOfRows": "100", "resultType": "json", **asked}
    return items(read(fetch(configuration, service, path, query)))


def day(value: object) -> date | None:
    """A day as registers write it ("20251231"), None where there is none or it is no day."""
    text = str(value or "")
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{8}", text) else None
    except ValueError:
        return None


def _won(value: object) -> int:
    """Whole won from text or a number ("-1200", "1200.00", 1200). Raises Down: a figure that cannot be read decides nothing."""
    try:
        found = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        raise Down(Trouble.UNREADABLE, "amount") from None
    if not found.is_finite():
        raise Down(Trouble.UNREADABLE, "amount")
    return int(found)


def _bare(name: str) -> str:
    return _COMPANY.sub("", name).casefold()
