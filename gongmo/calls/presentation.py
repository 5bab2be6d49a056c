"""What the public page of a call says, made from its definition alone: rules as sentences beside their clauses, limits as pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from gongmo.definition.base import Based, Text
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
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day


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
        return Text(ko=f"{day(starts)} ~ {day(ends)}", en=f"{day(starts)} ~ {day(ends)}")
    known = starts or ends
    return Text(ko=day(known), en=day(known)) if known else None


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
