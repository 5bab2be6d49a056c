"""The manifest of a submission: every answer and every file's SHA-256, so that a receipt proves what was handed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gongmo.applications.models import Application, ApplicationDocument, Consent, Member
from gongmo.calls.models import CallVersion
from gongmo.kernel.canonical import digest
from gongmo.ledger.prepared import prepared

FORMAT = "gongmo/manifest/1"
CONTENT_FORMAT = "gongmo/application/1"


def part_hashes(content: Mapping[str, Any]) -> dict[str, str]:
    """The SHA-256 of each part of an application's plain content (its organisations, money, answers ...), as canonical JSON."""
    return {name: digest(value) for name, value in content.items()}


def manifest_of(
    application: Application,
    members: list[Member],
    *,
    version: CallVersion,
    received_at: datetime,
    content_sha256: str,
    parts: Mapping[str, str],
) -> dict[str, Any]:
    """What was submitted: the answers outside the content (summary, consents), the content's hash, and every file with its hash.

    The content itself (members, money, self-checks, documents) is the submission's canonical JSON in format
    gongmo/application/1, whose SHA-256 stands here; `parts` holds the SHA-256 of each of its parts, so that a difference can be
    named. Two queries. Whoever numbers the submission adds `receipt_number` and `number`.
    """
    documents = _documents(application=application.pk)
    standing = {member.pk for member in members}
    consents = [each for each in _consents(application=application.pk) if each.member_id in standing]
    return {
        "format": FORMAT,
        "call": {"slug": application.call.slug, "version": version.number, "sha256": version.sha256},
        "application": application.pk,
        "revision": application.revision,
        "title": application.title,
        "summary": application.summary,
        "received_at": received_at,
        "content": {"format": CONTENT_FORMAT, "sha256": content_sha256, "parts": dict(parts)},
        "organisations": [
            {"id": member.organisation_id, "name": member.organisation.name, "role": member.role}
            for member in members
        ],
        "consents": [
            {
                "organisation": consent.member.organisation_id,
                "kind": consent.kind,
                "given": consent.given,
                "at": consent.given_at,
            }
            for consent in consents
        ],
        "files": [
            {
                "kind": document.kind,
                "organisation": document.member.organisation_id if document.member else None,
                "name": document.name,
                "sha256": document.file_id,
                "size": document.file.size,
                "media_type": document.file.media_type,
            }
            for document in documents
        ],
    }


@prepared
def _documents(*, application: int) -> QuerySet[ApplicationDocument]:
    found = ApplicationDocument.objects.filter(application=application, removed_at__isnull=True)
    return found.select_related("file", "member").order_by("id")


@prepared
def _consents(*, application: int) -> QuerySet[Consent]:
    return Consent.objects.filter(member__application=application).select_related("member").order_by("id")
