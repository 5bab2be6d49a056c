"""Plain values of an application that commands take and pages show."""

from dataclasses import dataclass
from decimal import Decimal

from gongmo.definition.base import Form, Text


@dataclass(frozen=True, slots=True)
class CellInput:
    """One budget cell as somebody enters it. `organisation_id` is the organisation's id, `amount` whole won; 0 empties the cell."""

    organisation_id: int
    year: int
    field: str
    category: str
    source: str
    form: Form | str
    amount: int
    direct_support: bool = False


@dataclass(frozen=True, slots=True)
class ConsentKind:
    """A consent that an organisation gives: its id, its name, the sentence that is agreed to, and whether submitting needs it."""

    id: str
    name: Text
    sentence: Text
    required: bool


CONSENTS = (
    ConsentKind(
        "personal_data",
        Text(ko="개인정보 수집·이용 동의", en="Consent to the use of personal data"),
        Text(
            ko="담당자의 이름과 연락처를 이 공모의 접수·평가·협약에만 쓰는 데 동의합니다.",
            en="We agree that contact persons' names and contacts are used for this call's intake, evaluation and agreement only.",
        ),
        required=True,
    ),
    ConsentKind(
        "integrity_pledge",
        Text(ko="청렴서약", en="Integrity pledge"),
        Text(
            ko="거짓 없이 신청하고, 평가와 관련된 사람에게 청탁하지 않겠습니다.",
            en="We apply truthfully and ask no favours of anyone who takes part in the evaluation.",
        ),
        required=True,
    ),
    ConsentKind(
        "third_party",
        Text(ko="개인정보 제3자 제공 동의 (선택)", en="Consent to passing on personal data (optional)"),
        Text(
            ko="관련 기관이 후속 지원을 안내할 수 있도록 담당자 연락처를 전하는 데 동의합니다.",
            en="We agree that contacts are passed to related organisations so that they may tell us of further support.",
        ),
        required=False,
    ),
)
"""Separate consents (Personal Information Protection Act art. 22): required and optional ones stand apart."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two kept states of an application: where, the earlier value and the later one, as readable texts."""

    where: Text
    before: Text
    after: Text


def plain_figure(value: Decimal) -> str:
    """A stored number as people write it: Decimal("10.5000") → "10.5"."""
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
