"""Files of the review: evidence, answers, proof, objections, to download, to see beside and to see in a page of their own."""

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from gongmo.files.models import StoredFile
from gongmo.files.showing import serve
from gongmo.kernel.errors import NotFound
from gongmo.parties.pages import actor_of
from gongmo.screening import policies
from gongmo.screening.models import FactRecord, ProofDemand, ReviewObjection, Supplement, SupplementItem
from gongmo.screening.states import SupplementState


@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The evidence of a fact, for those who oversee the review."""
    record = (
        FactRecord.objects.select_related("application__call", "evidence")
        .filter(pk=pk, evidence__isnull=False)
        .first()
    )
    return _overseen(
        request, record, record.evidence if record else None, record.evidence_name if record else ""
    )


@require_GET
def supplement_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an answer, for those who oversee the review and for the consortium."""
    row = Supplement.objects.select_related("application__call", "file").filter(pk=pk).first()
    return _overseen(request, row, row.file if row else None, row.file_name if row else "", own=True)


@require_GET
def item_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A document that was handed in for a request, for those who oversee the review (once it is answered) and for the consortium."""
    row = (
        SupplementItem.objects.select_related("supplement__application__call", "file")
        .filter(pk=pk, file__isnull=False)
        .first()
    )
    actor = actor_of(request)
    if row is None or row.file is None:
        raise NotFound
    application = row.supplement.application
    handed_in = row.supplement.state in (SupplementState.ANSWERED, SupplementState.ACCEPTED)
    overseen = handed_in and policies.oversee(actor, application.call)
    if not overseen and not policies.see_own(actor, application):
        raise NotFound
    return serve(request, row.file, row.file_name)


@require_GET
def proof_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Proof that was handed in, for those who oversee the review, the lead, and the organisation that it is about."""
    row = ProofDemand.objects.select_related("application__call", "file").filter(pk=pk).first()
    actor = actor_of(request)
    allowed = row is not None and actor.organisation in (row.application.lead_id, row.organisation_id)
    return _overseen(request, row, row.file if row else None, row.file_name if row else "", own=allowed)


def _overseen(
    request: HttpRequest, row: models.Model | None, stored: StoredFile | None, name: str, *, own: bool = False
) -> HttpResponseBase:
    actor = actor_of(request)
    if row is None or stored is None:
        raise NotFound
    application = row.application  # type: ignore[attr-defined]
    if not policies.oversee(actor, application.call) and not (own and policies.see_own(actor, application)):
        raise NotFound
    return serve(request, stored, name)


@require_GET
def objection_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an objection, for those who oversee the review and for the lead, whose objection it is."""
    row = ReviewObjection.objects.select_related("review__application__call", "file").filter(pk=pk).first()
    actor = actor_of(request)
    if row is None or row.file is None:
        raise NotFound
    application = row.review.application
    own = actor.organisation == application.lead_id and policies.see_own(actor, application)
    if not own and not policies.oversee(actor, application.call):
        raise NotFound
    return serve(request, row.file, row.file_name)
