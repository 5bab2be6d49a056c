"""What a call settles about its results: what of the evaluation is shown to whom, and how one objects to it."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from gongmo.definition.base import Based, Text

if TYPE_CHECKING:
    from gongmo.definition.model import Definition


class Disclosure(Based):
    """What of the evaluation is shown to whom. What nobody but the operator may see is no setting: points before a stage is locked,
    and who gave which points."""

    results_public: bool
    documents_returned: bool
    blind: Literal["none", "evaluators_hidden"] = "evaluators_hidden"
    """"none": the notice of the result lists the evaluators by name, never beside their opinions or points."""
    applicant_sees: Literal["selection_only", "opinion", "scores"] = "selection_only"
    """Beside whether it is selected: nothing, the overall opinions without their authors, or the final score, too."""
    applicant_sees_default: Text | None = None
    reserve_told: bool = False
    """Whether an applicant on the reserve list is told so with its place, or only that it is not selected."""


class Objections(Based):
    """Objections to a result; within which days is told by the period "objection"."""

    times: Annotated[int, Field(ge=1, le=9)] = 1
    """How often an applicant may object, over all versions of the ranking."""


USUAL_OBJECTIONS = Objections(
    default=Text(
        ko="공고에 정한 바가 없어 이의신청은 한 번 할 수 있습니다.",
        en="The call is silent, so one may object once.",
    ),
    citation="비슷한 사업의 운영 규정 / rules of similar programmes",
)


def times_to_object(definition: "Definition") -> int:
    """How often an applicant may object to its result."""
    return (definition.objections or USUAL_OBJECTIONS).times
