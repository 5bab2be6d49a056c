"""The typed rule kinds. Each names its clause (or says that it is a default) and can be explained, drawn and mended."""

from typing import Annotated, Literal, TypeVar

from pydantic import Field

from gongmo.definition.base import (
    Based,
    Form,
    Identifier,
    Model,
    OrganisationKind,
    Ratio,
    RegionCode,
    Severity,
    Text,
    Won,
)

T = TypeVar("T")
Chosen = Annotated[tuple[T, ...], Field(min_length=1)] | None
"""Some values of an axis, at least one; None means all."""


class Part(Model):
    """Which budget cells are meant. A missing key means every value of that axis."""

    sources: Chosen[Identifier] = None
    forms: Chosen[Form] = None
    fields: Chosen[Identifier] = None
    categories: Chosen[Identifier] = None
    years: Chosen[int] = None
    roles: Chosen[Identifier] = None
    direct_support: bool | None = None


class RuleBase(Based):
    """What every rule has."""

    id: Identifier
    title: Text
    severity: Severity = Severity.BLOCKING
    note: Text | None = None
    """How the clause is read here, where its words leave room."""


class ApplicantRegions(RuleBase):
    """The organisation in `role` belongs to one of `regions`, or to the region of the parent agreement (`from_parent`)."""

    kind: Literal["applicant_regions"]
    role: Identifier
    regions: tuple[RegionCode, ...] = ()
    from_parent: bool = False


class RequiredRole(RuleBase):
    """The consortium has at least and at most so many organisations in `role`, of `kinds` when given."""

    kind: Literal["required_role"]
    roles: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    kinds: Chosen[OrganisationKind] = None
    at_least: Annotated[int, Field(ge=0)] = 1
    at_most: Annotated[int, Field(ge=1)] | None = None


class AllowedKinds(RuleBase):
    """Every organisation in `roles` is of one of `kinds`."""

    kind: Literal["allowed_kinds"]
    roles: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    kinds: Annotated[tuple[OrganisationKind, ...], Field(min_length=1)]


class YoungerThan(Model):
    """Exception: less than `years` full years from founding on the closing date."""

    kind: Literal["younger_than"]
    years: Annotated[int, Field(ge=1, le=100)]
    text: Text


class FollowUpAfterEnd(Model):
    """Exception: follow-up support of an earlier project that has ended by the closing date."""

    kind: Literal["follow_up_after_end"]
    text: Text


ExclusionException = Annotated[YoungerThan | FollowUpAfterEnd, Field(discriminator="kind")]


class Exclusion(RuleBase):
    """An organisation for which `fact` is true on the closing date is excluded, unless an exception holds.

    `kinds` and `roles` narrow the rule to organisations it can concern. With contagion "application" one
    excluded organisation excludes the whole consortium.
    """

    kind: Literal["exclusion"]
    fact: Identifier
    kinds: Chosen[OrganisationKind] = None
    roles: Chosen[Identifier] = None
    exceptions: tuple[ExclusionException, ...] = ()
    contagion: Literal["application", "organisation"] = "application"


class DemandedProof(RuleBase):
    """Proof that was demanded and not handed in by its due time excludes."""

    kind: Literal["demanded_proof"]


class ShareFloor(RuleBase):
    """sum(part) >= at_least x sum(whole), for the total or for each year."""

    kind: Literal["share_floor"]
    part: Part
    whole: Part
    at_least: Ratio
    per: Literal["total", "year", "organisation"] = "total"


class ShareCeiling(RuleBase):
    """sum(part) <= at_most x sum(whole), for the total, each year or each organisation."""

    kind: Literal["share_ceiling"]
    part: Part
    whole: Part
    at_most: Ratio
    per: Literal["total", "year", "organisation"] = "total"


class InKindCap(RuleBase):
    """The in-kind cells of `part` are at most `at_most` of all cells of `part`."""

    kind: Literal["in_kind_cap"]
    part: Part
    at_most: Ratio
    per: Literal["total", "year", "organisation"] = "total"


class CashOnly(RuleBase):
    """Every cell of `part` is cash."""

    kind: Literal["cash_only"]
    part: Part


class AmountCeiling(RuleBase):
    """sum(part) <= at_most won, for the total, each year or each organisation."""

    kind: Literal["amount_ceiling"]
    part: Part
    at_most: Won
    per: Literal["total", "year", "organisation"] = "total"


class AmountFloor(RuleBase):
    """sum(part) >= at_least won, for the total, each year or each organisation."""

    kind: Literal["amount_floor"]
    part: Part
    at_least: Won
    per: Literal["total", "year", "organisation"] = "total"


class BudgetAxes(RuleBase):
    """Every cell lies within the years, fields, categories, sources and forms that the definition declares."""

    kind: Literal["budget_axes"]


MoneyRule = ShareFloor | ShareCeiling | InKindCap | CashOnly | AmountCeiling | AmountFloor | BudgetAxes
Rule = Annotated[
    ApplicantRegions
    | RequiredRole
    | AllowedKinds
    | Exclusion
    | DemandedProof
    | ShareFloor
    | ShareCeiling
    | InKindCap
    | CashOnly
    | AmountCeiling
    | AmountFloor
    | BudgetAxes,
    Field(discriminator="kind"),
]
