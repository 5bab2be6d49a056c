"""Who still owes what: one row for each organisation of a consortium, worked out once for each state of the record."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gongmo.applications.models import Application, Member
from gongmo.applications.paperwork import Paperwork
from gongmo.applications.queries.documents import DocumentState, rows_of
from gongmo.applications.queries.standing import Standing
from gongmo.applications.states import ApplicationState, MemberState, members_table
from gongmo.applications.values import CONSENTS
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Truth
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.states import Shown

PAGE = 50
SHOW = ("all", "owing", "done", "invited")
SORTS = ("order", "name", "left", "money")


@dataclass(slots=True)
class MemberRow:
    """One organisation: its answers (given, of), what is left to do, and its money in won.

    `documents` are those that it owes and has not handed in or must sign again, `signatures` those of the whole consortium that wait
    for its own; both by name.
    """

    member: Member
    lead: bool
    answered: tuple[int, int] = (0, 0)
    consents: tuple[Text, ...] = ()
    documents: list[Text] = field(default_factory=list)
    signatures: list[Text] = field(default_factory=list)
    money: int = 0

    @property
    def invited(self) -> bool:
        """Whether its answer to the invitation is awaited."""
        return self.member.state == MemberState.INVITED

    @property
    def unanswered(self) -> int:
        """Questions of the self-check that are left."""
        return self.answered[1] - self.answered[0]

    @property
    def left(self) -> int:
        """How many things are left."""
        return (
            self.invited + self.unanswered + len(self.consents) + len(self.documents) + len(self.signatures)
        )

    @property
    def shown(self) -> Shown:
        """Word, colour family and icon of its state."""
        return members_table.shown[MemberState(self.member.state)]

    @property
    def reminded_at(self) -> datetime | None:
        return self.member.reminded_at

    def things(self) -> list[Text]:
        """What is left, a sentence each. Who has not accepted yet is asked for that alone."""
        if self.invited:
            return [Text(ko="참여할지 답해 주세요.", en="Say whether you join.")]
        found: list[Text] = []
        if self.unanswered:
            found.append(
                Text(
                    ko=f"자가점검 {self.unanswered}가지에 답해 주세요.",
                    en=f"Answer {self.unanswered} questions of the self-check.",
                )
            )
        found += [
            Text(ko=f"‘{name.ko}’을(를) 확인하고 표시해 주세요.", en=f"Read and give “{name.en}”.")
            for name in self.consents
        ]
        found += [
            Text(ko=f"서류를 내 주세요: {name.ko}", en=f"Hand in: {name.en}") for name in self.documents
        ]
        found += [Text(ko=f"서명해 주세요: {name.ko}", en=f"Sign: {name.en}") for name in self.signatures]
        return found


def member_rows(application: Application, standing: Standing) -> list[MemberRow]:
    """Every present organisation, the lead first. Kept while nothing changes; nothing is left once submitted."""
    return standing.once("member_rows", lambda: _rows(application, standing))


def _rows(application: Application, standing: Standing) -> list[MemberRow]:
    definition = definition_of(application.call)
    frozen = application.state == ApplicationState.SUBMITTED
    rows = {
        member.pk: MemberRow(member, member.organisation_id == application.lead_id)
        for member in standing.members
    }
    money: dict[str, int] = {}
    for cell in standing.value.budget:
        money[cell.organisation] = money.get(cell.organisation, 0) + cell.amount
    for row in rows.values():
        row.answered = _answered(definition, row.member)
        row.money = money.get(str(row.member.organisation_id), 0)
        if not frozen:
            row.consents = tuple(
                kind.name
                for kind in CONSENTS
                if kind.required and (row.member.pk, kind.id) not in standing.consents
            )
    if not frozen:
        _papers(application, definition, standing, rows)
    return list(rows.values())


def _answered(definition: Definition, member: Member) -> tuple[int, int]:
    known = {fact.id for fact in definition.facts}
    given = {item.fact for item in member.declarations.all() if item.value != Truth.UNKNOWN}
    return len(known & given), len(known)


def _papers(
    application: Application, definition: Definition, standing: Standing, rows: dict[int, MemberRow]
) -> None:
    work = standing.once(
        "paperwork", lambda: Paperwork(application, definition, standing.members, standing.value)
    )
    lead = next((row for row in rows.values() if row.lead), None)
    for each in standing.once("document_rows", lambda: rows_of(work)):
        if each.state is DocumentState.DONE:
            continue
        name, owner = each.slot.kind.name, each.slot.member
        if owner is not None:
            rows[owner.pk].documents.append(name)
            continue
        if lead is not None and not (each.slot.written and each.waiting):
            lead.documents.append(name)
        elif each.unready is None:
            for member in each.waiting:
                rows[member.pk].signatures.append(name)
        elif lead is not None:
            lead.documents.append(name)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the rows that were asked for, and how many each filter has."""

    rows: list[MemberRow]
    page: int
    pages: int
    found: int
    counts: dict[str, int]


def page_of(
    rows: Sequence[MemberRow], *, words: str = "", show: str = "all", sort: str = "order", page: int = 1
) -> Page:
    """Filter, search (part of a name, or digits of a business number), sort and cut. No query."""
    wanted = _searched(rows, words)
    sets = {
        "all": wanted,
        "owing": [row for row in wanted if row.left],
        "done": [row for row in wanted if not row.left],
        "invited": [row for row in wanted if row.invited],
    }
    found = _sorted(sets.get(show, wanted), sort)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    return Page(
        found[(page - 1) * PAGE : page * PAGE],
        page,
        pages,
        len(found),
        {name: len(each) for name, each in sets.items()},
    )


def _searched(rows: Sequence[MemberRow], words: str) -> list[MemberRow]:
    wanted = _folded(words)
    if not wanted:
        return list(rows)
    digits = "".join(each for each in wanted if each.isdigit())
    by_number = len(digits) >= 3 and not wanted.replace("-", "").replace(" ", "").strip("0123456789")
    return [
        row
        for row in rows
        if wanted in _folded(row.member.organisation.name)
        or (by_number and digits in (row.member.organisation.business_number or ""))
    ]


def _folded(text: str) -> str:
    # Some systems send Korean letters taken apart.
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _sorted(rows: Iterable[MemberRow], sort: str) -> list[MemberRow]:
    if sort == "name":
        return sorted(rows, key=lambda row: row.member.organisation.name)
    if sort == "left":
        return sorted(rows, key=lambda row: -row.left)
    if sort == "money":
        return sorted(rows, key=lambda row: -row.money)
    return list(rows)


def gone_members(application: Application) -> list[Member]:
    """Organisations that declined, left or were taken out, the last first. One query."""
    found = Member.objects.filter(
        application=application, state__in=(MemberState.DECLINED, MemberState.REMOVED)
    )
    return list(found.select_related("organisation").order_by("-answered_at", "-pk"))
