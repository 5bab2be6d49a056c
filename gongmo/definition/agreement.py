"""What a call says about negotiation and the agreement: limits, the agreement's text, duties, amendments, termination."""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from gongmo.definition.base import Based, Identifier, Model, Ratio, Text, Wrong

if TYPE_CHECKING:
    from gongmo.definition.model import Definition

WORDS = frozenset(
    {
        "number",
        "version",
        "title",
        "call",
        "operator",
        "applicant",
        "lead",
        "region",
        "starts",
        "ends",
        "total",
        "total_words",
        "drawn_up",
        "director",
    }
)
"""Names that sentences of an agreement may hold in braces; the agreement's own values stand there."""
PARTS = frozenset({"parties", "money", "budgets", "goals", "scope", "conditions", "duties", "signatures"})
"""Names that stand alone in a line; a table or list of the agreement is put there."""
NEEDED = ("parties", "money", "signatures")
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


def _text_problem(said: str) -> str | None:
    """What is wrong with an agreement's text, or None."""
    counts = dict.fromkeys(PARTS, 0)
    for line in said.splitlines():
        for found in _BRACES.finditer(line):
            name = found.group(1)
            if name in PARTS:
                counts[name] += 1
                if line.strip() != found.group():
                    return (
                        f"‘{{{name}}}’은(는) 한 줄에 혼자 적어 주세요 / {{{name}}} stands alone in its line"
                    )
            elif name not in WORDS:
                known = ", ".join(sorted(WORDS | PARTS))
                return (
                    f"‘{found.group()}’은(는) 쓸 수 없는 자리입니다. 쓸 수 있는 이름: {known}"
                    f" / “{found.group()}” is no known place. Known: {known}"
                )
    for name, count in counts.items():
        if count > 1 or (name in NEEDED and count == 0):
            return f"‘{{{name}}}’을(를) 한 번 적어 주세요 / {{{name}}} must stand once"
    if said.rstrip().splitlines()[-1].strip() != "{signatures}":
        return "‘{signatures}’는 맨 끝에 적어 주세요 / {signatures} stands at the end"
    return None


class AgreementText(Based):
    """The agreement's own text: headings ("## 제1조 (목적)"), paragraphs and lists in Markdown, with places in braces.

    In sentences: {number}, {version}, {title}, {call}, {operator}, {applicant}, {lead}, {region}, {starts}, {ends}, {total},
    {total_words}, {drawn_up}, {director}. Alone in a line, for tables and lists: {parties}, {money} (by year and source), {budgets}
    (by organisation), {goals}, {scope}, {conditions}, {duties}, {signatures} (at the end).
    """

    title: Text
    body: Text

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for said in (self.body.ko, self.body.en):
            problem = _text_problem(said)
            if problem is not None:
                raise ValueError(problem)
        return self


class NegotiationTerms(Based):
    """Until when a negotiation must end, when those who are slow are told, and what is negotiated."""

    days: Annotated[int, Field(ge=1, le=365)]
    unit: Literal["calendar", "working"] = "calendar"
    warn_days: Annotated[int, Field(ge=0, le=60)] = 7
    """So many days before the limit both sides are told that it comes."""
    points: Annotated[tuple[Literal["money", "scope", "goals"], ...], Field(min_length=1)] = (
        "money",
        "scope",
        "goals",
    )


class Due(Model):
    """A day: fixed (`on`), or so many days after the agreement's first or last day, before or after the end of each calendar year."""

    kind: Literal["on", "after_start", "after_end", "before_year_end", "after_year_end"]
    on: date | None = None
    days: Annotated[int, Field(ge=0, le=3650)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.kind == "on") != (self.on is not None) or (self.kind == "on") == (self.days is not None):
            raise ValueError(
                "kind가 on이면 on(날짜)을, 아니면 days(일수)를 적어 주세요 / give on for kind on, days for the others"
            )
        return self


class Duty(Based):
    """Something that a party does by a day while the agreement stands: report, deposit, settle."""

    id: Identifier
    name: Text
    roles: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    due: Due


Aspect = Literal[
    "parties",
    "period",
    "organisation_total",
    "money",
    "carry_over",
    "scope",
    "goals",
    "director",
    "representative",
    "address",
    "conditions",
]


class AmendmentKind(Based):
    """A kind of change of an agreement: approved by the operator, or only told. `signed`: every party signs the changed agreement."""

    id: Identifier
    name: Text
    needs: Literal["approval", "notice"]
    changes: Annotated[tuple[Aspect, ...], Field(min_length=1)]
    """What is changed: who is party (always approved and signed anew, whatever its kind says), the period, an organisation's total, money within an organisation, money moved between years, scope, goals,
    director, an organisation's representative or address, conditions."""
    signed: bool = False
    days_before_end: Annotated[int, Field(ge=0, le=365)] | None = None
    """It is asked for at the latest so many days before the agreement ends."""


class Hearing(Based):
    """How long a party has to state its case before an agreement is terminated."""

    days: Annotated[int, Field(ge=1, le=90)]
    unit: Literal["calendar", "working"] = "working"


class ReturnInterest(Based):
    """Simple interest on money to be returned after a termination, from the day of payment to the day of the decision."""

    annual: Ratio


class AgreementTerms(Based):
    """Period and parties of the agreement, its text and duties, and what may change it."""

    starts_planned: date | None = None
    ends: date
    parties: tuple[Identifier, ...]
    yearly_review: bool
    re_agreement: Text | None = None
    termination: Text
    negotiation: NegotiationTerms | None = None
    text: AgreementText | None = None
    duties: tuple[Duty, ...] = ()
    amendments: tuple[AmendmentKind, ...] = ()
    hearing: Hearing | None = None
    return_interest: ReturnInterest | None = None


def agreement_problems(call: "Definition") -> Iterator[Wrong]:
    """Names inside the agreement that do not fit."""
    terms = call.agreement
    if terms is None:
        return
    roles = [role.id for role in call.consortium.roles]
    parties = [*roles, *(actor.id for actor in call.actors if actor.id not in roles)]
    named = [(("agreement", "parties", place), party) for place, party in enumerate(terms.parties)]
    for number, duty in enumerate(terms.duties):
        named += [(("agreement", "duties", number), role) for role in duty.roles]
    for loc, name in named:
        if name not in parties:
            choices = ", ".join(parties)
            yield Wrong(
                loc,
                f"‘{name}’은(는) 이 정의에 없는 이름입니다. 정의된 이름: {choices}",
                f"“{name}” is not declared in this definition. Declared: {choices}",
            )
    for key, ids in (
        ("duties", [duty.id for duty in terms.duties]),
        ("amendments", [kind.id for kind in terms.amendments]),
    ):
        for number, name in enumerate(ids):
            if name in ids[:number]:
                yield Wrong(
                    ("agreement", key, number, "id"),
                    f"‘{name}’이(가) 두 번 나옵니다. 서로 다른 이름을 써 주세요.",
                    f"“{name}” stands twice. Give each its own name.",
                )
