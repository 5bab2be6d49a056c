"""`<application:pk>` in addresses: a row's number, written as its token (gongmo/kernel/numbers.py). There is one such converter for each kind of row.

Which kind a token is of follows from the address, in templates from the row: a number alone has none.
"""

from django.conf import settings
from django.db.models import Model
from django.urls import register_converter

from gongmo.kernel import numbers
from gongmo.kernel.numbers import Kind


class RowConverter:
    """Views get the number; `reverse` and `url` write the token."""

    regex = numbers.EITHER
    kind: Kind

    def to_python(self, value: str) -> int:
        """The row's number. A ValueError (a plain number, where none is taken) makes it an address that there is not."""
        return numbers.number(value, self.kind)

    def to_url(self, value: int | str) -> str:
        return numbers.token(int(value), self.kind)


def begin() -> None:
    """Take the installation's secret. Called at the start of a process, before any address is made."""
    numbers.use(settings.SECRET_KEY, settings.GONGMO_FORMER_SECRET_KEYS, plain=settings.GONGMO_PLAIN_NUMBERS)


_OF = {kind.model: kind for kind in Kind}
_NAMED: dict[str | None, Kind] = {kind.value: kind for kind in Kind}


def row_token(row: Model | int, kind: str | None = None) -> str:
    """For templates: the token of a row, or of a number of that kind where only the number is at hand.

    Raises KeyError for a row of a table that has no kind, for a word that is none, and for a number without one.
    """
    if isinstance(row, Model):
        return numbers.token(row.pk, _OF[row._meta.label])
    return numbers.token(row, _NAMED[kind])


CONVERTERS = {kind: type(f"{kind.title()}Converter", (RowConverter,), {"kind": kind}) for kind in Kind}
for _kind, _converter in CONVERTERS.items():
    register_converter(_converter, _kind)
