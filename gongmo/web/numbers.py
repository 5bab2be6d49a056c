"""`<row:pk>` in addresses: a row's number, written as its token (gongmo/kernel/numbers.py)."""

from django.conf import settings
from django.urls import register_converter

from gongmo.kernel import numbers


class RowConverter:
    """Views get the number; `reverse` and `url` write the token."""

    regex = numbers.EITHER
    kind = ""

    def to_python(self, value: str) -> int:
        """The row's number. A ValueError (a plain number, where none is taken) makes it an address that there is not."""
        return numbers.number(value, self.kind)

    def to_url(self, value: int | str) -> str:
        return numbers.token(int(value), self.kind)


def begin() -> None:
    """Take the installation's secret. Called at the start of a process, before any address is made."""
    numbers.use(settings.SECRET_KEY, settings.GONGMO_FORMER_SECRET_KEYS, plain=settings.GONGMO_PLAIN_NUMBERS)


KINDS = ("question", "notice")
"""Things whose tables count what stays hidden: tokens of their own (`<question:pk>`), so that no number known of another thing tells of them."""


CONVERTERS = {"row": RowConverter} | {
    kind: type(f"{kind.title()}Converter", (RowConverter,), {"kind": kind}) for kind in KINDS
}
for _name, _converter in CONVERTERS.items():
    register_converter(_converter, _name)
