"""One expert who left the pool, or one account long not used: what goes, when and why; and the certificate."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from gongmo.custody import commands, queries
from gongmo.custody.certificate import person_certificate as certificate_of
from gongmo.custody.certificate import person_ground_words, person_number
from gongmo.custody.models import DestructionState
from gongmo.custody.views.retention import FORMS, sent
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.papers import Language
from gongmo.parties.pages import actor_of, said
from gongmo.parties.recent import recent_sign_in_required


@login_required
@require_http_methods(["GET", "POST"])
@recent_sign_in_required(30)
def person_destruction(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. POST `act`: agree (an expert's), destroy (with `confirm`), hold (with `reason`)."""
    actor = actor_of(request)
    found = queries.person_destruction(actor, pk)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            told = _act(request, pk)
        except NotFound:
            raise
        except Refused as error:
            refused = error
        else:
            messages.success(request, told)
            return redirect("custody:person_destruction", pk)
    return render(
        request,
        "custody/person_destruction.html",
        {
            "found": found,
            "expert": found.evaluator_id is not None,
            "ground": said(*person_ground_words(found.ground)),
            "number": person_number(found),
            "own": found.agreed_by_id == actor.person,
            "ready": found.due_on <= clock.now().astimezone(clock.SEOUL).date(),
            "refused": refused,
            "field": refused.field if isinstance(refused, BadInput) else None,
            "reason": request.POST.get("reason", ""),
            "sequence": queries.entry_of_person(found),
        },
        status=refused.status if refused else 200,
    )


def _act(request: HttpRequest, pk: int) -> str:
    """Do what the form asks. Returns what to tell. Raises NotFound, Refused."""
    actor, act = actor_of(request), request.POST.get("act", "")
    if act == "agree":
        commands.agree_person(actor=actor, destruction_id=pk)
        return said(
            "동의했습니다. 다른 담당자가 파기를 마칩니다.", "You have agreed. Another officer completes it."
        )
    if act == "destroy":
        if request.POST.get("confirm", "").strip() != said("파기", "destroy"):
            raise BadInput("confirm", "‘파기’라고 적어 주세요.", "Type “destroy”.", field="confirm")
        commands.destroy_person(actor=actor, destruction_id=pk)
        return said("파기했습니다. 확인서를 받을 수 있습니다.", "Destroyed. The certificate is ready.")
    if act == "hold":
        commands.hold_person(actor=actor, destruction_id=pk, reason=request.POST.get("reason", ""))
        return said(
            "보존합니다. 1년 뒤 다시 파기 대상이 됩니다.", "It is kept and proposed anew after a year."
        )
    raise NotFound


@login_required
@require_GET
def person_certificate(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The certificate as PDF or HWPX."""
    if form not in FORMS:
        raise NotFound
    actor = actor_of(request)
    found = queries.person_destruction(actor, pk)
    if found.state != DestructionState.DESTROYED:
        raise NotFound
    language: Language = "en" if (get_language() or "ko").startswith("en") else "ko"
    site = actor.organisation_name or said("공모", "Gongmo")
    paper = certificate_of(found, site, queries.entry_of_person(found), language)
    return sent(paper, form, f"destruction-person-{found.pk}")
