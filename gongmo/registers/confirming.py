"""What an organisation's own pages show of registers. Registered with the floor of organisations at start."""

from django.urls import reverse

from gongmo.definition.base import Text
from gongmo.kernel.korean import day
from gongmo.parties.models import Organisation
from gongmo.parties.outside import Confirmed
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.queries import last_answers
from gongmo.registers.settings import is_on


def number(organisation: Organisation) -> Confirmed | None:
    """The Tax Service's last word on the number: a validation before a status. None where the register is off or was not asked."""
    if not is_on(Register.BUSINESS_VALIDATION) or not organisation.business_number:
        return None
    registers = (Register.BUSINESS_VALIDATION, Register.BUSINESS_STATUS)
    lines = last_answers([organisation.business_number], registers).get(organisation.business_number, [])
    line = lines[0] if lines else None
    if line is None or line.shown is None:
        return None
    if line.answer is None:
        return Confirmed(line.shown, Text(ko="국세청에 다시 확인합니다", en="The Tax Service is asked again"))
    asked = line.answer.asked_at
    if line.register is Register.BUSINESS_VALIDATION and line.outcome is Outcome.MATCH:
        return Confirmed(
            line.shown,
            Text(ko=f"국세청 확인됨 {day(asked)}", en=f"Confirmed by the Tax Service on {day(asked)}"),
        )
    return Confirmed(line.shown, Text(ko=f"국세청 {day(asked)}", en=f"Tax Service, {day(asked)}"))


def address_page(organisation: Organisation) -> str:
    """The look-up of addresses where that register is on."""
    return reverse("registers:address", args=[organisation.pk]) if is_on(Register.ADDRESSES) else ""
