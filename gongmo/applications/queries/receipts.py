"""The receipt that proves a submission: the record's entry, the manifest and the signed proof (format gongmo/receipt/1)."""

from typing import Any

from gongmo.applications.models import Submission
from gongmo.kernel.actor import system
from gongmo.kernel.errors import NotFound
from gongmo.ledger import queries as ledger
from gongmo.ledger.commands import checkpoint
from gongmo.ledger.models import Entry
from gongmo.ledger.receipts import receipt_of

SUBMIT = "applications.submit"


def receipt_value(submission: Submission) -> dict[str, Any]:
    """The receipt as a plain value; `gongmo receipt verify` checks it anywhere, without this installation.

    Signs the record first where no checkpoint covers the submission yet (then one more transaction); else four queries.
    The caller has asked whether the reader may see the application.
    """
    entry = _entry(submission)
    proof = ledger.prove(entry.sequence)
    if proof is None:
        checkpoint(actor=system("receipt"))
        proof = ledger.prove(entry.sequence)
    return receipt_of(entry.body, submission.manifest, proof)


def _entry(submission: Submission) -> Entry:
    """The record's entry of this very submission (an application may have been withdrawn and submitted again)."""
    acts = Entry.objects.filter(
        subject_type="application", subject_id=str(submission.application_id), act=SUBMIT
    ).order_by("sequence")
    found = acts[submission.number - 1 : submission.number].first()
    if found is None:
        raise NotFound
    return found
