"""An expert's own scores side by side, and, where the call allows it once the stage is locked, what the others gave."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.definition.evaluation import Criterion
from gongmo.evaluation.desk_blind import blind_of, hidden_title, numbers_of
from gongmo.evaluation.models import ScoreSheet, StageRun
from gongmo.evaluation.queries.desk import my_sheets
from gongmo.evaluation.states import SheetState, StageState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger.models import Entry

COLUMNS = 10


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """One own sheet: the name it stands under, its points by criterion, its total (None before the first points) and its rank among the own totals."""

    sheet: ScoreSheet
    title: Text
    points: dict[str, Decimal]
    total: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The own points on one criterion over all sheets: lowest, mean and highest, how many, and how many different ones."""

    criterion: Criterion
    count: int
    low: Decimal | None
    mean: Decimal | None
    high: Decimal | None
    different: int


@dataclass(frozen=True, slots=True)
class OwnScores:
    """All own sheets of a stage, best first (those without points last), their spread by criterion and the totals in tenths of the maximum."""

    run: StageRun
    maximum: Decimal
    sheets: tuple[OwnSheet, ...]
    spreads: tuple[Spread, ...]
    tenths: tuple[tuple[str, int], ...]


def own_scores(actor: Actor, run_id: int) -> OwnScores:
    """The actor's own sheets in a stage run. Raises NotFound where there are none. A constant number of queries."""
    sheets = list(
        my_sheets(actor)
        .filter(run=run_id)
        .select_related("run__call", "run__version", "application__region")
        .prefetch_related("scores")
    )
    if not sheets:
        raise NotFound
    run = sheets[0].run
    evaluation = definition_of(run.version).evaluation
    criteria = evaluation.criteria_of(evaluation.stage(run.stage))
    titles = titles_of(run, sheets)
    points = {
        sheet.pk: {score.criterion: score.points for score in sheet.scores.all() if score.points is not None}
        for sheet in sheets
    }
    totals = {pk: sum(given.values(), Decimal(0)) for pk, given in points.items() if given}
    ranked = sorted(totals.values(), reverse=True)
    order = sorted(
        sheets, key=lambda each: (each.pk not in totals, -totals.get(each.pk, Decimal(0)), titles[each.pk].ko)
    )
    maximum = sum((criterion.max_points for criterion in criteria), Decimal(0))
    return OwnScores(
        run,
        maximum,
        tuple(
            OwnSheet(
                each,
                titles[each.pk],
                points[each.pk],
                totals.get(each.pk),
                ranked.index(totals[each.pk]) + 1 if each.pk in totals else None,
            )
            for each in order
        ),
        tuple(
            _spread(criterion, [given.get(criterion.id) for given in points.values()])
            for criterion in criteria
        ),
        tenths(list(totals.values()), maximum),
    )


def titles_of(run: StageRun, sheets: Sequence[ScoreSheet]) -> dict[int, Text]:
    """The names under which sheets of one run stand: the project's title, or a number in a blind stage."""
    if blind_of(run) is None:
        return {
            each.pk: Text(ko=each.application.title or "–", en=each.application.title or "–")
            for each in sheets
        }
    numbers = numbers_of(run)
    return {each.pk: hidden_title(numbers[each.application_id]) for each in sheets}


def _spread(criterion: Criterion, given: list[Decimal | None]) -> Spread:
    points = [each for each in given if each is not None]
    if not points:
        return Spread(criterion, 0, None, None, None, 0)
    mean = (sum(points, Decimal(0)) / len(points)).quantize(Decimal("0.01"))
    return Spread(criterion, len(points), min(points), mean, max(points), len(set(points)))


def tenths(totals: Sequence[Decimal], maximum: Decimal) -> tuple[tuple[str, int], ...]:
    """How many totals lie in each tenth of the maximum, from the lowest tenth in which one lies to the highest; the full maximum is in the last."""
    if not totals or not maximum:
        return ()

    def place(total: Decimal) -> int:
        return min(int((total * COLUMNS / maximum).to_integral_value(ROUND_FLOOR)), COLUMNS - 1)

    found = Counter(place(total) for total in totals)
    width = maximum / COLUMNS
    return tuple(
        (f"{(width * n).normalize():f}–{(width * (n + 1)).normalize():f}", found[n])
        for n in range(min(found), max(found) + 1)
    )


@dataclass(frozen=True, slots=True)
class Peer:
    """Another member's locked sheet, without the name: the total, and what the call shows besides."""

    total: Decimal
    points: dict[str, Decimal]
    comments: dict[str, str]


def peers_of(sheet: ScoreSheet) -> tuple[str, tuple[Peer, ...]]:
    """What the call shows of the others' sheets for the same application, and those sheets in an order that names nobody (by total).

    Nothing before the whole stage is locked. Give it a sheet that `sheet_for` has found.
    """
    desk = definition_of(sheet.run.version).evaluation.desk
    shown = desk.peers_after_lock if desk is not None else "nothing"
    if shown == "nothing" or sheet.run.state != StageState.LOCKED:
        return shown, ()
    others = (
        ScoreSheet.objects.filter(run=sheet.run_id, application=sheet.application_id, state=SheetState.LOCKED)
        .exclude(pk=sheet.pk)
        .prefetch_related("scores")
    )
    found = []
    for other in others:
        points = {s.criterion: s.points for s in other.scores.all() if s.points is not None}
        comments = {s.criterion: s.comment for s in other.scores.all() if s.comment}
        found.append(
            Peer(
                sum(points.values(), Decimal(0)),
                points if shown != "totals" else {},
                comments if shown == "points_and_comments" else {},
            )
        )
    return shown, tuple(sorted(found, key=lambda peer: (-peer.total, sorted(peer.points.items()))))


def locked_entry(sheet: ScoreSheet) -> Entry | None:
    """The record's entry with the seal of a locked sheet. Give it a sheet that `sheet_for` has found."""
    return (
        Entry.objects.filter(act="evaluation.lock_sheet", subject_type="sheet", subject_id=str(sheet.pk))
        .only("sequence", "at", "hash", "body")
        .order_by("-sequence")
        .first()
    )
