"""What the pages of an application show: money as tables and bars with their limits, findings grouped by what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from gongmo.applications.models import Member
from gongmo.applications.overview_form import field_id
from gongmo.applications.queries.versions import cell_name
from gongmo.applications.readiness import GROUPS, Obstacle, group_of
from gongmo.applications.steps import STEPS, Step
from gongmo.calls.presentation import percent_of
from gongmo.definition.application import Application, Cell, Truth
from gongmo.definition.base import Form, Severity, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import (
    AllowedKinds,
    ApplicantRegions,
    CashOnly,
    InKindCap,
    ShareCeiling,
    ShareFloor,
)
from gongmo.parties.models import Organisation
from gongmo.rules.consortium import check_consortium
from gongmo.rules.documents import DueDocument, due_documents
from gongmo.rules.finding import Finding, Status, SubjectKind
from gongmo.rules.regions import RegionTable
from gongmo.rules.values import FORM_NAMES, SumTable
from gongmo.rules.values import Group as SumGroup

GROUP_NAMES = {
    "overview": Text(ko="개요", en="Overview"),
    "consortium": Text(ko="컨소시엄", en="Consortium"),
    "money": Text(ko="사업비", en="Budget"),
    "self_check": Text(ko="자가점검", en="Self-check"),
    "consent": Text(ko="동의", en="Consents"),
    "documents": Text(ko="제출 서류", en="Documents"),
    "timing": Text(ko="접수와 도착", en="Intake and arrival"),
}
GROUP_PAGES = {
    "overview": "overview",
    "consortium": "members",
    "money": "money",
    "self_check": "statements",
    "consent": "statements",
    "documents": "documents",
}
"""The page on which each group is mended (names of views)."""

KINDS = ("national", "local", "private")


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with its legal limit: won of the part and of the whole, the limit in percent, the clause or that it is a default."""

    name: Text
    part: int
    whole: int
    percent: int | Decimal
    direction: str
    clause: str | None
    default: Text | None
    kind: str


def bars(definition: Definition, value: Application, table: SumTable | None = None) -> list[Bar]:
    """The share rules over the whole period, with the sums that they compare. `table`: the budget's sums where they are at hand."""
    sums = SumTable.of(value) if table is None else table
    colours = {source.id: KINDS[place % len(KINDS)] for place, source in enumerate(definition.budget.sources)}
    found: list[Bar] = []
    for rule in definition.rules:
        if isinstance(rule, ShareFloor):
            part, whole, share, direction = rule.part, rule.whole, rule.at_least, "floor"
        elif isinstance(rule, ShareCeiling):
            part, whole, share, direction = rule.part, rule.whole, rule.at_most, "ceiling"
        elif isinstance(rule, InKindCap):
            part = rule.part.model_copy(update={"forms": (Form.IN_KIND,)})
            whole, share, direction = rule.part, rule.at_most, "ceiling"
        else:
            continue
        total = sums.total(whole)
        if rule.per != "total" or total == 0:
            continue
        one = part.sources[0] if part.sources is not None and len(part.sources) == 1 else ""
        kind = "in_kind" if isinstance(rule, InKindCap) else colours.get(one, "local")
        found.append(
            Bar(
                rule.title,
                sums.total(part),
                total,
                percent_of(share),
                direction,
                rule.clause,
                rule.default,
                kind,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """One source and form of the budget table."""

    source: str
    form: str
    name: Text


def columns(definition: Definition, cells: Iterable[Cell | SumGroup] = ()) -> list[Column]:
    """The sources and forms in the definition's order. A form that its source can never have, and has not, is left out."""
    used = {(cell.source, cell.form) for cell in cells}
    return [
        Column(
            source.id,
            form.value,
            Text(
                ko=f"{source.name.ko} {FORM_NAMES[form][0]}",
                en=f"{source.name.en}, {FORM_NAMES[form][1]}",
            ),
        )
        for source in definition.budget.sources
        for form in definition.budget.forms
        if form is Form.CASH or (source.id, form) in used or not _cash_alone(definition, source.id)
    ]


def _cash_alone(definition: Definition, source: str) -> bool:
    """Whether blocking rules make all money of a source cash, in direct support and outside it."""
    marks: set[bool] = set()
    for rule in definition.rules:
        if not isinstance(rule, CashOnly) or rule.severity is not Severity.BLOCKING:
            continue
        part = rule.part
        narrowed = (part.forms, part.fields, part.categories, part.years, part.roles)
        if all(axis is None for axis in narrowed) and (part.sources is None or source in part.sources):
            marks |= {True, False} if part.direct_support is None else {part.direct_support}
    return False in marks and (True in marks or definition.budget.direct_support is None)


@dataclass(frozen=True, slots=True)
class Row:
    """Won by column, and their sum. `key` tells the row: an organisation's reference, or a year."""

    key: str
    name: str
    amounts: tuple[int, ...]
    total: int


def rows_by(
    definition: Definition, cells: Iterable[Cell], names: Mapping[str, str], axis: str
) -> tuple[list[Row], Row]:
    """The budget by organisation or by year, in the order of `names`, and the totals."""
    cells = list(cells)
    shown = columns(definition, cells)
    places = {(column.source, column.form): place for place, column in enumerate(shown)}
    sums: dict[str, list[int]] = {key: [0] * len(shown) for key in names}
    totals = [0] * len(shown)
    for cell in cells:
        place = places.get((cell.source, cell.form.value))
        key = str(getattr(cell, axis))
        if place is None or key not in sums:
            continue
        sums[key][place] += cell.amount
        totals[place] += cell.amount
    rows = [Row(key, name, tuple(sums[key]), sum(sums[key])) for key, name in names.items()]
    return rows, Row("", "", tuple(totals), sum(totals))


def source_parts(definition: Definition, value: Application) -> list[dict[str, Any]]:
    """Won by source for the stacked bar."""
    found: list[dict[str, Any]] = []
    for place, source in enumerate(definition.budget.sources):
        total = sum(cell.amount for cell in value.budget if cell.source == source.id)
        found.append({"label": source.name, "amount": total, "kind": KINDS[place % len(KINDS)]})
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its place in words, and the field's id on its page where it has one."""

    finding: Finding
    where: Text
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that are mended in one place. `page` is the view's name, "" where nothing can be mended there."""

    id: str
    name: Text
    page: str
    open: list[Shown]
    kept: list[Shown]


def grouped(definition: Definition, value: Application, findings: Iterable[Finding]) -> list[Group]:
    """Findings by what to do, those that need something first. What does not apply is left out."""
    groups = {
        key: Group(key, GROUP_NAMES[key], GROUP_PAGES.get(key, ""), [], []) for key in (*GROUPS, "timing")
    }
    where = Where(definition, value)
    for finding in findings:
        if finding.status is Status.NOT_APPLICABLE:
            continue
        group = groups[group_of(definition, finding) or "timing"]
        target = group.kept if finding.status is Status.PASS else group.open
        target.append(Shown(finding, where(finding), anchor_of(finding)))
    return [group for group in groups.values() if group.open or group.kept]


def anchor_of(finding: Finding) -> str:
    """The id of the field on the overview's page that an answer's finding is about; "" for other findings."""
    return field_id(finding.subject.id) if finding.subject.kind is SubjectKind.ANSWER else ""


class Where:
    """The place of a finding in words: organisation, cell, document, channel, else the rule's own title.

    Made once for all findings of an application: a consortium of 300 has thousands of cells to look among.
    """

    def __init__(self, definition: Definition, value: Application) -> None:
        self.definition = definition
        self.value = value
        self.names = {organisation.id: organisation.name for organisation in value.organisations}

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """The budget's cells by their key."""
        return {cell.key: cell for cell in self.value.budget}

    def __call__(self, finding: Finding) -> Text:
        subject = finding.subject
        if subject.kind is SubjectKind.CELL and (cell := self.cells.get(subject.id)) is not None:
            return cell_name(self.definition, self.names, cell)
        if subject.organisation is not None and subject.organisation in self.names:
            name = self.names[subject.organisation]
            return Text(ko=f"{name} · {finding.title.ko}", en=f"{name} · {finding.title.en}")
        return finding.title


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings stand in each status."""
    counts = {status.value: 0 for status in Status}
    for finding in findings:
        counts[finding.status.value] += 1
    return counts


def open_by_group(obstacles: Iterable[Obstacle]) -> dict[str, list[Obstacle]]:
    """Obstacles by group, in the order of mending."""
    found: dict[str, list[Obstacle]] = {}
    for obstacle in obstacles:
        found.setdefault(obstacle.group, []).append(obstacle)
    return found


def step_groups(found: Iterable[Step]) -> list[tuple[Step, tuple[str, ...]]]:
    """Each step with the groups of obstacles that are mended on its page."""
    groups = {page: names for page, _, names in STEPS}
    return [(step, groups[step.page]) for step in found]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A due document, the member who owes it (None: once for all) and what was handed in: keys and names."""

    due: DueDocument
    member: Member | None
    document: Any


def document_rows(
    definition: Definition, value: Application, members: Iterable[Member], documents: Iterable[Any]
) -> list[DocumentRow]:
    """Every due document with its file, in the definition's order."""
    places = {str(member.organisation_id): member for member in members}
    given = {(document.kind, document.member_id): document for document in documents}
    found: list[DocumentRow] = []
    for due in due_documents(definition, value):
        member = places.get(due.organisation.id) if due.organisation else None
        found.append(DocumentRow(due, member, given.get((due.kind.id, member.pk if member else None))))
    return found


def answered(definition: Definition, member: Member) -> tuple[int, int]:
    """How many self-check questions a member has answered with yes or no, of how many."""
    known = {fact.id for fact in definition.facts}
    given = [
        item for item in member.declarations.all() if item.fact in known and item.value != Truth.UNKNOWN.value
    ]
    return len(given), len(known)


def first_look(
    definition: Definition, organisation: Organisation, parent_region: str, regions: RegionTable
) -> list[Finding]:
    """What already forbids this organisation to lead an application: its region or kind. Empty when nothing does."""
    rules = {rule.id for rule in definition.rules if isinstance(rule, ApplicantRegions | AllowedKinds)}
    value = Application.model_validate(
        {
            "format": "gongmo/application/1",
            "call": definition.id,
            "title": organisation.name,
            "region": organisation.region_id,
            "parent_region": parent_region or None,
            "organisations": [
                {
                    "id": str(organisation.pk),
                    "name": organisation.name,
                    "role": definition.consortium.lead_role,
                    "kind": organisation.kind,
                    "region": organisation.region_id,
                }
            ],
        },
        strict=False,
    )
    alone = definition.consortium.lead_role == definition.consortium.applicant_role
    return [
        finding
        for finding in check_consortium(definition, value, regions=regions)
        if finding.rule in rules
        and finding.status is Status.FAIL
        and (alone or finding.subject.organisation is not None)
    ]
