"""The Tax Service (국세청): business status (상태조회) and validation (진위확인), at most 100 numbers a request.

Source: the service's documentation on the public data portal; shapes in docs/registers.md.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gongmo.registers.config import Configuration, Service
from gongmo.registers.http import fetch
from gongmo.registers.outcomes import Outcome
from gongmo.registers.protocol import read
from gongmo.registers.trouble import Down, Trouble
from gongmo.registers.values import Question, Said

BATCH = 100
_STATES = {"01": Outcome.MATCH, "02": Outcome.SUSPENDED, "03": Outcome.CLOSED}
_KEPT = (
    "b_no",
    "b_stt",
    "b_stt_cd",
    "tax_type",
    "tax_type_cd",
    "end_dt",
    "utcc_yn",
    "tax_type_change_dt",
    "invoice_apply_dt",
    "rbf_tax_type",
    "rbf_tax_type_cd",
)


def status(
    configuration: Configuration, service: Service, questions: Sequence[Question], today: date
) -> list[Said]:
    """Whether businesses are active, suspended, closed or not registered. One request. Raises Down."""
    numbers = list(dict.fromkeys(question.number for question in questions))
    rows = _ask(configuration, service, "status", {"b_no": numbers})
    return [
        Said(question, _state(row), _kept(row), today)
        for question in questions
        for row in [_row(rows, question.number)]
    ]


def validate(
    configuration: Configuration, service: Service, questions: Sequence[Question], today: date
) -> list[Said]:
    """Whether number, opening day and head's name belong together. One request. Raises Down.

    Answers come in the order of the request; a number may be asked with two names, so the order counts, and the number is checked.
    """
    asked = [
        {"b_no": each.number, "start_dt": each.detail("start_dt"), "p_nm": each.detail("p_nm")}
        for each in questions
    ]
    found = _data(_post(configuration, service, "validate", {"businesses": asked}))
    if [row.get("b_no") for row in found] != [each.number for each in questions]:
        raise Down(Trouble.UNREADABLE, "other numbers than asked")
    return [
        Said(question, _validity(row), _valid(row), today)
        for question, row in zip(questions, found, strict=True)
    ]


def _post(
    configuration: Configuration, service: Service, path: str, asked: Mapping[str, Any]
) -> dict[str, Any]:
    body = json.dumps(asked, ensure_ascii=False).encode()
    query = {"serviceKey": service.key, "returnType": "JSON"}
    return read(fetch(configuration, service, f"nts-businessman/v1/{path}", query, body=body))


def _ask(
    configuration: Configuration, service: Service, path: str, asked: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    return {str(row.get("b_no", "")): row for row in _data(_post(configuration, service, path, asked))}


def _data(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = found.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Down(Trouble.UNREADABLE, "no data")
    return rows


def _row(rows: Mapping[str, dict[str, Any]], number: str) -> dict[str, Any]:
    if number not in rows:
        raise Down(Trouble.UNREADABLE, "a number is missing")
    return rows[number]


def _state(row: Mapping[str, Any]) -> Outcome:
    """An unregistered number has no state and a sentence in `tax_type`; any other code is not understood."""
    code = str(row.get("b_stt_cd") or "")
    if code in _STATES:
        return _STATES[code]
    if not code and not row.get("b_stt"):
        return Outcome.UNREGISTERED
    raise Down(Trouble.UNREADABLE, "b_stt_cd")


def _validity(row: Mapping[str, Any]) -> Outcome:
    """ "01" matches; then the state that comes along decides further. "02": the three do not belong together."""
    valid = row.get("valid")
    if valid == "02":
        return Outcome.MISMATCH
    if valid != "01":
        raise Down(Trouble.UNREADABLE, "valid")
    state = row.get("status")
    return _state(state) if isinstance(state, Mapping) and state.get("b_stt_cd") else Outcome.MATCH


def _kept(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(row[name]) for name in _KEPT if row.get(name)}


def _valid(row: Mapping[str, Any]) -> dict[str, str]:
    """Without what was asked: it repeats a person's name."""
    state = row.get("status")
    told = _kept(state) if isinstance(state, Mapping) else {}
    return {**told, **{name: str(row[name]) for name in ("b_no", "valid", "valid_msg") if row.get(name)}}
