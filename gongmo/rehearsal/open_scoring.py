"""A small second call whose last scored stage is open now, so that visitors can score: its own consortia, the rehearsal's experts.

Played only where the script's folder holds `open_scoring.yaml`. Everything goes through the commands; instants lie before the present.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from gongmo.applications import commands as applications
from gongmo.definition.base import Identifier, Model, Slug, Text
from gongmo.definition.messages import problems_of
from gongmo.definition.problems import Unusable
from gongmo.definition.source import read
from gongmo.evaluation import commands as evaluation
from gongmo.evaluation.commands.presentation import Order
from gongmo.evaluation.models import Committee, Evaluator, ScoreSheet, Seat, StageRun
from gongmo.kernel.clock import SEOUL
from gongmo.rehearsal.data import SCRIPT_LIMIT, Key
from gongmo.rehearsal.intake import officer
from gongmo.rehearsal.play import Play
from gongmo.rehearsal.scoring import points_near
from gongmo.rehearsal.small_call import Applicant, days_before, take_in
from gongmo.rules.presentation import Pace
from gongmo.screening import commands as screening

NAME = "open_scoring.yaml"


class Scored(Applicant):
    """A consortium of the open call. `target` is the percentage that its invented points are near to in the stage that is over."""

    target: Annotated[int, Field(ge=0, le=100)]


class Seen(Model):
    """A line of the sign-in sheet for one of the experts. `path` may hold {seat}."""

    person: Key
    who: Text
    see: Text
    path: str


class Mistaken(Model):
    """A committee that was formed in error and dissolved before it judged anything."""

    name: str
    chair: Key
    experts: Annotated[tuple[Key, ...], Field(min_length=1)]
    reason: str


class OpenScoring(Model):
    """The open call: what differs from the script's definition, who applies, which experts sit, what is begun."""

    format: Annotated[str, Field(pattern=r"^gongmo/rehearsal-open/1$")]
    slug: Slug
    set: dict[str, object]
    days: Annotated[int, Field(ge=8, le=60)]
    """How many days before the regional call opens this one was published; it closed a day before that."""
    applicants: Annotated[tuple[Scored, ...], Field(min_length=1)]
    mistaken: Mistaken | None = None
    committee: str
    chair: Key
    experts: Annotated[tuple[Key, ...], Field(min_length=1)]
    finished_stage: Identifier
    open_stage: Identifier
    opinion: str
    begun_by: Key
    begun: Annotated[int, Field(ge=0)]
    """How many sheets `begun_by` has scored without locking them."""
    place: str
    sheet: tuple[Seen, ...]


def loaded(folder: Path) -> OpenScoring | None:
    """What the folder's file says, or None without one. Raises Unusable with the places of what is wrong."""
    path = folder / NAME
    if not path.exists():
        return None
    source = read(path, SCRIPT_LIMIT)
    try:
        return OpenScoring.model_validate_json(json.dumps(source.value, ensure_ascii=False))
    except ValidationError as error:
        raise Unusable(problems_of(error, source, OpenScoring)) from error


def open_scoring(play: Play, before: datetime, present: datetime) -> list[dict[str, object]]:
    """Play the open call up to `before` (when the story goes on). Answers its lines of the sign-in sheet, without e-mail addresses' password."""
    data = loaded(play.loaded.folder)
    if data is None:
        return []
    opens = days_before(play, before, data.days)
    closes = opens + timedelta(days=7, hours=17)
    scene = take_in(
        play,
        slug=data.slug,
        settings=data.set,
        applicants=data.applicants,
        intake=(opens, closes),
        told="지금 평가하고 있는 공고입니다.",
    )
    _review(scene, closes)
    seats = _committee(scene, data)
    finished = scene.do(
        evaluation.open_stage, actor=officer(scene), call_id=scene.call_id, stage=data.finished_stage
    )
    _declare(scene, seats)
    _score(scene, data, finished)
    scene.do(evaluation.lock_stage, actor=officer(scene), run_id=finished.pk)
    run = scene.do(evaluation.open_stage, actor=officer(scene), call_id=scene.call_id, stage=data.open_stage)
    _present(scene, data, run, present)
    _begin(scene, data, run)
    scene.say(None, f"‘{scene.definition.title.ko}’: 채점할 수 있는 단계가 열려 있습니다.")
    play.now = scene.now
    return [
        {
            "who": row.who.model_dump(),
            "organisation": data.committee,
            "see": row.see.model_dump(),
            "email": play.people[row.person].email,
            "path": row.path.format(seat=seats[row.person].pk),
        }
        for row in data.sheet
    ]


def _review(scene: Play, closes: datetime) -> None:
    reviews = scene.do(screening.open_reviews, actor=officer(scene), call_id=scene.call_id)
    for review in reviews:
        for channel in scene.script.arrivals.values():
            scene.do(
                applications.register_arrival,
                actor=officer(scene),
                application_id=review.application_id,
                channel=channel,
                arrived_on=closes.astimezone(SEOUL).date(),
            )
        scene.do(screening.decide_eligible, actor=officer(scene, 1), review_id=review.pk)


def _committee(scene: Play, data: OpenScoring) -> dict[str, Seat]:
    """The seats by the experts' keys, every one pledged."""
    people = {key: scene.people[key].pk for key in data.experts}
    if data.mistaken is not None:
        wrong = _formed(scene, data.mistaken.name, data.mistaken.experts, data.mistaken.chair)
        scene.do(
            evaluation.dissolve_committee,
            actor=officer(scene),
            committee_id=wrong.pk,
            reason=data.mistaken.reason,
        )
        scene.say(None, f"‘{wrong.name}’을(를) 해산했습니다: {data.mistaken.reason}")
    made = _formed(scene, data.committee, data.experts, data.chair)
    by_person = {seat.evaluator.person_id: seat for seat in made.seats.select_related("evaluator")}
    seats = {key: by_person[people[key]] for key in data.experts}
    for key, seat in seats.items():
        scene.do(evaluation.pledge, actor=scene.actors[key], seat_id=seat.pk)
    return seats


def _formed(scene: Play, name: str, experts: Sequence[Key], chair: Key) -> Committee:
    people = {key: scene.people[key].pk for key in experts}
    pool = dict(Evaluator.objects.filter(person__in=people.values()).values_list("person_id", "pk"))
    made: Committee = scene.do(
        evaluation.form_committee,
        actor=officer(scene),
        call_id=scene.call_id,
        name=name,
        evaluator_ids=[pool[people[key]] for key in experts],
        chair_id=pool[people[chair]],
    )
    return made


def _declare(scene: Play, seats: dict[str, Seat]) -> None:
    for key, seat in seats.items():
        for application in scene.applications.values():
            scene.do(
                evaluation.declare_conflict,
                actor=scene.actors[key],
                seat_id=seat.pk,
                application_id=application,
                conflict=False,
            )


def _score(scene: Play, data: OpenScoring, run: StageRun) -> None:
    """Every sheet of the finished stage, scored near its target and locked."""
    keys = {scene.people[key].pk: key for key in data.experts}
    targets = {scene.applications[each.id]: each.target for each in data.applicants}
    for sheet in ScoreSheet.objects.filter(run=run).select_related("seat__evaluator").order_by("pk"):
        actor = scene.actors[keys[sheet.seat.evaluator.person_id]]
        scene.do(
            evaluation.save_sheet,
            actor=actor,
            sheet_id=sheet.pk,
            points=points_near(scene, run.stage, targets[sheet.application_id]),
            comments={},
            overall_opinion=data.opinion,
            revision=0,
        )
        scene.do(evaluation.lock_sheet, actor=actor, sheet_id=sheet.pk)


def _present(scene: Play, data: OpenScoring, run: StageRun, present: datetime) -> None:
    """A day of presentations tomorrow at ten, announced."""
    terms = scene.definition.evaluation.stage(run.stage).day
    if terms is None:
        return
    tomorrow = (present.astimezone(SEOUL) + timedelta(days=1)).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    day = scene.do(
        evaluation.plan_day,
        actor=officer(scene),
        run_id=run.pk,
        starts_at=tomorrow,
        place=data.place,
        pace=Pace(
            terms.talk_minutes,
            terms.question_minutes,
            terms.change_minutes,
            terms.rest_after,
            terms.rest_minutes,
        ),
        order=Order(tuple(scene.applications.values()), by_lot=True),
    )
    scene.do(evaluation.announce_day, actor=officer(scene), day_id=day.pk)


def _begin(scene: Play, data: OpenScoring, run: StageRun) -> None:
    """What one expert has scored so far and not locked."""
    actor = scene.actors[data.begun_by]
    sheets = ScoreSheet.objects.filter(run=run, seat__evaluator__person=actor.person).order_by("pk")
    targets = {scene.applications[each.id]: each.target for each in data.applicants}
    for sheet in sheets[: data.begun]:
        scene.do(
            evaluation.save_sheet,
            actor=actor,
            sheet_id=sheet.pk,
            points=points_near(scene, run.stage, targets[sheet.application_id]),
            comments={},
            overall_opinion=data.opinion,
            revision=0,
        )
