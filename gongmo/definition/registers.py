"""Which register answers a call's question about an organisation, and how its answer is read."""

from typing import Annotated, Literal

from pydantic import Field

from gongmo.definition.base import Based

StatusOutcome = Literal["suspended", "closed", "unregistered"]


class StatusLookup(Based):
    """The question is answered by the Tax Service's business status. An active business is "no".

    An answer in `excludes` is "yes", one in `unsettled` leaves the question open until an officer settles it; one in neither decides nothing.
    A register speaks of the day on which it was asked: "yes" that was heard after the closing day holds for that day only where the register
    names the day on which it began, and is "unknown" else.
    """

    kind: Literal["business_status"]
    excludes: Annotated[tuple[StatusOutcome, ...], Field(min_length=1)] = ("suspended", "closed")
    unsettled: tuple[StatusOutcome, ...] = ("unregistered",)


class AccountsLookup(Based):
    """The question is answered by the summary of a company's accounts: "yes" where total equity is at most `equity_at_most` won.

    `years_before`: the accounts of how many years before the closing day's year are the latest closed ones. `statements`: which are looked
    at, the first that the register has. Companies that the register does not know keep their own answer.
    """

    kind: Literal["accounts"]
    equity_at_most: int = 0
    years_before: Annotated[int, Field(ge=1, le=3)] = 1
    statements: Annotated[tuple[Literal["separate", "consolidated"], ...], Field(min_length=1)] = (
        "separate",
        "consolidated",
    )


Lookup = Annotated[StatusLookup | AccountsLookup, Field(discriminator="kind")]
