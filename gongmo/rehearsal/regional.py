"""A region's own call under its agreement, open at the present time, with one draft in it and one company that has not begun."""

from datetime import date, datetime, timedelta

from gongmo.applications import commands as applications
from gongmo.applications.models import Member
from gongmo.awards import commands as awards
from gongmo.awards.models import Agreement
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Truth
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day, stamp
from gongmo.parties.checks import invented_business_number
from gongmo.rehearsal import writing
from gongmo.rehearsal.data import Party
from gongmo.rehearsal.play import Play


def open_regional(play: Play, present: datetime) -> str:
    """Publish the second-level call with an intake window around `present`. Answers its slug."""
    data = play.script.regional
    opens, closes = window(play, present)
    agreement = Agreement.objects.get(application=play.applications[data.under])
    lead = play.organisations[f"{data.under}-lead"]
    play.at(max(play.now, opens - timedelta(hours=3)))
    actor = play.officer(data.officer, lead)
    starts, ends = project(closes.date(), data.project_months)
    definition = play.loaded.regional(
        announced=play.now.astimezone(SEOUL).date().isoformat(),
        opens=stamp(opens),
        closes=stamp(closes),
        opens_on=opens.date().isoformat(),
        closes_on=closes.date().isoformat(),
        starts=day(starts),
        ends=day(ends),
        starts_on=starts.isoformat(),
        ends_on=ends.isoformat(),
        year=starts.year,
        region=play.script.consortium(data.under).government,
    )
    call = play.do(
        awards.open_regional_call,
        actor=actor,
        agreement_id=agreement.pk,
        definition=definition,
        operator_id=lead.pk,
        slug=data.slug,
        intake=(opens, closes),
    )
    level = definition.second_level
    play.say(
        level.clause if level else None, f"‘{call.title_ko}’ 공고를 {agreement.number} 협약 아래 냈습니다."
    )
    _draft(play, call.pk, opens, definition.facts[0].id)
    play.sign_record()
    return call.slug


def window(play: Play, present: datetime) -> tuple[datetime, datetime]:
    """Opening and closing instants: some days before the present at 09:00, some weeks after at the script's hour, in Seoul."""
    data = play.script.regional
    today = present.astimezone(SEOUL)
    opens = (today - timedelta(days=data.opened_days_ago)).replace(hour=9, minute=0, second=0, microsecond=0)
    closes = (today + timedelta(days=data.closes_in_days)).replace(
        hour=data.closes_at_hour, minute=0, second=0, microsecond=0
    )
    return opens, closes


def project(closes: date, months: int) -> tuple[date, date]:
    """First and last day of the project: from the first day of the second month after the closing, within one calendar year.

    Where fewer months are left in that year, it begins on the first of January after.
    """
    month = closes.year * 12 + closes.month - 1 + 2
    if month % 12 + months > 12:
        month = (month // 12 + 1) * 12
    starts = date(month // 12, month % 12 + 1, 1)
    after = month + months
    return starts, date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _company(play: Play, party: Party) -> None:
    number = next(play.number)
    organisation = play.organisation(
        party.id,
        party.name,
        kind=party.kind,
        region=party.region,
        founded_on=party.founded_on,
        business_number=invented_business_number(number),
        invented=True,
    )
    play.member(party.id, organisation, play.script.contact_name)


def _draft(play: Play, call_id: int, opens: datetime, fact: str) -> None:
    data = play.script.regional
    for party in (data.applicant, data.newcomer):
        _company(play, party)
    play.at(max(play.now, opens + timedelta(hours=30)))
    actor = play.actors[data.applicant.id]
    application = play.do(
        applications.start, actor=actor, call_id=call_id, title=data.draft_title, region=data.applicant.region
    )
    play.do(
        applications.update_overview,
        actor=actor,
        application_id=application.pk,
        title=data.draft_title,
        summary=data.draft_summary,
        fields=list(data.draft_fields),
    )
    writing.write(
        play,
        definition_of(application.call),
        actor,
        application.pk,
        fields=data.draft_fields,
        answers=data.draft_answers,
        kpis=data.draft_kpis,
        words={},
    )
    play.applications["draft"] = application.pk
    own = Member.objects.get(application=application)
    play.do(applications.declare, actor=actor, member_id=own.pk, fact=fact, value=Truth.NO)
    play.say(None, f"{data.applicant.name}: 신청서를 쓰기 시작했습니다. 아직 제출하지 않았습니다.")
