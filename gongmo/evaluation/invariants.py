"""What must hold of the evaluation in live data."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db.models import Exists, OuterRef

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation.inputs import Key, definition_by_hash, latest, parse
from gongmo.evaluation.models import Disqualification, Ranking, ScoreSheet, StageRun
from gongmo.evaluation.queries.replay import replayed_rankings
from gongmo.evaluation.sealing import commitment, points_of, sealed_texts
from gongmo.evaluation.states import SheetState
from gongmo.evaluation.voiding import counts_in, ranked
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import BadInput
from gongmo.kernel.invariants import Broken, invariant
from gongmo.ledger.models import Entry
from gongmo.screening.states import ReviewState

Sheets = Mapping[Key, Mapping[str, Decimal]]
LIVE = (SheetState.OPEN, SheetState.LOCKED)


@invariant(
    "evaluation.no_conflict_scores",
    ko="이해충돌이 있는 위원의 평가표는 모두 무효입니다.",
    en="No evaluator who is disqualified for an application has a live sheet for it.",
)
def no_conflict_scores() -> Iterator[Broken]:
    # A ground found after the ranking leaves the sheets that it was computed from.
    out = Disqualification.objects.filter(seat=OuterRef("seat"), application=OuterRef("application"))
    late = out.filter(decided_at__gte=OuterRef("run__call__rankings__fixed_at"))
    over = StageRun.objects.filter(ranked())
    wrong = ScoreSheet.objects.filter(Exists(out), state__in=LIVE).exclude(Exists(late), run__in=over)
    for sheet in wrong.distinct():
        yield Broken(f"sheet {sheet.pk}", sheet.state, "void")


@invariant(
    "evaluation.locked_sheets_complete",
    ko="확정한 평가표에는 그 단계의 모든 항목 점수가 있습니다.",
    en="Every locked sheet has points within their limits on every criterion of its stage.",
)
def locked_complete() -> Iterator[Broken]:
    sheets = (
        ScoreSheet.objects.filter(state=SheetState.LOCKED)
        .select_related("run__version")
        .prefetch_related("scores")
        .order_by("id")
    )
    for sheet in sheets.iterator(chunk_size=500):
        evaluation = definition_of(sheet.run.version).evaluation
        criteria = evaluation.criteria_of(evaluation.stage(sheet.run.stage))
        held = {score.criterion: score.points for score in sheet.scores.all()}
        wrong = [
            criterion.id
            for criterion in criteria
            if (points := held.get(criterion.id)) is None or not 0 <= points <= criterion.max_points
        ]
        if wrong:
            yield Broken(
                f"sheet {sheet.pk}", f"no usable points on {', '.join(wrong)}", "points on every criterion"
            )


@invariant(
    "evaluation.sheets_as_sealed",
    ko="확정한 평가표는 확정할 때 원장에 남긴 봉인과 같습니다.",
    en="Every locked sheet is as it was sealed in the ledger.",
)
def sheets_as_sealed() -> Iterator[Broken]:
    sealed: dict[int, str] = {}
    bodies = Entry.objects.filter(act="evaluation.lock_sheet").order_by("sequence")
    for subject, body in bodies.values_list("subject_id", "body").iterator():
        sealed[int(subject)] = json.loads(body)["payload"]["commitment"]
    sheets = ScoreSheet.objects.filter(state=SheetState.LOCKED).prefetch_related("scores").order_by("id")
    for sheet in sheets.iterator(chunk_size=500):
        found = commitment(sheet.pk, sheet.seal, points_of(sheet), sealed_texts(sheet))
        if sealed.get(sheet.pk) != found:
            yield Broken(f"sheet {sheet.pk}", f"seal {found}", f"seal {sealed.get(sheet.pk)}")


@invariant(
    "evaluation.excluded_not_scored",
    ko="제외된 신청에는 유효한 평가표가 없습니다.",
    en="An application that was excluded before the ranking was fixed has no live sheet.",
)
def excluded_not_scored() -> Iterator[Broken]:
    # An exclusion after the ranking leaves the sheets, as the ground of what was decided.
    sheets = ScoreSheet.objects.filter(
        state__in=LIVE, application__review__state=ReviewState.EXCLUDED
    ).exclude(run__in=StageRun.objects.filter(ranked()))
    for sheet in sheets:
        yield Broken(f"sheet {sheet.pk}", sheet.state, "void")


@invariant(
    "evaluation.ranking_recomputes",
    ko="확정한 순위는 저장된 입력과 원장에서 다시 계산해도 같습니다.",
    en="Every fixed ranking is the same when recomputed from its stored inputs, and from the ledger.",
)
def rankings_recompute() -> Iterator[Broken]:
    calls: dict[int, Call] = {}
    for held in Ranking.objects.select_related("call").order_by("id"):
        calls[held.call_id] = held.call
        subject = f"ranking {held.pk}"
        try:
            inputs = parse(held.inputs)
            found = inputs.rank(definition_by_hash(inputs.definition))
        except (ValueError, KeyError, BadInput) as error:
            yield Broken(subject, f"inputs that cannot be ranked: {error}", "the inputs of the ranking")
            continue
        if found.input_hash != held.inputs_hash:
            yield Broken(subject, f"input hash {held.inputs_hash}", f"input hash {found.input_hash}")
        if (result := canonical_json(found)) != held.result:
            yield Broken(subject, f"result {sha256_hex(held.result)}", f"result {sha256_hex(result)}")
        yield from _rows(held, inputs.sheets, subject)
    for call in calls.values():
        for difference in replayed_rankings(call):
            yield Broken(f"call {call.slug}", difference, "as the ledger tells it")


def _rows(held: Ranking, sheets: Sheets, subject: str) -> Iterator[Broken]:
    """Score rows that are no longer those the ranking was computed from."""
    rows: list[tuple[int, Key, dict[str, Decimal]]] = []
    locked = ScoreSheet.objects.filter(counts_in(held), run__call=held.call_id, state=SheetState.LOCKED)
    for sheet in locked.select_related("run", "seat__evaluator").prefetch_related("scores"):
        key = (sheet.run.stage, str(sheet.application_id), sheet.seat.evaluator.label)
        rows.append(
            (sheet.run.round, key, {name: Decimal(points) for name, points in points_of(sheet).items()})
        )
    stored = latest(rows)
    for key, points in sheets.items():
        if stored.get(key) != dict(points):
            yield Broken(subject, f"sheet {'/'.join(key)}: {stored.get(key)}", f"{dict(points)}")
