"""The receipt that proves a submission: the record's entry, the manifest and the signed proof (format gongmo/receipt/1)."""

import json
from typing import Any

from django.db.models import F, QuerySet

from gongmo.applications.models import Application, Submission
from gongmo.applications.queries.reading import application_for
from gongmo.applications.queries.versions import between
from gongmo.applications.values import Difference
from gongmo.definition import application as plain
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor, system
from gongmo.kernel.errors import NotFound
from gongmo.ledger import queries as ledger
from gongmo.ledger.commands import checkpoint
from gongmo.ledger.models import Entry
from gongmo.ledger.prepared import prepared
from gongmo.ledger.queries import Inclusion
from gongmo.ledger.receipts import receipt_of

SUBMIT = "applications.submit"
_FEW = 5
"""Submissions of one application that are read at once to find one's entry."""


def submission_for(actor: Actor, application_id: int, number: int | None = None) -> Submission | None:
    """A submission that the actor may see: the one of that number, else the one that stands, else the last withdrawn one.

    None where there is none. Raises NotFound where the actor may not see the application. Two queries.
    """
    application = application_for(actor, application_id)
    return submission_of(application, number)


def submission_of(application: Application, number: int | None = None) -> Submission | None:
    """The same for an application that was read already. One query."""
    if number is not None:
        return _numbered.first(application=application.pk, number=number)
    return _newest.first(application=application.pk)


@prepared
def _newest(*, application: int) -> QuerySet[Submission]:
    return _whole(application).order_by(F("withdrawn_at").desc(nulls_first=True), "-number")[:1]


@prepared
def _numbered(*, application: int, number: int) -> QuerySet[Submission]:
    return _whole(application).filter(number=number).order_by()


def _whole(application: int) -> QuerySet[Submission]:
    found = Submission.objects.filter(application=application).select_related("version", "submitted_by")
    return found.defer("version__definition", "findings")


def previous_of(submission: Submission) -> Submission | None:
    """The submission before this one."""
    return Submission.objects.filter(
        application_id=submission.application_id, number=submission.number - 1
    ).first()


def differences_between(
    definition: Definition, before: Submission, after: Submission
) -> tuple[Difference, ...]:
    """What was handed in differently the second time: content, money, indicators, organisations, files."""
    old, new = (plain.Application.model_validate_json(each.content) for each in (before, after))
    summaries = tuple(str(json.loads(each.manifest)["summary"]) for each in (before, after))
    return tuple(between(definition, (old, summaries[0]), (new, summaries[1])))


def standing_proof(submission: Submission) -> Inclusion | None:
    """The proof under the newest checkpoint, None where the record has not been signed since. Reads only."""
    entry = _entry(submission)
    standing = ledger.covering(entry.sequence)
    return None if standing is None else ledger.proof_under(standing, entry)


def receipt_value(submission: Submission) -> dict[str, Any]:
    """The receipt as a plain value; `gongmo receipt verify` checks it anywhere, without this installation.

    Signs the record first where no checkpoint covers the submission yet (then one more transaction); else four queries.
    The caller has asked whether the reader may see the application.
    """
    entry = _entry(submission)
    standing = ledger.covering(entry.sequence) or checkpoint(actor=system("receipt"))
    if standing is None:  # pragma: no cover - a record with an entry is signed
        raise NotFound
    return receipt_of(entry.body, submission.manifest, ledger.proof_under(standing, entry))


def _entry(submission: Submission) -> Entry:
    """The record's entry of this very submission (an application may have been withdrawn and submitted again)."""
    subject, number = str(submission.application_id), submission.number
    acts = _acts(subject=subject) if number <= _FEW else _every(subject)
    if len(acts) < number:
        raise NotFound
    return acts[number - 1]


@prepared
def _acts(*, subject: str) -> QuerySet[Entry]:
    return _every(subject)[:_FEW]


def _every(subject: str) -> QuerySet[Entry]:
    return Entry.objects.filter(subject_type="application", subject_id=subject, act=SUBMIT).order_by(
        "sequence"
    )
