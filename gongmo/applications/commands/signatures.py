"""Signing on screen what Gongmo wrote. A signature is over exactly the content that its signer saw; nothing is signed silently."""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from gongmo.applications.acts import OWN_ACTS
from gongmo.applications.commands.base import changed, locked, read, require_editable, require_present
from gongmo.applications.commands.documents import Source, keep_content, paperwork_of, place
from gongmo.applications.models import Application, ApplicationDocument, Member, Origin, Signature
from gongmo.applications.paperwork import Paperwork, Slot
from gongmo.applications.policies import may_fill, may_sign
from gongmo.applications.strokes import drawing_text, read_drawing
from gongmo.files.commands import store
from gongmo.files.models import StoredFile
from gongmo.files.names import safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.korean import day, stamp
from gongmo.ledger.queries import history
from gongmo.papers import content_text, to_pdf

LONGEST = 100
TOUCHING = OWN_ACTS - {"applications.register_arrival", "applications.undo_arrival", "applications.sign"}
"""Acts that may change what a paper says."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that somebody signs, as it lay before them: its kind, the member who owes it (None: once for all), its content's hash."""

    kind: str
    member: int | None
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody signs: the typed name and title of the organisation's head or of who signs for it, and what was drawn ("" for nothing)."""

    name: str
    title: str = ""
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """What came of signing: the signatures that stand now, and the documents that are complete with them."""

    signatures: list[Signature]
    documents: list[ApplicationDocument]


_Mark = tuple[str, frozenset[tuple[int, str, str, str, str]]]
"""What a signed paper's file depends on: its content, and each signature as it is drawn."""
_Ready = dict[_Mark, StoredFile]
"""Papers that this act completes, set before anything is locked. Who writes meanwhile in other places makes none of them useless."""


def sign(
    *,
    actor: Actor,
    application_id: int,
    papers: Sequence[Wanted],
    hand: Hand,
    agreed: bool,
    seen_revision: int | None = None,
) -> Signing:
    """Sign papers for the own organisation, all of them or none. Signing again what is signed already changes nothing.

    Each paper is signed over the content that its signer saw; where it has changed since, the act is refused and says what
    was changed since `seen_revision` (the application's revision on the signer's page). When all signatures of a paper stand,
    it becomes the current document in the same act.
    """
    hand, ready = _written(actor, application_id, papers, hand, agreed=agreed)
    with transaction.atomic():
        application = locked(actor, application_id)
        member = _signer(actor, application)
        require_editable(application)
        work = paperwork_of(application)
        slots = _as_seen(work, member, papers, seen_revision)
        now = clock.now()
        signatures: list[Signature] = []
        documents: list[ApplicationDocument] = []
        told = []
        for slot in slots:
            sha256 = work.sha256(slot)
            standing = _standing(application, work, slot)
            own = next((each for each in standing if each.member_id == member.pk), None)
            if own is None:
                own = Signature.objects.create(
                    application=application,
                    member=member,
                    kind=slot.kind.id,
                    content_sha256=sha256,
                    signer_id=actor.person,
                    signer_name=hand.name,
                    signer_title=hand.title,
                    drawing=hand.drawing,
                    signed_at=now,
                )
                standing.append(own)
                keep_content(sha256, content_text(work.paper(slot)))
            signatures.append(own)
            entry: dict[str, object] = {"kind": slot.kind.id, "content_sha256": sha256, "signature": own.pk}
            if _complete(work, slot, standing) and not _current(application, slot, sha256):
                document, replaced = _put(actor, application, work, slot, standing, ready)
                documents.append(document)
                entry |= {"document": document.pk, "sha256": document.file_id, "replaced": replaced}
            told.append(entry)
        changed(
            actor,
            application,
            "applications.sign",
            {"member": member.pk, "organisation": member.organisation_id, "papers": told},
        )
    return Signing(signatures, documents)


def withdraw_signature(*, actor: Actor, signature_id: int) -> Signature:
    """Take an own organisation's signature back. It stays in the record; the document that it completed goes down."""
    with transaction.atomic():
        found = Signature.objects.filter(pk=signature_id).values_list("application_id", flat=True).first()
        if found is None:
            raise NotFound
        application = locked(actor, found)
        signature = Signature.objects.select_related("member__organisation").get(pk=signature_id)
        may_sign.require(actor, signature.member)
        require_editable(application)
        if signature.withdrawn_at is not None:
            raise Refused(
                "signature_withdrawn", "이미 거둔 서명입니다.", "This signature is withdrawn already."
            )
        now = clock.now()
        signature.withdrawn_at = now
        signature.save(update_fields=["withdrawn_at"])
        documents = ApplicationDocument.objects.filter(
            application=application,
            kind=signature.kind,
            content_sha256=signature.content_sha256,
            origin=Origin.SIGNED,
            removed_at__isnull=True,
        ).filter(Q(member=signature.member_id) | Q(member__isnull=True))
        down = list(documents.values_list("pk", flat=True))
        documents.update(removed_at=now)
        changed(
            actor,
            application,
            "applications.withdraw_signature",
            {
                "signature": signature.pk,
                "member": signature.member_id,
                "kind": signature.kind,
                "content_sha256": signature.content_sha256,
                "documents": down,
            },
        )
    return signature


def renew_paper(
    *, actor: Actor, application_id: int, kind: str, member_id: int | None = None
) -> ApplicationDocument:
    """Make the document of a paper whose signatures all stand over its present content (or that needs none). Refused while one is missing."""
    with transaction.atomic():
        application = locked(actor, application_id)
        require_editable(application)
        work = paperwork_of(application)
        slot = work.slots.get((kind, member_id))
        if slot is None or not slot.written:
            raise NotFound
        owner = slot.member or next(m for m in work.members if m.organisation_id == application.lead_id)
        if not may_sign(actor, owner):
            may_fill.require(actor, owner)
        standing = _standing(application, work, slot)
        unready = work.unready(slot)
        if unready is not None:
            raise Refused("paper_unready", unready.ko, unready.en)
        if not _complete(work, slot, standing):
            raise Refused(
                "signatures_missing",
                "지금 내용에 대한 서명이 아직 모자랍니다. 서명할 기관이 모두 서명하면 문서가 됩니다.",
                "Signatures over the present content are still missing. The document is made once all have signed.",
            )
        keep_content(work.sha256(slot), content_text(work.paper(slot)))
        document, replaced = _put(actor, application, work, slot, standing, {})
        changed(
            actor,
            application,
            "applications.renew_paper",
            {
                "kind": kind,
                "member": member_id,
                "content_sha256": document.content_sha256,
                "document": document.pk,
                "sha256": document.file_id,
                "replaced": replaced,
            },
        )
    return document


def _checked(hand: Hand, agreed: bool, papers: Sequence[Wanted]) -> Hand:
    """The hand in its kept form. Raises BadInput."""
    name, title = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (hand.name, hand.title))
    name, title = ("".join(c for c in text if unicodedata.category(c)[0] != "C") for text in (name, title))
    if not papers:
        raise BadInput("papers_missing", "서명할 문서를 골라 주세요.", "Choose what to sign.", field="paper")
    if not name:
        raise BadInput(
            "name_missing", "서명하는 사람의 이름을 적어 주세요.", "Type the signer's name.", field="name"
        )
    for text, place_of in ((name, "name"), (title, "title")):
        if len(text) > LONGEST:
            raise BadInput(
                f"{place_of}_too_long",
                f"{LONGEST}자 이내로 적어 주세요.",
                f"Keep it within {LONGEST} letters.",
                field=place_of,
            )
    if not agreed:
        raise BadInput(
            "agreement_missing",
            "문서를 확인했고 전자서명에 동의한다는 칸에 표시해 주세요.",
            "Tick that you have read the documents and sign electronically.",
            field="agreed",
        )
    return Hand(name, title, drawing_text(read_drawing(hand.drawing)))


def _signer(actor: Actor, application: Application) -> Member:
    """The actor's organisation's place, joined. Raises NotFound, NotAllowed, or Refused for one that has not accepted yet."""
    member = (
        Member.objects.select_related("organisation")
        .filter(application=application, organisation_id=actor.organisation or 0)
        .first()
    )
    if member is None:
        # Officers and the ministry see the application; they have nothing to sign in it.
        raise NotAllowed(
            may_sign.name, f"이 일을 할 권한이 없습니다. {may_sign.ko}", f"You may not do this. {may_sign.en}"
        )
    member.application = application
    may_sign.require(actor, member)
    require_present(member, joined=True)
    return member


def _as_seen(work: Paperwork, member: Member, papers: Sequence[Wanted], seen: int | None) -> list[Slot]:
    """The papers that are wanted, which must be due, ready, the member's to sign, and say what they said when they were seen."""
    found: list[Slot] = []
    moved: list[Slot] = []
    for wanted in papers:
        slot = work.slots.get((wanted.kind, wanted.member))
        if slot is None or not slot.written or member.pk not in {each.pk for each in work.signers(slot)}:
            raise BadInput(
                "paper_not_due",
                "이 기관이 서명할 문서가 아닙니다. 서명할 문서를 다시 골라 주세요.",
                "This is not a document for you to sign. Choose again.",
                field="paper",
            )
        unready = work.unready(slot)
        if unready is not None:
            name = slot.kind.name
            raise Refused("paper_unready", f"‘{name.ko}’: {unready.ko}", f"“{name.en}”: {unready.en}")
        found.append(slot)
        if work.sha256(slot) != wanted.content_sha256:
            moved.append(slot)
    if moved:
        raise _changed_since(work, moved, seen)
    return found


def _changed_since(work: Paperwork, moved: list[Slot], seen: int | None) -> Refused:
    """Say which papers changed while somebody read them, and what was done meanwhile, by whom and when."""
    names_ko = ", ".join(f"‘{slot.kind.name.ko}’" for slot in moved)
    names_en = ", ".join(f"“{slot.kind.name.en}”" for slot in moved)
    acts = [
        record
        for record in history("application", work.application.pk, acts=TOUCHING, limit=20)
        if seen is not None and int(record.payload.get("revision", 0)) > seen
    ][:3]
    told_ko = ", ".join(f"{item.ko}({item.actor_name}, {stamp(item.at, seconds=True)})" for item in acts)
    told_en = ", ".join(f"{item.en} ({item.actor_name}, {stamp(item.at, seconds=True)})" for item in acts)
    return Refused(
        "paper_changed",
        f"읽으시는 동안 {names_ko}의 내용이 바뀌어 서명하지 않았습니다."
        + (f" 그 사이의 일: {told_ko}." if told_ko else "")
        + " 바뀐 내용을 다시 읽고 서명해 주세요.",
        f"{names_en} changed while you were reading, so nothing was signed."
        + (f" What happened: {told_en}." if told_en else "")
        + " Please read again and sign.",
        details={"papers": [[slot.kind.id, slot.key[1]] for slot in moved]},
    )


def _standing(application: Application, work: Paperwork, slot: Slot) -> list[Signature]:
    """The signatures that stand over the paper's present content, of those whose signature it needs."""
    return list(
        Signature.objects.filter(
            application=application,
            kind=slot.kind.id,
            content_sha256=work.sha256(slot),
            member__in=work.signers(slot),
            withdrawn_at__isnull=True,
        )
        .select_related("member")
        .order_by("id")
    )


def _complete(work: Paperwork, slot: Slot, standing: Sequence[Signature]) -> bool:
    return {signature.member_id for signature in standing} >= {member.pk for member in work.signers(slot)}


def _current(application: Application, slot: Slot, sha256: str) -> bool:
    """Whether the document made of this very content, signed on screen, stands already."""
    return application.documents.filter(
        kind=slot.kind.id,
        member=slot.member,
        content_sha256=sha256,
        origin=Origin.SIGNED,
        removed_at__isnull=True,
    ).exists()


def _put(
    actor: Actor,
    application: Application,
    work: Paperwork,
    slot: Slot,
    standing: Sequence[Signature],
    ready: _Ready,
) -> tuple[ApplicationDocument, list[str]]:
    """Make the signed paper the current document. What was written before the lock is used when it holds the same signatures."""
    stored = ready.get(_mark(work, slot, standing)) or _store(work, slot, standing)
    owner = slot.member.organisation.name if slot.member else application.lead.name
    name = safe_name(f"{slot.kind.name.ko}_{owner}.pdf")
    source = Source(Origin.SIGNED, work.sha256(slot))
    return place(actor, application, slot.kind, slot.member, stored, name, source)


def _mark(work: Paperwork, slot: Slot, signatures: Sequence[Signature]) -> _Mark:
    return work.sha256(slot), frozenset(
        (each.member_id, each.signer_name, each.signer_title, each.drawing, day(each.signed_at))
        for each in signatures
    )


def _store(work: Paperwork, slot: Slot, signatures: Sequence[Signature]) -> StoredFile:
    return store(stream=io.BytesIO(to_pdf(work.paper(slot, signatures))), name="paper.pdf")


def _written(
    actor: Actor, application_id: int, papers: Sequence[Wanted], hand: Hand, *, agreed: bool
) -> tuple[Hand, _Ready]:
    """The hand as it is kept, and the papers that this act will complete, written before anything is locked: setting type holds up nobody."""
    application = read(actor, application_id)
    member = _signer(actor, application)
    hand = _checked(hand, agreed, papers)
    require_editable(application)
    work = paperwork_of(application)
    ready: _Ready = {}
    for wanted in papers:
        slot = work.slots.get((wanted.kind, wanted.member))
        if slot is None or not slot.written or work.unready(slot) is not None:
            continue
        if work.sha256(slot) != wanted.content_sha256:
            continue
        standing = _standing(application, work, slot)
        if all(signature.member_id != member.pk for signature in standing):
            standing.append(
                Signature(
                    application=application,
                    member=member,
                    kind=slot.kind.id,
                    content_sha256=wanted.content_sha256,
                    signer_name=hand.name,
                    signer_title=hand.title,
                    drawing=hand.drawing,
                    signed_at=clock.now(),
                )
            )
        if _complete(work, slot, standing):
            ready[_mark(work, slot, standing)] = _store(work, slot, standing)
    return hand, ready
