"""`<row:pk>` in addresses: a row's number, written as its token (gongmo/kernel/numbers.py)."""

from django.conf import settings
from django.urls import register_converter

from gongmo.kernel import numbers


class RowConverter:
    """Views get the number; `reverse` and `url` write the token."""

    regex = numbers.EITHER

    def to_python(self, value: str) -> int:
        """The row's number. A ValueError (a plain number, where none is taken) makes it an address that there is not."""
        return numbers.number(value)

    def to_url(self, value: int | str) -> str:
        return numbers.token(int(value))


def begin() -> None:
    """Take the installation's secret. Called at the start of a process, before any address is made."""
    numbers.use(settings.SECRET_KEY, settings.GONGMO_FORMER_SECRET_KEYS, plain=settings.GONGMO_PLAIN_NUMBERS)


register_converter(RowConverter, "row")
