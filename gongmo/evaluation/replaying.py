"""A ranking's inputs from the ledger's entries alone, and the seals of locked sheets checked on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gongmo.evaluation.inputs import Inputs, Key, latest
from gongmo.evaluation.sealing import commitment
from gongmo.ledger.queries import Record
from gongmo.rules import ranking as rules


@dataclass(frozen=True, slots=True)
class FixedThen:
    """What the record tells of one fixing: the payload, and the inputs as the entries before it give them (None: no stage opened)."""

    told: dict[str, Any]
    sequence: int
    inputs: Inputs | None

    @property
    def number(self) -> int:
        number: int = self.told.get("number", 1)
        return number


@dataclass(slots=True)
class Fold:
    """A call's entries read in order. `versions` are the rankings that the record tells of, `seals` what is wrong with sealed sheets."""

    call: str
    eligible: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    sheets: dict[int, tuple[int, Key, dict[str, Decimal]]] = field(default_factory=dict)
    bonus: list[tuple[str, Decimal, str]] = field(default_factory=list)
    decisions: list[rules.TieDecision] = field(default_factory=list)
    version: tuple[int, str] | None = None
    sealed: dict[int, str] = field(default_factory=dict)
    checked: int = 0
    seals: list[str] = field(default_factory=list)
    versions: list[FixedThen] = field(default_factory=list)

    def read(self, entries: Iterable[Record]) -> "Fold":
        for entry in entries:
            self._take(entry)
        return self

    def _take(self, entry: Record) -> None:
        given = entry.payload
        match entry.act:
            case "screening.decide_eligible":
                self.eligible.add(str(given["application"]))
            case "screening.reinstate" if given["from"] == "excluded":
                self.eligible.add(str(given["application"]))
            case "screening.propose_exclusion" | "screening.confirm_exclusion":
                self.eligible.discard(str(given["application"]))
            case "applications.withdraw":
                self.eligible.discard(entry.subject_id)
            case "evaluation.open_stage":
                self.version = self.version or (given["version"], given["definition"])
                self.seen.update(str(sheet["application"]) for sheet in given["sheets"])
            case "evaluation.lock_sheet":
                self.sealed[int(entry.subject_id)] = given["commitment"]
            case "evaluation.lock_stage":
                self._lock(given)
            case "evaluation.void_sheets":
                for sheet in given["sheets"]:
                    self.sheets.pop(sheet["sheet"], None)
            case "evaluation.give_bonus":
                self.bonus.append((str(given["application"]), Decimal(given["points"]), given["reason"]))
            case "evaluation.decide_tie":
                order = tuple(str(pk) for pk in given["order"])
                self.decisions.append(rules.TieDecision(order, given["stage"], given["reason"]))
            case "evaluation.fix_ranking":
                self.versions.append(FixedThen(given, entry.sequence, self.inputs()))

    def _lock(self, given: dict[str, Any]) -> None:
        """The points of a locked stage; each sheet has to be what its expert sealed when locking it."""
        for sheet in given["sheets"]:
            pk = sheet["sheet"]
            found = commitment(pk, sheet["seal"], sheet["points"], sheet["texts"])
            self.checked += 1
            if self.sealed.get(pk) != found:
                self.seals.append(f"sheet {pk}: sealed as {self.sealed.get(pk)}, told as {found}")
            key = (given["stage"], str(sheet["application"]), sheet["evaluator"])
            points = {criterion: Decimal(points) for criterion, points in sheet["points"].items()}
            self.sheets[pk] = (given.get("round", 1), key, points)

    def inputs(self) -> Inputs | None:
        """The inputs as told so far; None where no stage was ever opened."""
        if self.version is None:
            return None
        return Inputs(
            call=self.call,
            version=self.version[0],
            definition=self.version[1],
            applications=tuple(sorted(self.eligible & self.seen, key=int)),
            withdrawn=tuple(sorted(self.seen - self.eligible, key=int)),
            sheets={
                key: sheet for key, sheet in latest(self.sheets.values()).items() if key[1] in self.eligible
            },
            bonus=tuple(each for each in self.bonus if each[0] in self.eligible),
            decisions=tuple(self.decisions),
        )
