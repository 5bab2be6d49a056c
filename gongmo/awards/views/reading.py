"""Reads what these pages' forms bring."""

from gongmo.applications.amounts import FAULTS, NotAnAmount, read_amount
from gongmo.kernel.errors import BadInput


def won(typed: str, *, field: str) -> int | None:
    """Won as people write it ("1,000,000", "3억 5,000만원"), read as in a budget; None where nothing was typed. Raises BadInput (not_won)."""
    if not typed.strip(" -–—"):
        return None
    try:
        return read_amount(typed)
    except NotAnAmount as error:
        fault = FAULTS[error.fault]
        raise BadInput(
            "not_won", f"‘{typed[:40]}’: {fault.ko}", f"“{typed[:40]}”: {fault.en}", field=field
        ) from error


def won_needed(typed: str, *, field: str) -> int:
    """The same where a sum must stand; 0 is typed as 0. Raises BadInput (not_won)."""
    found = won(typed, field=field)
    if found is None:
        raise BadInput(
            "not_won",
            "비어 있는 금액이 있습니다. 원 단위로 적어 주세요.",
            "A sum is missing. Write it in won.",
            field=field,
        )
    return found
