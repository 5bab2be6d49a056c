"""The registers that are asked, and the six outcomes that are kept apart."""

from enum import StrEnum

from gongmo.definition.base import Text
from gongmo.kernel.states import Family, Shown


class Register(StrEnum):
    """A register with its own key, breaker and freshness."""

    BUSINESS_STATUS = "business_status"
    BUSINESS_VALIDATION = "business_validation"
    ACCOUNTS = "accounts"
    OUTLINE = "outline"
    HOLIDAYS = "holidays"
    ADDRESSES = "addresses"


class Outcome(StrEnum):
    """What a register said. UNAVAILABLE is no statement on the organisation: the register did not answer."""

    MATCH = "match"
    MISMATCH = "mismatch"
    UNREGISTERED = "unregistered"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    UNAVAILABLE = "unavailable"


NAMES = {
    Register.BUSINESS_STATUS: Text(ko="국세청 사업자 상태", en="Tax Service: business status"),
    Register.BUSINESS_VALIDATION: Text(ko="국세청 진위확인", en="Tax Service: business validation"),
    Register.ACCOUNTS: Text(ko="금융위원회 재무정보", en="Financial Services Commission: accounts"),
    Register.OUTLINE: Text(ko="금융위원회 기업개요", en="Financial Services Commission: company outline"),
    Register.HOLIDAYS: Text(ko="천문연구원 공휴일", en="Astronomy Institute: public holidays"),
    Register.ADDRESSES: Text(ko="도로명주소", en="Road name addresses"),
}

SHOWN = {
    Outcome.MATCH: Shown("확인됨", "Confirmed", Family.DONE),
    Outcome.MISMATCH: Shown("기록과 다름", "Differs from the register", Family.ATTENTION),
    Outcome.UNREGISTERED: Shown("등록되지 않음", "Not registered", Family.ATTENTION),
    Outcome.SUSPENDED: Shown("휴업", "Suspended", Family.STOPPED),
    Outcome.CLOSED: Shown("폐업", "Closed", Family.STOPPED),
    Outcome.UNAVAILABLE: Shown("확인하지 못함", "Could not be asked", Family.PREPARING),
}


def shown(register: Register, outcome: Outcome) -> Shown:
    """An answer's word, colour and icon. An absent set of accounts is nothing to worry about: most companies are not in that register."""
    if outcome is Outcome.UNREGISTERED and register in (Register.ACCOUNTS, Register.OUTLINE):
        return Shown("등록부에 없음", "Not in this register", Family.PREPARING)
    if register is Register.BUSINESS_STATUS and outcome is Outcome.MATCH:
        return Shown("계속사업자", "In business", Family.DONE)
    if register is Register.ACCOUNTS and outcome is Outcome.MATCH:
        return Shown("재무정보 있음", "Accounts found", Family.DONE)
    return SHOWN[outcome]
