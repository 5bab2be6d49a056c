"""Which scores may count: every row is looked at, and all that is wrong is told at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gongmo.definition.evaluation import Criterion, Evaluation, Stage
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import particle
from gongmo.rules.ranking import exact
from gongmo.rules.ranking.values import BonusPoints, Score, Seat

Cells = dict[str, Decimal]
"""Points by criterion."""
Sheets = dict[str, dict[str, dict[str, Cells]]]
"""Points by stage, application, evaluator, criterion."""


Given = Literal["scores", "panel", "bonus", "decisions"]


@dataclass(frozen=True, slots=True)
class ScoreProblem:
    """One thing wrong with the input. `row` is the line of the file (None: no single line), `code` is stable for programs.

    `given_in` says in which of the inputs it stands.
    """

    code: str
    row: int | None
    ko: str
    en: str
    given_in: Given = "scores"


class BadScores(BadInput):
    """The scores cannot be ranked. `problems` lists everything that is wrong, by row."""

    def __init__(self, problems: Iterable[ScoreProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.row is None, p.row or 0, p.code, p.ko)))
        first = self.problems[0]
        super().__init__(
            "bad_scores",
            f"점수를 순위로 바꿀 수 없습니다. 고칠 곳이 {len(self.problems)}곳 있습니다. 첫 번째: {first.ko}",
            f"The scores cannot be ranked: {len(self.problems)} problem(s). The first: {first.en}",
            details={
                "problems": [{"code": p.code, "row": p.row, "ko": p.ko, "en": p.en} for p in self.problems]
            },
        )


def _at(row: int | None) -> tuple[str, str]:
    return ("", "") if row is None else (f"{row}행: ", f"row {row}: ")


def problem(code: str, row: int | None, ko: str, en: str, given_in: Given = "scores") -> ScoreProblem:
    """A problem whose sentences begin with the row."""
    at_ko, at_en = _at(row)
    return ScoreProblem(code, row, at_ko + ko, at_en + en, given_in)


class Panel:
    """Who scores what. Without seats it is read off the scores: whoever scored at a stage scores all of it."""

    def __init__(self, seats: Collection[Seat] | None) -> None:
        self.given = seats is not None
        self._all: dict[str, set[str]] = {}
        self._one: dict[tuple[str, str], set[str]] = {}
        self.applications: set[str] = set()
        for seat in seats or ():
            if seat.application is None:
                self._all.setdefault(seat.stage, set()).add(seat.evaluator)
            else:
                self._one.setdefault((seat.stage, seat.application), set()).add(seat.evaluator)
                self.applications.add(seat.application)
        self._members = {stage: set(found) for stage, found in self._all.items()}
        for (stage, _), found in self._one.items():
            self._members.setdefault(stage, set()).update(found)

    def learn(self, stage: str, evaluators: Iterable[str]) -> None:
        """Without seats: these scored at the stage."""
        self._all.setdefault(stage, set()).update(evaluators)
        self._members.setdefault(stage, set()).update(evaluators)

    def of(self, stage: str, application: str) -> list[str]:
        """The evaluators who have to score this application, by name."""
        return sorted(self._all.get(stage, set()) | self._one.get((stage, application), set()))

    def sits(self, stage: str, evaluator: str) -> bool:
        return evaluator in self._members.get(stage, set())

    def has(self, stage: str, application: str, evaluator: str) -> bool:
        return evaluator in self._all.get(stage, ()) or evaluator in self._one.get((stage, application), ())


def bad_seats(evaluation: Evaluation, seats: Collection[Seat]) -> list[ScoreProblem]:
    """Seats at stages that do not exist or are not scored, and seats given twice."""
    found: list[ScoreProblem] = []
    scored = {stage.id for stage in evaluation.scored_stages()}
    seen: set[tuple[str, str, str | None]] = set()
    for seat in seats:
        if seat.stage not in scored:
            found.append(_unknown_stage(seat.row, seat.stage, scored, "panel"))
        key = (seat.stage, seat.evaluator, seat.application)
        if key in seen:
            found.append(
                problem(
                    "double_seat",
                    seat.row,
                    f"평가위원 {seat.evaluator}의 배정이 두 번 나옵니다. 한 줄만 남겨 주세요.",
                    f"evaluator {seat.evaluator} is seated twice; keep one line.",
                    "panel",
                )
            )
        seen.add(key)
    return found


def _unknown_stage(
    row: int | None, stage: str, known: Iterable[str], given_in: Given = "scores"
) -> ScoreProblem:
    names = ", ".join(sorted(known))
    return problem(
        "unknown_stage",
        row,
        f"점수를 매기는 단계에 {particle(f'‘{stage}’', '이', '가')} 없습니다. 쓸 수 있는 단계: {names}.",
        f"there is no scored stage ‘{stage}’; the scored stages are {names}.",
        given_in,
    )


def collect(
    evaluation: Evaluation, scores: Iterable[Score], panel: Panel, applications: Collection[str] | None
) -> tuple[Sheets, dict[tuple[str, str, str], int], list[ScoreProblem]]:
    """Scores as sheets, the last row of each sheet, and the rows that cannot count.

    `applications` are all that may be scored (None: any name).
    """
    criteria = {
        stage.id: {criterion.id: criterion for criterion in evaluation.criteria_of(stage)}
        for stage in evaluation.scored_stages()
    }
    step = evaluation.point_step.step
    sheets: Sheets = {stage: {} for stage in criteria}
    rows: dict[tuple[str, str, str], int] = {}
    places: dict[tuple[str, str, str, str], int | None] = {}
    found: list[ScoreProblem] = []
    usable: set[tuple[str, Decimal]] = set()
    for score in scores:
        if score.stage not in criteria:
            found.append(_unknown_stage(score.row, score.stage, criteria))
            continue
        criterion = criteria[score.stage].get(score.criterion)
        if criterion is None:
            found.append(_unknown_criterion(score, criteria[score.stage]))
            continue
        if problem_of_names := _names(score, panel, applications):
            found.append(problem_of_names)
            continue
        # A refused value still takes its place: it is not also told as missing, and a second one is told as double.
        place = (score.stage, score.application, score.evaluator, score.criterion)
        if place in places:
            found.append(_double(score, places[place]))
            continue
        places[place] = score.row
        points = score.points
        if points.is_nan() or (score.criterion, points) not in usable:
            problem_of_points = _points(score, criterion, step)
            if problem_of_points is None:
                usable.add((score.criterion, points))
            else:
                found.append(problem_of_points)
        sheet = sheets[score.stage].setdefault(score.application, {}).setdefault(score.evaluator, {})
        sheet[score.criterion] = points
        if score.row is not None:
            rows[score.stage, score.application, score.evaluator] = score.row
    return sheets, rows, found


def _names(score: Score, panel: Panel, applications: Collection[str] | None) -> ScoreProblem | None:
    if not score.application.strip() or not score.evaluator.strip():
        return problem(
            "empty_name",
            score.row,
            "신청 또는 평가위원 칸이 비어 있습니다. 채워 주세요.",
            "the application or the evaluator is empty; fill it in.",
        )
    if applications is not None and score.application not in applications:
        return problem(
            "unknown_application",
            score.row,
            f"평가 대상에 ‘{score.application}’ 신청이 없습니다. 이름을 확인해 주세요.",
            f"there is no application ‘{score.application}’ to be scored; check the name.",
        )
    if panel.given and not panel.sits(score.stage, score.evaluator):
        return problem(
            "unknown_evaluator",
            score.row,
            f"{particle(f'‘{score.evaluator}’', '은', '는')} {score.stage} 단계의 평가위원이 아닙니다. 위원 명단을 확인해 주세요.",
            f"‘{score.evaluator}’ is not an evaluator of stage {score.stage}; check the panel.",
        )
    if panel.given and not panel.has(score.stage, score.application, score.evaluator):
        return problem(
            "not_assigned",
            score.row,
            f"평가위원 {score.evaluator}에게 배정되지 않은 신청 {score.application}의 점수입니다. 줄을 빼거나 배정을 고쳐 주세요.",
            f"evaluator {score.evaluator} is not assigned to application {score.application}; remove the row or mend the panel.",
        )
    return None


def _unknown_criterion(score: Score, known: Iterable[str]) -> ScoreProblem:
    names = ", ".join(known)
    return problem(
        "unknown_criterion",
        score.row,
        f"{score.stage} 단계의 평가항목에 {particle(f'‘{score.criterion}’', '이', '가')} 없습니다. 쓸 수 있는 항목: {names}.",
        f"stage {score.stage} has no criterion ‘{score.criterion}’; its criteria are {names}.",
    )


def _double(score: Score, first: int | None) -> ScoreProblem:
    where_ko, where_en = (
        ("", "") if first is None else (f"({first}행에 이미 있습니다) ", f" (already in row {first})")
    )
    what = f"{score.application} · {score.stage} · {score.evaluator} · {score.criterion}"
    return problem(
        "double_score",
        score.row,
        f"같은 점수가 두 번 나옵니다: {what}. {where_ko}한 줄만 남겨 주세요.",
        f"the same score stands twice: {what}{where_en}; keep one row.",
    )


def _points(score: Score, criterion: Criterion, step: Decimal) -> ScoreProblem | None:
    points, row = score.points, score.row
    if not points.is_finite():
        written = score.text.strip()
        quoted = f"‘{written}’"
        return problem(
            "not_a_number",
            row,
            f"점수 칸의 {particle(quoted, '은', '는')} 숫자가 아닙니다. 점수를 적어 주세요. 평가하지 않는 신청이면 줄을 빼고 위원 배정에서도 빼 주세요. 빈칸을 0점으로 세지 않습니다.",
            f"the points ‘{written}’ are not a number. Give the points; where the evaluator does not score this application, "
            "remove the row and the seat. An empty cell never counts as 0.",
        )
    shown = exact.text(points) if -12 <= int(points.as_tuple().exponent) <= 12 else str(points)
    if points < 0:
        return problem(
            "negative",
            row,
            f"점수 {particle(shown, '은', '는')} 0보다 작습니다. 0점 이상으로 적어 주세요.",
            f"{shown} points are below 0.",
        )
    if points > criterion.max_points:
        top = exact.text(criterion.max_points)
        return problem(
            "above_maximum",
            row,
            f"점수 {particle(shown, '은', '는')} 평가항목 {criterion.id}의 배점 {top}점을 넘습니다. {top}점 이하로 적어 주세요.",
            f"{shown} points are above the maximum {top} of criterion {criterion.id}.",
        )
    if int(points.as_tuple().exponent) < -12 or not exact.is_multiple(points, step):
        return problem(
            "wrong_step",
            row,
            f"점수 {particle(shown, '은', '는')} {exact.text(step)}점 단위가 아닙니다. 단위에 맞추어 적어 주세요.",
            f"{shown} points are not a multiple of {exact.text(step)}.",
        )
    return None


def incomplete(
    stage: Stage,
    criteria: tuple[Criterion, ...],
    application: str,
    panel: Panel,
    sheets: dict[str, Cells],
    rows: dict[tuple[str, str, str], int],
) -> list[ScoreProblem]:
    """What is missing of an application's sheets at a stage."""
    found: list[ScoreProblem] = []
    evaluators = panel.of(stage.id, application)
    if not evaluators:
        return [
            problem(
                "nobody_assigned",
                None,
                f"{stage.id} 단계에서 신청 {particle(application, '을', '를')} 평가할 위원이 없습니다. 점수나 위원 배정을 넣어 주세요.",
                f"nobody scores application {application} at stage {stage.id}; add scores or seats.",
            )
        ]
    for evaluator in evaluators:
        sheet = sheets.get(evaluator)
        if sheet is None:
            found.append(
                problem(
                    "missing_sheet",
                    None,
                    f"평가위원 {evaluator}의 {stage.id} 단계 {application} 점수가 하나도 없습니다. 점수를 넣거나, "
                    "평가하지 않는 신청이면 위원 배정에서 빼 주세요.",
                    f"evaluator {evaluator} has no scores at all for application {application} at stage {stage.id}; add "
                    "them, or give a panel without this seat.",
                )
            )
            continue
        missing = [criterion.id for criterion in criteria if criterion.id not in sheet]
        if missing:
            names = ", ".join(missing)
            found.append(
                problem(
                    "missing_score",
                    rows.get((stage.id, application, evaluator)),
                    f"평가위원 {evaluator}의 {stage.id} 단계 {application} 평가표에 {names} 항목 점수가 없습니다. 점수를 넣어 주세요.",
                    f"evaluator {evaluator}'s sheet for application {application} at stage {stage.id} lacks {names}.",
                )
            )
    return found


def bad_bonus(
    evaluation: Evaluation, bonus: Iterable[BonusPoints], applications: Collection[str]
) -> list[ScoreProblem]:
    """Bonus points that cannot count. The same item on two lines of a file is a slip; two recorded awards are not."""
    found: list[ScoreProblem] = []
    items: set[tuple[str, str]] = set()
    for item in bonus:
        if evaluation.bonus is None:
            found.append(
                problem(
                    "no_bonus",
                    item.row,
                    "이 공고에는 가점이 없습니다. 가점을 빼 주세요.",
                    "this call has no bonus points; leave them out.",
                    "bonus",
                )
            )
        elif item.row is not None and item.reason and (item.application, item.reason) in items:
            found.append(
                problem(
                    "double_bonus",
                    item.row,
                    f"{item.application}의 같은 가점이 두 번 나옵니다: {item.reason}. 한 줄만 남겨 주세요.",
                    f"the same bonus of {item.application} stands twice: {item.reason}; keep one row.",
                    "bonus",
                )
            )
        elif item.application not in applications:
            found.append(
                problem(
                    "unknown_application",
                    item.row,
                    f"평가 대상에 ‘{item.application}’ 신청이 없습니다. 이름을 확인해 주세요.",
                    f"there is no application ‘{item.application}’ to be scored; check the name.",
                    "bonus",
                )
            )
        elif (
            not item.points.is_finite()
            or item.points < 0
            or not -12 <= int(item.points.as_tuple().exponent) <= 3
        ):
            found.append(
                problem(
                    "bad_bonus",
                    item.row,
                    f"{item.application}의 가점은 0 이상의 숫자로 적어 주세요.",
                    f"the bonus of {item.application} has to be a number of at least 0.",
                    "bonus",
                )
            )
        items.add((item.application, item.reason))
    return found
