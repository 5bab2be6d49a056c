"""Documents: stored by content, replaced but never lost."""

from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from gongmo.applications.commands.base import (
    changed,
    lock_as_read,
    locked,
    member_in,
    read,
    require_editable,
    require_present,
)
from gongmo.applications.models import Application, ApplicationDocument, Member, Origin, PaperContent
from gongmo.applications.paperwork import Paperwork, code_of, same_code
from gongmo.applications.policies import may_edit, may_fill
from gongmo.applications.queries.snapshot import present_members, snapshot
from gongmo.calls.queries import definition_of
from gongmo.definition.model import DocumentKind
from gongmo.files.commands import bring
from gongmo.files.models import StoredFile
from gongmo.files.names import extension_of, safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger.writing import insert, update_where
from gongmo.papers import content_text

UPLOAD_PURPOSE = "application-document"
"""What uploads for `attach` are begun for (gongmo.files)."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a document came to be (`Origin`), and of a sealed or signed one the hash of the data in it."""

    origin: Origin = Origin.UPLOAD
    content_sha256: str = ""


def attach(
    *,
    actor: Actor,
    application_id: int,
    kind: str,
    name: str = "",
    stream: BinaryIO | None = None,
    upload: str = "",
    member_id: int | None = None,
    code: str = "",
) -> ApplicationDocument:
    """Hand in a document, or replace the one that is there (the earlier one stays in the record).

    The file comes as a `stream` or as the id of a finished `upload` (gongmo.files). `member_id` names the organisation that owes
    it; None for a document due once for the whole application. `code` is what stands on a paper that Gongmo wrote and
    somebody sealed: it must be the code of the data as they are now. The bytes are kept before anything is locked, so that
    a slow upload holds up nobody; their row is written with the document, so that neither is there without the other. Raises BadInput for a kind that the call does not have, a format that it does not
    take, a name that hides another content, and unreadable files.
    """
    application = read(actor, application_id)
    document_kind, member = _require(application, actor, kind, member_id)
    brought, given = bring(actor=actor, purpose=UPLOAD_PURPOSE, name=name, stream=stream, upload=upload)
    with transaction.atomic():
        standing = lock_as_read(actor, application)
        if standing is None:
            application = locked(actor, application_id)
            document_kind, member = _require(application, actor, kind, member_id)
        stored = brought.row()
        shown = fitting_name(given, stored, document_kind)
        source = Source()
        if code.strip():
            source = _sealed(application, document_kind, member, code)
        document, replaced = place(actor, application, document_kind, member, stored, shown, source)
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
                "origin": source.origin.value,
                "content_sha256": source.content_sha256,
            },
            counted=standing is not None,
            end=standing.end if standing is not None else None,
        )
    return document


def detach(*, actor: Actor, document_id: int) -> ApplicationDocument:
    """Take a document down. It stays in the record."""
    with transaction.atomic():
        application, document = _own_document(actor, document_id, removed=False)
        document.removed_at = clock.now()
        document.save(update_fields=["removed_at"])
        changed(
            actor,
            application,
            "applications.detach",
            {"document": document.pk, "kind": document.kind, "sha256": document.file_id},
        )
    return document


def reinstate(*, actor: Actor, document_id: int) -> ApplicationDocument:
    """Bring back a document that was taken down or replaced: it becomes the current one again, and what stood there goes down."""
    with transaction.atomic():
        application, earlier = _own_document(actor, document_id, removed=True)
        kind, member = _require(application, actor, earlier.kind, earlier.member_id)
        document, replaced = place(
            actor,
            application,
            kind,
            member,
            earlier.file,
            earlier.name,
            Source(Origin(earlier.origin), earlier.content_sha256),
        )
        changed(
            actor,
            application,
            "applications.reinstate",
            {
                "document": document.pk,
                "earlier": earlier.pk,
                "kind": kind.id,
                "sha256": document.file_id,
                "replaced": replaced,
            },
        )
    return document


def place(
    actor: Actor,
    application: Application,
    kind: DocumentKind,
    member: Member | None,
    stored: StoredFile,
    name: str,
    source: Source,
) -> tuple[ApplicationDocument, list[str]]:
    """Make a stored file the current document; the hashes of what it replaced. The caller has locked the application and asked who may."""
    now = clock.now()
    place = {
        "application": application.pk,
        "kind": kind.id,
        "member": member.pk if member is not None else None,
        "removed_at": None,
    }
    replaced = [each.file_id for each in update_where(ApplicationDocument, {"removed_at": now}, place)]
    document = ApplicationDocument(
        application=application,
        member=member,
        kind=kind.id,
        file=stored,
        name=name,
        added_at=now,
        added_by_id=actor.person,
        origin=source.origin,
        content_sha256=source.content_sha256,
    )
    insert(document)
    return document, replaced


def keep_content(sha256: str, text: str) -> None:
    """Keep what a paper said, once. Inside the transaction of the act that signs or seals it."""
    PaperContent.objects.get_or_create(sha256=sha256, defaults={"content": text, "kept_at": clock.now()})


def paperwork_of(application: Application) -> Paperwork:
    """The application's papers as they stand now. Five statements, and what the papers themselves need."""
    members = present_members(application)
    for member in members:
        member.application = application
    value = snapshot(application, members=members)
    return Paperwork(application, definition_of(application.call), members, value)


def _sealed(application: Application, kind: DocumentKind, member: Member | None, code: str) -> Source:
    """Match the code on a sealed paper with the data as they are now, and keep what the paper said."""
    papers = paperwork_of(application)
    slot = papers.slots.get((kind.id, member.pk if member else None))
    if slot is None or not slot.written:
        raise BadInput(
            "paper_unknown",
            "이 문서는 Gongmo가 쓰는 문서가 아닙니다. 코드 없이 올려 주세요.",
            "Gongmo does not write this document. Hand it in without a code.",
            field="code",
        )
    sha256 = papers.sha256(slot)
    if not same_code(code, sha256):
        raise BadInput(
            "paper_code_differs",
            f"적으신 코드는 지금 내용의 코드({code_of(sha256)})와 다릅니다. 잘못 옮겨 적지 않았는지 보시고, 인쇄한 뒤 내용을 고쳤다면"
            " 다시 내려받아 직인을 찍어 주세요.",
            f"The code is not that of the present content ({code_of(sha256)}). Check what you typed; if the content was changed after"
            " printing, print and seal it again.",
            field="code",
        )
    keep_content(sha256, content_text(papers.paper(slot)))
    return Source(Origin.SEALED, sha256)


def _own_document(
    actor: Actor, document_id: int, *, removed: bool
) -> tuple[Application, ApplicationDocument]:
    """A document that stands (or was removed) and its application, locked. Raises NotFound; NotAllowed for others' documents."""
    rows = ApplicationDocument.objects.filter(pk=document_id, removed_at__isnull=not removed)
    found = rows.first()
    if found is None:
        raise NotFound
    application = locked(actor, found.application_id)
    _require_own(actor, application, found.member)
    require_editable(application)
    document = rows.select_related("file").first()
    if document is None:
        raise NotFound
    return application, document


def _require(
    application: Application, actor: Actor, kind: str, member_id: int | None
) -> tuple[DocumentKind, Member | None]:
    """See that the document may be handed in there: its kind, and the organisation that owes it."""
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
        member = member_in(application, member_id or 0)
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
    return document_kind, member


def _require_own(actor: Actor, application: Application, member: Member | None) -> None:
    if member is None:
        may_edit.require(actor, application)
    else:
        may_fill.require(actor, member)


def fitting_name(name: str, stored: StoredFile, kind: DocumentKind) -> str:
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
