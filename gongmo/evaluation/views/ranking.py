"""The ranking page: order, cut line, every score's way from criteria to final, its entries in the record, and the live recomputation."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.calls.models import Call
from gongmo.calls.queries import call_by_slug, moments
from gongmo.evaluation import policies, queries
from gongmo.evaluation.inputs import definition_by_hash, parse
from gongmo.evaluation.models import Ranking
from gongmo.evaluation.pictures import FAMILIES, PERCENT, ranking_view
from gongmo.evaluation.queries.ranking_record import entry_of, sources_of
from gongmo.evaluation.ranking_paper import read_paper
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.queries import mark_of, recent
from gongmo.papers import to_hwpx, to_pdf
from gongmo.parties.kept import keep_by_record
from gongmo.parties.pages import actor_of

FORMS = {"pdf": "application/pdf", "hwpx": "application/hwp+zip"}


@require_GET
def ranking(request: HttpRequest, slug: str) -> HttpResponse:
    """The fixed ranking (`version`: an earlier one), recomputed while it is read; before that, for the operator, what it would be."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    mark = (mark_of(slug), *moments(call))
    return keep_by_record(request, actor, mark, lambda: ranking_page(request, actor, call))


def ranking_page(
    request: HttpRequest,
    actor: Actor,
    call: Call,
    *,
    part: str = "",
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, with what was refused on it and what was typed."""
    asked = request.GET.get("version", "")
    held = queries.fixed_ranking(
        actor, call, number=int(asked) if asked.isdecimal() and len(asked) < 5 else None
    )
    manages = policies.manage(actor, call)
    context: dict[str, object] = {"call": call, "held": held, "manages": manages, "view": None, "why": None}
    context |= {"part": part, "refused": refused, "typed": typed or {}}
    context["words"] = {standing: word for standing, (_, word) in FAMILIES.items()}
    if held is not None:
        inputs = parse(held.inputs)
        found = inputs.rank(definition_by_hash(inputs.definition))
        versions = queries.versions_of(actor, call)
        context |= {
            "view": ranking_view(call, inputs, found),
            "recomputed": canonical_json(found) == held.result and found.input_hash == held.inputs_hash,
            "hash": held.inputs_hash,
            "document": sha256_hex(held.paper) == held.paper_hash,
            "sources": sources_of(actor, call, number=held.number),
            "percent": PERCENT,
            "versions": versions,
            "newest": held.number == versions[0][0],
            "notice": queries.notice_of(actor, call, held),
            "negotiated": policies.oversee(actor, call)
            and bool(recent(call.slug, acts=frozenset({"awards.fail_negotiation"}), limit=1)),
            "moved": queries.moved(actor, call, held) if held.number > 1 else [],
        }
    elif manages:
        provisional = queries.provisional_ranking(actor, call)
        if provisional.ranking is not None and provisional.inputs is not None:
            context["view"] = ranking_view(call, provisional.inputs, provisional.ranking)
            context["hash"] = provisional.ranking.input_hash
            context["sources"] = sources_of(actor, call)
            context["percent"] = PERCENT
        context["why"] = {"ko": provisional.why_ko, "en": provisional.why_en}
    status = 200 if refused is None else refused.status
    return render(request, "evaluation/ranking.html", context, status=status)


@require_GET
def document(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """A version of the ranking on paper, made from the words that were fixed with it."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    held: Ranking | None = queries.fixed_ranking(actor, call, number=number)
    if held is None or form not in FORMS or not held.paper:
        raise NotFound
    paper = read_paper(held.paper, held.fixed_at)
    made = to_pdf(paper) if form == "pdf" else to_hwpx(paper)
    response = HttpResponse(made, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="ranking-{call.slug}-{held.number}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def entry(request: HttpRequest, slug: str, sequence: int) -> HttpResponse:
    """One entry of the record that the ranking rests on, with the proof that the signed record holds it."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    told, body, proof = entry_of(actor, call, sequence)
    return render(
        request,
        "evaluation/entry.html",
        {
            "call": call,
            "entry": told,
            "body": body,
            "whole": sha256_hex(body) == told.hash,
            "proof": proof,
            "holds": proof is not None and proof.holds(),
        },
    )
