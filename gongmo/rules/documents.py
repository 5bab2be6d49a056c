"""Documents: which are due from whom, and whether they are there in a format that the call takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from gongmo.definition.application import Application, Document, Organisation
from gongmo.definition.base import Severity, Text
from gongmo.definition.model import (
    Always,
    BuysAssets,
    Condition,
    ContributesTo,
    Definition,
    DocumentKind,
    SpendsOn,
)
from gongmo.kernel.korean import particle
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind
from gongmo.rules.values import Ground, listed, text


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document that is due: its kind, the organisation that provides it (None: once for the whole application), and who owes it (`by`, a name).

    `given` holds what was handed in for it, in the application's order.
    """

    kind: DocumentKind
    organisation: Organisation | None
    by: Text
    given: tuple[Document, ...]

    @property
    def subject(self) -> Subject:
        """ "document_kind", or "document_kind/organisation"."""
        if self.organisation is None:
            return Subject(SubjectKind.DOCUMENT, self.kind.id)
        return Subject(SubjectKind.DOCUMENT, f"{self.kind.id}/{self.organisation.id}", self.organisation.id)


def due_documents(definition: Definition, application: Application) -> tuple[DueDocument, ...]:
    """Every document that is due from this application as it stands, in the definition's order.

    A document of one kind that names no organisation counts for the only organisation that owes that kind.
    """
    assets = {category.id for category in definition.budget.categories if category.asset}
    buying = {organisation.id for organisation in application.organisations if organisation.buys_assets}
    paying: dict[str, set[str]] = {}
    spending: dict[str, set[str]] = {}
    for cell in application.budget:
        if cell.amount > 0:
            paying.setdefault(cell.organisation, set()).add(cell.source)
            spending.setdefault(cell.organisation, set()).add(cell.category)
            if cell.category in assets:
                buying.add(cell.organisation)

    def owes(condition: Condition, organisation: Organisation) -> bool:
        if isinstance(condition, BuysAssets):
            return organisation.id in buying
        if isinstance(condition, ContributesTo):
            return condition.source in paying.get(organisation.id, ())
        if isinstance(condition, SpendsOn):
            return not spending.get(organisation.id, set()).isdisjoint(condition.categories)
        if isinstance(condition, Always):
            return True
        assert_never(condition)

    given: dict[tuple[str, str | None], list[Document]] = {}
    of_kind: dict[str, list[Document]] = {}
    for document in application.documents:
        given.setdefault((document.kind, document.organisation), []).append(document)
        of_kind.setdefault(document.kind, []).append(document)

    found: list[DueDocument] = []
    for kind in definition.documents:
        providers = [item for item in application.organisations if item.role in kind.roles]
        owing = [item for item in providers if owes(kind.when, item)]
        if kind.per == "application":
            if kind.when.kind == "always" or owing:
                handed = tuple(of_kind.get(kind.id, ()))
                found.append(DueDocument(kind, None, _by(definition, kind, None), handed))
            continue
        for organisation in owing:
            own = given.get((kind.id, organisation.id), [])
            shared = given.get((kind.id, None), []) if len(owing) == 1 else []
            found.append(
                DueDocument(kind, organisation, _by(definition, kind, organisation), (*own, *shared))
            )
    return tuple(found)


def check_documents(definition: Definition, application: Application) -> tuple[Finding, ...]:
    """One finding a due document: missing or in a wrong format fails. What was given without being due passes silently.

    A document of a kind that the call does not have, or of an organisation that is not in the consortium, is told as
    an advisory finding.
    """
    return (
        *(_check(due) for due in due_documents(definition, application)),
        *_strays(definition, application),
    )


def _by(definition: Definition, kind: DocumentKind, organisation: Organisation | None) -> Text:
    if organisation is not None:
        return text(organisation.name, organisation.name)
    names = [role.name for role in definition.consortium.roles if role.id in kind.roles]
    return text("·".join(name.ko for name in names) or "-", " or ".join(name.en for name in names) or "-")


def extension(file: str) -> str:
    """A file name's extension in lower case without the dot; "" when there is none."""
    stem, dot, end = file.rpartition(".")
    return end.lower() if dot and stem else ""


def _check(due: DueDocument) -> Finding:
    kind = due.kind
    ground = Ground.under(kind.id, kind.name, kind)
    formats = ", ".join(kind.formats)
    required = text(f"제출, 형식 {formats}", f"handed in as {formats}")
    numbers = {
        "document": kind.id,
        "organisation": due.organisation.id if due.organisation else None,
        "files": [document.file for document in due.given],
        "formats": list(kind.formats),
    }
    hint_ko = f" {kind.handed_in_by.ko}" if kind.handed_in_by else ""
    hint_en = f" {kind.handed_in_by.en}" if kind.handed_in_by else ""
    # An organisation is named once: as whose it is, or as who hands it in.
    from_ko = "" if due.organisation else f" {particle(due.by.ko, '이', '가')} 냅니다."
    from_en = "" if due.organisation else f" It is due from {due.by.en}."
    whose_ko = f"{due.organisation.name}의 " if due.organisation else ""
    whose_en = f" of {due.organisation.name}" if due.organisation else ""
    if not due.given:
        return ground.finding(
            Status.FAIL,
            due.subject,
            observed=text("없음", "missing"),
            required=required,
            message=text(
                f"{whose_ko}‘{kind.name.ko}’ 문서가 없습니다.{from_ko}{hint_ko}",
                f"The document ‘{kind.name.en}’{whose_en} is missing.{from_en}{hint_en}",
            ),
            remedy=text(
                f"‘{kind.name.ko}’ 문서는 적은 내용으로 만들어집니다. 제출 서류에서 읽고 서명하거나, "
                f"서명한 것을 {formats} 형식으로 올려 주세요.",
                f"‘{kind.name.en}’ is written from what you entered. Read and sign it under the documents, "
                f"or upload a signed one as {formats}.",
            )
            if kind.generated and kind.paper is not None
            else text(
                f"‘{kind.name.ko}’ 문서를 {formats} 형식으로 내 주세요.",
                f"Hand in ‘{kind.name.en}’ as {formats}.",
            ),
            numbers=numbers,
        )
    wrong = [document.file for document in due.given if extension(document.file) not in kind.formats]
    files = listed([document.file for document in due.given])
    if wrong:
        bad = listed(wrong)
        return ground.finding(
            Status.FAIL,
            due.subject,
            observed=text(f"형식이 다른 파일: {bad.ko}", f"wrong format: {bad.en}"),
            required=required,
            message=text(
                f"{whose_ko}‘{kind.name.ko}’ 파일의 형식이 다릅니다: {bad.ko}. 받을 수 있는 형식은 {formats}입니다.",
                f"‘{kind.name.en}’{whose_en} has a format that is not taken: {bad.en}. Taken: {formats}.",
            ),
            remedy=text(
                f"{particle(bad.ko, '을', '를')} {formats} 형식으로 바꿔 다시 내 주세요.",
                f"Hand in {bad.en} again as {formats}.",
            ),
            numbers=numbers,
        )
    return ground.finding(
        Status.PASS,
        due.subject,
        observed=files,
        required=required,
        message=text(f"{whose_ko}‘{kind.name.ko}’ 문서가 있습니다.", f"‘{kind.name.en}’{whose_en} is there."),
        numbers=numbers,
    )


def _strays(definition: Definition, application: Application) -> Iterator[Finding]:
    kinds = {kind.id for kind in definition.documents}
    members = {organisation.id for organisation in application.organisations}
    ground = Ground(
        "document_names", text("문서의 종류와 기관", "Kinds and organisations of documents"), None, True
    )
    for document in application.documents:
        of_member = document.organisation is None or document.organisation in members
        if document.kind in kinds and of_member:
            continue
        what = document.kind if document.kind not in kinds else str(document.organisation)
        name = f"{document.kind}/{document.organisation}" if document.organisation else document.kind
        yield ground.finding(
            Status.FAIL,
            Subject(SubjectKind.DOCUMENT, name, document.organisation),
            observed=text(f"{document.file}: {what}", f"{document.file}: {what}"),
            required=text(
                "공고에 있는 문서, 컨소시엄에 있는 기관",
                "a document of the call, an organisation of the consortium",
            ),
            message=text(
                f"‘{document.file}’ 파일은 이 공고나 컨소시엄에 없는 이름({what})으로 등록되어 제출 문서로 세지 않았습니다.",
                f"The file ‘{document.file}’ is filed under ‘{what}’, which this call or consortium does not have; it was not counted.",
            ),
            remedy=text(
                "문서의 종류와 기관을 다시 골라 주세요.", "Choose the document's kind and organisation again."
            ),
            severity=Severity.ADVISORY,
            numbers={"file": document.file, "unknown": what},
        )
