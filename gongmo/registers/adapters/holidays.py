"""Public holidays (천문연구원 특일정보): one month of one year a request."""

from collections.abc import Sequence
from datetime import date

from gongmo.registers.adapters.companies import day
from gongmo.registers.config import Configuration, Service
from gongmo.registers.http import fetch
from gongmo.registers.outcomes import Outcome
from gongmo.registers.protocol import items, read
from gongmo.registers.values import Question, Said


def month(
    configuration: Configuration, service: Service, questions: Sequence[Question], today: date
) -> list[Said]:
    """The days off of a month: `days` [["2030-03-01", "삼일절"], ...]. A month without any is a MATCH, too. Raises Down."""
    found = []
    for question in questions:
        query = {
            "ServiceKey": service.key,
            "solYear": question.number,
            "solMonth": question.detail("month"),
            "numOfRows": "100",
            "_type": "json",
        }
        path = "B090041/openapi/service/SpcdeInfoService/getRestDeInfo"
        rows = items(read(fetch(configuration, service, path, query)))
        days = sorted(
            (off.isoformat(), str(row.get("dateName", "")))
            for row in rows
            if row.get("isHoliday") == "Y" and (off := day(row.get("locdate"))) is not None
        )
        payload = {"month": question.detail("month"), "days": [list(each) for each in days]}
        found.append(Said(question, Outcome.MATCH, payload, today))
    return found
