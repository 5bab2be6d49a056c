"""What the application commands share: locking, who may know of it, what may be edited when, kept versions."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from gongmo.applications.models import Application, DraftVersion, Member
from gongmo.applications.policies import PRESENT, may_see
from gongmo.applications.queries.snapshot import snapshot
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.commands import append


def read(actor: Actor, application_id: int) -> Application:
    """The application, without locking it. Raises NotFound when the actor may not know of it."""
    return _known(actor, _rows().filter(pk=application_id).first())


def locked(actor: Actor, application_id: int) -> Application:
    """The application, locked until the end of the transaction. Raises NotFound when the actor may not know of it."""
    return _known(actor, _rows().select_for_update(of=("self",)).filter(pk=application_id).first())


def _rows() -> QuerySet[Application]:
    return Application.objects.select_related("call", "call__version", "lead").defer(
        "call__version__definition"
    )


def _known(actor: Actor, application: Application | None) -> Application:
    if application is None or not may_see(actor, application):
        raise NotFound
    return application


def locked_by_member(actor: Actor, member_id: int) -> tuple[Application, Member]:
    """A member and its application, the application locked. Raises NotFound when the actor may not know of it."""
    found = Member.objects.filter(pk=member_id).values_list("application_id", flat=True).first()
    if found is None:
        raise NotFound
    application = locked(actor, found)
    member = Member.objects.select_related("organisation").get(pk=member_id)
    member.application = application
    return application, member


def require_editable(application: Application) -> None:
    """Refused while a submission stands, or when the call is over."""
    if application.state == ApplicationState.SUBMITTED:
        raise Refused(
            "application_submitted",
            "제출한 신청서는 고칠 수 없습니다. 고치려면 마감 전에 철회하고 다시 제출해 주세요.",
            "A submitted application cannot be changed. Withdraw it, change it and submit again before the deadline.",
        )
    if application.call.state in (CallState.CANCELLED, CallState.FINISHED):
        raise Refused(
            "call_over",
            "끝난 공고의 신청서는 고칠 수 없습니다.",
            "This call is over; its applications can no longer be changed.",
        )


def require_present(member: Member, *, joined: bool = False) -> None:
    """Refused when the member is not in the consortium (`joined`: when it has not accepted its invitation yet)."""
    if joined and member.state == MemberState.INVITED:
        raise Refused(
            "member_not_joined",
            "먼저 컨소시엄 참여를 수락해 주세요.",
            "Accept the invitation to the consortium first.",
        )
    if member.state not in PRESENT:
        raise Refused(
            "member_not_present",
            f"‘{member.organisation.name}’은(는) 이 컨소시엄에 들어 있지 않습니다.",
            f"“{member.organisation.name}” is not part of this consortium.",
        )


def changed(
    actor: Actor,
    application: Application,
    act: str,
    payload: Mapping[str, Any],
    *,
    keep: str = "",
    columns: tuple[str, ...] = (),
) -> None:
    """Write what every change writes: revision and instant, a kept version when `keep` names what was done, the ledger entry.

    `columns` are further columns of the application that the caller has set.
    """
    application.revision += 1
    application.changed_at = clock.now()
    application.save(update_fields=["revision", "changed_at", *columns])
    if keep:
        keep_version(actor, application, keep)
    append(
        actor=actor,
        act=act,
        subject=("application", application.pk),
        call=application.call.slug,
        payload={**payload, "revision": application.revision},
    )


def keep_version(actor: Actor, application: Application, what: str) -> DraftVersion:
    """Keep the application's present state under its revision."""
    content = canonical_json({"application": dumped(application), "summary": application.summary})
    return DraftVersion.objects.create(
        application=application,
        revision=application.revision,
        content=content,
        sha256=sha256_hex(content),
        what=what,
        saved_at=application.changed_at,
        saved_by_id=actor.person,
    )


def dumped(application: Application) -> dict[str, Any]:
    """The snapshot in JSON types."""
    return snapshot(application).model_dump(mode="json")
