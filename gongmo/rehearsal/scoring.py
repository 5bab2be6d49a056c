"""The evaluation: a committee with a conflict, the scored stages, a substitute presenter, a site visit, the ranking.

Points are invented: each consortium has a target in each stage, each expert leans a little, and the script's seed decides the rest.
"""

from decimal import ROUND_HALF_UP, Decimal

from gongmo.definition.evaluation import Criterion
from gongmo.evaluation import commands as evaluation
from gongmo.evaluation.models import Committee, ScoreSheet
from gongmo.evaluation.queries import ranking_value
from gongmo.rehearsal import paper
from gongmo.rehearsal.data import StageData
from gongmo.rehearsal.experts import seat_committee
from gongmo.rehearsal.intake import officer, partner_of
from gongmo.rehearsal.play import Play


def evaluate(play: Play) -> None:
    """From the committee to the fixed ranking."""
    committee = seat_committee(play)
    for number, stage in enumerate(play.script.stages):
        _stage(play, committee, stage, last=number == len(play.script.stages) - 1)
    play.at(play.script.ranked_at)
    play.do(evaluation.fix_ranking, actor=officer(play), call_id=play.call_id)
    play.do(evaluation.tell_results, actor=officer(play), call_id=play.call_id)
    ranking = ranking_value(committee.call)
    names = {str(pk): play.script.consortium(key).title for key, pk in play.applications.items()}
    play.say(play.definition.selection.clause, "순위를 확정했습니다 (점수는 모두 지어낸 값입니다).")
    for entry in sorted(ranking.entries, key=lambda each: each.rank or 10**6)[:6]:
        play.say(None, f"  {entry.rank}위 {names[entry.application]} {entry.final}")
    play.sign_record()


def _stage(play: Play, committee: Committee, stage: StageData, *, last: bool) -> None:
    play.at(stage.opened_at)
    run = play.do(evaluation.open_stage, actor=officer(play), call_id=play.call_id, stage=stage.id)
    found = play.definition.evaluation.stage(stage.id)
    play.say(found.clause, f"{found.name.ko}를 시작했습니다.")
    if last:
        _substitute(play)
    sheets = list(
        ScoreSheet.objects.filter(run=run)
        .exclude(state="void")
        .select_related("seat__evaluator__person")
        .order_by("application_id", "pk")
    )
    _declare(play, sheets)
    if last:
        _visit(play)
    play.at(max(play.now, stage.scored_at))
    criteria = play.definition.evaluation.criteria_of(found)
    step = play.definition.evaluation.point_step.step
    by_application = {pk: key for key, pk in play.applications.items()}
    leaning = {sheet.seat_id: play.random.randint(-30, 30) for sheet in sheets}
    for sheet in sheets:
        target = getattr(play.script.consortium(by_application[sheet.application_id]), stage.target)
        actor = play.actors[_key_of(play, sheet.seat.evaluator.person_id)]
        saved = play.do(
            evaluation.save_sheet,
            actor=actor,
            sheet_id=sheet.pk,
            points={
                criterion.id: _points(play, criterion, target, leaning[sheet.seat_id], step)
                for criterion in criteria
            },
            comments={},
            overall_opinion=play.random.choice(stage.opinions),
            revision=sheet.revision,
        )
        play.do(evaluation.lock_sheet, actor=actor, sheet_id=saved.pk)
    play.at(max(play.now, stage.locked_at))
    play.do(evaluation.lock_stage, actor=officer(play), run_id=run.pk)
    play.say(found.clause, f"{found.name.ko}를 확정했습니다. 평가표 {len(sheets)}장.")


def _key_of(play: Play, person_id: int) -> str:
    return next(key for key, person in play.people.items() if person.pk == person_id)


def _declare(play: Play, sheets: list[ScoreSheet]) -> None:
    """Every expert declares for every application to be judged that there is no conflict; asked once, not in each stage."""
    for sheet in sheets:
        if sheet.seat.declarations.filter(application=sheet.application_id).exists():
            continue
        play.do(
            evaluation.declare_conflict,
            actor=play.actors[_key_of(play, sheet.seat.evaluator.person_id)],
            seat_id=sheet.seat_id,
            application_id=sheet.application_id,
            conflict=False,
        )


def _points(play: Play, criterion: Criterion, target: Decimal, leaning: int, step: Decimal) -> Decimal:
    """The target's part of the criterion, an expert's leaning (tenths of a percent) and chance (up to 6 percent), on the step."""
    percent = target + Decimal(leaning) / 10 + Decimal(play.random.randint(-60, 60)) / 10
    exact = min(max(percent, Decimal(0)), Decimal(100)) * criterion.max_points / 100
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def points_near(play: Play, stage: str, target: int) -> dict[str, Decimal | None]:
    """Points on every criterion of a stage near a percentage, as an expert without a leaning gives them."""
    evaluation = play.definition.evaluation
    step = evaluation.point_step.step
    return {
        criterion.id: _points(play, criterion, Decimal(target), 0, step)
        for criterion in evaluation.criteria_of(evaluation.stage(stage))
    }


def _substitute(play: Play) -> None:
    data = play.script.substitute
    organisation = partner_of(play, data.application, data.partner)
    play.at(max(play.now, data.asked_at))
    asked = play.do(
        evaluation.ask_substitute,
        actor=play.actors[f"{data.application}-lead"],
        application_id=play.applications[data.application],
        organisation_id=organisation.pk,
        presenter=data.presenter,
        reason=data.reason,
    )
    play.at(max(play.now, data.answered_at))
    play.do(evaluation.answer_substitute, actor=officer(play), substitute_id=asked.pk, consent=True)
    clause = play.definition.presenter.clause if play.definition.presenter else None
    play.say(clause, f"{organisation.name}의 대리 발표에 미리 동의했습니다.")


def _visit(play: Play) -> None:
    data = play.script.visit
    title = play.script.consortium(data.application).title
    play.at(max(play.now, data.wanted_at))
    visit = play.do(
        evaluation.want_site_visit,
        actor=play.actors[data.by],
        application_id=play.applications[data.application],
        reason=data.reason,
    )
    play.at(max(play.now, data.recorded_at))
    play.do(
        evaluation.record_visit,
        actor=officer(play),
        visit_id=visit.pk,
        visited_on=data.visited_on,
        memo=data.memo,
        name=f"{data.document}.pdf",
        stream=paper.pdf(data.document, (title, data.memo)),
    )
    unscored = next((stage for stage in play.definition.evaluation.stages if not stage.scored), None)
    play.say(unscored.clause if unscored else None, f"{title}: 현장평가를 하고 기록했습니다.")
