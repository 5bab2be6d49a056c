"""What an application says about its project, for reading."""

from dataclasses import dataclass

from gongmo.definition.application import Application, Kpi
from gongmo.definition.base import Text
from gongmo.definition.form import Section
from gongmo.definition.model import Definition
from gongmo.rules.form import asked, told_answers


@dataclass(frozen=True, slots=True)
class Content:
    """Title, summary, fields of support; each section with its questions, answers and places; indicators."""

    title: str
    summary: str
    fields: tuple[str, ...]
    sections: tuple[tuple[Section, tuple[tuple[Text, Text, str], ...]], ...]
    kpis: tuple[Kpi, ...]


def content_for_reading(definition: Definition, value: Application, summary: str) -> Content:
    """An application's written part in words. Pure; `summary` is not part of the plain value."""
    asking = asked(definition, value.fields)
    told = told_answers(definition, value.fields, value.answers or {})
    sections: dict[str, tuple[Section, list[tuple[Text, Text, str]]]] = {}
    for item, (name, answer) in zip(asking, told, strict=True):
        sections.setdefault(item.section.id, (item.section, []))[1].append((name, answer, item.place))
    return Content(
        value.title,
        summary,
        value.fields,
        tuple((section, tuple(answers)) for section, answers in sections.values()),
        value.kpis or (),
    )
