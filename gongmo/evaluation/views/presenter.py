"""When and where an application is presented and by whom: its people read it; the lead asks for another presenter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongmo.applications.queries import application_for
from gongmo.calls.queries import definition_of
from gongmo.evaluation import commands, policies
from gongmo.evaluation.day_policies import see_turn
from gongmo.evaluation.queries.presentation import organisations_of, own_turns, substitute_of
from gongmo.evaluation.states import slots_table, substitutes_table
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.screening.reading import number


@require_http_methods(["GET", "POST"])
def presenter(request: HttpRequest, pk: int) -> HttpResponse:
    """The own turns, and who presents: the project director, or a substitute with the operator's consent."""
    actor = actor_of(request)
    application = application_for(actor, pk)
    may_ask = policies.ask_substitute(actor, application)
    if not see_turn(actor, application) or (request.method == "POST" and not may_ask):
        raise NotFound
    refused: Refused | None = None
    if request.method == "POST":
        try:
            commands.ask_substitute(
                actor=actor,
                application_id=pk,
                organisation_id=number(request.POST.get("organisation", ""), "organisation"),
                presenter=request.POST.get("presenter", ""),
                reason=request.POST.get("reason", ""),
            )
        except Refused as caught:
            refused = caught
        else:
            messages.success(request, said("대리 발표 동의를 요청했습니다.", "Consent is asked for."))
            return redirect("evaluation:presenter", pk)
    rules = definition_of(application.call).presenter
    return render(
        request,
        "evaluation/presenter.html",
        {
            "application": application,
            "call": application.call,
            "may_ask": may_ask,
            "turns": list(own_turns(application)),
            "slot_shown": slots_table.shown,
            "clause": rules.clause if rules is not None else None,
            "allowed": rules is not None and rules.substitute != "none",
            "held": substitute_of(application),
            "shown": substitutes_table.shown,
            "organisations": organisations_of(application),
            "refused": refused,
            "typed": request.POST.dict() if refused else {},
        },
        status=200 if refused is None else refused.status,
    )
