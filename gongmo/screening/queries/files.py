"""The files of the review, each for those who may see it: evidence, answers, proof, objections.

Each function gives a stored file with the name under which it was handed in, in one statement besides the consortium's members (read only
for an applicant). Each raises NotFound for a file that is not there and for one that the actor may not see.
"""

from gongmo.applications.models import Application
from gongmo.files.models import StoredFile
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.screening import policies
from gongmo.screening.models import FactRecord, ProofDemand, ReviewObjection, Supplement, SupplementItem
from gongmo.screening.states import SupplementState

Named = tuple[StoredFile, str]
"""A stored file and its name."""


def evidence_file(actor: Actor, record_id: int) -> Named:
    """The evidence of a fact, for those who oversee the review."""
    row = FactRecord.objects.select_related("application__call", "evidence").filter(pk=record_id).first()
    if row is None:
        raise NotFound
    return _shown(actor, row.application, row.evidence, row.evidence_name)


def supplement_file(actor: Actor, supplement_id: int) -> Named:
    """The file of an answer, for those who oversee the review and for the consortium."""
    row = Supplement.objects.select_related("application__call", "file").filter(pk=supplement_id).first()
    if row is None:
        raise NotFound
    return _shown(actor, row.application, row.file, row.file_name, own=True)


def item_file(actor: Actor, item_id: int) -> Named:
    """A document that was handed in for a request, for the consortium and, once the request is answered, for those who oversee the review."""
    row = (
        SupplementItem.objects.select_related("supplement__application__call", "file")
        .filter(pk=item_id)
        .first()
    )
    if row is None:
        raise NotFound
    handed_in = row.supplement.state in (SupplementState.ANSWERED, SupplementState.ACCEPTED)
    return _shown(actor, row.supplement.application, row.file, row.file_name, own=True, overseen=handed_in)


def proof_file(actor: Actor, demand_id: int) -> Named:
    """Proof that was handed in, for those who oversee the review, the lead, and the organisation that it is about."""
    row = ProofDemand.objects.select_related("application__call", "file").filter(pk=demand_id).first()
    if row is None:
        raise NotFound
    own = actor.organisation in (row.application.lead_id, row.organisation_id)
    return _shown(actor, row.application, row.file, row.file_name, own=own)


def objection_file(actor: Actor, objection_id: int) -> Named:
    """The file of an objection, for those who oversee the review and for the lead, whose objection it is."""
    row = (
        ReviewObjection.objects.select_related("review__application__call", "file")
        .filter(pk=objection_id)
        .first()
    )
    if row is None:
        raise NotFound
    application = row.review.application
    own = actor.organisation == application.lead_id
    return _shown(actor, application, row.file, row.file_name, own=own)


def _shown(
    actor: Actor,
    application: Application,
    stored: StoredFile | None,
    name: str,
    *,
    own: bool = False,
    overseen: bool = True,
) -> Named:
    """The file, where there is one, for who oversees the review (`overseen`: they may see this one) or is of the consortium (`own`:
    likewise)."""
    seen = (overseen and policies.oversee(actor, application.call)) or (
        own and policies.see_own(actor, application)
    )
    if stored is None or not seen:
        raise NotFound
    return stored, name
