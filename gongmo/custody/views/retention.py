"""How long personal data is kept, what is due, and the certificate of what was destroyed."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from gongmo.calls.queries import definition_of
from gongmo.custody import commands, queries
from gongmo.custody.certificate import certificate as certificate_of
from gongmo.custody.certificate import ground_words, number_of
from gongmo.custody.models import DestructionState
from gongmo.custody.times import disputes
from gongmo.definition.retention import retention_of
from gongmo.kernel.actor import Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.papers import Language, Paper, to_hwpx, to_pdf
from gongmo.parties.pages import actor_of, said
from gongmo.parties.recent import recent_sign_in_required

_OPEN = (DestructionState.PROPOSED, DestructionState.AGREED)
FORMS = {"pdf": "application/pdf", "hwpx": "application/hwp+zip"}


@login_required
@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """The table of rules, and what is due."""
    actor = actor_of(request)
    rules, people = queries.retention(actor), queries.people_due(actor)
    due = [each for one in rules for each in one.due]
    waiting = [each for each in due if each.state in (DestructionState.PROPOSED, DestructionState.AGREED)]
    return render(
        request,
        "custody/retention.html",
        {
            "rules": rules,
            "due": due,
            "waiting": waiting,
            "coming": queries.coming(rules),
            "people": people,
            "people_waiting": [each for each in people if each.state in _OPEN],
            "people_coming": queries.people_coming(actor),
            "idle_years": settings.GONGMO_IDLE_YEARS,
            "operator": actor.role is Role.OPERATOR,
            "ground": _ground,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
@recent_sign_in_required(30)
def destruction(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. POST `act`: agree, destroy (with `confirm`), hold (with `reason`)."""
    actor = actor_of(request)
    found = queries.destruction(actor, pk)
    refused: Refused | None = None
    act = request.POST.get("act", "")
    if request.method == "POST":
        try:
            if act == "agree":
                commands.agree(actor=actor, destruction_id=pk)
                messages.success(
                    request,
                    said(
                        "동의했습니다. 다른 담당자가 파기를 마칩니다.",
                        "You have agreed. Another officer completes it.",
                    ),
                )
            elif act == "destroy":
                if request.POST.get("confirm", "").strip() != said("파기", "destroy"):
                    raise BadInput(
                        "confirm",
                        "‘파기’라고 적어 주세요.",
                        "Type “destroy”.",
                        field="confirm",
                    )
                commands.destroy(actor=actor, destruction_id=pk)
                messages.success(
                    request,
                    said("파기했습니다. 확인서를 받을 수 있습니다.", "Destroyed. The certificate is ready."),
                )
            elif act == "hold":
                commands.hold(actor=actor, destruction_id=pk, reason=request.POST.get("reason", ""))
                messages.success(
                    request,
                    said(
                        "보존합니다. 1년 뒤 다시 파기 대상이 됩니다.",
                        "It is kept and proposed anew after a year.",
                    ),
                )
            else:
                raise NotFound
        except BadInput as error:
            refused = error
        except NotFound:
            raise
        except Refused as error:
            refused = error
        else:
            return redirect("custody:destruction", pk)
    return render(
        request,
        "custody/destruction.html",
        {
            "found": found,
            "application": found.application,
            "ground": _ground(found.ground),
            "number": number_of(found),
            "retention": retention_of(definition_of(found.application.call)),
            "own": found.agreed_by_id == actor.person,
            "refused": refused,
            "field": refused.field if isinstance(refused, BadInput) else None,
            "reason": request.POST.get("reason", ""),
            "sequence": queries.entry_of(found),
            "disputes": [said(each.ko, each.en) for each in disputes(found.application_id)]
            if found.state in _OPEN
            else [],
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_GET
def certificate(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The certificate as PDF or HWPX."""
    if form not in FORMS:
        raise NotFound
    found = queries.destruction(actor_of(request), pk)
    if found.state != DestructionState.DESTROYED:
        raise NotFound
    language: Language = "en" if (get_language() or "ko").startswith("en") else "ko"
    paper = certificate_of(
        found,
        found.application,
        retention_of(definition_of(found.application.call)),
        queries.entry_of(found),
        language,
    )
    return sent(paper, form, f"destruction-{found.pk}")


def sent(paper: Paper, form: str, name: str) -> HttpResponse:
    """A certificate as a file."""
    content = to_pdf(paper) if form == "pdf" else to_hwpx(paper)
    response = HttpResponse(content, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _ground(ground: str) -> str:
    return said(*ground_words(ground))
