"""Days off that the register of holidays knows beside the library's (a holiday declared at short notice)."""

import json
from datetime import date, datetime, timedelta

from gongmo.kernel import clock
from gongmo.registers.models import RegisterAnswer
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.settings import is_on

KEEP = timedelta(minutes=10)
_kept: dict[int, tuple[datetime, frozenset[date]]] = {}


def days_off(year: int) -> frozenset[date]:
    """Days off of a year by the newest answers, empty where the register is off or was not asked. One statement in ten minutes."""
    if not is_on(Register.HOLIDAYS):
        return frozenset()
    now = clock.now()
    kept = _kept.get(year)
    if kept is not None and abs(now - kept[0]) < KEEP:
        return kept[1]
    months: dict[str, list[list[str]]] = {}
    rows = RegisterAnswer.objects.filter(
        register=Register.HOLIDAYS, number=str(year), outcome=Outcome.MATCH
    ).order_by("id")
    for payload in rows.values_list("payload", flat=True):
        read = json.loads(payload)
        months[read["month"]] = read["days"]
    found = frozenset(date.fromisoformat(day) for days in months.values() for day, _ in days)
    _kept[year] = (now, found)
    return found


def forget() -> None:
    """Read anew at the next question."""
    _kept.clear()
