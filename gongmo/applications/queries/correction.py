"""What the corrections of a call change for one application: which findings appear, which vanish, which documents, which deadline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gongmo.applications.models import Application, Submission
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import CallVersion
from gongmo.calls.queries import LONG, definition_of
from gongmo.definition import application as plain
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.korean import day
from gongmo.parties.queries import region_table
from gongmo.rules.check import check
from gongmo.rules.documents import due_documents
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind

OPEN = (Status.FAIL, Status.UNKNOWN)
BLANK = Text(ko="신청 전체", en="The application")


@dataclass(frozen=True, slots=True)
class Difference:
    """What two definitions say differently of one application.

    `appeared` are findings that fail or are unknown now and did not before, `vanished` the other way round (as they were), `stricter` those
    that are open under both and require something else now (more than the closing day's date). `documents_added` and `documents_dropped` are what is due newly and no more, by
    document and organisation. `closes` are the two deadlines where they differ.
    """

    appeared: tuple[Finding, ...]
    vanished: tuple[Finding, ...]
    stricter: tuple[tuple[Finding, Finding], ...]
    documents_added: tuple[tuple[Text, Text], ...]
    documents_dropped: tuple[tuple[Text, Text], ...]
    closes: tuple[datetime, datetime] | None

    @property
    def content(self) -> bool:
        """Whether anything but the deadline differs."""
        return bool(
            self.appeared or self.vanished or self.stricter or self.documents_added or self.documents_dropped
        )

    def __bool__(self) -> bool:
        return self.content or self.closes is not None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The corrections since an application was begun (since its submission, where one stands), and what they change for it.

    `unread` is true while nobody has written in it since the newest one. `names` are the organisations' names by their id in findings.
    """

    versions: tuple[CallVersion, ...]
    difference: Difference
    submitted: bool
    unread: bool
    names: Mapping[str, str]

    def where(self, finding: Finding) -> Text:
        """What a finding is about, for a reader: an organisation's name, else the application as a whole."""
        name = self.names.get(finding.subject.organisation or "") or self.names.get(finding.subject.id)
        return Text(ko=name, en=name) if name else BLANK


def correction_for(
    application: Application,
    definition: Definition,
    value: plain.Application,
    findings: Iterable[Finding],
    standing: Submission | None = None,
) -> Corrected | None:
    """What changed for the application under its feet; None where its call was not corrected since.

    `value` and `findings` are those of the version in force (`definition`). No query where nothing was corrected; else three at most.
    """
    in_force = application.call.version
    submitted = application.state == ApplicationState.SUBMITTED and standing is not None
    since = standing.received_at if submitted and standing is not None else application.created_at
    if in_force is None or in_force.published_at <= since:
        return None
    rows = list(CallVersion.objects.filter(call=application.call_id).defer(*LONG).order_by("number"))
    base = max(
        (row for row in rows if row.published_at <= since), key=lambda row: row.number, default=rows[0]
    )
    later = tuple(row for row in rows if row.number > base.number)
    if not later:
        return None
    return Corrected(
        versions=tuple(reversed(later)),
        difference=difference(definition_of(base), definition, value, findings),
        submitted=submitted,
        unread=application.changed_at <= later[-1].published_at,
        names={organisation.id: organisation.name for organisation in value.organisations},
    )


def difference(
    old: Definition, new: Definition, value: plain.Application, findings: Iterable[Finding] | None = None
) -> Difference:
    """What the two definitions say differently of the application. `findings` are the new one's, where they are at hand.

    Findings on timing are left out: the deadline is told by itself.
    """
    regions, now = region_table(), clock.now()
    after = _open(check(new, value, regions=regions, at=now) if findings is None else findings)
    before = _open(check(old, value, regions=regions, at=now))
    due_before, due_after = _due(old, value), _due(new, value)
    moved = old.intake.closes != new.intake.closes
    days = day(old.intake.closes), day(new.intake.closes)
    return Difference(
        # A document that is due newly is told as such, not as a finding too.
        appeared=tuple(
            finding
            for key, finding in after.items()
            if key not in before
            and not (finding.subject.kind is SubjectKind.DOCUMENT and finding.subject not in due_before)
        ),
        vanished=tuple(
            finding
            for key, finding in before.items()
            if key not in after
            and not (finding.subject.kind is SubjectKind.DOCUMENT and finding.subject not in due_after)
        ),
        stricter=tuple(
            (before[key], finding)
            for key, finding in after.items()
            if key in before and before[key].required.ko.replace(*days) != finding.required.ko
        ),
        documents_added=tuple(name for key, name in due_after.items() if key not in due_before),
        documents_dropped=tuple(name for key, name in due_before.items() if key not in due_after),
        closes=(old.intake.closes, new.intake.closes) if moved else None,
    )


def _open(findings: Iterable[Finding]) -> dict[tuple[str, Subject], Finding]:
    return {
        (finding.rule, finding.subject): finding
        for finding in findings
        if finding.status in OPEN
        and finding.rule != "intake"
        and finding.subject.kind is not SubjectKind.CHANNEL
    }


def _due(definition: Definition, value: plain.Application) -> dict[Subject, tuple[Text, Text]]:
    return {due.subject: (due.kind.name, due.by) for due in due_documents(definition, value)}
