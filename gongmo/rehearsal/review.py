"""The eligibility review: letters and post, one supplement, one exclusion by four eyes, the others eligible."""

from collections.abc import Mapping

from gongmo.applications import commands as applications
from gongmo.applications.models import Application
from gongmo.definition.application import FactSource, Truth
from gongmo.parties.models import Organisation
from gongmo.rehearsal import paper
from gongmo.rehearsal.data import Found
from gongmo.rehearsal.intake import officer, partner_of
from gongmo.rehearsal.play import Play
from gongmo.screening import commands as screening
from gongmo.screening.models import Review


def screen(play: Play) -> None:
    """From the closed call to a decision on every application."""
    script = play.script
    play.at(script.reviewed_at)
    reviews = play.do(screening.open_reviews, actor=officer(play), call_id=play.call_id)
    by_application: Mapping[int, Review] = {review.application_id: review for review in reviews}
    play.say(_stage_clause(play), f"적격성 검토를 시작했습니다. 신청 {len(reviews)}건.")
    _letters(play)
    _exclude(play, by_application[play.applications[script.exclusion.application]])
    _supplement(play)
    play.at(script.eligible_at)
    excluded = play.applications[script.exclusion.application]
    eligible = [review for review in reviews if review.application_id != excluded]
    for review in eligible:
        play.do(screening.decide_eligible, actor=officer(play, 1), review_id=review.pk)
    play.say(_stage_clause(play), f"{len(eligible)}건을 적격으로 결정했습니다.")
    play.sign_record()


def _stage_clause(play: Play) -> str | None:
    return play.definition.evaluation.clause


def _letters(play: Play) -> None:
    """What came by letter and post is registered with its day."""
    for consortium in play.script.consortia:
        if consortium.refused is not None:
            continue
        days = {"letter": consortium.letter_on, "post": consortium.post_on}
        for what, channel in play.script.arrivals.items():
            day = days[what]
            if day is not None:
                play.do(
                    applications.register_arrival,
                    actor=officer(play),
                    application_id=play.applications[consortium.id],
                    channel=channel,
                    arrived_on=day,
                )
    play.say(play.definition.intake.clause, "공문과 원본의 도착일을 등록했습니다.")


def find_out(play: Play, found: Found) -> Organisation:
    """An officer records what a certificate says of a partner, with the certificate as evidence."""
    organisation = partner_of(play, found.application, found.partner)
    play.at(found.at)
    play.do(
        screening.record_fact,
        actor=officer(play),
        application_id=play.applications[found.application],
        organisation_id=organisation.pk,
        fact=found.fact,
        value=Truth.YES,
        source=FactSource.CERTIFICATE,
        as_of=found.as_of,
        since=found.since,
        note=found.note,
        evidence=(f"{found.evidence}.pdf", paper.pdf(found.evidence, (organisation.name, found.note))),
    )
    play.say(found.clause, f"{organisation.name}: {found.note}")
    return organisation


def _exclude(play: Play, review: Review) -> None:
    exclusion = play.script.exclusion
    organisation = find_out(play, exclusion)
    play.at(exclusion.proposed_at)
    play.do(
        screening.propose_exclusion,
        actor=play.actors[exclusion.proposed_by],
        review_id=review.pk,
        clause=exclusion.clause,
        organisation_id=organisation.pk,
        reason=exclusion.reason,
    )
    play.at(exclusion.confirmed_at)
    play.do(screening.confirm_exclusion, actor=play.actors[exclusion.confirmed_by], review_id=review.pk)
    title = Application.objects.get(pk=review.application_id).title
    play.say(exclusion.clause, f"{title}: 두 담당자의 확인으로 컨소시엄 전체를 제외했습니다.")


def _supplement(play: Play) -> None:
    supplement = play.script.supplement
    application_id = play.applications[supplement.application]
    lead = play.actors[f"{supplement.application}-lead"]
    play.at(supplement.asked_at)
    asked = play.do(
        screening.request_supplement,
        actor=officer(play),
        application_id=application_id,
        what=supplement.what,
        due_at=supplement.due_at,
        opened=(f"document:{supplement.opens}:",),
    )
    play.at(supplement.answered_at)
    for item in asked.items.all():
        play.do(
            screening.attach_to_supplement,
            actor=lead,
            item_id=item.pk,
            name=f"{supplement.document}.pdf",
            stream=paper.pdf(supplement.document, (lead.organisation_name, supplement.answer)),
        )
    play.do(
        screening.answer_supplement,
        actor=lead,
        supplement_id=asked.pk,
        answer=supplement.answer,
    )
    play.at(supplement.accepted_at)
    play.do(screening.accept_supplement, actor=officer(play), supplement_id=asked.pk)
    play.say(None, f"{lead.organisation_name}: 보완요청 1건을 기한 안에 마쳤습니다.")
