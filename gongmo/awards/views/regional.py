"""The page on which a task force publishes a regional call under its agreement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongmo.awards import commands, policies, queries
from gongmo.awards.states import AgreementState
from gongmo.calls.publishing_views import draft_page, read_draft
from gongmo.calls.queries import definition_of
from gongmo.kernel.errors import NotFound, Refused
from gongmo.kernel.korean import won
from gongmo.parties.pages import actor_of, said


@require_http_methods(["GET", "POST"])
def open_regional_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a second-level definition, see its pot beside the money left, publish. Others do not learn of this page."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, pk)
    if (
        actor.organisation is None
        or agreement.state != AgreementState.IN_FORCE
        or not policies.open_regional_call(actor, agreement, actor.organisation)
    ):
        raise NotFound
    draft = read_draft(request)
    definition = draft.definition
    if definition is not None and request.POST.get("publish"):
        try:
            made = commands.open_regional_call(
                actor=actor,
                agreement_id=agreement.pk,
                definition=definition,
                operator_id=actor.organisation,
                slug=draft.slug,
                intake=draft.intake(),
                announcement=draft.announcement(),
            )
        except Refused as refused:
            draft.refused = refused
        else:
            messages.success(
                request,
                said(
                    f"‘{made.title_ko}’ 공고를 {agreement.number} 협약 아래 냈습니다.",
                    f"“{made.title_en}” is published under {agreement.number}.",
                ),
            )
            return redirect("calls:call", made.slug)
    handed_on = queries.handed_on(agreement)
    context: dict[str, object] = {
        "agreement": agreement,
        "handed_on": won(handed_on),
        "sources": [
            {"key": source.name, "value": won(queries.money_for(agreement, (source.id,)))}
            for source in definition_of(agreement.call).budget.sources
        ],
    }
    if definition is not None and definition.second_level is not None:
        context["left"] = queries.money_for(agreement, definition.second_level.sources) - handed_on
    return draft_page(request, draft, reverse("awards:regional_call", args=[pk]), context)
