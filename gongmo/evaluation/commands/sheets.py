"""The evaluator's own work: saving a sheet as often as one likes, and locking it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from gongmo.calls.queries import LONG, definition_of
from gongmo.definition.evaluation import Criterion, Evaluation
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import record
from gongmo.evaluation.models import ConflictDeclaration, Score, ScoreSheet
from gongmo.evaluation.sealing import commitment, new_seal, points_of, sealed_texts
from gongmo.evaluation.states import SheetState, StageState, sheets_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import particle, stamp
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import update
from gongmo.rules.ranking.exact import is_multiple, text

LONGEST = 20_000


def save_sheet(
    *,
    actor: Actor,
    sheet_id: int,
    points: Mapping[str, Decimal | None],
    comments: Mapping[str, str],
    overall_opinion: str,
    revision: int,
) -> ScoreSheet:
    """Save points, comments and opinion. Criteria that are not named stay as they are; None takes points back.

    `revision` is the one that the expert saw: when the sheet was saved elsewhere since, the save is refused, telling when,
    unless it would change nothing. Points outside 0 ... maximum or off the definition's step are BadInput with `details["fields"]`.
    """
    with transaction.atomic():
        sheet = own(actor, sheet_id)
        require_open(sheet)
        evaluation = definition_of(sheet.run.version).evaluation
        criteria = criteria_by_id(sheet, evaluation)
        check(criteria, evaluation, points, comments, overall_opinion)
        held = {score.criterion: score for score in sheet.scores.all()}
        changed = _changed(held, points, comments)
        opinion = overall_opinion.strip()
        if not changed and opinion == sheet.overall_opinion:
            # The same request sent twice, or a save without a change, never fails for its revision.
            return sheet
        if revision != sheet.revision:
            raise _stale(sheet, actor)
        sheet.revision += 1
        for criterion in changed:
            score = held.get(criterion) or Score(sheet=sheet, criterion=criterion)
            put(
                sheet,
                score,
                points.get(criterion, score.points),
                comments.get(criterion, score.comment).strip(),
            )
            score.save()
        if opinion != sheet.overall_opinion:
            sheet.overall_opinion, sheet.opinion_revision = opinion, sheet.revision
        saved(actor, sheet)
        return sheet


def put(sheet: ScoreSheet, score: Score, points: Decimal | None, comment: str) -> None:
    """Set points and comment of a score, noting at which of the sheet's revisions each changed. Does not save."""
    if points != score.points:
        score.points, score.points_revision = points, sheet.revision
    if comment != score.comment:
        score.comment, score.comment_revision = comment, sheet.revision


def saved(actor: Actor, sheet: ScoreSheet) -> None:
    """Save the sheet's own columns at its new revision and tell the ledger."""
    sheet.saved_at = clock.now()
    update(sheet, "overall_opinion", "opinion_revision", "revision", "saved_at")
    # No points: the ledger is read by people who may not see them before the stage is locked.
    record(
        actor,
        sheet.run.call,
        "evaluation.save_sheet",
        ("sheet", sheet.pk),
        {"revision": sheet.revision, "application": sheet.application_id},
    )


def lock_sheet(*, actor: Actor, sheet_id: int) -> ScoreSheet:
    """Lock the own sheet for good. Refused while a criterion has no points, naming which, or what the call asks for besides is missing."""
    with transaction.atomic():
        sheet = own(actor, sheet_id)
        require_open(sheet)
        sheet.state = sheets_table.require(SheetState(sheet.state), SheetState.LOCKED)
        evaluation = definition_of(sheet.run.version).evaluation
        held = {score.criterion: score for score in sheet.scores.all()}
        given = points_of(sheet)
        for gap in gaps(evaluation, sheet.run.stage, held, sheet.overall_opinion):
            raise Refused(gap.code, gap.ko, gap.en, details={"missing": list(gap.places)})
        sheet.locked_at = clock.now()
        sheet.seal = new_seal(sheet)
        sheet.save(update_fields=["state", "locked_at", "seal"])
        record(
            actor,
            sheet.run.call,
            "evaluation.lock_sheet",
            ("sheet", sheet.pk),
            {
                "application": sheet.application_id,
                "evaluator": sheet.seat.evaluator.label,
                "commitment": commitment(sheet.pk, sheet.seal, given, sealed_texts(sheet)),
            },
        )
        return sheet


@dataclass(frozen=True, slots=True)
class Gap:
    """What still stands in the way of locking: a code, the criteria concerned (none: the overall opinion), and a sentence."""

    code: str
    places: tuple[str, ...]
    ko: str
    en: str


def gaps(evaluation: Evaluation, stage: str, held: Mapping[str, Score], opinion: str) -> list[Gap]:
    """Everything that a sheet of this stage lacks before it can be locked, points first."""
    criteria = evaluation.criteria_of(evaluation.stage(stage))
    requires = evaluation.desk.requires if evaluation.desk is not None else ()
    found: list[Gap] = []
    missing = [c for c in criteria if c.id not in held or held[c.id].points is None]
    if missing:
        found.append(
            Gap(
                "points_missing",
                tuple(c.id for c in missing),
                f"점수를 매기지 않은 항목이 있습니다: {', '.join(f'{c.id} {c.name.ko}' for c in missing)}.",
                f"These criteria have no points yet: {', '.join(f'{c.id} {c.name.en}' for c in missing)}.",
            )
        )
    silent = [c for c in criteria if c.id not in held or not held[c.id].comment]
    if "comments" in requires and silent:
        found.append(
            Gap(
                "comments_missing",
                tuple(c.id for c in silent),
                f"의견을 적지 않은 항목이 있습니다: {', '.join(f'{c.id} {c.name.ko}' for c in silent)}.",
                f"These criteria have no comment yet: {', '.join(f'{c.id} {c.name.en}' for c in silent)}.",
            )
        )
    if "overall_opinion" in requires and not opinion:
        found.append(
            Gap(
                "opinion_missing",
                (),
                "종합의견을 적어 주세요. 결과를 알릴 때 신청 기관이 읽습니다.",
                "Write an overall opinion: the applicant reads it with the result.",
            )
        )
    return found


def own(actor: Actor, sheet_id: int) -> ScoreSheet:
    """The actor's own sheet, locked. For everyone else, and before the conflict declaration, there is no such sheet."""
    sheet = _locked.first(pk=sheet_id)
    if sheet is None or not policies.sit(actor, sheet.seat) or sheet.state == SheetState.VOID:
        raise NotFound
    if not _declared(seat=sheet.seat_id, application=sheet.application_id):
        raise NotFound
    return sheet


@prepared
def _locked(*, pk: int) -> QuerySet[ScoreSheet]:
    found = ScoreSheet.objects.select_for_update(of=("self",)).filter(pk=pk).order_by()
    found = found.select_related("seat__evaluator", "run__call", "run__version")
    return found.defer(*(f"run__version__{name}" for name in LONG))


@prepared
def _declared(*, seat: int, application: int) -> QuerySet[ConflictDeclaration, int]:
    """The declaration that there is no conflict, where there is one."""
    found = ConflictDeclaration.objects.filter(seat=seat, application=application, conflict=False)
    return found.order_by().values_list("pk", flat=True)


def require_open(sheet: ScoreSheet) -> None:
    if sheet.state != SheetState.OPEN or sheet.run.state != StageState.OPEN:
        raise Refused(
            "sheet_locked",
            "이미 확정한 평가표입니다. 고칠 수 없습니다.",
            "The sheet is locked and cannot be changed.",
        )


def criteria_by_id(sheet: ScoreSheet, evaluation: Evaluation) -> dict[str, Criterion]:
    return {
        criterion.id: criterion for criterion in evaluation.criteria_of(evaluation.stage(sheet.run.stage))
    }


def check(
    criteria: Mapping[str, Criterion],
    evaluation: Evaluation,
    points: Mapping[str, Decimal | None],
    comments: Mapping[str, str],
    opinion: str,
) -> None:
    wrong: dict[str, dict[str, str]] = {}
    for name in {*points, *comments} - set(criteria):
        wrong[name] = {
            "ko": f"이 단계에 없는 평가항목입니다: {name}",
            "en": f"There is no criterion {name} in this stage.",
        }
    for name, value in points.items():
        if value is not None and name in criteria:
            problem = _point_problem(criteria[name], value, evaluation.point_step.step)
            if problem is not None:
                wrong[name] = problem
    if any(len(each) > LONGEST for each in (*comments.values(), opinion)):
        wrong["overall_opinion"] = {
            "ko": f"의견은 {LONGEST:,}자까지 적을 수 있습니다.",
            "en": f"Opinions may have up to {LONGEST:,} letters.",
        }
    if wrong:
        first = next(iter(wrong.values()))
        raise BadInput(
            "bad_points", first["ko"], first["en"], field=next(iter(wrong)), details={"fields": wrong}
        )


def _point_problem(criterion: Criterion, value: Decimal, step: Decimal) -> dict[str, str] | None:
    name = criterion.name
    if not value.is_finite():
        return {"ko": f"{name.ko}: 점수를 숫자로 적어 주세요.", "en": f"{name.en}: give a number."}
    if not 0 <= value <= criterion.max_points:
        top = text(criterion.max_points)
        return {
            "ko": f"{particle(name.ko, '은', '는')} 0점에서 {top}점 사이로 적어 주세요.",
            "en": f"{name.en}: give 0 to {top} points.",
        }
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -12 or not is_multiple(value, step):
        return {
            "ko": f"{particle(name.ko, '은', '는')} {text(step)}점 단위로 적어 주세요.",
            "en": f"{name.en}: give points in steps of {text(step)}.",
        }
    return None


def _changed(
    held: Mapping[str, Score], points: Mapping[str, Decimal | None], comments: Mapping[str, str]
) -> list[str]:
    changed: list[str] = []
    for criterion in sorted({*points, *comments}):
        score = held.get(criterion)
        before = (score.points, score.comment) if score else (None, "")
        after = (
            points[criterion] if criterion in points else before[0],
            comments[criterion].strip() if criterion in comments else before[1],
        )
        if before != after:
            changed.append(criterion)
    return changed


def _stale(sheet: ScoreSheet, actor: Actor) -> Refused:
    when = stamp(sheet.saved_at, seconds=True) if sheet.saved_at else ""
    return Refused(
        "stale_revision",
        f"이 평가표는 {when}에 다른 창에서 {actor.name} 님이 저장했습니다. 새로 저장된 내용을 확인하고 다시 저장해 주세요.",
        f"{actor.name} saved this sheet in another window at {when}. Look at what was saved and save again.",
        details={
            "revision": sheet.revision,
            "saved_at": sheet.saved_at.isoformat() if sheet.saved_at else None,
        },
    )
