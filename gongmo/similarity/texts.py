"""The words of an application: title, summary, answers, and what its attached files say."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from gongmo.applications.models import Application, ApplicationDocument, Origin
from gongmo.applications.queries.reading import standing_submission
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition import application as plain
from gongmo.definition.form import TEXTS
from gongmo.definition.model import Definition
from gongmo.files.queries import inspections, text_of
from gongmo.rules.form import asked
from gongmo.rules.similarity.words import clean

READ = frozenset({"pdf", "hwp", "hwpx", "ppt", "pptx", "docx"})
MOST = 400_000
"""Letters of an application that are compared; what comes after them is left out."""
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Words:
    """A text made of parts [heading, start, end], files that could not be read, and the mark of what it was made from."""

    text: str
    parts: tuple[tuple[str, int, int], ...]
    unread: tuple[str, ...]
    sources: str
    waiting: bool


def _documents(application: Application, value: plain.Application) -> list[tuple[str, str]]:
    """(SHA-256, name) of the uploaded documents of a submission that may hold words; those that Gongmo wrote say nothing of their own."""
    handed = {document.sha256: document.file for document in value.documents if document.sha256}
    written = ApplicationDocument.objects.filter(application=application, file__in=handed).exclude(
        origin=Origin.UPLOAD
    )
    ours = set(written.values_list("file_id", flat=True))
    rows = ApplicationDocument.objects.filter(
        application=application, file__in=handed, file__extension__in=READ
    )
    found = dict.fromkeys(
        sha256 for sha256 in rows.order_by("id").values_list("file_id", flat=True) if sha256 not in ours
    )
    return [(sha256, handed[sha256]) for sha256 in found]


def words_of_application(application: Application) -> Words | None:
    """The words of the standing submission; None where nothing is submitted."""
    submission = standing_submission(application)
    if submission is None:
        return None
    value = plain.Application.model_validate_json(submission.content)
    parts: list[tuple[str, str]] = [("제목", value.title), ("요약", application.summary)]
    parts += answers(definition_of(submission.version), value)
    documents = _documents(application, value)
    looked = inspections(sha256 for sha256, _ in documents)
    unread: list[str] = []
    marks = [submission.sha256]
    for sha256, name in documents:
        text = "\n".join(page["text"] for page in text_of(sha256))
        marks.append(f"{sha256}:{len(text)}")
        if text.strip():
            parts.append((name, text))
        else:
            unread.append(name)
    waiting = any(looked[sha256].waiting for sha256, _ in documents if sha256 in looked)
    text, places = joined(parts)
    return Words(text, places, tuple(unread), hashlib.sha256("|".join(marks).encode()).hexdigest(), waiting)


def answers(definition: Definition, value: plain.Application) -> list[tuple[str, str]]:
    """The answers in running text, each under its question; names, numbers and days tell nothing of the project."""
    given = value.answers or {}
    return [
        (item.name.ko, given[item.place])
        for item in asked(definition, value.fields)
        if item.question.kind in TEXTS and given.get(item.place)
    ]


def joined(parts: Iterable[tuple[str, str]]) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """One clean text of the parts, and where each stands in it. Empty parts are left out."""
    text = ""
    places: list[tuple[str, int, int]] = []
    for heading, part in parts:
        cleaned = clean(part).strip()[: MOST - len(text)]
        if cleaned:
            text += GAP if text else ""
            places.append((heading, len(text), len(text) + len(cleaned)))
            text += cleaned
    return text, tuple(places)


def words_of_call(call: Call) -> str:
    """What every application of a call has read and repeats: the announcement, the purpose, clauses, questions and their hints."""
    version = call.version
    if version is None:
        return ""
    definition = definition_of(version)
    said = [version.announcement_ko, definition.purpose.ko, definition.title.ko]
    said += [clause.text.ko for clause in definition.clauses]
    said += [field.name.ko for field in definition.fields]
    for section in definition.form.sections if definition.form is not None else ():
        said += [section.name.ko, section.hint.ko if section.hint else ""]
        for question in section.questions:
            said += [question.name.ko, question.hint.ko if question.hint else ""]
    return clean("\n".join(filter(None, said)))
