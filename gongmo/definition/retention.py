"""How long a call keeps personal data."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from gongmo.definition.base import Based, Text

if TYPE_CHECKING:
    from gongmo.definition.model import Definition


class Retention(Based):
    """Years for which personal data is kept: of a selected applicant from the end of its agreement, of one that was not selected or withdrew from
    the call's end, of a draft that nobody submitted from the closing day."""

    selected_years: Annotated[int, Field(ge=1, le=30)] = 5
    unselected_years: Annotated[int, Field(ge=1, le=30)] = 1
    draft_years: Annotated[int, Field(ge=1, le=30)] = 1


USUAL = Retention(
    default=Text(
        ko="공고에 정한 바가 없어 동의서에 흔히 적는 기간을 씁니다: 선정되면 사업이 끝난 뒤 5년, 선정되지 않으면 1년.",
        en="The call is silent; what consents usually say: five years after the project where selected, else one year.",
    ),
    citation="개인정보 보호법 제21조 / Personal Information Protection Act, article 21",
)


def retention_of(definition: "Definition") -> Retention:
    """How long this call keeps personal data."""
    return definition.retention or USUAL
