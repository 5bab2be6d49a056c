"""What a supplement request can open of a submitted application, and how accepted supplements change what is judged."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongmo.definition.application import Application as Value
from gongmo.definition.application import Document
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.rules.documents import due_documents
from gongmo.rules.form import PERSON_PARTS, answer_problem, asked, question_at
from gongmo.screening.models import ItemKind, SupplementItem


@dataclass(frozen=True, slots=True)
class Openable:
    """Something that a request may open: its key in forms ("answer:goals", "document:plan:12"), its name, the places of its items.

    `before` holds the submitted texts by place, or the submitted file's name.
    """

    key: str
    name: Text
    kind: ItemKind
    organisation: str | None
    before: dict[str, str]


def openable(definition: Definition, value: Value) -> list[Openable]:
    """Every answer and every due document of a submitted application, in the definition's order."""
    answers = value.answers or {}
    found = [
        Openable(
            f"answer:{item.place}",
            item.name,
            ItemKind.ANSWER,
            None,
            {place: answers.get(place, "") for place in item.places},
        )
        for item in asked(definition, value.fields)
    ]
    for due in due_documents(definition, value):
        owner = due.organisation
        name = due.kind.name
        if owner is not None:
            name = Text(ko=f"{name.ko} ({owner.name})", en=f"{name.en} ({owner.name})")
        before = ", ".join(document.file for document in due.given)
        found.append(
            Openable(
                f"document:{due.kind.id}:{owner.id if owner else ''}",
                name,
                ItemKind.DOCUMENT,
                owner.id if owner else None,
                {due.kind.id: before},
            )
        )
    return found


def item_name(definition: Definition, item: SupplementItem) -> Text:
    """An item in words: the question (with the person's part), or the document (with its organisation)."""
    if item.kind == ItemKind.ANSWER:
        found = question_at(definition, item.place)
        if found is None:
            return Text(ko=item.place, en=item.place)
        question, part = found
        name = question.name
        field = item.place.partition(".")[0].partition("@")[2]
        if field:
            of = next((one.name for one in definition.fields if one.id == field), Text(ko=field, en=field))
            name = Text(ko=f"{name.ko} ({of.ko})", en=f"{name.en} ({of.en})")
        if part:
            piece = PERSON_PARTS[part]
            name = Text(ko=f"{name.ko} · {piece.ko}", en=f"{name.en} · {piece.en}")
        return name
    kind = next((one.name for one in definition.documents if one.id == item.place), None)
    name = kind or Text(ko=item.place, en=item.place)
    owner = item.organisation.name if item.organisation is not None else ""
    return Text(ko=f"{name.ko} ({owner})", en=f"{name.en} ({owner})") if owner else name


def item_problem(definition: Definition, item: SupplementItem) -> Text | None:
    """What keeps an item from being handed in: nothing written, no file, or a text of another form than was asked."""
    if item.kind == ItemKind.DOCUMENT:
        if item.file_id:
            return None
        return Text(ko="고친 파일을 올려 주세요.", en="Upload the mended file.")
    if item.text.strip() == item.before.strip():
        return Text(
            ko="아직 고치지 않았습니다. 고칠 것이 없으면 답변에 그 까닭을 적고 담당자에게 알려 주세요.",
            en="It is not changed yet. Where nothing is to be changed, tell the officer why.",
        )
    found = question_at(definition, item.place)
    if found is None:
        return None
    question, part = found
    if not item.text.strip():
        if not question.required:
            return None
        return Text(ko="내용을 적어 주세요.", en="Please write something.")
    return answer_problem(question, part, item.text.strip())


def supplemented(value: Value, items: Iterable[SupplementItem]) -> Value:
    """The submitted value with what accepted supplements put in its place. `items` are in the order of acceptance."""
    answers = dict(value.answers or {})
    documents = list(value.documents)
    touched = False
    for item in items:
        touched = True
        if item.kind == ItemKind.ANSWER:
            answers[item.place] = item.text.strip()
            continue
        owner = str(item.organisation_id) if item.organisation_id else None
        documents = [one for one in documents if (one.kind, one.organisation) != (item.place, owner)]
        documents.append(
            Document(kind=item.place, organisation=owner, file=item.file_name, sha256=item.file_id)
        )
    if not touched:
        return value
    changed: dict[str, object] = {"documents": tuple(documents)}
    if answers or value.answers is not None:
        changed["answers"] = answers
    return value.model_copy(update=changed)
