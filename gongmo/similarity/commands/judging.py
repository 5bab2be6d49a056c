"""What counts: an officer's judgement with its reason, and the word that the check is done."""

from datetime import date
from typing import Any, BinaryIO

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.queries import definition_of
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.ledger.locks import lock
from gongmo.similarity import policies
from gongmo.similarity.models import Conclusion, EarlierProject, Judgement, Look, Match, Pair
from gongmo.similarity.signals import concluded, judged
from gongmo.similarity.standing import newest_judgements, to_be_judged
from gongmo.similarity.states import Verdict

LONGEST = 4000


def judge(
    *,
    actor: Actor,
    application_id: int,
    verdict: Verdict,
    reason: str,
    organisation_id: int,
    project_id: int | None = None,
    other_id: int | None = None,
    ended_on: date | None = None,
    evidence: tuple[str, BinaryIO] | None = None,
) -> Judgement:
    """Judge an earlier project, or another application of the call, beside an application. Replaces an earlier judgement on the same thing.

    `organisation_id` is the consortium's member that it concerns. A follow-up needs the day on which the earlier project ended, and its
    proof (`evidence`: name and content). Raises NotFound, NotAllowed, BadInput, and Refused where a receiver refuses (no review is open).
    """
    found = _application(actor, application_id)
    stored = store(stream=evidence[1], name=evidence[0]) if evidence is not None else None
    with transaction.atomic():
        if not lock(Application, found.pk):
            raise NotFound
        application = _application(actor, application_id)
        verdict = Verdict(verdict)
        told = _thing(actor, application, project_id, other_id)
        _check(application, verdict, reason, organisation_id, ended_on, evidence is not None)
        made = Judgement.objects.create(
            application=application,
            organisation_id=organisation_id,
            project=project_id,
            other_id=other_id,
            told=told,
            verdict=verdict,
            reason=reason.strip(),
            ended_on=ended_on if verdict is Verdict.FOLLOW_UP else None,
            evidence=stored,
            evidence_name=evidence[0][:255] if evidence else "",
            judged_at=clock.now(),
            judged_by_id=actor.person,
        )
        append(
            actor=actor,
            act="similarity.judge",
            subject=("similar", application.pk),
            call=application.call.slug,
            payload={
                "judgement": made.pk,
                "organisation": organisation_id,
                "project": project_id,
                "other": other_id,
                "told": told,
                "verdict": verdict.value,
                "ended_on": made.ended_on,
                "evidence": stored.sha256 if stored else None,
            },
        )
        judged.send(sender=Judgement, judgement=made, actor=actor)
    return made


def conclude(*, actor: Actor, application_id: int, reason: str) -> Conclusion:
    """Say that an application is checked. Refused while a likeness from the call's limit up is not judged, or no search has been made."""
    _application(actor, application_id)
    with transaction.atomic():
        if not lock(Application, application_id):
            raise NotFound
        application = _application(actor, application_id)
        look = Look.objects.filter(application=application).first()
        if look is None:
            raise Refused(
                "not_looked",
                "아직 유사 과제를 찾지 않았습니다. 찾기를 마친 뒤에 검토를 끝내 주세요.",
                "No search has been made yet; conclude once it is done.",
            )
        open_ = to_be_judged(application, definition_of(application.call).similar)
        if open_:
            raise Refused(
                "not_judged",
                f"판단하지 않은 유사 과제가 {len(open_)}건 있습니다. 모두 판단한 뒤에 검토를 끝내 주세요.",
                f"{len(open_)} found item(s) are not judged yet.",
                details={"open": len(open_)},
            )
        said = _said(reason)
        standing = newest_judgements(application.pk)
        made = Conclusion.objects.create(
            application=application,
            reason=said,
            judged=len(standing),
            sources=look.sources,
            corpus=look.corpus,
            concluded_at=clock.now(),
            concluded_by_id=actor.person,
        )
        append(
            actor=actor,
            act="similarity.conclude",
            subject=("similar", application.pk),
            call=application.call.slug,
            payload={
                "conclusion": made.pk,
                "judged": sorted(each.pk for each in standing),
                "sources": look.sources,
                "corpus": look.corpus,
                "among": look.among,
            },
        )
        concluded.send(sender=Conclusion, conclusion=made, actor=actor)
    return made


def _application(actor: Actor, application_id: int) -> Application:
    found = (
        Application.objects.select_related("call__version", "call__operator", "lead")
        .filter(pk=application_id)
        .first()
    )
    if found is None or not policies.oversee(actor, found.call):
        raise NotFound
    policies.judge.require(actor, found.call)
    if found.state != ApplicationState.SUBMITTED:
        raise Refused(
            "application_not_submitted",
            "제출된 신청만 판단할 수 있습니다.",
            "Only a submitted application is judged.",
        )
    return found


def _thing(
    actor: Actor, application: Application, project_id: int | None, other_id: int | None
) -> dict[str, Any]:
    """What is judged, in words that outlive its row. Raises NotFound for anything that this application was not found beside."""
    if (project_id is None) == (other_id is None):
        raise BadInput(
            "thing_missing", "판단할 과제를 골라 주세요.", "Choose what is judged.", field="project"
        )
    if other_id is not None:
        ids = sorted((application.pk, other_id))
        pair = (
            Pair.objects.filter(left=ids[0], right=ids[1]).select_related("left__lead", "right__lead").first()
        )
        other = (
            Application.objects.select_related("lead").filter(pk=other_id, call=application.call_id).first()
        )
        if pair is None or other is None:
            raise NotFound
        return {"title": other.title, "organisation": other.lead.name, "score": pair.score}
    match = (
        Match.objects.filter(look__application=application, project=project_id)
        .select_related("project__corpus_import")
        .filter(project__in=EarlierProject.objects.filter(policies.visible_projects(actor)))
        .first()
    )
    if match is None:
        raise NotFound
    project = match.project
    return {
        "list": project.corpus_import.name if project.corpus_import else project.programme,
        "number": project.number,
        "title": project.title,
        "organisation": project.organisation,
        "year": project.year,
        "score": match.score,
        "sha256": project.sha256,
    }


def _said(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise BadInput(
            "reason_missing",
            "왜 그렇게 판단했는지 적어 주세요.",
            "Say why you judge so.",
            field="reason",
        )
    if len(text) > LONGEST:
        raise BadInput(
            "reason_too_long",
            f"{LONGEST:,}자 이내로 줄여 주세요. 지금은 {len(text):,}자입니다.",
            f"Shorten this to {LONGEST:,} letters.",
            field="reason",
        )
    return text


def _check(
    application: Application,
    verdict: Verdict,
    reason: str,
    organisation_id: int,
    ended_on: date | None,
    proof: bool,
) -> None:
    _said(reason)
    if not application.members.filter(organisation_id=organisation_id, state=MemberState.ACCEPTED).exists():
        raise BadInput(
            "not_a_member",
            "이 컨소시엄에 참여한 기관을 골라 주세요.",
            "Choose an organisation of this consortium.",
            field="organisation",
        )
    if verdict is not Verdict.FOLLOW_UP:
        return
    if ended_on is None:
        raise BadInput(
            "ended_on_missing",
            "후속 지원이라면 앞선 과제가 끝난 날을 적어 주세요.",
            "For a follow-up, give the day on which the earlier project ended.",
            field="ended_on",
        )
    if not proof:
        raise BadInput(
            "evidence_missing",
            "후속 지원이라면 앞선 과제가 끝났다는 증빙을 붙여 주세요.",
            "For a follow-up, attach the proof that the earlier project ended.",
            field="evidence",
        )
