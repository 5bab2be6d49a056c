"""Documents: stored by content, replaced but never lost."""

from typing import BinaryIO

from django.db import transaction

from gongmo.applications.commands.base import changed, locked, require_editable, require_present
from gongmo.applications.models import Application, ApplicationDocument, Member
from gongmo.applications.policies import may_edit, may_fill
from gongmo.calls.queries import definition_of
from gongmo.definition.model import DocumentKind
from gongmo.files.commands import store
from gongmo.files.models import StoredFile
from gongmo.files.names import extension_of, safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound


def attach(
    *,
    actor: Actor,
    application_id: int,
    kind: str,
    name: str,
    stream: BinaryIO,
    member_id: int | None = None,
) -> ApplicationDocument:
    """Hand in a document, or replace the one that is there (the earlier one stays in the record).

    `member_id` names the organisation that owes it; None for a document due once for the whole application. The file is
    stored before anything is locked, so that a slow upload holds up nobody. Raises BadInput for a kind that the call does
    not have, a format that it does not take, a name that hides another content, and unreadable files.
    """
    with transaction.atomic():
        _require(actor, application_id, kind, member_id)
    stored = store(stream=stream, name=name)
    with transaction.atomic():
        application, document_kind, member = _require(actor, application_id, kind, member_id)
        shown = _named(name, stored, document_kind)
        now = clock.now()
        earlier = application.documents.filter(kind=kind, member=member, removed_at__isnull=True)
        replaced = list(earlier.values_list("file_id", flat=True))
        earlier.update(removed_at=now)
        document = ApplicationDocument.objects.create(
            application=application,
            member=member,
            kind=kind,
            file=stored,
            name=shown,
            added_at=now,
            added_by_id=actor.person,
        )
        changed(
            actor,
            application,
            "applications.attach",
            {
                "document": document.pk,
                "kind": kind,
                "organisation": member.organisation_id if member else None,
                "sha256": stored.sha256,
                "size": stored.size,
                "replaced": replaced,
            },
        )
    return document


def detach(*, actor: Actor, document_id: int) -> ApplicationDocument:
    """Take a document down. It stays in the record."""
    with transaction.atomic():
        found = ApplicationDocument.objects.filter(pk=document_id, removed_at__isnull=True).first()
        if found is None:
            raise NotFound
        application = locked(actor, found.application_id)
        _require_own(actor, application, found.member)
        require_editable(application)
        document = ApplicationDocument.objects.filter(pk=document_id, removed_at__isnull=True).first()
        if document is None:
            raise NotFound
        document.removed_at = clock.now()
        document.save(update_fields=["removed_at"])
        changed(
            actor,
            application,
            "applications.detach",
            {"document": document.pk, "kind": document.kind, "sha256": document.file_id},
        )
    return document


def _require(
    actor: Actor, application_id: int, kind: str, member_id: int | None
) -> tuple[Application, DocumentKind, Member | None]:
    """Lock the application and see that the document may be handed in there."""
    application = locked(actor, application_id)
    document_kind = next(
        (item for item in definition_of(application.call).documents if item.id == kind), None
    )
    if document_kind is None:
        raise BadInput(
            "document_kind_unknown",
            "이 공고에 없는 문서입니다. 문서의 종류를 다시 골라 주세요.",
            "The call has no such document. Choose its kind again.",
            field="kind",
        )
    member: Member | None = None
    if document_kind.per == "organisation":
        member = (
            Member.objects.select_related("organisation", "application")
            .filter(pk=member_id or 0, application=application)
            .first()
        )
        if member is None:
            raise BadInput(
                "document_member_missing",
                "어느 기관의 문서인지 골라 주세요.",
                "Choose whose document this is.",
                field="member",
            )
        require_present(member)
    _require_own(actor, application, member)
    require_editable(application)
    return application, document_kind, member


def _require_own(actor: Actor, application: Application, member: Member | None) -> None:
    if member is None:
        may_edit.require(actor, application)
    else:
        may_fill.require(actor, member)


def _named(name: str, stored: StoredFile, kind: DocumentKind) -> str:
    """The file's name as it is kept and shown. Raises BadInput for a content that the document is not taken in."""
    if stored.extension not in kind.formats:
        formats = ", ".join(kind.formats)
        raise BadInput(
            "document_format",
            f"이 문서는 {formats} 형식으로 냅니다. 올리신 파일은 {stored.extension} 형식입니다.",
            f"This document is taken as {formats}. Your file is {stored.extension}.",
            field="file",
            details={"formats": list(kind.formats), "found": stored.extension},
        )
    shown = safe_name(name, fallback=kind.name.ko)
    if extension_of(shown) == stored.extension and not shown.lower().endswith(".jpeg"):
        return shown
    stem = shown.rpartition(".")[0] if extension_of(shown) == stored.extension else shown
    return f"{stem}.{stored.extension}"
