"""Proposed amounts that a person accepts or not: from fitting the budget, from a file. Nothing is kept on the server meanwhile."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongmo.applications.commands.money import Key
from gongmo.applications.values import CellInput
from gongmo.kernel.errors import BadInput

MOST = 30_000
"""Cells in one proposal."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One cell: what stands there and what is proposed, in won."""

    key: Key
    before: int
    after: int

    @property
    def difference(self) -> int:
        """After minus before."""
        return self.after - self.before

    @property
    def path(self) -> str:
        """The cell's path."""
        return f"cell:{':'.join(map(str, self.key[:6]))}:{int(self.key.direct_support)}"

    @property
    def cell(self) -> CellInput:
        """The cell as it would be written."""
        return CellInput(*self.key[:6], amount=self.after, direct_support=self.key.direct_support)


def packed(groups: Iterable[Sequence[Proposed]]) -> str:
    """Groups of proposed cells (each accepted as a whole) as compact JSON for a form's hidden field."""
    return json.dumps(
        [
            [[*item.key[:6], int(item.key.direct_support), item.before, item.after] for item in group]
            for group in groups
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def unpacked(text: str) -> list[list[Proposed]]:
    """What `packed` made, come back from a browser: shapes are checked here, permissions and axes by the command.

    Raises BadInput.
    """
    try:
        found = [[_one(item) for item in group] for group in json.loads(text)]
    except (ValueError, TypeError, RecursionError) as error:
        raise BadInput(
            "proposal_unreadable",
            "제안을 읽을 수 없습니다. 앞 화면에서 다시 시작해 주세요.",
            "The proposal cannot be read. Start again from the page before.",
        ) from error
    if sum(map(len, found)) > MOST:
        raise BadInput(
            "proposal_too_large",
            f"한 번에 {MOST:,}칸까지 바꿀 수 있습니다. 나누어 진행해 주세요.",
            f"At most {MOST:,} cells are changed at once. Go in parts.",
        )
    return found


def _one(item: object) -> Proposed:
    if not isinstance(item, list) or [type(value) for value in item] != [
        int,
        int,
        str,
        str,
        str,
        str,
        int,
        int,
        int,
    ]:
        raise TypeError(item)
    organisation, year, field, category, source, form, direct, before, after = item
    "".join((field, category, source, form)).encode()  # Half a letter (ValueError) cannot be shown.
    return Proposed(
        Key(organisation, year, field[:48], category[:48], source[:48], form[:48], bool(direct)),
        before,
        after,
    )
