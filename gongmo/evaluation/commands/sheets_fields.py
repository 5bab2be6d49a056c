"""Saving a sheet by itself, field by field, as applications are (docs/writing.md): each change is judged alone, none overwrites what its writer has not seen.

Paths: "points:<criterion>" (decimal text, "" for none), "comment:<criterion>", "opinion".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from gongmo.applications.commands.autosave import FieldInput, Saved, SaveState
from gongmo.applications.fields.base import UnknownField, text_of
from gongmo.calls.queries import definition_of
from gongmo.definition.evaluation import Criterion, Evaluation
from gongmo.evaluation.commands.sheets import check, criteria_by_id, own, put, require_open, saved
from gongmo.evaluation.models import Score, ScoreSheet
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.rules.ranking.exact import text

MOST = 200
"""Changes in one save: more than a sheet has fields."""


@dataclass(frozen=True, slots=True)
class SheetSaved:
    """The sheet after a save, and what became of each change, in their order."""

    sheet: ScoreSheet
    results: tuple[Saved, ...]


def save_sheet_fields(*, actor: Actor, sheet_id: int, changes: Sequence[FieldInput]) -> SheetSaved:
    """Save fields of the own sheet. A change is in conflict when its field was saved since the revision that its writer saw, to another value.

    Raises NotFound for a sheet that is not the actor's, Refused where it is locked, BadInput for too many changes.
    """
    with transaction.atomic():
        sheet = own(actor, sheet_id)
        if len(changes) > MOST:
            raise BadInput(
                "too_many_changes",
                f"한 번에 {MOST}칸까지 저장할 수 있습니다.",
                f"At most {MOST} fields are saved at once.",
            )
        require_open(sheet)
        page = _Page(sheet, definition_of(sheet.run.version).evaluation)
        results = {change.path: page.take(change) for change in {c.path: c for c in changes}.values()}
        if page.changed:
            page.write(actor)
    return SheetSaved(
        sheet, tuple(results[path] for path in dict.fromkeys(change.path for change in changes))
    )


class _Page:
    """A sheet (locked until the transaction ends) while changes are taken."""

    def __init__(self, sheet: ScoreSheet, evaluation: Evaluation) -> None:
        self.sheet, self.evaluation = sheet, evaluation
        self.criteria = criteria_by_id(sheet, evaluation)
        self.held = {score.criterion: score for score in sheet.scores.all()}
        self.changed: set[str] = set()
        self.following = sheet.revision + 1

    def take(self, change: FieldInput) -> Saved:
        try:
            criterion, value = self._read(change.path, change.value)
        except Refused as refused:
            return Saved(change.path, SaveState.REFUSED, code=refused.code, ko=refused.ko, en=refused.en)
        stored, revision = self.stored(change.path, criterion)
        if value == stored:
            return Saved(change.path, SaveState.SAVED, revision, told(value))
        if change.base != revision and not self._sent_before(change, stored):
            return Saved(
                change.path,
                SaveState.CONFLICT,
                revision,
                told(stored),
                by="",
                own=True,
                at=self.sheet.saved_at,
                code="field_changed",
                ko="다른 창에서 이 칸을 먼저 고쳤습니다. 어느 것으로 할지 골라 주세요.",
                en="This field was changed in another window. Choose which one stands.",
            )
        self._set(change.path, criterion, value)
        return Saved(change.path, SaveState.SAVED, self.following, told(value))

    def _sent_before(self, change: FieldInput, stored: Decimal | str | None) -> bool:
        """Whether what stands was sent from this page before: only the answer has not come."""
        for value in change.tried:
            try:
                if self._read(change.path, value)[1] == stored:
                    return True
            except Refused:
                continue
        return False

    def stored(self, path: str, criterion: Criterion | None) -> tuple[Decimal | str | None, int]:
        """The field's stored value and revision."""
        if criterion is None:
            return self.sheet.overall_opinion, self.sheet.opinion_revision
        score = self.held.get(criterion.id)
        if path.startswith("points:"):
            return (score.points, score.points_revision) if score else (None, 0)
        return (score.comment, score.comment_revision) if score else ("", 0)

    def _read(self, path: str, value: Any) -> tuple[Criterion | None, Decimal | str | None]:
        """The criterion (None: the opinion) and the value as it is stored. Raises UnknownField or BadInput."""
        if path == "opinion":
            opinion = text_of(value, lines=True)
            check(self.criteria, self.evaluation, {}, {}, opinion)
            return None, opinion
        kind, _, name = path.partition(":")
        if kind not in ("points", "comment") or name not in self.criteria:
            raise UnknownField
        if kind == "comment":
            comment = text_of(value, lines=True)
            check(self.criteria, self.evaluation, {}, {name: comment}, "")
            return self.criteria[name], comment
        points = points_in(value)
        check(self.criteria, self.evaluation, {name: points}, {}, "")
        return self.criteria[name], points

    def _set(self, path: str, criterion: Criterion | None, value: Decimal | str | None) -> None:
        self.sheet.revision = self.following
        if criterion is None:
            self.sheet.overall_opinion, self.sheet.opinion_revision = str(value), self.following
            self.changed.add("")
            return
        score = self.held.setdefault(criterion.id, Score(sheet=self.sheet, criterion=criterion.id))
        if path.startswith("points:"):
            put(self.sheet, score, value if isinstance(value, Decimal) else None, score.comment)
        else:
            put(self.sheet, score, score.points, str(value))
        self.changed.add(criterion.id)

    def write(self, actor: Actor) -> None:
        for criterion in self.changed - {""}:
            self.held[criterion].save()
        saved(actor, self.sheet)


def points_in(value: Any) -> Decimal | None:
    """Points as people type them: decimal text, None for an empty field. Raises BadInput for anything else."""
    if isinstance(value, str) and not value.strip():
        return None
    try:
        if not isinstance(value, str) or len(value) > 20:
            raise InvalidOperation
        return Decimal(value.strip())
    except InvalidOperation:
        raise BadInput("bad_points", "점수를 숫자로 적어 주세요.", "Give a number.", field="points") from None


def told(value: Decimal | str | None) -> str:
    """A field's value as its input shows it."""
    return text(value) if isinstance(value, Decimal) else value or ""
