"""An application as plain values: the same shape in a file, in a draft, at submission and in the ledger (format gongmo/application/1)."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from gongmo.definition.base import Form, Identifier, Instant, Model, OrganisationKind, RegionCode, Slug, Won

OrganisationRef = Annotated[str, Field(pattern=r"^[A-Za-z0-9가-힣][A-Za-z0-9가-힣_.-]{0,63}$")]
FIGURE = re.compile(r"^-?\d{1,16}(\.\d{1,4})?$", re.ASCII)
Figure = Annotated[str, Field(pattern=r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$")]
"""A decimal number as text, exact, at most 4 places."""
AnswerPlace = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}(@[a-z][a-z0-9_]{0,47})?(\.[a-z]{1,12})?$")]
"""Where an answer stands: "question", "question@field", "question.part" (gongmo.rules.form)."""


class Truth(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class FactSource(StrEnum):
    """Where a fact comes from, in rising order of weight."""

    SELF = "self"
    REGISTER = "register"
    CERTIFICATE = "certificate"
    OFFICER = "officer"


class Fact(Model):
    """What is known of one organisation on one question.

    `yes` holds on the days from `since` to `until` (both included; missing means open). `follow_up` and
    `earlier_ended_on` prove the follow-up exception. `as_of` is the day on which it was looked up.
    """

    value: Truth
    as_of: date | None = None
    source: FactSource = FactSource.SELF
    since: date | None = None
    until: date | None = None
    follow_up: bool | None = None
    earlier_ended_on: date | None = None
    note: str = ""


class Organisation(Model):
    """An organisation of the consortium in its role."""

    id: OrganisationRef
    name: Annotated[str, Field(min_length=1, max_length=200)]
    role: Identifier
    kind: OrganisationKind
    region: RegionCode | None = None
    business_number: Annotated[str, Field(pattern=r"^\d{10}$")] | None = None
    corporate_number: Annotated[str, Field(pattern=r"^\d{13}$")] | None = None
    founded_on: date | None = None
    buys_assets: bool = False
    facts: dict[Identifier, Fact] = {}


class Cell(Model):
    """One budget cell, in won."""

    organisation: OrganisationRef
    year: int
    field: Identifier
    category: Identifier
    source: Identifier
    form: Form
    amount: Won
    direct_support: bool = False

    @property
    def key(self) -> str:
        """The cell's name in findings and in `--keep`: organisation/year/field/category/source/form[/direct]."""
        parts = [self.organisation, str(self.year), self.field, self.category, self.source, self.form.value]
        return "/".join([*parts, "direct"] if self.direct_support else parts)


class Document(Model):
    """A document handed in. `organisation` is None for one that the lead hands in once for all."""

    kind: Identifier
    organisation: OrganisationRef | None = None
    file: Annotated[str, Field(min_length=1, max_length=255)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Arrival(Model):
    """Something that arrived on another channel (post, official letter, e-mail), whole day in Seoul."""

    channel: Identifier
    arrived_on: date


class Kpi(Model):
    """An indicator of success: what is measured, in which unit, where it stands and where it shall go."""

    name: Annotated[str, Field(max_length=200)] = ""
    unit: Annotated[str, Field(max_length=40)] = ""
    baseline: Figure | None = None
    target: Figure | None = None
    measured_by: Annotated[str, Field(max_length=300)] = ""


class ProofDemand(Model):
    """Proof that the agency demanded of an organisation, and whether it came."""

    organisation: OrganisationRef
    fact: Identifier
    due_at: Instant
    handed_in_at: Instant | None = None


class Application(Model):
    """An application (format gongmo/application/1)."""

    format: Literal["gongmo/application/1"]
    call: Slug
    title: Annotated[str, Field(min_length=1, max_length=300)]
    region: RegionCode | None = None
    parent_region: RegionCode | None = None
    """For a second-level call: the region of the parent agreement."""
    fields: tuple[Identifier, ...] = ()
    answers: dict[AnswerPlace, Annotated[str, Field(max_length=20_000)]] | None = None
    """Answers to the call's own questions by their place; None where this value says nothing of them."""
    kpis: tuple[Kpi, ...] | None = None
    """Indicators of success; None where this value says nothing of them."""
    organisations: tuple[Organisation, ...] = ()
    budget: tuple[Cell, ...] = ()
    documents: tuple[Document, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    proof_demands: tuple[ProofDemand, ...] = ()
    received_at: Instant | None = None
    """When the server received the submission; None while it is not submitted."""
