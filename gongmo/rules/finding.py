"""A finding: what a rule saw, what it requires, and the smallest change that would mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gongmo.definition.base import Severity, Text


class Status(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class SubjectKind(StrEnum):
    APPLICATION = "application"
    ORGANISATION = "organisation"
    BUDGET = "budget"
    CELL = "cell"
    DOCUMENT = "document"
    CHANNEL = "channel"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about. `id` is an organisation id, a cell key, "document_kind" or "document_kind/organisation", a channel id, an answer's place (gongmo.rules.form); "" for the application."""

    kind: SubjectKind
    id: str = ""
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of one rule on one subject.

    `observed` and `required` are readable texts in Korean and English; `numbers` holds the exact plain values behind them
    (won, instants as ISO text). `remedy` is the smallest mend, `distance` its size in won where there is one
    (for a passed limit: what is left). `is_default` marks a rule that no clause states.
    """

    rule: str
    clause: str | None
    status: Status
    subject: Subject
    title: Text
    observed: Text
    required: Text
    message: Text
    remedy: Text | None = None
    severity: Severity = Severity.BLOCKING
    is_default: bool = False
    distance: int | None = None
    numbers: dict[str, Any] = field(default_factory=dict)


WORDS = frozenset({"title", "observed", "required", "message", "remedy"})
"""What a finding says for people. A later version may say it better; what was found stands in the other fields."""


def without_words(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings in JSON types as they are compared with their recomputation by a later version: all but their words."""
    return [{name: value for name, value in each.items() if name not in WORDS} for each in findings]


class Verdict(StrEnum):
    """What a set of findings comes to: `fail` beats `unknown` beats `pass`; advisory findings decide nothing."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The verdict of the blocking findings."""
    statuses = {finding.status for finding in findings if finding.severity is Severity.BLOCKING}
    if Status.FAIL in statuses:
        return Verdict.FAIL
    return Verdict.UNKNOWN if Status.UNKNOWN in statuses else Verdict.PASS
