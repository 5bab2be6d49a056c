"""The pool of invented experts, and their committee: proposed by the optimiser, changed by hand with reasons, fixed, pledged."""

from gongmo.evaluation import commands as evaluation
from gongmo.evaluation.forming import Asked
from gongmo.evaluation.models import Committee, Disqualification, Evaluator
from gongmo.kernel.actor import Role
from gongmo.kernel.clock import SEOUL
from gongmo.rehearsal.data import Account, Expert
from gongmo.rehearsal.intake import officer, partner_of
from gongmo.rehearsal.play import Play


def register_pool(play: Play) -> dict[int, str]:
    """Accounts and places in the pool for every invented expert: the script's key by the expert's id."""
    data = play.script.committee
    keys = {_register(play, expert): expert.id for expert in (*data.members, *data.pool)}
    play.say(None, f"평가위원 후보 {len(keys)}명을 등록했습니다 (모두 지어낸 사람입니다).")
    return keys


def seat_committee(play: Play) -> Committee:
    """From the empty pool to a committee that has pledged."""
    data = play.script.committee
    keys = register_pool(play)
    play.at(max(play.now, data.formed_at))
    proposal = play.do(
        evaluation.propose_committee, actor=officer(play), call_id=play.call_id, name=data.name, asked=Asked()
    )
    clause = play.definition.evaluation.committee.clause
    members = [each["expert"] for each in proposal.seats if not each["reserve"]]
    play.say(clause, f"구성안 {proposal.draw}번째: {', '.join(members)} ({proposal.solver})")
    for change in data.changes:
        broken = play.do(
            evaluation.change_proposal,
            actor=officer(play),
            proposal_id=proposal.pk,
            out=change.out,
            into=change.into,
            chair=change.chair,
            reason=change.reason,
        )
        play.say(None, f"손으로 바꿈: {change.reason}" + "".join(f" ({each.text.ko})" for each in broken))
    committee = play.do(evaluation.fix_proposal, actor=officer(play), proposal_id=proposal.pk)
    seats = list(committee.seats.select_related("evaluator").order_by("pk"))
    regular = sum(not seat.reserve for seat in seats)
    play.say(clause, f"{data.name}를 꾸렸습니다. 위원 {regular}명, 예비위원 {len(seats) - regular}명.")
    for out in Disqualification.objects.filter(seat__committee=committee).select_related("seat__evaluator"):
        play.say(None, f"{out.seat.evaluator.label} 제척: {out.reason}")
    play.at(max(play.now, data.pledged_at))
    for seat in seats:
        play.do(evaluation.pledge, actor=play.actors[keys[seat.evaluator_id]], seat_id=seat.pk)
    return committee


def _register(play: Play, expert: Expert) -> int:
    """An account and a place in the pool; the expert's id."""
    actor = play.officer(Account(id=expert.id, name=expert.label, role=Role.EVALUATOR), None)
    works = expert.works_for
    today = play.now.astimezone(SEOUL).date()
    made: Evaluator = play.do(
        evaluation.register_evaluator,
        actor=officer(play),
        person_id=actor.person or 0,
        label=expert.label,
        sector=expert.sector,
        expertise=list(expert.expertise),
        affiliations=[] if works is None else [(partner_of(play, works[0], works[1]).pk, works[2], None)],
        pool_consent_on=None if expert.unasked else today,
        privacy_consent_on=None if expert.unasked else today,
    )
    if expert.employer is not None:
        play.do(
            evaluation.add_affiliation,
            actor=officer(play),
            evaluator_id=made.pk,
            organisation=expert.employer,
            since=expert.since or today,
        )
    if expert.sessions or expert.region:
        play.do(
            evaluation.update_evaluator,
            actor=officer(play),
            evaluator_id=made.pk,
            sector=expert.sector,
            expertise=list(expert.expertise),
            region=expert.region,
            active=True,
            outside_sessions=expert.sessions,
        )
    return made.pk
