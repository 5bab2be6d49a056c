"""Every read of applications."""

from gongmo.applications.queries.correction import correction_for
from gongmo.applications.queries.reading import (
    application_for,
    history,
    manifest,
    own_places,
    standing_submission,
    submissions_of,
    version_with_content,
    versions_of,
    visible_applications,
)
from gongmo.applications.queries.snapshot import findings, present_members, snapshot, submitted_value
from gongmo.applications.queries.versions import differences_from

__all__ = [
    "application_for",
    "correction_for",
    "differences_from",
    "findings",
    "history",
    "manifest",
    "own_places",
    "present_members",
    "snapshot",
    "standing_submission",
    "submissions_of",
    "submitted_value",
    "version_with_content",
    "versions_of",
    "visible_applications",
]
