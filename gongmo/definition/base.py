"""Small types that every part of a definition is made of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

RATIO = re.compile(r"^(?:(\d{1,6}(?:\.\d{1,6})?)\s?%|(\d{1,9})/([1-9]\d{0,8}))$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that does not fit together inside a definition: the path to it and what to do, in Korean and English."""

    loc: tuple[str | int, ...]
    ko: str
    en: str


class Misnamed(ValueError):
    """Names that are used but not declared, or declared twice. Each problem knows its own place."""

    def __init__(self, problems: Sequence[Wrong]) -> None:
        super().__init__(
            "; ".join(f"{'.'.join(map(str, wrong.loc))}: {wrong.ko} / {wrong.en}" for wrong in problems)
        )
        self.problems = tuple(problems)


class Model(BaseModel):
    """Strict, frozen, unknown keys refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


def _ratio(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    match = RATIO.match(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('비율은 "40%" 또는 "2/5"처럼 적어 주세요 / write a ratio as "40%" or "2/5"')
    share, above, below = match.groups()
    found = Fraction(share) / 100 if share is not None else Fraction(int(above), int(below))
    if not 0 <= found <= 1:
        raise ValueError("비율은 0%에서 100% 사이여야 합니다 / a ratio lies between 0% and 100%")
    return found


def ratio_text(value: Fraction) -> str:
    """An exact ratio as people write it: Fraction(3, 5) → "60%", Fraction(1, 3) → "1/3"."""
    hundredths = value * 100
    if (hundredths * 10**6).denominator == 1:
        whole, rest = divmod(int(hundredths * 10**6), 10**6)
        return f"{whole}.{rest:06d}".rstrip("0").rstrip(".") + "%"
    return f"{value.numerator}/{value.denominator}"


Ratio = Annotated[
    Fraction,
    BeforeValidator(_ratio),
    PlainSerializer(ratio_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": RATIO.pattern, "examples": ["60%", "2/5"]}),
]


def _instant(value: datetime) -> datetime:
    # At the very ends of the calendar an instant cannot be told in another zone's time.
    if not 1900 <= value.year <= 2200:
        raise ValueError(
            "시각의 연도는 1900에서 2200 사이여야 합니다 / the year of an instant lies between 1900 and 2200"
        )
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_instant)]
"""A moment with its offset, in the years 1900 to 2200."""
Won = Annotated[int, Field(ge=0, le=10**15, description="Korean won, a whole number")]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
ClauseId = Annotated[str, Field(pattern=r"^[A-Z]{1,3}-\d{1,3}[a-z]?$")]
RegionCode = Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{2}[A-Z]?$")]
"""ISO 3166-2:KR where it has a code; successors that ISO has not named yet carry a letter."""


class Text(Model):
    """A sentence or a name in Korean and English."""

    ko: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class Based(Model):
    """Something the definition settles, with its ground: a clause of the call, or a default that no clause states.

    Exactly one of `clause` and `default` is given. `default` says in words why this choice stands, `citation` where it comes from.
    """

    clause: ClauseId | None = None
    default: Text | None = None
    citation: str | None = None

    @model_validator(mode="after")
    def _one_ground(self) -> Self:
        if (self.clause is None) == (self.default is None):
            raise ValueError(
                "clause(근거 조항)와 default(기본값인 까닭) 가운데 하나만 적어 주세요 / give either clause or default, not both or none"
            )
        return self

    @property
    def is_default(self) -> bool:
        """True where no clause states this and the screen must say so."""
        return self.default is not None


class Severity(StrEnum):
    """A blocking rule decides; an advisory one is told and decides nothing."""

    BLOCKING = "blocking"
    ADVISORY = "advisory"


class OrganisationKind(StrEnum):
    """What an organisation is (programme.md A-4, domain.md section 8)."""

    METROPOLITAN_GOVERNMENT = "metropolitan_government"
    BASIC_GOVERNMENT = "basic_government"
    REGIONAL_INNOVATION_AGENCY = "regional_innovation_agency"
    UNIVERSITY = "university"
    RESEARCH_INSTITUTE = "research_institute"
    COMPANY = "company"
    PUBLIC_INSTITUTION = "public_institution"
    ASSOCIATION = "association"
    OTHER = "other"


class Form(StrEnum):
    """Form of a contribution."""

    CASH = "cash"
    IN_KIND = "in_kind"


class Named(Model):
    """One value of a list that a definition declares: an identifier and its name."""

    id: Identifier
    name: Text
    description: Text | None = None
