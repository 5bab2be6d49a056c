"""Every read of applications."""

from gongmo.applications.queries.reading import (
    application_for,
    history,
    manifest,
    standing_submission,
    submissions_of,
    versions_of,
    versions_with_content,
    visible_applications,
)
from gongmo.applications.queries.snapshot import findings, present_members, snapshot, submitted_value
from gongmo.applications.queries.versions import differences

__all__ = [
    "application_for",
    "differences",
    "findings",
    "history",
    "manifest",
    "present_members",
    "snapshot",
    "standing_submission",
    "submissions_of",
    "submitted_value",
    "versions_of",
    "versions_with_content",
    "visible_applications",
]
