"""What an application writes about its project: sections of questions, and the indicators of success."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from gongmo.definition.base import Based, Identifier, Model, Named, Text, Wrong
from gongmo.definition.evaluation import CriterionId

if TYPE_CHECKING:
    from gongmo.definition.model import Definition


class QuestionKind(StrEnum):
    """How a question is answered: one line, running text, a number, a day, one of `choices`, a person (name, position, phone, e-mail)."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    PERSON = "person"


TEXTS = (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT)


class Question(Based):
    """One question. With `per_field` it is asked once for each field of support that the application chooses."""

    id: Identifier
    name: Text
    kind: QuestionKind
    hint: Text | None = None
    required: bool = True
    limit: Annotated[int, Field(ge=1, le=20_000)] | None = None
    """Most letters of a text; where none is given, 200 for one line and 5,000 for running text."""
    unit_name: Text | None = None
    """What a number counts ("명")."""
    choices: tuple[Named, ...] = ()
    per_field: bool = False
    criteria: tuple[CriterionId, ...] = ()
    """The criteria under which evaluators look for the answer."""

    @property
    def letters(self) -> int:
        """Most letters of a text answer."""
        return self.limit or (200 if self.kind is QuestionKind.SHORT_TEXT else 5000)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind is QuestionKind.CHOICE) != bool(self.choices):
            raise ValueError(
                "choices는 choice 질문에만, 그리고 꼭 적어 주세요 / give choices for a choice question, and only there"
            )
        if self.limit is not None and self.kind not in TEXTS:
            raise ValueError(
                "limit은 글로 답하는 질문에만 적어 주세요 / limit belongs to questions answered by text"
            )
        if self.unit_name is not None and self.kind is not QuestionKind.NUMBER:
            raise ValueError("unit_name은 number 질문에만 적어 주세요 / unit_name belongs to numbers")
        if self.per_field and self.kind is QuestionKind.PERSON:
            raise ValueError(
                "person 질문은 분야마다 물을 수 없습니다 / a person cannot be asked for each field"
            )
        return self


class Section(Model):
    """Questions that are answered together under one heading."""

    id: Identifier
    name: Text
    hint: Text | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Indicators(Based):
    """The indicators of success that an application names, each with where it stands and where it shall go."""

    count: Annotated[int, Field(ge=0, le=50)] = 1
    """The least number of indicators."""
    hint: Text | None = None


class ApplicationForm(Model):
    """The call's own questions, beside title, summary and fields of support, which every application has."""

    sections: tuple[Section, ...] = ()
    kpis: Indicators | None = None


def form_problems(call: "Definition") -> Iterator[Wrong]:
    """Names in the form that are declared twice or nowhere."""
    if call.form is None:
        return
    criteria = {one.id for group in call.evaluation.criteria for one in group.criteria}
    sections: set[str] = set()
    questions: set[str] = set()
    for number, section in enumerate(call.form.sections):
        yield from _once(("form", "sections", number, "id"), section.id, sections)
        for place, question in enumerate(section.questions):
            loc = ("form", "sections", number, "questions", place)
            yield from _once((*loc, "id"), question.id, questions)
            choices: set[str] = set()
            for row, choice in enumerate(question.choices):
                yield from _once((*loc, "choices", row, "id"), choice.id, choices)
            for row, criterion in enumerate(question.criteria):
                if criterion not in criteria:
                    yield Wrong(
                        (*loc, "criteria", row),
                        f"‘{criterion}’은(는) 이 정의에 없는 평가항목입니다.",
                        f"“{criterion}” is not a criterion of this definition.",
                    )


def _once(loc: tuple[str | int, ...], name: str, seen: set[str]) -> Iterator[Wrong]:
    if name in seen:
        yield Wrong(
            loc,
            f"‘{name}’이(가) 두 번 나옵니다. 서로 다른 이름을 써 주세요.",
            f"“{name}” stands twice. Give each its own name.",
        )
    seen.add(name)
