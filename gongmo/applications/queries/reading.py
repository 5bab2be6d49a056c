"""Which applications an actor may read, and what belongs to one."""

import json
from typing import Any

from django.db.models import QuerySet

from gongmo.applications.acts import OWN_ACTS
from gongmo.applications.models import Application, DraftVersion, Submission
from gongmo.applications.policies import visible_to
from gongmo.calls.models import Call
from gongmo.calls.queries import LONG
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger import queries as ledger
from gongmo.ledger.queries import Record


def visible_applications(actor: Actor, call: Call | None = None) -> QuerySet[Application]:
    """The applications that the actor may see (policy applications.see), of one call when given; lead, region and call at hand."""
    found = (
        Application.objects.filter(visible_to(actor))
        .select_related("lead", "region", "call", "call__version")
        .defer(*(f"call__version__{name}" for name in LONG))
    )
    return found if call is None else found.filter(call=call)


def application_for(actor: Actor, application_id: int) -> Application:
    """The application, when the actor may see it. Raises NotFound otherwise."""
    found = visible_applications(actor).filter(pk=application_id).first()
    if found is None:
        raise NotFound
    return found


def standing_submission(application: Application) -> Submission | None:
    """The submission that stands: the one that was not withdrawn."""
    return (
        Submission.objects.filter(application=application, withdrawn_at__isnull=True)
        .select_related("version")
        .defer("version__definition")
        .first()
    )


def submissions_of(application: Application) -> QuerySet[Submission]:
    """Every submission of an application, newest first, withdrawn ones too, without their contents."""
    return (
        Submission.objects.filter(application=application)
        .select_related("version", "submitted_by")
        .defer("version__definition", "content", "manifest", "findings")
        .order_by("-number")
    )


def versions_of(application: Application) -> QuerySet[DraftVersion]:
    """The kept states of an application, newest first, without their contents."""
    return (
        DraftVersion.objects.filter(application=application)
        .select_related("saved_by")
        .defer("content")
        .order_by("-revision")
    )


def history(application: Application, limit: int = 50) -> list[Record]:
    """What the record holds of the application's own life, newest first.

    Acts of the floors above (screening, evaluation, awards) on the same subject are theirs to show: not everybody who
    sees the application may see them.
    """
    return ledger.history("application", application.pk, acts=OWN_ACTS, limit=limit)


def version_with_content(application: Application, revision: int) -> DraftVersion | None:
    """A kept state with its content; None where no version was kept under that revision."""
    return DraftVersion.objects.filter(application=application, revision=revision).first()


def manifest(submission: Submission) -> dict[str, Any]:
    """A submission's manifest: receipt number, instant, answers, files with their hashes."""
    found: dict[str, Any] = json.loads(submission.manifest)
    return found
