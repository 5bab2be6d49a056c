"""Answers to the call's own questions ("answer:<place>") and indicators ("kpi:<id>:<name|unit|baseline|target|measured_by>")."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet

from gongmo.applications.commands.journal import with_newest
from gongmo.applications.fields.base import (
    Json,
    Kind,
    Place,
    UnknownField,
    is_number,
    require_length,
    text_of,
)
from gongmo.applications.models import Answer, Application, Kpi
from gongmo.applications.values import plain_figure
from gongmo.definition.application import FIGURE
from gongmo.definition.form import QuestionKind
from gongmo.kernel.errors import BadInput
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import insert, update
from gongmo.rules.form import answer_problem, question_at

LINES = (QuestionKind.LONG_TEXT,)
KPI_COLUMNS = {"name": 200, "unit": 40, "baseline": 0, "target": 0, "measured_by": 300}
"""The columns of an indicator with the most letters of each; 0 for a number."""


class Answers(Kind):
    """Answers as text, under their places."""

    def key(self, at: Place, rest: str) -> Hashable:
        if question_at(at.definition, rest) is None:
            raise UnknownField
        return rest

    def clean(self, at: Place, key: str, value: Json) -> Json:
        found = question_at(at.definition, key)
        if found is None:  # pragma: no cover - its key was read
            raise UnknownField
        question, part = found
        answer = text_of(value, lines=question.kind in LINES)
        if question.kind is QuestionKind.NUMBER:
            answer = figure(answer)
        problem = answer_problem(question, part, answer) if answer else None
        if problem is not None:
            raise BadInput("answer_unusable", problem.ko, problem.en, field=key)
        return answer

    def read(self, at: Place, keys: Iterable[str]) -> dict[Any, Json]:
        keys = list(keys)
        if at.alone:
            _read_alone(at, keys[0])
        else:
            rows = Answer.objects.filter(application=at.application, question__in=keys)
            at.answers |= dict.fromkeys(keys) | {answer.question: answer for answer in rows}
        stored = {key: at.answers[key] for key in keys}
        return {key: "" if answer is None else answer.text for key, answer in stored.items()}

    def write(self, at: Place, values: Mapping[str, Json]) -> None:
        for place, value in values.items():
            answer = at.answers[place]
            if answer is None:
                insert(Answer(application=at.application, question=place, text=value))
            else:
                answer.text = value
                update(answer, "text")
        at.answers.clear()


def _read_alone(at: Place, question: str) -> None:
    """Note the answer and its journal's newest line. One query."""
    found: Any = _alone.first(application=at.application.pk, question=question, path=at.alone)
    at.note_line(found)
    at.answers[question] = (
        None
        if found.own_pk is None
        else Answer(pk=found.own_pk, application=at.application, question=question, text=found.own_text)
    )


@prepared
def _alone(*, application: int, question: str, path: str) -> QuerySet[Application]:
    own = FilteredRelation("answers", condition=Q(answers__question=question))
    alone = Application.objects.order_by().only("pk").filter(pk=application).annotate(own=own)
    found: Any = alone.annotate(own_pk=F("own__pk"), own_text=F("own__text"))
    return with_newest(found, application, path)


class KpiKey(NamedTuple):
    """An indicator's id and the column."""

    kpi: int
    column: str


class Kpis(Kind):
    """Indicators' columns; numbers as exact text, "" where there is none."""

    short = True

    def key(self, at: Place, rest: str) -> Hashable:
        number, _, column = rest.partition(":")
        if not is_number(number) or column not in KPI_COLUMNS or int(number) not in at.kpis:
            raise UnknownField
        return KpiKey(int(number), column)

    def clean(self, at: Place, key: KpiKey, value: Json) -> Json:
        given = text_of(value)
        limit = KPI_COLUMNS[key.column]
        if limit:
            require_length("이 칸은", "this field", given, limit, field=key.column)
            return given
        number = figure(given)
        if number and not FIGURE.fullmatch(number):
            raise BadInput(
                "figure_unusable",
                "숫자로 적어 주세요. 소수점 아래는 4자리까지 됩니다. 단위는 옆 칸에 적습니다.",
                "Write a number, with at most 4 decimal places. The unit has a field of its own.",
                field=key.column,
            )
        return number

    def read(self, at: Place, keys: Iterable[KpiKey]) -> dict[Any, Json]:
        return {key: kpi_value(at.kpis[key.kpi], key.column) for key in keys}

    def write(self, at: Place, values: Mapping[KpiKey, Json]) -> None:
        for number in dict.fromkeys(key.kpi for key in values):
            kpi = at.kpis[number]
            given = {
                column: values[key] for column in KPI_COLUMNS if (key := KpiKey(number, column)) in values
            }
            for column, value in given.items():
                number_column = not KPI_COLUMNS[column]
                setattr(kpi, column, (Decimal(value) if value else None) if number_column else value)
            update(kpi, *given)


def kpi_value(kpi: Kpi, column: str) -> str:
    """A column of an indicator as text."""
    value = getattr(kpi, column)
    return plain_figure(value) if isinstance(value, Decimal) else value or ""


def figure(text: str) -> str:
    """A number as people type it ("1,200.50") as it is stored ("1200.5"); what is no number stays as it is."""
    bare = text.replace(",", "").replace(" ", "").removeprefix("+")
    if not FIGURE.fullmatch(bare):
        return text
    found = plain_figure(Decimal(bare))
    return "0" if found == "-0" else found
