"""How every document of an application stands: missing, being written, waiting for a signature, complete, signed over older data."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from gongmo.applications.models import Application, ApplicationDocument, Member, PaperContent, Signature
from gongmo.applications.paperwork import Key, Paperwork, Slot
from gongmo.applications.policies import may_see, may_see_content
from gongmo.applications.queries.papers import paper_differences
from gongmo.applications.values import Difference
from gongmo.definition.base import Text
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.states import Family, Shown
from gongmo.ledger.prepared import prepared


class DocumentState(StrEnum):
    MISSING = "missing"
    WRITING = "writing"
    SIGNING = "signing"
    STALE = "stale"
    DONE = "done"


SHOWN = {
    DocumentState.MISSING: Shown("없음", "Missing", Family.ATTENTION),
    DocumentState.WRITING: Shown("쓰는 중", "Being written", Family.PREPARING),
    DocumentState.SIGNING: Shown("서명 기다림", "Waiting for signatures", Family.PROGRESS),
    DocumentState.STALE: Shown("다시 서명 필요", "Sign again", Family.ATTENTION),
    DocumentState.DONE: Shown("완료", "Complete", Family.DONE),
}


@dataclass(slots=True)
class Row:
    """A due document and how it stands.

    `waiting` are the organisations whose signatures are missing; `unready` says what must be written before anybody can
    sign; `signed` tells how many signatures stand over the present content.
    """

    slot: Slot
    document: ApplicationDocument | None
    state: DocumentState
    waiting: list[Member] = field(default_factory=list)
    signed: int = 0
    unready: Text | None = None

    @property
    def shown(self) -> Shown:
        return SHOWN[self.state]

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state is not DocumentState.DONE


def rows_of(work: Paperwork, *, frozen: bool = False) -> list[Row]:
    """Every due document with its state, in the definition's order. `frozen`: as submitted, what is there is complete.

    Two statements, and what the papers need that somebody has signed.
    """
    current = current_documents(work.application)
    standing = standing_signatures(work.application)
    return [_row(work, slot, current.get(slot.key), standing, frozen) for slot in work.slots.values()]


def current_documents(application: Application) -> dict[Key, ApplicationDocument]:
    """The documents that stand, by their place, with their files."""
    return {(item.kind, item.member_id): item for item in _standing(application).select_related("file")}


def handed_in(application: Application) -> list[ApplicationDocument]:
    """The documents that stand, without their files: of those the record does not tell, and a page that is kept by it reads none. One
    statement."""
    return list(_standing(application))


def _standing(application: Application) -> QuerySet[ApplicationDocument]:
    return ApplicationDocument.objects.filter(application=application, removed_at__isnull=True)


def document_for(actor: Actor, document_id: int) -> ApplicationDocument:
    """A document with its file and application, standing or taken down, for whoever may see the application's content, and the own
    organisation's for everyone in it. Raises NotFound otherwise."""
    found = (
        ApplicationDocument.objects.select_related("application__call", "file", "member")
        .filter(pk=document_id)
        .first()
    )
    if found is None or not may_see(actor, found.application):
        raise NotFound
    own = found.member is not None and found.member.organisation_id == actor.organisation
    if not own and not may_see_content(actor, found.application):
        raise NotFound
    return found


Standing = Mapping[str, Mapping[int, frozenset[str]]]
"""By kind and member: the content hashes under which a signature stands."""


def standing_signatures(application: Application) -> Standing:
    """Which signatures stand, without their drawings."""
    found: dict[str, dict[int, frozenset[str]]] = {}
    rows = Signature.objects.filter(application=application, withdrawn_at__isnull=True)
    for kind, member, sha256 in rows.values_list("kind", "member_id", "content_sha256"):
        own = found.setdefault(kind, {})
        own[member] = own.get(member, frozenset()) | {sha256}
    return found


def stale_slots(work: Paperwork) -> list[Slot]:
    """Documents that were signed or sealed over other data than the application holds now. One statement, and the papers' own."""
    held = {(kind, member): sha256 for kind, member, sha256 in _written_over(application=work.application.pk)}
    return [
        slot
        for key, slot in work.slots.items()
        if slot.written and key in held and work.sha256(slot) != held[key]
    ]


@prepared
def _written_over(*, application: int) -> QuerySet[ApplicationDocument, tuple[str, int | None, str]]:
    rows = ApplicationDocument.objects.filter(application=application, removed_at__isnull=True)
    return rows.exclude(content_sha256="").order_by().values_list("kind", "member_id", "content_sha256")


def found_in_files(application: Application) -> tuple[Hashable, ...]:
    """A mark that changes with what was found in the application's files. Files are read by tasks, of which the record tells nothing. One query."""
    return tuple(_inspected(application=application.pk))


@prepared
def _inspected(*, application: int) -> QuerySet[ApplicationDocument, tuple[Any, ...]]:
    found = ApplicationDocument.objects.filter(application=application, file__inspection__isnull=False)
    return (
        found.order_by()
        .values("application")
        .annotate(
            files=Count("pk"),
            attempts=Sum("file__inspection__attempts"),
            versions=Sum("file__inspection__version"),
            checked=Max("file__inspection__checked_at"),
            scanned=Max("file__inspection__scanned_at"),
            unread=Count("pk", filter=Q(file__inspection__state="waiting")),
            unscanned=Count("pk", filter=Q(file__inspection__scan__in=["waiting", "unknown"])),
        )
        .values_list("files", "attempts", "versions", "checked", "scanned", "unread", "unscanned")
    )


def changes_of(work: Paperwork, rows: Iterable[Row]) -> dict[Key, list[Difference]]:
    """What differs between what stale documents say and what the application says now. One statement."""
    stale = {
        row.slot.key: (row.slot, row.document.content_sha256)
        for row in rows
        if row.state is DocumentState.STALE and row.document is not None
    }
    if not stale:
        return {}
    kept = dict(
        PaperContent.objects.filter(pk__in={sha256 for _, sha256 in stale.values()}).values_list(
            "sha256", "content"
        )
    )
    return {
        key: paper_differences(kept[sha256], work.paper(slot))
        for key, (slot, sha256) in stale.items()
        if sha256 in kept
    }


def _row(
    work: Paperwork, slot: Slot, document: ApplicationDocument | None, standing: Standing, frozen: bool
) -> Row:
    if frozen:
        return Row(slot, document, DocumentState.DONE if document else DocumentState.MISSING)
    if not slot.written:
        return Row(slot, document, DocumentState.DONE if document else DocumentState.MISSING)
    if document is not None and not document.content_sha256:
        return Row(slot, document, DocumentState.DONE)
    if document is not None and work.sha256(slot) == document.content_sha256:
        return Row(slot, document, DocumentState.DONE)
    signers = work.signers(slot)
    hashes = standing.get(slot.kind.id, {})
    if any(member.pk in hashes for member in signers):
        sha256 = work.sha256(slot)
        waiting = [member for member in signers if sha256 not in hashes.get(member.pk, ())]
    else:
        waiting = signers
    unready = work.unready(slot)
    if document is not None:
        state = DocumentState.STALE
    else:
        state = DocumentState.WRITING if unready is not None else DocumentState.SIGNING
    return Row(slot, document, state, waiting, len(signers) - len(waiting), unready)


def to_sign(work: Paperwork, member: Member, rows: Iterable[Row]) -> list[Row]:
    """The documents that wait for this member's signature and are ready for it."""
    return [
        row
        for row in rows
        if row.unready is None and row.open and any(each.pk == member.pk for each in row.waiting)
    ]


def removed_documents(application: Application, keys: Iterable[Key]) -> dict[Key, ApplicationDocument]:
    """The document that was taken down last at each of these places, where nothing stands now. One statement."""
    wanted = set(keys)
    if not wanted:
        return {}
    found: dict[Key, ApplicationDocument] = {}
    rows = ApplicationDocument.objects.filter(
        application=application, removed_at__isnull=False, kind__in={kind for kind, _ in wanted}
    )
    for item in rows.order_by("removed_at", "id"):
        if (item.kind, item.member_id) in wanted:
            found[(item.kind, item.member_id)] = item
    return found


def signatures_of(work: Paperwork, slot: Slot) -> list[Signature]:
    """Every signature under a paper, newest first, withdrawn ones and those over other content too, with who gave them."""
    members = [slot.member] if slot.member is not None else None
    found = Signature.objects.filter(application=work.application, kind=slot.kind.id)
    if members is not None:
        found = found.filter(member__in=members)
    return list(found.select_related("member__organisation", "signer").order_by("-id"))
