"""A call's definition: everything that a call says, clause by clause."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gongmo.definition.agreement import AgreementTerms
from gongmo.definition.base import (
    Based,
    ClauseId,
    Form,
    Identifier,
    Instant,
    Misnamed,
    Model,
    Named,
    OrganisationKind,
    Slug,
    Text,
    Won,
)
from gongmo.definition.coherence import contradictions
from gongmo.definition.evaluation import Allocation, Evaluation, Selection
from gongmo.definition.form import ApplicationForm
from gongmo.definition.names import all_based, misnamed, path_text
from gongmo.definition.papers import PaperText
from gongmo.definition.registers import Lookup
from gongmo.definition.results import Disclosure, Objections
from gongmo.definition.retention import Retention
from gongmo.definition.rules import Rule
from gongmo.definition.similar import Similar

FORMAT = "gongmo/call/1"


class Clause(Model):
    """One clause of the call in the publisher's own numbering. `silent` says what it leaves open."""

    id: ClauseId
    title: Text
    text: Text
    under: ClauseId | None = None
    silent: Text | None = None


class Actor(Model):
    """Who is who in the programme."""

    id: Identifier
    name: Text
    organisation: Text | None = None
    does: Text


class SupportField(Named, Based):
    """A field of support with examples."""

    examples: tuple[Text, ...] = ()


class Milestone(Based):
    """A step in the life of the call, in order. Dates only where the call states them."""

    id: Identifier
    name: Text
    when: Text | None = None
    starts: date | None = None
    ends: date | None = None


class Channel(Based):
    """A way in which an application or its originals arrive. `due_on` is the last day that counts, whole day, Seoul."""

    id: Identifier
    name: Text
    required: bool
    due_on: date | None = None
    instructions: Text


class Intake(Based):
    """From when to when applications are taken. A request received at `closes` or later does not count."""

    opens: Instant
    closes: Instant
    channels: tuple[Channel, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("접수 시작이 마감보다 앞서야 합니다 / opens must lie before closes")
        return self


class Consortium(Based):
    """The roles that organisations take in an application. `lead_role` writes and submits."""

    roles: Annotated[tuple[Named, ...], Field(min_length=1)]
    lead_role: Identifier
    applicant_role: Identifier
    """The role whose organisation gives the application its name and region."""


class FactKind(Based):
    """A fact about an organisation on which exclusions turn, as a yes/no question that "yes" excludes."""

    id: Identifier
    name: Text
    question: Text
    proof: tuple[Text, ...] = ()
    lookup: Lookup | None = None
    """Which outside register answers it; None: nobody but people does."""


class BudgetYear(Model):
    """A budget year within the project period."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    name: Text
    starts: date
    ends: date


class Category(Named):
    """A budget category. `asset` marks the purchase of assets (drives conditional documents)."""

    asset: bool = False


class Budget(Based):
    """Axes of the budget. Every cell is organisation x year x field x category x source x form, with a direct-support mark."""

    period_starts: date
    period_ends: date
    years: Annotated[tuple[BudgetYear, ...], Field(min_length=1)]
    sources: Annotated[tuple[Named, ...], Field(min_length=1)]
    forms: Annotated[tuple[Form, ...], Field(min_length=1)] = (Form.CASH, Form.IN_KIND)
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    categories_default: Text | None = None
    direct_support: Text | None = None
    """What the direct-support mark means in this call; None: the mark is not used."""


class Always(Model):
    kind: Literal["always"]


class BuysAssets(Model):
    """Due where the organisation has budget in an asset category or says that it buys assets."""

    kind: Literal["buys_assets"]


class ContributesTo(Model):
    """Due where the organisation has budget from `source`."""

    kind: Literal["contributes"]
    source: Identifier


class SpendsOn(Model):
    """Due where the organisation has budget in one of `categories`."""

    kind: Literal["spends_on"]
    categories: Annotated[tuple[Identifier, ...], Field(min_length=1)]


Condition = Annotated[Always | BuysAssets | ContributesTo | SpendsOn, Field(discriminator="kind")]


class DocumentKind(Based):
    """A document that is due: from the lead once for all, or from every organisation in `roles` for which the condition holds."""

    id: Identifier
    number: Annotated[int, Field(ge=1)]
    name: Text
    per: Literal["application", "organisation"]
    roles: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Who provides it."""
    handed_in_by: Text | None = None
    when: Condition = Always(kind="always")
    """From which of them it is due; the kinds of conditions are described below."""
    formats: Annotated[
        tuple[Literal["pdf", "hwp", "hwpx", "ppt", "pptx", "docx", "xlsx", "jpg", "png", "zip"], ...],
        Field(min_length=1),
    ]
    generated: bool = False
    """True where Gongmo knows the content and can write the document."""
    paper: PaperText | None = None
    """Of a generated document: which content it has, and its sentences."""
    contains: Text | None = None


class Presenter(Based):
    """Who presents, and that a substitute from a participating organisation needs the agency's prior consent."""

    substitute: Literal["none", "member_with_consent"]


class Period(Based):
    """A span in days for a right or duty (objection, answer, agreement). Working days roll past holidays."""

    id: Identifier
    name: Text
    days: Annotated[int, Field(ge=0, le=3650)]
    unit: Literal["calendar", "working"] = "calendar"
    roll_to_working_day: bool = True


class SecondLevel(Based):
    """A call that hands on the money of a parent agreement, and never more than that."""

    parent_programme: Slug
    pot: Won
    sources: tuple[Identifier, ...]


class Contact(Based):
    name: Text
    phone: str | None = None
    email: str | None = None


class Baseline(Model):
    """A figure against which the programme's results are shown, with its source."""

    id: Identifier
    name: Text
    percent: Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$")]
    source: Text


class Setting(Based):
    """Any other choice that no clause states, told on screen."""

    id: Identifier
    text: Text


class Definition(Model):
    """A call as data (format gongmo/call/1)."""

    format: Literal["gongmo/call/1"]
    id: Slug
    programme: Slug
    version: Annotated[int, Field(ge=1)] = 1
    title: Text
    short_title: Text
    announced_on: date
    announced_by: tuple[Text, ...]
    purpose: Text
    invented: bool = False
    """True for made-up programmes; every page says so."""
    source: Text
    actors: tuple[Actor, ...]
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    fields: Annotated[tuple[SupportField, ...], Field(min_length=1)]
    milestones: tuple[Milestone, ...]
    intake: Intake
    consortium: Consortium
    facts: tuple[FactKind, ...]
    similar: Similar | None = None
    """How similar projects are looked for; None: they are, but no question of the call is answered by it."""
    rules: tuple[Rule, ...]
    budget: Budget
    form: ApplicationForm | None = None
    documents: tuple[DocumentKind, ...]
    evaluation: Evaluation
    selection: Selection
    allocation: Allocation | None = None
    disclosure: Disclosure
    objections: Objections | None = None
    """How one objects to a result; None: once, told as a default."""
    retention: Retention | None = None
    """How long personal data is kept; None: five years after the project, one year where not selected, told as a default."""
    presenter: Presenter | None = None
    periods: tuple[Period, ...] = ()
    agreement: AgreementTerms | None = None
    second_level: SecondLevel | None = None
    contacts: tuple[Contact, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    settings: tuple[Setting, ...] = ()

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id. Raises KeyError."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def document(self, document_id: str) -> DocumentKind:
        """The document kind of that id. Raises KeyError."""
        for document in self.documents:
            if document.id == document_id:
                return document
        raise KeyError(document_id)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def closes(self) -> datetime:
        """The closing instant, aware."""
        return self.intake.closes

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        """Every identifier that is used is declared, none is declared twice, and no setting contradicts another."""
        problems = misnamed(self) or contradictions(self)
        if problems:
            raise Misnamed(problems)
        return self


def defaults(call: Definition) -> list[tuple[str, Based]]:
    """Everything in the definition that no clause states, with its path: what screens must mark as a default."""
    return [(path_text(where), based) for where, based in all_based(call) if based.is_default]


__all__ = ["FORMAT", "Definition", "OrganisationKind", "defaults"]
