"""Where a committee stands with each sector: whether it is filled, and whether one departure would leave it empty."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongmo.definition.evaluation import Committee as Rules


@dataclass(frozen=True, slots=True)
class SectorStanding:
    """`members` and `reserves` of a sector, and the `least` number of members that the definition asks for."""

    sector: str
    members: int
    reserves: int
    least: int

    @property
    def lacks(self) -> bool:
        """No stage can be opened: there are fewer members than the definition asks for."""
        return self.members < self.least

    @property
    def thin(self) -> bool:
        """One more departure leaves too few, and no reserve is of this sector."""
        return not self.lacks and self.members - 1 < self.least and not self.reserves


def standings(rules: Rules, seats: Iterable[tuple[str, bool]]) -> list[SectorStanding]:
    """Every sector of the definition, in its order. `seats`: (sector, whether a reserve) of whoever was asked or has pledged."""
    held = list(seats)
    return [
        SectorStanding(
            sector,
            sum(each == sector and not reserve for each, reserve in held),
            sum(each == sector and reserve for each, reserve in held),
            rules.at_least_per_sector,
        )
        for sector in rules.sectors
    ]
