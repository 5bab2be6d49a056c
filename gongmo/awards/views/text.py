"""An agreement's text: read, signed, revised, downloaded, signed elsewhere with a party's own certificate, told in a letter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications.commands.signatures import Hand
from gongmo.awards import commands, policies, printing, queries
from gongmo.awards.models import Agreement, PrintKind
from gongmo.awards.queries.versions import VersionView
from gongmo.awards.states import AgreementState, VersionState, versions_table
from gongmo.calls.queries import definition_of
from gongmo.files.responses import send
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import own_organisation

LARGEST = 50 * 1024**2


@require_GET
def text(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """A version's text, the current one without a number; with the form to sign where it is the reader's turn."""
    actor = actor_of(request)
    return _page(request, actor, queries.agreement_for(actor, pk), number)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the version that lies before the signer."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    given = request.POST
    try:
        signed = commands.sign_agreement(
            actor=actor,
            agreement_id=pk,
            paper_sha256=given.get("paper", ""),
            hand=Hand(given.get("name", ""), given.get("title", ""), given.get("drawing", "")),
            agreed=given.get("agreed") == "yes",
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, actor, agreement, None, refused)
    waiting = queries.current_version(signed)
    done = waiting is not None and waiting.state == VersionState.IN_FORCE
    messages.success(
        request,
        said(
            "모든 당사자가 서명하여 효력이 생겼습니다. 봉인한 협약서를 만들고 있습니다.",
            "Everybody has signed; it is in force. The sealed document is being made.",
        )
        if done
        else said("서명했습니다. 다른 당사자의 서명을 기다립니다.", "Signed; the other parties are awaited."),
    )
    return redirect("awards:agreement", pk)


@require_POST
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the text of an agreement that is still being signed."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    given = request.POST
    try:
        commands.revise_agreement(
            actor=actor,
            agreement_id=pk,
            revision=commands.Revision(
                scope=given.get("scope", "").strip(),
                goals_text=given.get("goals_text", "").strip(),
                director=given.get("director", "").strip(),
                conditions=tuple(
                    line.strip() for line in given.get("conditions", "").splitlines() if line.strip()
                ),
            ),
            reason=given.get("reason", ""),
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, actor, agreement, None, refused)
    messages.success(
        request,
        said(
            "협약을 고쳤습니다. 앞선 서명은 효력이 없고, 모든 당사자가 새 판에 서명합니다.",
            "The agreement is revised; every party signs the new version.",
        ),
    )
    return redirect("awards:text", pk)


@require_GET
def download(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponseBase:
    """A file of a version: pdf, hwpx, sealed, own. One that is not made yet is made by the queue; the page says so."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    version = queries.version_of(actor, agreement, number)
    if kind not in PrintKind.values:
        raise NotFound
    found = (
        queries.newest_sealed(version) if kind == PrintKind.OWN else printing.known(version, PrintKind(kind))
    )
    if found is None:
        if kind in (PrintKind.PDF, PrintKind.HWPX):
            commands.enqueue_print(version)
        elif kind == PrintKind.SEALED and version.in_force_at is not None:
            commands.enqueue_seal(version)
        else:
            raise NotFound
        messages.info(
            request,
            said(
                "파일을 만들고 있습니다. 잠시 뒤에 다시 눌러 주세요.",
                "The file is being made; try again in a moment.",
            ),
        )
        return redirect("awards:text_version", pk, number)
    suffix = printing.SUFFIX[PrintKind(found.kind)]
    name = f"{agreement.number}_제{number}판{'_봉인' if kind in ('sealed', 'own') else ''}.{suffix}"
    return send(found.file, name, request=request)


@require_POST
def upload_own(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The sealed file, signed elsewhere with the party's own certificate."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    file = request.FILES.get("file")
    try:
        if file is None or file.size is None or file.size > LARGEST:
            raise BadInput(
                "file_missing",
                "서명한 PDF를 골라 주세요(50 MB까지).",
                "Choose the signed PDF (at most 50 MB).",
                field="file",
            )
        commands.add_own_signature(actor=actor, agreement_id=pk, number=number, content=file.read())
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(request, actor, agreement, number, refused)
    messages.success(
        request,
        said("서명을 확인하고 보관했습니다.", "The signature was checked and is kept."),
    )
    return redirect("awards:text_version", pk, number)


def _page(
    request: HttpRequest,
    actor: Actor,
    agreement: Agreement,
    number: int | None,
    refused: Refused | None = None,
) -> HttpResponse:
    version = queries.version_of(actor, agreement, number)
    view = queries.version_view(actor, agreement, version)
    manages = policies.manage(actor, agreement.call)
    context = {
        "agreement": agreement,
        "definition": definition_of(agreement.call),
        "view": view,
        "blocks": [(type(block).__name__.lower(), block) for block in view.paper.blocks],
        "states": versions_table.shown,
        "versions": queries.versions_of(actor, agreement),
        "sealed": queries.newest_sealed(version),
        "form": _form(request, actor, view),
        "organisation": actor.organisation_name,
        "revisable": manages
        and agreement.state == AgreementState.DRAFT
        and version.state == VersionState.SIGNING,
        "signs_elsewhere": version.in_force_at is not None and policies.sign_agreement(actor, agreement),
        "typed": request.POST.dict() if refused is not None else {},
        "refused": refused,
    }
    return render(request, "awards/text.html", context, status=200 if refused is None else refused.status)


def _form(request: HttpRequest, actor: Actor, view: VersionView) -> dict[str, str]:
    if request.method == "POST" and "name" in request.POST:
        return {key: request.POST.get(key, "") for key in ("name", "title", "drawing")} | {"revision": ""}
    own = own_organisation(actor) if view.may_sign else None
    name = (own.representative_name if own else "") or actor.name
    return {
        "name": name,
        "title": own.representative_title if own else "",
        "drawing": "",
        "revision": "",
    }
