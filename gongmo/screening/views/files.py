"""Files of the review: evidence, answers, proof, objections, to download, to see beside and to see in a page of their own."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from gongmo.files.showing import serve
from gongmo.parties.pages import actor_of
from gongmo.screening.queries import files


@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The evidence of a fact, for those who oversee the review."""
    return serve(request, *files.evidence_file(actor_of(request), pk))


@require_GET
def supplement_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an answer, for those who oversee the review and for the consortium."""
    return serve(request, *files.supplement_file(actor_of(request), pk))


@require_GET
def item_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A document that was handed in for a request, for those who oversee the review (once it is answered) and for the consortium."""
    return serve(request, *files.item_file(actor_of(request), pk))


@require_GET
def proof_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Proof that was handed in, for those who oversee the review, the lead, and the organisation that it is about."""
    return serve(request, *files.proof_file(actor_of(request), pk))


@require_GET
def objection_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an objection, for those who oversee the review and for the lead, whose objection it is."""
    return serve(request, *files.objection_file(actor_of(request), pk))
