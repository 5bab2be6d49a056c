"""Before a blind stage opens: in which documents names still stand that cannot be hidden."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.calls.queries import call_by_slug, definition_of
from gongmo.evaluation import policies
from gongmo.evaluation.desk_blind import Veil, hidden_title, leaks, names_of
from gongmo.evaluation.queries.desk_blind import readable_applications
from gongmo.kernel.errors import NotFound
from gongmo.parties.pages import actor_of


@require_GET
def blind(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """What is hidden in a blind stage, and the documents of each eligible application in whose words names still stand."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    if not policies.manage(actor, call):
        raise NotFound
    definition = definition_of(call)
    found = next((each for each in definition.evaluation.stages if each.id == stage), None)
    if found is None or found.blind is None:
        raise NotFound
    kinds = {document.id: document.name for document in definition.documents}
    rows = [
        (application, leaks(Veil(hidden_title(0), names_of(application), found.blind), application))
        for application in readable_applications(call)
    ]
    return render(
        request,
        "evaluation/blind.html",
        {
            "call": call,
            "stage": found,
            "kinds": kinds,
            "rows": rows,
            "leaking": sum(bool(each) for _, each in rows),
            "hidden": [kinds[each] for each in found.blind.documents if each in kinds],
        },
    )
