"""What goes into a ranking and what comes out of it: plain frozen values.

Points are Decimal, means are exact Fractions; a rounded number is a Decimal made from the exact one as the definition says.
Applications and evaluators are named by any text that the caller chooses; the ranking only compares the names for equality
(and sorts by them where an order without meaning is needed).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from gongmo.definition.base import Text


@dataclass(frozen=True, slots=True)
class Score:
    """The points one evaluator gave one application on one criterion at one stage.

    `row` is the line of the file it was read from (problems name it). A cell that is not a number comes as Decimal("NaN")
    with the text that was written there; it is refused, and never counts as 0.
    """

    application: str
    stage: str
    evaluator: str
    criterion: str
    points: Decimal
    row: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """An evaluator's duty at a stage: one application, or every application of the stage (None)."""

    stage: str
    evaluator: str
    application: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class BonusPoints:
    """Bonus points of one item. All items of an application are added, then held to the definition's maximum."""

    application: str
    points: Decimal
    reason: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class TieDecision:
    """A recorded decision of the committee: exactly the applications of one tie, best first.

    `stage` None: a tie in the final order; a stage's id: a tie on who goes on from that stage.
    """

    order: tuple[str, ...]
    stage: str | None = None
    reason: str = ""


class Standing(StrEnum):
    """Where an application stands."""

    SELECTED = "selected"
    UNDECIDED = "undecided"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    BELOW_CUTOFF = "below_cutoff"
    NOT_ADVANCED = "not_advanced"
    WITHDRAWN = "withdrawn"
    ADVANCED = "advanced"
    """Only in a ranking of the first stages (`through`): goes on to the next stage."""


class Outcome(StrEnum):
    """What the ranking comes to. `interim`: only the first stages were ranked; nobody is selected yet."""

    DECIDED = "decided"
    UNDECIDED = "undecided"
    NOBODY = "nobody"
    INTERIM = "interim"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One evaluator's sheet: points by criterion, their total, that total out of 100, and whether averaging left it out."""

    evaluator: str
    points: tuple[tuple[str, Decimal], ...]
    total: Decimal
    out_of_100: Fraction
    dropped: Literal["highest", "lowest"] | None = None


@dataclass(frozen=True, slots=True)
class CutoffSeen:
    """A cut-off and the number held against it. `stage` None: the final score; else points out of the stage's maximum."""

    stage: str | None
    required: Decimal
    observed: Fraction
    passed: bool


@dataclass(frozen=True, slots=True)
class StageScore:
    """A stage's way from sheets to weighted points.

    `exact` is the mean out of 100, `shown` the same rounded, `counted` the one of the two that goes on (the definition's
    rounding.at), `weighted` counted x weight / 100. `method` is what was really used: a trimmed mean with too few
    evaluators is a plain mean.
    """

    stage: str
    maximum: Decimal
    sheets: tuple[Sheet, ...]
    method: Literal["mean", "trimmed_mean", "median"]
    exact: Fraction
    shown: Decimal
    counted: Fraction
    weight: Decimal
    weighted: Fraction
    cutoffs: tuple[CutoffSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One application's whole way. `exact`, `final` and `rank` are None where it has none (`standing` says why).

    Equal `rank` means a tie that nothing has decided; `tied_with` names the others with the same final score, and
    `decided_by` says what put the ties in order, where something did.
    """

    application: str
    standing: Standing
    rank: int | None
    stages: tuple[StageScore, ...]
    bonus_given: Decimal
    bonus_counted: Decimal
    exact: Fraction | None
    final: Decimal | None
    cutoffs: tuple[CutoffSeen, ...] = ()
    tied_with: tuple[str, ...] = ()
    decided_by: Text | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Applications with equal scores. `groups` is the order found among them; a group of several is still tied.

    `across_line`: an open group stands on the line, so that the selection (or who goes on) is not decided.
    """

    stage: str | None
    applications: tuple[str, ...]
    score: Decimal
    groups: tuple[tuple[str, ...], ...]
    across_line: bool
    decided_by: Text | None = None


@dataclass(frozen=True, slots=True)
class CutLine:
    """The line between chosen and not: how many places, the last score above, the first below, and the points between."""

    places: int
    last_above: Decimal | None
    first_below: Decimal | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The result. `entries` come in order: ranked ones first, then those without a rank by name.

    `selected` and `reserve` are in order (applications of an open tie by name). `undecided` are the applications of the tie
    on the line, among which `places_undecided` are to be filled. `input_hash` is the SHA-256 over everything the ranking
    depends on: the same hash gives the same ranking.
    """

    call: str
    version: int
    through: str | None
    outcome: Outcome
    entries: tuple[Entry, ...]
    selected: tuple[str, ...]
    undecided: tuple[str, ...]
    places_undecided: int
    reserve: tuple[str, ...]
    cut_line: CutLine
    ties: tuple[Tie, ...]
    notes: tuple[Text, ...]
    input_hash: str

    def entry(self, application: str) -> Entry:
        """The entry of an application. Raises KeyError."""
        for entry in self.entries:
            if entry.application == application:
                return entry
        raise KeyError(application)
