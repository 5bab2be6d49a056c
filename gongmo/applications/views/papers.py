"""The papers that Gongmo writes: shown, downloaded, signed on screen; and the cover sheet for what is sent by post."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.applications import commands
from gongmo.applications import presentation_documents as shown
from gongmo.applications.commands.documents import UPLOAD_PURPOSE
from gongmo.applications.commands.signatures import Hand, Wanted
from gongmo.applications.models import Member, Signature
from gongmo.applications.papers import cover_paper, load
from gongmo.applications.paperwork import Paperwork, Slot, code_of, printed
from gongmo.applications.queries import application_for, standing_submission
from gongmo.applications.queries.documents import Row, changes_of, signatures_of, to_sign
from gongmo.applications.queries.whose import application_of_signature
from gongmo.applications.views.base import Desk, actor_of, desk, said, show
from gongmo.applications.views.documents import every_row, paperwork
from gongmo.calls.queries import definition_of
from gongmo.files.commands import limit_of
from gongmo.files.names import safe_name
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.papers import Paper, to_hwpx, to_pdf
from gongmo.parties.models import Organisation

MEDIA = {"pdf": "application/pdf", "hwpx": "application/hwp+zip"}


@require_GET
def paper(request: HttpRequest, pk: int, kind: str, member: int | None = None) -> HttpResponse:
    """A paper as it stands: its text, who has signed, who is awaited, and what can be done with it."""
    at = desk(request, pk)
    return _paper_page(request, at, kind, member)


@require_GET
def download(request: HttpRequest, pk: int, kind: str, form: str, member: int | None = None) -> HttpResponse:
    """The paper as it stands as PDF or HWPX, with the signatures that stand and the code for a sealed copy."""
    if form not in MEDIA:
        raise NotFound
    at = desk(request, pk)
    work = paperwork(at)
    row = _row(at, work, kind, member)
    sha256 = work.sha256(row.slot)
    standing = [each for each in signatures_of(work, row.slot) if _stands(each, sha256)]
    made = printed(work.paper(row.slot, standing), sha256)
    owner = row.slot.member.organisation.name if row.slot.member else at.application.lead.name
    return _file(request, made, f"{row.slot.kind.name.ko}_{owner}", form)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that waits for the own organisation's signature, each paper shown, signed in one act."""
    if request.method == "POST":
        try:
            papers = [_wanted(text) for text in request.POST.getlist("paper")]
            seen = request.POST.get("revision", "")
            signing = commands.sign(
                actor=actor_of(request),
                application_id=pk,
                papers=[each for each in papers if each is not None],
                hand=Hand(
                    request.POST.get("name", ""),
                    request.POST.get("title", ""),
                    request.POST.get("drawing", ""),
                ),
                agreed=request.POST.get("agreed") == "yes",
                seen_revision=int(seen) if seen.isdecimal() else None,
            )
        except NotFound:
            raise
        except Refused as refused:
            at = desk(request, pk)
            only = request.POST.get("only", "").partition("|")
            if only[0]:
                member = int(only[2]) if only[2].isdecimal() else None
                return _paper_page(request, at, only[0], member, refused)
            return _sign_page(request, at, refused)
        done = len(signing.documents)
        count = len(signing.signatures)
        messages.success(
            request,
            said(
                f"문서 {count}건에 서명했습니다."
                + (f" 서명이 모두 모인 {done}건이 제출 서류에 들어갔습니다." if done else ""),
                f"{count} signed." + (f" {done} are complete and handed in." if done else ""),
            ),
        )
        return redirect("applications:documents", pk)
    return _sign_page(request, desk(request, pk))


@require_POST
def unsign(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a signature back."""
    actor = actor_of(request)
    try:
        signature = commands.withdraw_signature(actor=actor, signature_id=pk)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, said(refused.ko, refused.en))
        return redirect("applications:documents", application_of_signature(pk))
    messages.success(
        request,
        said(
            "서명을 거두었습니다. 그 서명으로 완성된 문서는 내려갔고, 기록에는 남아 있습니다.",
            "The signature is withdrawn. The document that it completed is down; the record keeps it.",
        ),
    )
    return redirect("applications:documents", signature.application_id)


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the document of a paper that all have signed."""
    kind, _, member = request.POST.get("paper", "").partition("|")
    try:
        commands.renew_paper(
            actor=actor_of(request),
            application_id=pk,
            kind=kind,
            member_id=int(member) if member.isdecimal() else None,
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, said(refused.ko, refused.en))
    else:
        messages.success(request, said("문서를 만들어 넣었습니다.", "The document is made and handed in."))
    return redirect("applications:documents", pk)


@require_GET
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    """The cover sheet for originals by post, with the code that the register of arrivals reads."""
    actor = actor_of(request)
    application = application_for(actor, pk)
    channels = definition_of(application.call).intake.channels
    if not channels:
        raise NotFound
    standing = standing_submission(application)
    made = cover_paper(load(application), receipt_number=standing.receipt_number if standing else "")
    return _file(request, made, said("표지", "Cover"), "pdf")


def _paper_page(
    request: HttpRequest, at: Desk, kind: str, member: int | None, refused: Refused | None = None
) -> HttpResponse:
    work = paperwork(at)
    row = _row(at, work, kind, member)
    sha256 = work.sha256(row.slot)
    history = signatures_of(work, row.slot)
    standing = [each for each in history if _stands(each, sha256)]
    made = work.paper(row.slot, standing)
    signer = shown.signing_member(at.actor, at.own)
    due = signer is not None and at.writable and any(each.pk == signer.pk for each in row.waiting)
    context = {
        "row": row,
        "slot": row.slot,
        "paper": made,
        "blocks": _blocks(made),
        "sha256": sha256,
        "code": code_of(sha256),
        "standing": standing,
        "history": history,
        "own_signatures": {
            each.pk for each in standing if signer is not None and each.member_id == signer.pk
        },
        "sign": due and row.unready is None,
        "renewable": at.writable and row.open and not row.waiting and row.unready is None,
        "may": shown.may_hand_in(at.actor, work, row.slot) and at.writable,
        "changes": changes_of(work, [row]).get(row.slot.key, []),
        "form": _form(request, at, signer),
        "wanted": _word(row.slot, sha256),
        "only": f"{kind}|{member or ''}",
        "purpose": UPLOAD_PURPOSE,
        "limit": limit_of(),
    }
    return show(request, "applications/paper.html", at, context, page="documents", refused=refused)


def refused_seal(request: HttpRequest, pk: int, kind: str, member: str, refused: Refused) -> HttpResponse:
    """The paper's page again, after a sealed copy was refused."""
    return _paper_page(request, desk(request, pk), kind, int(member) if member.isdecimal() else None, refused)


def _sign_page(request: HttpRequest, at: Desk, refused: Refused | None = None) -> HttpResponse:
    work = paperwork(at)
    signer = shown.signing_member(at.actor, at.own)
    rows = to_sign(work, signer, every_row(at)) if signer is not None and at.writable else []
    chosen = set(request.POST.getlist("paper")) if request.method == "POST" else None
    papers = []
    for row in rows:
        sha256 = work.sha256(row.slot)
        made = work.paper(row.slot)
        word = _word(row.slot, sha256)
        papers.append(
            {
                "row": row,
                "paper": made,
                "blocks": _blocks(made),
                "wanted": word,
                "chosen": word in chosen if chosen is not None else len(rows) == 1,
            }
        )
    context: dict[str, Any] = {
        "papers_due": papers,
        "signer": signer,
        "form": _form(request, at, signer),
        "only": "",
    }
    return show(request, "applications/sign.html", at, context, page="documents", refused=refused)


def _form(request: HttpRequest, at: Desk, signer: Member | None) -> dict[str, str]:
    """What stands in the form of a signature: as typed, else from the organisation's profile, else the person's own name."""
    posted = request.POST if request.method == "POST" else None
    organisation: Organisation | None = signer.organisation if signer is not None else None
    name = (organisation.representative_name if organisation else "") or at.actor.name
    title = organisation.representative_title if organisation else ""
    return {
        "name": posted.get("name", "") if posted else name,
        "title": posted.get("title", "") if posted else title,
        "drawing": posted.get("drawing", "") if posted else "",
        "revision": str(at.application.revision),
    }


def _row(at: Desk, work: Paperwork, kind: str, member: int | None) -> Row:
    """The row of a paper that the actor may see. Raises NotFound."""
    found = next((row for row in every_row(at) if row.slot.key == (kind, member)), None)
    if found is None or not found.slot.written:
        raise NotFound
    return found


def _stands(signature: Signature, sha256: str) -> bool:
    return signature.withdrawn_at is None and signature.content_sha256 == sha256


def _blocks(made: Paper) -> list[tuple[str, Any]]:
    return [(type(block).__name__.lower(), block) for block in made.blocks]


def _word(slot: Slot, sha256: str) -> str:
    """A paper with the content that lies before its signer, as one word of a form."""
    return f"{slot.kind.id}|{slot.member.pk if slot.member else ''}|{sha256}"


def _wanted(text: str) -> Wanted | None:
    kind, _, rest = text.partition("|")
    member, _, sha256 = rest.partition("|")
    return Wanted(kind, int(member) if member.isdecimal() else None, sha256) if kind else None


def _file(request: HttpRequest, made: Paper, name: str, form: str) -> HttpResponse:
    """A paper as a file for this person."""
    content = to_pdf(made) if form == "pdf" else to_hwpx(made)
    response = HttpResponse(content, content_type=MEDIA[form])
    inline = form == "pdf" and request.GET.get("show") == "yes"
    response["Content-Disposition"] = (
        content_disposition_header(not inline, safe_name(f"{name}.{form}")) or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
