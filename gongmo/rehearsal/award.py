"""Negotiation with one failure, allocation, agreements signed by every party, and one termination months later."""

from gongmo.applications.commands.signatures import Hand
from gongmo.applications.models import Application
from gongmo.awards import commands as awards
from gongmo.awards.models import Agreement, Negotiation
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.korean import eok
from gongmo.rehearsal.intake import officer
from gongmo.rehearsal.play import Play
from gongmo.rehearsal.review import find_out


def award(play: Play) -> None:
    """From the ranking to agreements in force, and to the end of one of them."""
    _negotiate(play)
    _allocate(play)
    _agree(play)
    play.sign_record()
    _terminate(play)
    play.sign_record()


def _key(play: Play, application_id: int) -> str:
    return next(key for key, pk in play.applications.items() if pk == application_id)


def _negotiate(play: Play) -> None:
    data = play.script.negotiations
    clause = play.definition.selection.clause
    play.at(data.opened_at)
    opened = play.do(awards.open_negotiations, actor=officer(play), call_id=play.call_id)
    preferred = [_key(play, each.application_id) for each in opened if each.state == "open"]
    if preferred != list(data.preferred):
        raise RuntimeError(f"the script expects {list(data.preferred)} and the ranking gives {preferred}")
    play.say(clause, f"우선협상대상자 {len(preferred)}곳과 협상을 시작했습니다.")
    play.at(data.noted_at)
    for each in opened[: len(preferred)]:
        play.do(awards.note_negotiation, actor=officer(play), negotiation_id=each.pk, text=data.note)
    failed = next(each for each in opened if _key(play, each.application_id) == data.failure.application)
    play.at(data.failure.at)
    promoted = play.do(
        awards.fail_negotiation, actor=officer(play), negotiation_id=failed.pk, reason=data.failure.reason
    )
    if promoted is None or _key(play, promoted.application_id) != data.failure.promoted:
        raise RuntimeError(f"the script expects {data.failure.promoted} to be next in rank")
    gone, come = (
        play.script.consortium(key).title for key in (data.failure.application, data.failure.promoted)
    )
    play.say(clause, f"{gone}: 협상이 이루어지지 않아 차순위인 {come}과 협상합니다.")
    play.at(data.agreed_at)
    waiting = Negotiation.objects.filter(call=play.call_id, state="open").order_by("place")
    for each in list(waiting):
        play.do(awards.agree_negotiation, actor=officer(play), negotiation_id=each.pk, outcome=data.outcome)
    final = Negotiation.objects.filter(call=play.call_id, state="agreed")
    keys = {_key(play, each.application_id) for each in final}
    if keys != set(data.final):
        raise RuntimeError(f"the script expects {sorted(data.final)} to be selected, not {sorted(keys)}")
    play.say(clause, f"{len(keys)}곳을 최종 선정했습니다.")


def _allocate(play: Play) -> None:
    play.at(play.script.allocated_at)
    run = play.do(awards.allocate, actor=officer(play), call_id=play.call_id)
    clause = play.definition.allocation.clause if play.definition.allocation else None
    total = sum(run.lines.values_list("amount", flat=True))
    play.say(clause, f"예산을 배분했습니다. 모두 {eok(total)}원.")


def _signer(play: Play, organisation_id: int) -> Actor:
    """The person who signs for an organisation: an officer of the operator, or an owner."""
    for actor in play.actors.values():
        if actor.organisation == organisation_id and (
            actor.organisation_role is OrganisationRole.OWNER or actor == officer(play)
        ):
            return actor
    raise KeyError(organisation_id)


def _agree(play: Play) -> None:
    data = play.script.agreements
    clause = play.definition.agreement.clause if play.definition.agreement else None
    play.at(data.drawn_up_at)
    won = Negotiation.objects.filter(call=play.call_id, state="agreed").order_by("place")
    drawn = [
        play.do(awards.draw_up_agreement, actor=officer(play), negotiation_id=each.pk) for each in list(won)
    ]
    play.at(data.signed_at)
    for agreement in drawn:
        parties = list(agreement.parties.values_list("organisation_id", flat=True).order_by("pk"))
        paper = agreement.versions.get().paper_sha256
        for organisation_id in parties:
            signer = _signer(play, organisation_id)
            play.do(
                awards.sign_agreement,
                actor=signer,
                agreement_id=agreement.pk,
                paper_sha256=paper,
                hand=Hand(signer.name),
            )
        agreement.refresh_from_db()
        title = Application.objects.get(pk=agreement.application_id).title
        if agreement.state != "in_force":
            raise RuntimeError(f"{agreement.number} is not in force after every party signed")
        play.say(
            clause, f"{title}: {len(parties)}개 기관이 모두 서명해 {agreement.number} 협약이 발효했습니다."
        )


def _terminate(play: Play) -> None:
    data = play.script.termination
    organisation = find_out(play, data)
    agreement = Agreement.objects.get(application=play.applications[data.application])
    play.at(data.ended_at)
    case = play.do(
        awards.open_case,
        actor=officer(play),
        agreement=agreement,
        clause=data.clause,
        reason=data.reason,
        evidence="등록부 재확인 결과 (연습을 위해 지어낸 자료)",
    )
    lead = Application.objects.get(pk=agreement.application_id).lead_id
    play.do(
        awards.state_case,
        actor=_signer(play, lead),
        case_id=case.pk,
        text="드러난 사실을 확인했으며 다른 의견이 없습니다.",
    )
    play.do(
        awards.propose_decision,
        actor=officer(play),
        case_id=case.pk,
        terminate=True,
        reasons=data.reason,
    )
    play.do(awards.confirm_decision, actor=officer(play, 1), case_id=case.pk)
    play.say(data.clause, f"{agreement.number}: {organisation.name}의 제외 사유로 협약을 해약했습니다.")
