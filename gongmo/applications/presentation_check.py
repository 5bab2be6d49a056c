"""The check before submitting: everything that is left, grouped by what to do, each with the address of the very field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from django.urls import reverse

from gongmo.applications.models import Member
from gongmo.applications.overview_form import field_id
from gongmo.applications.presentation import GROUP_NAMES, GROUP_PAGES, Where
from gongmo.applications.presentation_money import path_of_key
from gongmo.applications.readiness import GROUPS, MONEY, SELF_CHECK, Obstacle, group_of
from gongmo.applications.steps import only_missing
from gongmo.definition.application import Application
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.rules.finding import Finding, Status, SubjectKind

FIRST = 20
"""Items of a group that are shown at once."""
PER_PAGE = 50
"""Items on a page of one group alone."""
MANY = 20
"""From so many organisations on, links to documents lead to a list narrowed to the one that is meant."""
TIMING = "timing"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to look at: its sentence, its place in words, the address of its field ("" where nothing can be mended), the finding behind it."""

    message: Text
    where: Text
    href: str
    finding: Finding | None
    blocking: bool

    @property
    def missing(self) -> bool:
        """Whether it only has not been done yet: a line says it. What is wrong is shown with its numbers and its remedy."""
        return only_missing(self.finding)


def _wrong_first(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.missing)


@dataclass(slots=True)
class Group:
    """What is mended in one place: `left` forbids submitting, `advised` does not, `met` is fulfilled. `page` is the view's name."""

    id: str
    name: Text
    page: str
    left: list[Item] = field(default_factory=list)
    advised: list[Item] = field(default_factory=list)
    met: list[Item] = field(default_factory=list)

    @property
    def shown(self) -> list[Item]:
        """What needs a look, what forbids submitting first."""
        return [*_wrong_first(self.left), *_wrong_first(self.advised)]


class Places:
    """Addresses of an application's fields, by finding and by obstacle."""

    def __init__(self, application_id: int, members: Iterable[Member], own: Member | None) -> None:
        members = list(members)
        self._pk = application_id
        self._own = own
        self._many = len(members) >= MANY
        self._members = {str(member.organisation_id): member for member in members}
        self._pages: dict[str, str] = {}

    def of(self, group: str, finding: Finding | None, anchor: str = "") -> str:
        """Where it is mended; "" where the applicants cannot mend it."""
        if group not in GROUP_PAGES:
            return ""
        if finding is None:
            return self._page(GROUP_PAGES[group]) + (f"#{anchor}" if anchor else "")
        subject = finding.subject
        member = self._members.get(subject.organisation or "")
        if subject.kind is SubjectKind.ANSWER:
            return f"{self._page('overview')}#{field_id(subject.id)}"
        if subject.kind is SubjectKind.DOCUMENT:
            return self._document(subject.id.partition("/")[0], member)
        if group == MONEY:
            return self._money(finding, member)
        own = self._own is not None and member is not None and member.pk == self._own.pk
        if group == SELF_CHECK and finding.numbers.get("fact") and own:
            return f"{self._page('statements')}#fact-{finding.numbers['fact']}"
        if member is not None:
            return reverse("applications:member", args=[self._pk, member.pk])
        return self._page(GROUP_PAGES[group])

    def _document(self, kind: str, member: Member | None) -> str:
        query = ""
        if self._many and member is not None:
            query = "?" + urlencode({"kind": kind, "q": member.organisation.name})
        return f"{self._page('documents')}{query}#{kind}-{member.pk if member else 'all'}"

    def _money(self, finding: Finding, member: Member | None) -> str:
        query = f"?organisation={member.organisation_id}" if member is not None else ""
        if finding.subject.kind is SubjectKind.CELL:
            # Names of fields and categories are identifiers; what is not comes out quoted.
            return f"{self._page('money')}{query}#{quote(path_of_key(finding.subject.id), safe=':-_.')}"
        return f"{self._page('money')}{query}#" + (
            f"organisation-{member.organisation_id}" if member else "budget"
        )

    def _page(self, name: str) -> str:
        if name not in self._pages:
            self._pages[name] = reverse(f"applications:{name}", args=[self._pk])
        return self._pages[name]


def checked(
    definition: Definition,
    value: Application,
    members: Sequence[Member],
    findings: Iterable[Finding],
    obstacles: Iterable[Obstacle],
    application_id: int,
    own: Member | None = None,
) -> list[Group]:
    """Every group with its items; those that forbid submitting stand first. What does not apply is left out.

    `obstacles` is what `readiness.obstacles` answered, so that the page and submitting itself never say different things.
    `own` is the reader's place in it: only it answers its own self-check; for the others' their page is linked.
    """
    places = Places(application_id, members, own)
    where = Where(definition, value)
    groups = {key: Group(key, GROUP_NAMES[key], GROUP_PAGES.get(key, "")) for key in (*GROUPS, TIMING)}
    told: set[int] = set()
    for obstacle in obstacles:
        finding = obstacle.finding
        if finding is not None:
            told.add(id(finding))
        groups[obstacle.group].left.append(
            Item(
                Text(ko=obstacle.ko, en=obstacle.en),
                where(finding) if finding is not None else groups[obstacle.group].name,
                places.of(obstacle.group, finding, obstacle.anchor),
                finding,
                True,
            )
        )
    for finding in findings:
        if id(finding) in told or finding.status is Status.NOT_APPLICABLE:
            continue
        key = group_of(definition, finding) or TIMING
        item = Item(
            finding.message,
            where(finding),
            places.of(key, finding) if finding.status is not Status.PASS else "",
            finding,
            False,
        )
        (groups[key].met if finding.status is Status.PASS else groups[key].advised).append(item)
    found = [group for group in groups.values() if group.left or group.advised or group.met]
    return sorted(found, key=lambda group: (not group.left, not group.advised))


@dataclass(frozen=True, slots=True)
class Page:
    """One group alone: its items that need a look (or, asked for, those that are met), page by page."""

    group: Group
    met: bool
    items: list[Item]
    number: int
    pages: int


def page_of(groups: Iterable[Group], wanted: str, *, met: bool, page: str) -> Page | None:
    """A page of the group named `wanted`; None where there is none of that name."""
    group = next((each for each in groups if each.id == wanted), None)
    if group is None:
        return None
    items = group.met if met else group.shown
    pages = max(1, -(-len(items) // PER_PAGE))
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
    return Page(group, met, items[(number - 1) * PER_PAGE : number * PER_PAGE], number, pages)
