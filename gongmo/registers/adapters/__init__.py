"""One adapter a register: builds the documented request, reads the documented answer. `ask` finds the adapter of a register."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from gongmo.registers.adapters import business, companies, holidays
from gongmo.registers.config import Configuration, Service
from gongmo.registers.outcomes import Register
from gongmo.registers.values import Question, Said

Ask = Callable[[Configuration, Service, Sequence[Question], date], list[Said]]

ADAPTERS: Mapping[Register, tuple[Ask, int]] = {
    Register.BUSINESS_STATUS: (business.status, business.BATCH),
    Register.BUSINESS_VALIDATION: (business.validate, business.BATCH),
    Register.ACCOUNTS: (companies.accounts, 1),
    Register.OUTLINE: (companies.outline, 1),
    Register.HOLIDAYS: (holidays.month, 1),
}
"""The function and the most questions that one request takes. Addresses are searched, not asked: adapters.addresses."""
