"""What the consortium sees of its own review: requests to answer, proof to hand in, and the result once it is decided."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.applications.models import Application
from gongmo.calls.queries import definition_of
from gongmo.definition.form import Question
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.parties.pages import actor_of
from gongmo.rules.form import question_at
from gongmo.screening import policies, queries
from gongmo.screening.commands.supplement_items import UPLOAD_PURPOSE
from gongmo.screening.items import item_name
from gongmo.screening.models import ItemKind, SupplementItem
from gongmo.screening.states import objections_table, supplements_table


@require_GET
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """The consortium's own review."""
    actor = actor_of(request)
    return own_page(request, actor, queries.own_application(actor, pk))


def own_page(
    request: HttpRequest,
    actor: Actor,
    application: Application,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, with what went wrong in one of its parts and what was typed there."""
    definition = definition_of(application.call)
    demands = queries.own_proof_demands(actor, application)
    supplements = queries.own_supplements(actor, application)
    problems = {item["item"]: item for item in refused.details.get("items", ())} if refused else {}
    return render(
        request,
        "screening/own.html",
        {
            "call": application.call,
            "application": application,
            "result": queries.own_result(actor, application),
            "supplements": supplements,
            "items": {
                supplement.pk: [
                    (item, item_name(definition, item), _question(definition, item), problems.get(item.pk))
                    for item in supplement.items.all()
                ]
                for supplement in supplements
            },
            "formats": {kind.id: kind.formats for kind in definition.documents},
            "purpose": UPLOAD_PURPOSE,
            "actor": actor,
            "shown": supplements_table.shown,
            "objections": queries.own_objections(actor, application),
            "objection_shown": objections_table.shown,
            "may_object": policies.object_to_exclusion(actor, application),
            "demands": [
                (demand, policies.hand_in(actor, application, demand.organisation_id)) for demand in demands
            ],
            "facts": {kind.id: kind for kind in definition.facts},
            "clauses": {clause.id: clause.text for clause in definition.clauses},
            "may_answer": policies.answer(actor, application),
            "now": clock.now(),
            "part": part,
            "refused": refused,
            "typed": typed or {},
        },
        status=200 if refused is None else refused.status,
    )


def _question(definition: Definition, item: SupplementItem) -> Question | None:
    found = question_at(definition, item.place) if item.kind == ItemKind.ANSWER else None
    return found[0] if found else None
