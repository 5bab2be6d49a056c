"""The ranking page: order, cut line, every score's way from criteria to final, and the live recomputation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.calls.queries import call_by_slug
from gongmo.evaluation import policies, queries
from gongmo.evaluation.inputs import definition_by_hash, parse
from gongmo.evaluation.pictures import ranking_view
from gongmo.kernel.canonical import canonical_json
from gongmo.parties.pages import actor_of


@require_GET
def ranking(request: HttpRequest, slug: str) -> HttpResponse:
    """The fixed ranking, recomputed while it is read; before that, for the operator, what it would be."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    held = queries.fixed_ranking(actor, call)
    manages = policies.manage(actor, call)
    context: dict[str, object] = {"call": call, "held": held, "manages": manages, "view": None, "why": None}
    if held is not None:
        inputs = parse(held.inputs)
        found = inputs.rank(definition_by_hash(inputs.definition))
        context |= {
            "view": ranking_view(call, inputs, found),
            "recomputed": canonical_json(found) == held.result and found.input_hash == held.inputs_hash,
            "hash": held.inputs_hash,
        }
    elif manages:
        provisional = queries.provisional_ranking(actor, call)
        if provisional.ranking is not None and provisional.inputs is not None:
            context["view"] = ranking_view(call, provisional.inputs, provisional.ranking)
            context["hash"] = provisional.ranking.input_hash
        context["why"] = {"ko": provisional.why_ko, "en": provisional.why_en}
    return render(request, "evaluation/ranking.html", context)
