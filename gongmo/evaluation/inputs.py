"""Everything that a ranking is computed from, as canonical values collected from rows (`replaying` folds the same from the ledger)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gongmo.calls.models import Call, CallVersion
from gongmo.calls.queries import definition_of
from gongmo.definition.model import Definition
from gongmo.evaluation.models import Bonus, Score, ScoreSheet, StageRun, TieDecision
from gongmo.evaluation.states import BonusState, SheetState
from gongmo.kernel.canonical import canonical_json
from gongmo.rules import ranking as rules
from gongmo.rules.ranking.exact import text
from gongmo.screening.queries import eligible_applications

FORMAT = "gongmo/ranking-inputs/1"
Key = tuple[str, str, str]
"""Stage, application, evaluator."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Inputs of a ranking. Applications are named by their id as text, evaluators by their label.

    `sheets` is points by stage, application, evaluator and criterion: exactly the sheets that count. `decisions` are the
    committee's recorded ones, newest last, whether they fit a tie or not.
    """

    call: str
    version: int
    definition: str
    applications: tuple[str, ...]
    withdrawn: tuple[str, ...]
    sheets: Mapping[Key, Mapping[str, Decimal]]
    bonus: tuple[tuple[str, Decimal, str], ...]
    decisions: tuple[rules.TieDecision, ...]

    def canonical(self) -> str:
        """The canonical JSON: the same inputs give the same text, in whatever order they were found."""
        return canonical_json(
            {
                "format": FORMAT,
                "call": self.call,
                "version": self.version,
                "definition": self.definition,
                "applications": sorted(self.applications, key=int),
                "withdrawn": sorted(self.withdrawn, key=int),
                "sheets": [
                    {
                        "stage": stage,
                        "application": application,
                        "evaluator": evaluator,
                        "points": {criterion: text(points) for criterion, points in sheet.items()},
                    }
                    for (stage, application, evaluator), sheet in sorted(self.sheets.items())
                ],
                "bonus": sorted(
                    [application, text(points), reason] for application, points, reason in self.bonus
                ),
                "decisions": [
                    {"stage": decision.stage, "order": decision.order, "reason": decision.reason}
                    for decision in self.decisions
                ],
            }
        )

    def scores(self) -> list[rules.Score]:
        """The points as the rules take them."""
        return [
            rules.Score(application, stage, evaluator, criterion, points)
            for (stage, application, evaluator), sheet in sorted(self.sheets.items())
            for criterion, points in sheet.items()
        ]

    def panel(self) -> list[rules.Seat]:
        """Who has scored what."""
        return [
            rules.Seat(stage, evaluator, application) for stage, application, evaluator in sorted(self.sheets)
        ]

    def rank(self, definition: Definition, *, through: str | None = None) -> rules.Ranking:
        """The ranking. Decisions count where a tie stands that they fit exactly; of several on one tie the newest.

        Raises rules.BadScores where the sheets are not complete.
        """
        latest = {(decision.stage, frozenset(decision.order)): decision for decision in self.decisions}
        used: list[rules.TieDecision] = []
        while True:
            found = rules.rank(
                definition,
                self.scores(),
                panel=self.panel(),
                bonus=[rules.BonusPoints(name, points, reason) for name, points, reason in self.bonus],
                withdrawn=self.withdrawn,
                tie_decisions=used,
                applications=[*self.applications, *self.withdrawn],
                through=through,
            )
            fitting = [
                latest[tie.stage, frozenset(group)]
                for tie in found.ties
                for group in tie.groups
                if len(group) > 1 and (tie.stage, frozenset(group)) in latest
            ]
            if not fitting:
                return found
            used += fitting


def parse(canonical: str) -> Inputs:
    """Inputs from their canonical JSON. Raises ValueError or KeyError where it is not of this format."""
    given = json.loads(canonical)
    if given.get("format") != FORMAT:
        raise ValueError("not the inputs of a ranking")
    return Inputs(
        call=given["call"],
        version=given["version"],
        definition=given["definition"],
        applications=tuple(given["applications"]),
        withdrawn=tuple(given["withdrawn"]),
        sheets={
            (sheet["stage"], sheet["application"], sheet["evaluator"]): {
                criterion: Decimal(points) for criterion, points in sheet["points"].items()
            }
            for sheet in given["sheets"]
        },
        bonus=tuple((name, Decimal(points), reason) for name, points, reason in given["bonus"]),
        decisions=tuple(
            rules.TieDecision(tuple(each["order"]), each["stage"], each["reason"])
            for each in given["decisions"]
        ),
    )


def definition_by_hash(sha256: str) -> Definition:
    """The frozen definition of that hash. Raises ValueError where it is not kept."""
    version = CallVersion.objects.filter(sha256=sha256).first()
    if version is None:
        raise ValueError("the definition that the ranking names is not kept")
    return definition_of(version)


def scoring_version(call: Call) -> CallVersion | None:
    """The version under which scoring began: rules are frozen before the first score."""
    run = StageRun.objects.filter(call=call).select_related("version").order_by("id").first()
    return run.version if run is not None else call.version


def _one_spelling(points: Decimal) -> Decimal:
    """A column gives 18.000 and the ledger 18: the result keeps points as they are spelt, so there is one spelling."""
    return Decimal(text(points))


def latest(
    sheets: Iterable[tuple[int, Key, dict[str, Decimal]]],
) -> dict[Key, dict[str, Decimal]]:
    """The sheets that count: of an application that was evaluated anew in a stage, those of the last round (round, key, points)."""
    given = list(sheets)
    last: dict[tuple[str, str], int] = {}
    for number, (stage, application, _), _ in given:
        last[stage, application] = max(number, last.get((stage, application), 0))
    return {key: points for number, key, points in given if last[key[0], key[1]] == number}


def collect(call: Call) -> Inputs:
    """The inputs as the rows have them: the locked sheets of locked stages. A constant number of queries."""
    version = scoring_version(call)
    if version is None:
        raise ValueError("the call has no version")
    held: dict[int, tuple[int, Key, dict[str, Decimal]]] = {}
    seen: set[str] = set()
    rows = ScoreSheet.objects.filter(run__call=call).values_list(
        "id", "run__round", "run__stage", "application_id", "seat__evaluator__label", "state", "run__state"
    )
    for sheet, number, stage, application, evaluator, state, run_state in rows:
        seen.add(str(application))
        if state == SheetState.LOCKED and run_state == "locked":
            held[sheet] = (number, (stage, str(application), evaluator), {})
    scores = Score.objects.filter(sheet__run__call=call, points__isnull=False)
    for sheet, criterion, given in scores.values_list("sheet_id", "criterion", "points"):
        if sheet in held and given is not None:
            held[sheet][2][criterion] = _one_spelling(given)
    eligible = {str(pk) for pk in eligible_applications(call).values_list("pk", flat=True)}
    decided = TieDecision.objects.filter(call=call).order_by("id")
    return Inputs(
        call=call.slug,
        version=version.number,
        definition=version.sha256,
        applications=tuple(sorted(eligible & seen, key=int)),
        withdrawn=tuple(sorted(seen - eligible, key=int)),
        sheets={key: sheet for key, sheet in latest(held.values()).items() if key[1] in eligible},
        bonus=tuple(
            (str(each.application_id), _one_spelling(each.points), each.reason)
            for each in Bonus.objects.filter(application__call=call, state=BonusState.CONFIRMED).order_by(
                "decided_at", "id"
            )
            if str(each.application_id) in eligible
        ),
        decisions=tuple(
            rules.TieDecision(tuple(str(pk) for pk in each.order), each.stage or None, each.reason)
            for each in decided
        ),
    )
