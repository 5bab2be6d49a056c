"""A small call whose eligibility reviews are open now, so that visitors can work on them: its own consortia, in every state that waits.

Played only where the script's folder holds `open_review.yaml`. The intake lies before the story's last calls (`take_in_open_review`),
what officers did in the days before the present (`open_review`). Everything goes through the commands.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from gongmo.applications import commands as applications
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.base import ClauseId, Identifier, Model, Slug, Text
from gongmo.definition.messages import problems_of
from gongmo.definition.problems import Unusable
from gongmo.definition.source import read
from gongmo.kernel.clock import SEOUL
from gongmo.rehearsal import paper
from gongmo.rehearsal.data import SCRIPT_LIMIT, Key
from gongmo.rehearsal.intake import officer, partner_of
from gongmo.rehearsal.play import Play
from gongmo.rehearsal.small_call import Applicant, days_before, take_in
from gongmo.screening import commands as screening
from gongmo.screening.models import Review

NAME = "open_review.yaml"
DAYS = 7
"""Days for which its intake was open."""


class Line(Model):
    """A line of the sign-in sheet. `path` may hold {call} and the consortia's ids."""

    person: Key
    who: Text
    see: Text
    path: str


class Seen(Model):
    """What an officer found out of a partner (its place in the list), with a file where it is a certificate."""

    application: Key
    partner: int
    fact: Identifier
    value: Truth
    source: FactSource
    note: str
    evidence: str | None = None
    since: Annotated[int, Field(ge=0, le=365)] | None = None
    """Days before the closing since which it holds."""
    follow_up: bool | None = None
    ended: Annotated[int, Field(ge=0, le=3650)] | None = None
    """Days before the closing on which the earlier project ended."""


class Proposal(Model):
    """An exclusion that one officer proposed, and another confirmed where `confirmed_by` is given."""

    application: Key
    partner: int
    clause: ClauseId
    reason: str
    proposed_by: Key
    confirmed_by: Key | None = None
    objection: str | None = None


class Request(Model):
    """A supplement, or proof where `fact` and `partner` are given; due so many days after the present."""

    application: Key
    days: Annotated[int, Field(ge=1, le=60)]
    what: str = ""
    opens: str = ""
    partner: int | None = None
    fact: Identifier | None = None


class OpenReview(Model):
    """The call, its consortia and how far each review has come."""

    format: Annotated[str, Field(pattern=r"^gongmo/rehearsal-open-review/1$")]
    slug: Slug
    set: dict[str, object]
    days: Annotated[int, Field(ge=DAYS + 2, le=90)]
    """How many days before the story's last calls this one was published."""
    applicants: Annotated[tuple[Applicant, ...], Field(min_length=1)]
    found: tuple[Seen, ...]
    proposals: tuple[Proposal, ...]
    requests: tuple[Request, ...]
    in_charge: dict[Key, Key]
    """Officer by application."""
    sheet: tuple[Line, ...] = ()


def loaded(folder: Path) -> OpenReview | None:
    """What the folder's file says, or None without one. Raises Unusable with the places of what is wrong."""
    path = folder / NAME
    if not path.exists():
        return None
    source = read(path, SCRIPT_LIMIT)
    try:
        return OpenReview.model_validate_json(json.dumps(source.value, ensure_ascii=False))
    except ValidationError as error:
        raise Unusable(problems_of(error, source, OpenReview)) from error


@dataclass(frozen=True)
class Scene:
    """A closed call of which the reviews are to be opened."""

    play: Play
    data: OpenReview
    closed: date


def take_in_open_review(play: Play, before: datetime) -> Scene | None:
    """Publish the call, take its applications in and close it. None where the folder has no such call."""
    data = loaded(play.loaded.folder)
    if data is None:
        return None
    opens = days_before(play, before, data.days)
    closes = opens + timedelta(days=DAYS, hours=9)
    scene = take_in(
        play,
        slug=data.slug,
        settings=data.set,
        applicants=data.applicants,
        intake=(opens, closes),
        told="지금 적격성을 검토하는 공고입니다.",
    )
    play.now = scene.now
    return Scene(scene, data, closes.astimezone(SEOUL).date())


def open_review(play: Play, scene: Scene | None, present: datetime) -> list[dict[str, object]]:
    """What the officers did since the story's last act: everything waits for somebody now. Answers its lines of the sign-in sheet."""
    if scene is None:
        return []
    stage, data = scene.play, scene.data
    stage.at(max(play.now, stage.now))
    reviews = stage.do(screening.open_reviews, actor=officer(stage), call_id=stage.call_id)
    for review in reviews:
        for channel in stage.script.arrivals.values():
            stage.do(
                applications.register_arrival,
                actor=officer(stage),
                application_id=review.application_id,
                channel=channel,
                arrived_on=scene.closed,
            )
    by_key = {
        key: next(r for r in reviews if r.application_id == pk) for key, pk in stage.applications.items()
    }
    _put_in_charge(stage, data, by_key)
    for found in data.found:
        _record(stage, found, scene.closed)
    for proposal in data.proposals:
        _propose(stage, proposal, by_key[proposal.application])
    for request in data.requests:
        _request(stage, request, present)
    stage.say(None, f"적격성 검토 {len(reviews)}건이 열려 있습니다. 담당자로 들어와 처리해 보세요.")
    play.now = stage.now
    return [
        {
            "who": line.who.model_dump(),
            "organisation": stage.actors[line.person].organisation_name,
            "see": line.see.model_dump(),
            "email": stage.people[line.person].email,
            "path": line.path.format(
                call=data.slug, **{key.replace("-", "_"): pk for key, pk in stage.applications.items()}
            ),
        }
        for line in data.sheet
    ]


def _put_in_charge(stage: Play, data: OpenReview, by_key: dict[str, Review]) -> None:
    for person in sorted(set(data.in_charge.values())):
        own = [by_key[key].pk for key, officer_key in data.in_charge.items() if officer_key == person]
        stage.do(
            screening.assign_officer,
            actor=officer(stage),
            call_id=stage.call_id,
            review_ids=own,
            officer_id=stage.people[person].pk,
        )


def _record(stage: Play, found: Seen, closed: date) -> None:
    organisation = partner_of(stage, found.application, found.partner)
    stage.do(
        screening.record_fact,
        actor=officer(stage),
        application_id=stage.applications[found.application],
        organisation_id=organisation.pk,
        fact=found.fact,
        value=found.value,
        source=found.source,
        as_of=closed,
        since=None if found.since is None else closed - timedelta(days=found.since),
        follow_up=found.follow_up,
        earlier_ended_on=None if found.ended is None else closed - timedelta(days=found.ended),
        note=found.note,
        evidence=None
        if found.evidence is None
        else (f"{found.evidence}.pdf", paper.pdf(found.evidence, (organisation.name, found.note))),
    )


def _propose(stage: Play, proposal: Proposal, review: Review) -> None:
    stage.do(
        screening.propose_exclusion,
        actor=stage.actors[proposal.proposed_by],
        review_id=review.pk,
        clause=proposal.clause,
        organisation_id=partner_of(stage, proposal.application, proposal.partner).pk,
        reason=proposal.reason,
    )
    if proposal.confirmed_by is None:
        return
    stage.do(screening.confirm_exclusion, actor=stage.actors[proposal.confirmed_by], review_id=review.pk)
    if proposal.objection is not None:
        lead = stage.actors[f"{proposal.application}-lead"]
        stage.do(
            screening.file_objection,
            actor=lead,
            application_id=review.application_id,
            text=proposal.objection,
            name="이의신청 증빙.pdf",
            stream=paper.pdf("이의신청 증빙", (lead.organisation_name, proposal.objection)),
        )


def _request(stage: Play, request: Request, present: datetime) -> None:
    due_at = (
        (present + timedelta(days=request.days))
        .astimezone(SEOUL)
        .replace(hour=18, minute=0, second=0, microsecond=0)
    )
    application = stage.applications[request.application]
    if request.partner is not None and request.fact is not None:
        stage.do(
            screening.demand_proof,
            actor=officer(stage),
            application_id=application,
            organisation_id=partner_of(stage, request.application, request.partner).pk,
            fact=request.fact,
            due_at=due_at,
        )
        return
    stage.do(
        screening.request_supplement,
        actor=officer(stage),
        application_id=application,
        what=request.what,
        due_at=due_at,
        opened=(f"document:{request.opens}:",) if request.opens else (),
    )
