"""Check digits of Korean business and corporate numbers, and valid numbers for invented organisations."""

import re

_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_CORPORATE_WEIGHTS = (1, 2) * 6


_ADDRESS = re.compile(r"://|\bwww\.|\bhttps?\b", re.IGNORECASE)


def holds_an_address(name: str) -> bool:
    """Whether a name holds an address of the web: mail programs would make a link of it, in mails that go out in the agency's name."""
    return _ADDRESS.search(name) is not None


def digits(number: str) -> str:
    """The number without hyphens and spaces."""
    return re.sub(r"[\s-]", "", number)


def business_number_check(first_nine: str) -> int:
    """The tenth digit of a business registration number: weights 1 3 7 1 3 7 1 3 5, and the tens of five times the ninth digit."""
    figures = [int(each) for each in first_nine]
    total = sum(figure * weight for figure, weight in zip(figures, _BUSINESS_WEIGHTS, strict=True))
    return (10 - (total + figures[8] * 5 // 10) % 10) % 10


def corporate_number_check(first_twelve: str) -> int:
    """The thirteenth digit of a corporate registration number: weights 1 2 1 2 ..."""
    figures = [int(each) for each in first_twelve]
    total = sum(figure * weight for figure, weight in zip(figures, _CORPORATE_WEIGHTS, strict=True))
    return (10 - total % 10) % 10


def is_business_number(number: str) -> bool:
    """Whether these are ten digits with the right check digit."""
    return re.fullmatch(r"[0-9]{10}", number) is not None and business_number_check(number[:9]) == int(
        number[9]
    )


def is_corporate_number(number: str) -> bool:
    """Whether these are thirteen digits with the right check digit."""
    return re.fullmatch(r"[0-9]{13}", number) is not None and corporate_number_check(number[:12]) == int(
        number[12]
    )


def invented_business_number(index: int) -> str:
    """A number with a right check digit whose first three digits (000) no tax office has issued. `index` from 0 to 999,999."""
    if not 0 <= index < 10**6:
        raise ValueError("index must lie between 0 and 999999")
    first = f"000{index:06d}"
    return f"{first}{business_number_check(first)}"


def invented_corporate_number(index: int) -> str:
    """A number with a right check digit whose court office (0000) does not exist. `index` from 0 to 99,999,999."""
    if not 0 <= index < 10**8:
        raise ValueError("index must lie between 0 and 99999999")
    first = f"0000{index:08d}"
    return f"{first}{corporate_number_check(first)}"
