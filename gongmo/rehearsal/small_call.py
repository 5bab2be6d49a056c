"""A small second call beside the story's: published, its invented consortia taken in, and closed. Everything goes through the commands."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime, timedelta

from gongmo.calls import commands as calls
from gongmo.definition.base import Identifier, Model, RegionCode, Slug
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import stamp
from gongmo.rehearsal.data import Consortium, Key, Money, Party
from gongmo.rehearsal.intake import apply, officer
from gongmo.rehearsal.play import Play


class Applicant(Model):
    """A consortium of such a call."""

    id: Key
    region: RegionCode
    government: str
    lead: Party
    title: str
    summary: str
    fields: tuple[Identifier, ...]
    partners: tuple[Party, ...]
    money: Money


def days_before(play: Play, before: datetime, days: int) -> datetime:
    """Midnight some days before an instant, or the story's present where that is later."""
    midnight = (before - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(play.now, midnight)


def take_in(
    play: Play,
    *,
    slug: Slug,
    settings: Mapping[str, object],
    applicants: Iterable[Applicant],
    intake: tuple[datetime, datetime],
    told: str,
) -> Play:
    """Play the call up to its closing on a stage of its own: the story's people and organisations, the call's own applications.

    `settings` change the story's definition. `told` says after the call's name what is being done with it now.
    """
    opens, closes = intake
    stage = copy(play)
    stage.applications = {}
    stage.definition = play.loaded.patched_call(
        dict(settings),
        opens_on=opens.astimezone(SEOUL).date().isoformat(),
        closes_on=closes.astimezone(SEOUL).date().isoformat(),
        opens=stamp(opens),
        closes=stamp(closes),
    )
    stage.script = play.script.model_copy(update={"consortia": tuple(_consortia(applicants, opens, closes))})
    stage.at(opens)
    call = stage.do(
        calls.publish,
        actor=officer(stage),
        definition=stage.definition,
        operator_id=stage.organisations[stage.script.agency.id].pk,
        rehearsal=True,
        slug=slug,
        intake=intake,
    )
    stage.call_id = call.pk
    stage.say(None, f"‘{call.title_ko}’ 공고를 냈습니다. {told}")
    stage.run(*(apply(stage, consortium) for consortium in stage.script.consortia))
    stage.at(max(stage.now, closes + timedelta(minutes=1)))
    stage.do(calls.close, actor=officer(stage), call_id=call.pk)
    return stage


def _consortia(applicants: Iterable[Applicant], opens: datetime, closes: datetime) -> Iterable[Consortium]:
    day = closes.astimezone(SEOUL).date()
    for number, each in enumerate(applicants):
        yield Consortium(
            **{name: getattr(each, name) for name in Applicant.model_fields},
            started_at=opens + timedelta(hours=9, minutes=number),
            submitted_at=closes - timedelta(hours=3, minutes=number),
            letter_on=day,
            post_on=day,
        )
