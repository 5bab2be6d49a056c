"""Judgements on similar projects become facts of the eligibility review, inside the transaction of the judgement (clause A-5a's kind).

What counts is the officer's word: an earlier project that is the same answers the call's question with yes, a follow-up with yes and its
end (the exception then decides), and a check that is concluded with no, for organisations that nothing speaks against.
"""

from typing import Any

from django.dispatch import receiver

from gongmo.applications.models import Application
from gongmo.calls.queries import definition_of
from gongmo.definition.application import FactSource, Truth
from gongmo.files.queries import open_file
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import Refused
from gongmo.screening.commands.facts import record_fact
from gongmo.screening.judgement import screened_value
from gongmo.screening.models import FactRecord, Review
from gongmo.similarity.models import Conclusion, Judgement
from gongmo.similarity.signals import concluded, judged
from gongmo.similarity.standing import newest_judgements
from gongmo.similarity.states import Verdict

MARK = "유사 과제 판단"
"""How the note of a fact begins that a judgement wrote."""


@receiver(judged, dispatch_uid="screening.similar_judged")
def take_judgement(sender: object, *, judgement: Judgement, actor: Actor, **_: Any) -> None:
    """Write what the standing judgements on one organisation come to. Refused while no review is open."""
    application = judgement.application
    fact = _question(application)
    if fact is None:
        return
    _needs_review(application)
    standing = [
        each
        for each in newest_judgements(application.pk)
        if each.organisation_id == judgement.organisation_id
    ]
    same = [each for each in standing if each.verdict == Verdict.SAME]
    followed = [each for each in standing if each.verdict == Verdict.FOLLOW_UP]
    counts = same or sorted(followed, key=lambda each: each.ended_on or clock.now().date())
    ground = counts[-1] if counts else None
    if ground is None:
        if _ours(application, judgement.organisation_id, fact):
            _record(
                actor,
                application,
                judgement.organisation_id,
                fact,
                Truth.NO,
                f"{MARK} {judgement.pk}: {judgement.reason}",
            )
        return
    name = ground.told.get("number") or ground.told.get("title", "")
    _record(
        actor,
        application,
        judgement.organisation_id,
        fact,
        Truth.YES,
        f"{MARK} {ground.pk} ({name}): {ground.reason}",
        follow_up=not same,
        judgement=ground,
    )


@receiver(concluded, dispatch_uid="screening.similar_concluded")
def take_conclusion(sender: object, *, conclusion: Conclusion, actor: Actor, **_: Any) -> None:
    """Answer the question with no for the organisations whose answer is not yes, and that no officer has answered for by hand."""
    application = conclusion.application
    fact = _question(application)
    if fact is None:
        return
    _needs_review(application)
    for organisation in screened_value(application).organisations:
        held = organisation.facts.get(fact)
        if held is not None and (held.value is Truth.YES or held.source is FactSource.OFFICER):
            continue
        _record(
            actor,
            application,
            int(organisation.id),
            fact,
            Truth.NO,
            f"중복성 검토 {conclusion.pk}: {conclusion.reason}",
        )


def _question(application: Application) -> str | None:
    settings = definition_of(application.call).similar
    return None if settings is None else settings.fact


def _needs_review(application: Application) -> None:
    if not Review.objects.filter(application=application).exists():
        raise Refused(
            "review_not_open",
            "이 신청의 적격성 검토가 아직 시작되지 않았습니다. 적격성 검토를 시작한 뒤에 판단해 주세요.",
            "The eligibility review of this application is not open yet. Open it, then judge.",
        )


def _ours(application: Application, organisation_id: int, fact: str) -> bool:
    """Whether the officer's answer that stands came from a judgement: one written by hand is not taken back by it."""
    newest = (
        FactRecord.objects.filter(
            application=application, organisation=organisation_id, fact=fact, source=FactSource.OFFICER
        )
        .order_by("-pk")
        .first()
    )
    return newest is not None and newest.note.startswith(MARK)


def _record(
    actor: Actor,
    application: Application,
    organisation_id: int,
    fact: str,
    value: Truth,
    note: str,
    *,
    follow_up: bool = False,
    judgement: Judgement | None = None,
) -> None:
    proof = judgement.evidence if judgement is not None and follow_up else None
    evidence = None
    if proof is not None and judgement is not None:
        evidence = (judgement.evidence_name, open_file(proof.sha256))
    try:
        record_fact(
            actor=actor,
            application_id=application.pk,
            organisation_id=organisation_id,
            fact=fact,
            value=value,
            source=FactSource.OFFICER,
            as_of=clock.now().astimezone(SEOUL).date(),
            follow_up=True if follow_up else None,
            earlier_ended_on=judgement.ended_on if judgement is not None and follow_up else None,
            note=note,
            evidence=evidence,
        )
    finally:
        if evidence is not None:
            evidence[1].close()
