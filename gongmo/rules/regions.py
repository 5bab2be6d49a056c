"""Regions as a dated table: which codes are valid on a day, and what followed a code that ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongmo.definition.base import Text


@dataclass(frozen=True, slots=True)
class Region:
    """A region's code, name and days of validity (both included; None means open)."""

    code: str
    name: Text
    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether the region exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class RegionTable:
    """Regions by code."""

    regions: Mapping[str, Region] = field(default_factory=dict)

    @classmethod
    def of(cls, regions: Iterable[Region]) -> "RegionTable":
        """A table of regions. Raises ValueError when a code stands twice or a successor is not in the table."""
        table: dict[str, Region] = {}
        for region in regions:
            if region.code in table:
                raise ValueError(f"region {region.code} stands twice")
            table[region.code] = region
        for region in table.values():
            for successor in region.successors:
                if successor not in table:
                    raise ValueError(f"region {region.code} names an unknown successor {successor}")
        return cls(table)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> "RegionTable":
        """A table from plain rows with the keys code, ko, en, kind, valid_from, valid_to, and successors (a list) or
        successor (one code). Dates are ISO text or dates; both days of validity are included.

        Raises ValueError or KeyError when a row is not of that shape.
        """
        return cls.of(
            Region(
                code=str(row["code"]),
                name=Text(ko=row["ko"], en=row["en"]),
                kind=str(row.get("kind") or ""),
                valid_from=_day(row.get("valid_from")),
                valid_to=_day(row.get("valid_to")),
                successors=_successors(row),
            )
            for row in rows
        )

    def get(self, code: str) -> Region | None:
        """The region of that code, whether valid or not."""
        return self.regions.get(code)

    def name(self, code: str) -> Text:
        """The region's name, or the code itself where the table does not know it."""
        region = self.regions.get(code)
        return region.name if region is not None else Text(ko=code, en=code)

    def now_valid(self, code: str, day: date) -> tuple[str, ...]:
        """What stands for a code on a day: the code itself while it is valid, else its successors that are, in turn."""
        found: list[str] = []
        waiting, seen = [code], set[str]()
        while waiting:
            current = waiting.pop(0)
            region = self.regions.get(current)
            if region is None or current in seen:
                continue
            seen.add(current)
            if region.valid_on(day):
                found.append(current)
            else:
                waiting += region.successors
        return tuple(found)


def _successors(row: Mapping[str, Any]) -> tuple[str, ...]:
    one = row.get("successor")
    return tuple(row.get("successors") or ()) or ((str(one),) if one else ())


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))
