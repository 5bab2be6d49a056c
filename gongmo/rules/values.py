"""Plain values that the rules share: the ground of a finding, budget sums, and names of budget parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gongmo.definition.application import Application, Organisation
from gongmo.definition.base import Based, Form, Severity, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import Part, RuleBase
from gongmo.kernel.korean import eok, won
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind

APPLICATION = Subject(SubjectKind.APPLICATION)
BUDGET = Subject(SubjectKind.BUDGET)
AXES = ("sources", "forms", "fields", "categories", "years", "roles")
FORM_NAMES = {Form.CASH: ("현금", "cash"), Form.IN_KIND: ("현물", "in kind")}


def text(ko: str, en: str) -> Text:
    """A sentence in both languages."""
    return Text(ko=ko, en=en)


def money_ko(amount: int) -> str:
    """Won with its reading aid: "14,000,000,000원(140억)"; small sums without."""
    return f"{won(amount)}({eok(amount)})" if abs(amount) >= 10**4 else won(amount)


def money_en(amount: int) -> str:
    """Won as English readers write it: "14,000,000,000 won"."""
    return f"{amount:,} won"


def sentence(en: str) -> str:
    """An English sentence with a capital at its start."""
    return en[:1].upper() + en[1:]


def listed(names: Sequence[str], *, most: int = 5) -> Text:
    """Names in a row, "-" for none; beyond `most` the rest is counted."""
    shown, rest = ", ".join(names[:most]) or "-", len(names) - most
    return text(f"{shown} 외 {rest:,}곳", f"{shown} and {rest:,} more") if rest > 0 else text(shown, shown)


def organisation_subject(organisation: Organisation) -> Subject:
    """The subject of a finding about one organisation."""
    return Subject(SubjectKind.ORGANISATION, organisation.id, organisation.id)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a finding rests on: the rule's id and title, its clause or that it is a default, and whether it decides."""

    rule: str
    title: Text
    clause: str | None
    is_default: bool
    severity: Severity = Severity.BLOCKING

    @classmethod
    def of(cls, rule: RuleBase) -> "Ground":
        """The ground of a rule of the definition."""
        return cls(rule.id, rule.title, rule.clause, rule.is_default, rule.severity)

    @classmethod
    def under(
        cls, rule: str, title: Text, based: Based, *, severity: Severity = Severity.BLOCKING
    ) -> "Ground":
        """The ground of something that another part of the definition settles (a document, the intake, the axes)."""
        return cls(rule, title, based.clause, based.is_default, severity)

    def finding(
        self,
        status: Status,
        subject: Subject,
        *,
        observed: Text,
        required: Text,
        message: Text,
        remedy: Text | None = None,
        distance: int | None = None,
        numbers: Mapping[str, Any] | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding on this ground."""
        return Finding(
            rule=self.rule,
            clause=self.clause,
            status=status,
            subject=subject,
            title=self.title,
            observed=observed,
            required=required,
            message=message,
            remedy=remedy,
            severity=self.severity if severity is None else severity,
            is_default=self.is_default,
            distance=distance,
            numbers=dict(numbers or {}),
        )


class Group(NamedTuple):
    """Cells that no money rule tells apart, within one organisation or over all."""

    source: str
    form: Form
    field: str
    category: str
    year: int
    role: str
    direct: bool


def holds(part: Part, group: Group) -> bool:
    """Whether the cells of a group belong to a part."""
    return (
        (part.sources is None or group.source in part.sources)
        and (part.forms is None or group.form in part.forms)
        and (part.fields is None or group.field in part.fields)
        and (part.categories is None or group.category in part.categories)
        and (part.years is None or group.year in part.years)
        and (part.roles is None or group.role in part.roles)
        and (part.direct_support is None or group.direct == part.direct_support)
    )


@dataclass(frozen=True, slots=True)
class SumTable:
    """A budget summed once, in won, so that every money rule reads a few groups instead of all cells."""

    groups: Mapping[Group, int]
    by_organisation: Mapping[str, Mapping[Group, int]]

    @classmethod
    def of(cls, application: Application) -> "SumTable":
        """Sum an application's cells. A cell of an organisation that is not listed has the role ""."""
        roles = {organisation.id: organisation.role for organisation in application.organisations}
        parts: dict[str, dict[Group, int]] = {}
        last, role = None, ""
        own: dict[Group, int] = {}
        for cell in application.budget:
            if cell.organisation != last:
                last = cell.organisation
                own, role = parts.setdefault(last, {}), roles.get(last, "")
            group = Group(
                cell.source, cell.form, cell.field, cell.category, cell.year, role, cell.direct_support
            )
            own[group] = own.get(group, 0) + cell.amount
        groups: dict[Group, int] = {}
        for own in parts.values():
            for group, amount in own.items():
                groups[group] = groups.get(group, 0) + amount
        return cls(groups, parts)

    def total(self, part: Part, *, year: int | None = None, organisation: str | None = None) -> int:
        """The sum of a part in won, of one year and one organisation when given."""
        groups = self.groups if organisation is None else self.by_organisation.get(organisation, {})
        return sum(
            amount
            for group, amount in groups.items()
            if (year is None or group.year == year) and holds(part, group)
        )


def _names(part: Part, axis: str) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = getattr(part, axis)
    return found


def within(inner: Part, outer: Part) -> bool:
    """Whether every cell of `inner` surely belongs to `outer`, whatever the cells are."""
    for axis in AXES:
        small, large = _names(inner, axis), _names(outer, axis)
        if large is not None and (small is None or not set(small) <= set(large)):
            return False
    return outer.direct_support is None or inner.direct_support == outer.direct_support


def common(one: Part, other: Part) -> Part | None:
    """The cells that belong to both parts; None when there can be none."""
    axes: dict[str, Any] = {}
    for axis in AXES:
        left, right = _names(one, axis), _names(other, axis)
        both = right if left is None else left if right is None else tuple(n for n in left if n in right)
        if both == ():
            return None
        axes[axis] = both
    if None not in (one.direct_support, other.direct_support) and one.direct_support != other.direct_support:
        return None
    direct = one.direct_support if one.direct_support is not None else other.direct_support
    return Part(**axes, direct_support=direct)


def rest(definition: Definition, whole: Part, part: Part) -> Part | None:
    """The cells of `whole` outside `part`, where that is a part again: the two differ on one axis only; else None."""
    known: dict[str, tuple[Any, ...]] = {
        "sources": tuple(source.id for source in definition.budget.sources),
        "forms": definition.budget.forms,
        "fields": tuple(field.id for field in definition.fields),
        "categories": tuple(category.id for category in definition.budget.categories),
        "years": tuple(year.year for year in definition.budget.years),
        "roles": tuple(role.id for role in definition.consortium.roles),
    }
    differing = [axis for axis in AXES if _names(whole, axis) != _names(part, axis)]
    if part.direct_support != whole.direct_support or len(differing) != 1:
        return None
    axis = differing[0]
    inside = _names(part, axis) or ()
    outside = tuple(name for name in _names(whole, axis) or known[axis] if name not in inside)
    return whole.model_copy(update={axis: outside}) if outside else None


def _label(named: Iterable[Any], wanted: tuple[str, ...]) -> tuple[list[str], list[str]]:
    names = {item.id: item.name for item in named}
    found = [names.get(name, text(name, name)) for name in wanted]
    return [name.ko for name in found], [name.en for name in found]


def part_name(definition: Definition, part: Part, *, year: int | None = None) -> Text:
    """A part of the budget in words: "국비", "2025년 직접지원분 민간부담금 현물", "총사업비" for all cells."""
    ko: list[str] = []
    aside: list[str] = []
    years = (year,) if year is not None else part.years
    if years is not None:
        ko.append("·".join(f"{value}년" for value in years))
        aside.append(", ".join(str(value) for value in years))
    for named, wanted in (
        (definition.consortium.roles, part.roles),
        (definition.fields, part.fields),
        (definition.budget.categories, part.categories),
    ):
        if wanted is not None:
            names_ko, names_en = _label(named, wanted)
            ko.append("·".join(names_ko))
            aside.append(" + ".join(names_en))
    if part.direct_support is not None:
        ko.append("직접지원분" if part.direct_support else "직접지원 외")
        aside.append("direct support" if part.direct_support else "outside direct support")
    form_ko = form_en = ""
    if part.forms is not None and set(part.forms) != set(Form):
        form_ko = "·".join(FORM_NAMES[form][0] for form in part.forms)
        form_en = ", ".join(FORM_NAMES[form][1] for form in part.forms)
    if part.sources is not None:
        names_ko, names_en = _label(definition.budget.sources, part.sources)
        ko.append("·".join(names_ko))
        head = " + ".join(names_en)
    else:
        head = "the total cost"
        if not form_ko:
            ko.append("사업비" if aside else "총사업비")
    if form_ko:
        ko.append(form_ko)
        head = f"{head} {form_en}" if form_en == "in kind" else f"{head} in {form_en}"
    return text(" ".join(ko), f"{head} ({', '.join(aside)})" if aside else head)
