"""Which applications an actor may read, and what belongs to one."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from gongmo.applications.acts import OWN_ACTS
from gongmo.applications.models import Application, DraftVersion, Member, Submission
from gongmo.applications.policies import PRESENT, may_see_content, readable_by, visible_to
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import LONG
from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.ledger import queries as ledger
from gongmo.ledger.prepared import prepared
from gongmo.ledger.queries import Record


def visible_applications(actor: Actor, call: Call | None = None) -> QuerySet[Application]:
    """The applications that the actor may see (policy applications.see), of one call when given; lead, region and call at hand."""
    found = (
        Application.objects.filter(visible_to(actor))
        .select_related("lead", "region", "call", "call__version")
        .defer(*(f"call__version__{name}" for name in LONG))
    )
    return found if call is None else found.filter(call=call)


def own_places(actor: Actor, applications: Iterable[Application]) -> dict[int, Member]:
    """The place of the actor's own organisation in each of the applications (invited or joined), by the application's id. None for those
    who act for no applicant. One statement."""
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        return {}
    found = Member.objects.filter(
        organisation=actor.organisation, application__in=list(applications), state__in=PRESENT
    )
    return {member.application_id: member for member in found}


class TakenOut(NotFound):
    """The actor's organisation was in the consortium and is not any more: it is told so, and what it typed stays its own."""

    def __init__(self) -> None:
        super().__init__()
        self.code = "taken_out"
        self.ko = "귀 기관은 이 컨소시엄에 더 이상 들어 있지 않아 신청서를 보거나 저장할 수 없습니다. 까닭은 주관기관에 물어봐 주세요."
        self.en = "Your organisation is no longer in this consortium, so it can neither see nor save the application. Ask the lead why."


def refusal(actor: Actor, application_id: int) -> Refused:
    """Why the actor may not read an application's content: not yet joined, no longer in it, or nothing that it may know of. One query."""
    # An address may name a number that no database holds.
    if actor.role is Role.APPLICANT and actor.organisation is not None and application_id < 2**63:
        places = Member.objects.filter(application=application_id, organisation=actor.organisation)
        state = places.values_list("state", flat=True).first()
        if state == MemberState.INVITED:
            return NotAllowed(
                may_see_content.name,
                "초대를 수락하면 볼 수 있습니다. 신청서의 첫 화면에서 참여할지 먼저 답해 주세요.",
                "You can see this once you accept. Answer the invitation on the application's first page.",
            )
        if state is not None:
            return TakenOut()
    return NotFound()


def application_for(actor: Actor, application_id: int) -> Application:
    """The application, when the actor may read its content. Raises NotFound otherwise, NotAllowed for one that was only invited."""
    if actor.role is Role.APPLICANT and actor.organisation is not None:
        found = _own.first(pk=application_id, organisation=actor.organisation)
    else:
        found = visible_applications(actor).filter(readable_by(actor), pk=application_id).first()
    if found is None:
        raise refusal(actor, application_id)
    return found


@prepared
def _own(*, pk: int, organisation: int) -> QuerySet[Application]:
    """For the person of an organisation that joined: asked for with each page of a desk."""
    actor = replace(PUBLIC, role=Role.APPLICANT, organisation=organisation)
    return visible_applications(actor).filter(readable_by(actor), pk=pk).order_by()


def standing_submission(application: Application) -> Submission | None:
    """The submission that stands: the one that was not withdrawn."""
    return _standing.first(application=application.pk)


@prepared
def _standing(*, application: int) -> QuerySet[Submission]:
    found = Submission.objects.filter(application=application, withdrawn_at__isnull=True).order_by()
    return found.select_related("version").defer(*(f"version__{name}" for name in LONG))


def submissions_of(application: Application) -> QuerySet[Submission]:
    """Every submission of an application, newest first, withdrawn ones too, without their contents."""
    return (
        Submission.objects.filter(application=application)
        .select_related("version", "submitted_by")
        .defer("version__definition", "content", "manifest", "findings")
        .order_by("-number")
    )


def versions_of(application: Application) -> QuerySet[DraftVersion]:
    """The kept states of an application, newest first, without their contents."""
    return (
        DraftVersion.objects.filter(application=application)
        .select_related("saved_by")
        .defer("content")
        .order_by("-revision")
    )


def history(application: Application, limit: int = 50) -> list[Record]:
    """What the record holds of the application's own life, newest first.

    Acts of the floors above (screening, evaluation, awards) on the same subject are theirs to show: not everybody who
    sees the application may see them.
    """
    return ledger.history("application", application.pk, acts=OWN_ACTS, limit=limit)


def version_with_content(application: Application, revision: int) -> DraftVersion | None:
    """A kept state with its content; None where no version was kept under that revision."""
    return DraftVersion.objects.filter(application=application, revision=revision).first()


def manifest(submission: Submission) -> dict[str, Any]:
    """A submission's manifest: receipt number, instant, answers, files with their hashes."""
    found: dict[str, Any] = json.loads(submission.manifest)
    return found
