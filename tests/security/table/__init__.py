"""The table of the house's doors: what each role is answered at each address, one file for each part of the house."""

from tests.security.table import applications, awards, calls, evaluation, parties, screening, site
from tests.security.table.row import HEARD, WORDS, Row
from tests.security.table.sign_in import SIGN_IN

__all__ = ["HEARD", "ROWS", "SIGN_IN", "WORDS", "Row"]

ROWS: tuple[Row, ...] = tuple(
    row for part in (site, calls, applications, screening, evaluation, awards, parties) for row in part.ROWS
)
