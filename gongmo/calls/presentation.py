"""What the public page of a call says, made from its definition alone: rules as sentences beside their clauses, limits as pictures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from gongmo.calls.cards import kinds_of, regions_of
from gongmo.definition.base import Based, OrganisationKind, Text
from gongmo.definition.explain import explain_document, explain_evaluation, explain_rule
from gongmo.definition.labels import label
from gongmo.definition.model import Definition, DocumentKind, defaults
from gongmo.definition.rules import (
    AllowedKinds,
    ApplicantRegions,
    DemandedProof,
    Exclusion,
    InKindCap,
    MoneyRule,
    RequiredRole,
    ShareCeiling,
    ShareFloor,
)
from gongmo.definition.wording import KINDS, amount, source_name
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day, stamp


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its ground: a clause, or the reason of a default."""

    name: Text
    sentence: Text
    clause: str | None
    default: Text | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A share that a money rule limits. `percent` is the limit; a floor allows what lies above it, a ceiling what lies below."""

    name: Text
    percent: int | Decimal
    direction: str
    clause: str | None
    default: Text | None
    advisory: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone with its state on a day: done, current or coming."""

    label: Text
    note: Text | None
    state: str


def glance(
    definition: Definition, parent_region: str, regions: Mapping[str, Text]
) -> list[tuple[Text, Text, str]]:
    """The call in a few lines: what, who, how many, how much, until when, what to hand in; each with the part of the page that says more."""
    kinds = kinds_of(definition)
    codes = regions_of(definition, parent_region)
    places = [regions.get(code, Text(ko=code, en=code)) for code in codes]
    found: list[tuple[Text, Text, str]] = [
        (
            Text(ko="접수 기간", en="Intake"),
            Text(
                ko=f"{stamp(definition.intake.opens)} ~ {stamp(definition.intake.closes)} 전까지",
                en=f"{stamp(definition.intake.opens)} until before {stamp(definition.intake.closes)} (Korea time)",
            ),
            "",
        ),
        (
            Text(ko="함께할 수 있는 기관", en="Who may take part"),
            _listed([KINDS[kind] for kind in kinds])
            if len(kinds) < len(OrganisationKind)
            else Text(ko="모든 종류의 기관", en="Organisations of every kind"),
            "who",
        ),
    ]
    if places:
        shown = _listed(places)
        found.append(
            (
                Text(ko="신청 지역", en="Regions"),
                Text(ko=f"{len(places)}곳: {shown.ko}", en=f"{len(places)}: {shown.en}")
                if len(places) > 1
                else shown,
                "who",
            )
        )
    found.append(
        (Text(ko="지원 분야", en="Fields"), _listed([field.name for field in definition.fields]), "fields")
    )
    count = definition.selection.count
    size = Text(ko=f"{count}곳", en=str(count))
    if definition.second_level:
        size = Text(
            ko=f"{count}곳, 모두 {amount(definition.second_level.pot).ko}",
            en=f"{count}, {amount(definition.second_level.pot).en} in all",
        )
    elif definition.allocation:
        pot, year = definition.allocation.pot, definition.allocation.year
        source = source_name(definition, definition.allocation.source)
        when = Text(ko=f"{year}년 " if year else "", en=f" in {year}" if year else "")
        size = Text(
            ko=f"{count}곳, {when.ko}{source.ko} 모두 {amount(pot).ko}",
            en=f"{count}; {source.en}{when.en}: {amount(pot).en} in all",
        )
    found.append((Text(ko="선정 규모", en="To be selected"), size, "criteria"))
    budget = definition.budget
    found.append(
        (
            Text(ko="사업 기간", en="Project period"),
            Text(
                ko=f"{day(budget.period_starts)} ~ {day(budget.period_ends)}",
                en=f"{day(budget.period_starts)} ~ {day(budget.period_ends)}",
            ),
            "money",
        )
    )
    documents = len(definition.documents)
    found.append(
        (Text(ko="제출 서류", en="Documents"), Text(ko=f"{documents}가지", en=str(documents)), "documents")
    )
    return found


def _listed(texts: Sequence[Text]) -> Text:
    return Text(
        ko=", ".join(text.ko for text in texts) or "-", en=", ".join(text.en for text in texts) or "-"
    )


def eligibility_lines(definition: Definition, regions: Mapping[str, Text]) -> list[Line]:
    """Who may apply: regions, roles, kinds. `regions` names the region codes."""
    return [
        _line(rule.title, explain_rule(definition, rule, regions=regions), rule)
        for rule in definition.rules
        if isinstance(rule, ApplicantRegions | RequiredRole | AllowedKinds)
    ]


def exclusion_lines(definition: Definition) -> list[Line]:
    """What excludes, with exceptions."""
    return [
        _line(rule.title, explain_rule(definition, rule), rule)
        for rule in definition.rules
        if isinstance(rule, Exclusion | DemandedProof)
    ]


def money_lines(definition: Definition) -> list[Line]:
    """Every money rule as a sentence."""
    return [
        _line(rule.title, explain_rule(definition, rule), rule)
        for rule in definition.rules
        if isinstance(rule, MoneyRule)
    ]


def limits(definition: Definition) -> list[Limit]:
    """The money rules that can be drawn: shares with a floor or a ceiling."""
    found: list[Limit] = []
    for rule in definition.rules:
        if isinstance(rule, ShareFloor):
            share, direction = rule.at_least, "floor"
        elif isinstance(rule, ShareCeiling | InKindCap):
            share, direction = rule.at_most, "ceiling"
        else:
            continue
        advisory = rule.severity.value == "advisory"
        found.append(Limit(rule.title, percent_of(share), direction, rule.clause, rule.default, advisory))
    return found


def percent_of(share: Fraction) -> int | Decimal:
    """A share in percent for people: 60, 33.33."""
    hundred = share * 100
    if hundred.denominator == 1:
        return int(hundred)
    return (Decimal(hundred.numerator) / Decimal(hundred.denominator)).quantize(Decimal("0.01"))


def document_lines(definition: Definition) -> list[tuple[DocumentKind, Text]]:
    """The documents with who hands them in, when, and in which formats."""
    return [(document, explain_document(definition, document)) for document in definition.documents]


def evaluation_lines(definition: Definition) -> list[Line]:
    """How the call evaluates and selects."""
    return [_line(name, sentence, based) for name, sentence, based in explain_evaluation(definition)]


def default_lines(definition: Definition) -> list[Line]:
    """Everything that no clause states and that was settled here, with its reason."""
    return [
        _line(_name(path, based), based.default, based)
        for path, based in defaults(definition)
        if based.default
    ]


def steps(definition: Definition, now: datetime) -> list[Step]:
    """The milestones in order, as they stand on the day in Seoul. One without dates is coming, unless a later one has begun."""
    today = now.astimezone(SEOUL).date()
    begun = max(
        (
            number
            for number, milestone in enumerate(definition.milestones)
            if (first := milestone.starts or milestone.ends) is not None and first <= today
        ),
        default=-1,
    )
    found: list[Step] = []
    for number, milestone in enumerate(definition.milestones):
        over = milestone.ends is not None and milestone.ends < today
        if milestone.starts == milestone.ends == today or (number == begun and not over):
            state = "current"
        elif over or number < begun:
            state = "done"
        else:
            state = "coming"
        found.append(Step(milestone.name, milestone.when or _span(milestone.starts, milestone.ends), state))
    return found


def _span(starts: date | None, ends: date | None) -> Text | None:
    if starts and ends and starts != ends:
        span = f"{_whole(starts)} ~ {_whole(ends)}"
        return Text(ko=span, en=span)
    known = starts or ends
    return Text(ko=_whole(known), en=_whole(known)) if known else None


def _whole(value: date) -> str:
    """A day that a narrow column breaks after the year, if anywhere."""
    return f"{value.year}. {value.month}.\N{NO-BREAK SPACE}{value.day}."


def _line(name: Text, sentence: Text, based: Based) -> Line:
    return Line(name, sentence, based.clause, based.default)


def _name(path: str, based: Based) -> Text:
    """What a default is about: its own name, else the name of its place in the definition."""
    for key in ("name", "title", "text"):
        found = getattr(based, key, None)
        if isinstance(found, Text):
            return found
    names = list(_places(path))
    return Text(ko=" · ".join(n.ko for n in names), en=" · ".join(n.en for n in names))


def _places(path: str) -> Iterator[Text]:
    for part in path.replace("[", ".").replace("]", "").split("."):
        if part and not part.isdigit():
            yield label(part)
