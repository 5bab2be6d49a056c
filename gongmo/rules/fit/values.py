"""What fitting a budget gives back. All sums are won."""

from dataclasses import dataclass

from gongmo.definition.application import Cell
from gongmo.definition.base import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One cell and its amount before and after. `is_new`: the budget did not have this cell."""

    cell: Cell
    before: int
    after: int
    is_new: bool = False

    @property
    def difference(self) -> int:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Room:
    """What a rule leaves in the fitted budget, for the total, one year or one organisation.

    `part` and `whole` are the sums that the rule compares (`whole` None: an amount rule), `left` the won by which the part could
    still move towards the limit with all else as it is.
    """

    rule: str
    title: Text
    clause: str | None
    year: int | None
    organisation: str | None
    part: int
    whole: int | None
    left: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """The nearest lawful budget. `cells` is the whole of it; a cell that went to 0 is left out, new cells stand at the end.

    `total_change` is the sum of all differences without sign; 0 means that the budget was lawful as it was.
    """

    changes: tuple[Change, ...]
    cells: tuple[Cell, ...]
    total_change: int
    before: int
    after: int
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """No lawful budget exists while the kept cells stay as they are.

    `keep` is a smallest set of kept cells that cannot stand together: free any one of them and that conflict is gone. Empty: the
    rules themselves cannot all be kept. `rules` are ids of the rules in conflict, likewise none too many.
    """

    keep: tuple[str, ...]
    rules: tuple[str, ...]
    message: Text
