"""What the pages of documents show: rows with their acts, filters, and why a document is due or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from gongmo.applications.models import Member
from gongmo.applications.paperwork import Paperwork, Slot
from gongmo.applications.policies import may_edit, may_fill, may_sign
from gongmo.applications.queries.documents import DocumentState, Row
from gongmo.applications.states import MemberState
from gongmo.definition.application import Application
from gongmo.definition.base import Text
from gongmo.definition.model import Always, BuysAssets, ContributesTo, Definition, DocumentKind, SpendsOn
from gongmo.definition.wording import category_names
from gongmo.files.queries import Inspected
from gongmo.kernel.actor import Actor
from gongmo.kernel.states import Family, Shown

PER_PAGE = 40
MOST_PLACES = 120
"""Rows that the drop zone for many offers to choose from."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is shown: `show` "", "left" or "mine"; a kind's id; text in names of organisations and documents."""

    show: str = ""
    kind: str = ""
    text: str = ""

    def takes(self, row: Row, own: Member | None) -> bool:
        """Whether the row is shown."""
        if self.show == "left" and not row.open:
            return False
        if self.show == "mine" and not concerns(row, own):
            return False
        if self.kind and row.slot.kind.id != self.kind:
            return False
        if not self.text:
            return True
        member = row.slot.member
        names = [row.slot.kind.name.ko, row.slot.kind.name.en, row.document.name if row.document else ""]
        names += [member.organisation.name] if member is not None else []
        return any(self.text.lower() in name.lower() for name in names)


def concerns(row: Row, own: Member | None) -> bool:
    """Whether the row is this organisation's: it owes it, or its signature is awaited."""
    if own is None:
        return False
    if row.slot.member is not None:
        return row.slot.member.pk == own.pk
    leads = own.organisation_id == own.application.lead_id
    return leads or any(member.pk == own.pk for member in row.waiting)


def may_hand_in(actor: Actor, work: Paperwork, slot: Slot) -> bool:
    """Whether the actor may upload and take down the document there."""
    if slot.member is None:
        return may_edit(actor, work.application)
    return may_fill(actor, slot.member)


def signing_member(actor: Actor, own: Member | None) -> Member | None:
    """The place for which the actor may sign now: its own, once it has joined."""
    if own is None or own.state != MemberState.ACCEPTED or not may_sign(actor, own):
        return None
    return own


def tabs(rows: Sequence[Row], own: Member | None) -> list[tuple[str, Text, int]]:
    """The filters with how many rows each would show; "mine" only for who takes part."""
    found = [
        ("", Text(ko="전체", en="All"), len(rows)),
        ("left", Text(ko="남은 것", en="Left"), sum(1 for row in rows if row.open)),
    ]
    if own is not None:
        count = sum(1 for row in rows if concerns(row, own))
        found.append(("mine", Text(ko="우리 기관", en="Ours"), count))
    return found


def counts(rows: Iterable[Row]) -> list[tuple[Any, int]]:
    """How many documents stand in each state, in the order of the states; empty ones are left out."""
    number = dict.fromkeys(DocumentState, 0)
    shown = {}
    for row in rows:
        number[row.state] += 1
        shown[row.state] = row.shown
    return [(shown[state], count) for state, count in number.items() if count]


def places(actor: Actor, work: Paperwork, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows among which files of the drop zone for many are given out: what the actor may hand in, open ones first."""
    open_first = sorted(rows, key=lambda row: (not row.open, row.slot.written))
    found: list[dict[str, Any]] = []
    for row in open_first:
        if len(found) >= MOST_PLACES:
            break
        if not may_hand_in(actor, work, row.slot):
            continue
        kind, member = row.slot.kind, row.slot.member
        whose = f" · {member.organisation.name}" if member else ""
        found.append(
            {
                "label": {
                    "ko": f"{kind.number}. {kind.name.ko}{whose}",
                    "en": f"{kind.number}. {kind.name.en}{whose}",
                },
                "fields": {"kind": kind.id, "member": member.pk if member else None},
                "number": kind.number,
                "words": f"{kind.name.ko} {member.organisation.name if member else ''}",
            }
        )
    return found


def why_due(definition: Definition, value: Application, slot: Slot) -> Text | None:
    """Why a document with a condition is due from this organisation; None for one that everybody owes."""
    condition, owner = slot.kind.when, slot.due.organisation
    if owner is None:
        return None
    if isinstance(condition, BuysAssets):
        assets = {category.id for category in definition.budget.categories if category.asset}
        if any(c.organisation == owner.id and c.category in assets and c.amount for c in value.budget):
            return Text(
                ko="자산 비목에 사업비가 있어 냅니다.", en="Due because there is money in an asset category."
            )
        return Text(ko="자산을 산다고 표시해 냅니다.", en="Due because it says that it buys assets.")
    if isinstance(condition, ContributesTo):
        name = next(source.name for source in definition.budget.sources if source.id == condition.source)
        return Text(ko=f"{name.ko} 부담이 있어 냅니다.", en=f"Due because it contributes {name.en}.")
    if isinstance(condition, SpendsOn):
        spent = {c.category for c in value.budget if c.organisation == owner.id and c.amount}
        names = category_names(definition, [each for each in condition.categories if each in spent])
        return Text(ko=f"{names.ko} 사업비가 있어 냅니다.", en=f"Due because there is money for {names.en}.")
    if isinstance(condition, Always):
        return None
    assert_never(condition)


def not_due(
    definition: Definition, value: Application, slots: Iterable[Slot]
) -> list[tuple[DocumentKind, int, Text]]:
    """Documents with a condition that some do not owe: the kind, how many organisations do not owe it, and what would make it due."""
    owing: dict[str, int] = {}
    for slot in slots:
        owing[slot.kind.id] = owing.get(slot.kind.id, 0) + 1
    found: list[tuple[DocumentKind, int, Text]] = []
    for kind in definition.documents:
        if kind.when.kind == "always":
            continue
        if kind.per == "application":
            free = 0 if kind.id in owing else 1
        else:
            free = sum(1 for item in value.organisations if item.role in kind.roles) - owing.get(kind.id, 0)
        if free <= 0:
            continue
        if isinstance(kind.when, BuysAssets):
            why = Text(
                ko="자산을 사지 않아 내지 않습니다. 자산 비목에 사업비를 적거나 자산을 산다고 표시하면 여기에 생깁니다.",
                en="Not due without assets. It appears once there is money in an asset category or the purchase is marked.",
            )
        elif isinstance(kind.when, SpendsOn):
            names = category_names(definition, kind.when.categories)
            why = Text(
                ko=f"{names.ko} 사업비가 없어 내지 않습니다. 사업비를 적으면 여기에 생깁니다.",
                en=f"Not due without money for {names.en}. It appears once the budget has it.",
            )
        else:
            why = Text(
                ko="해당하는 사업비가 없어 내지 않습니다. 사업비를 적으면 여기에 생깁니다.",
                en="Not due without such money. It appears once the budget has it.",
            )
        found.append((kind, free, why))
    return found


CHECKING = Shown("확인 중", "Being checked", Family.PROGRESS)
WARNED = Shown("주의", "Please check", Family.ATTENTION)


def state_of(row: Row, found: Inspected | None) -> Shown:
    """How a row's state is shown: a complete document whose file is still looked into, or in which something was found, says so."""
    if row.state is not DocumentState.DONE or found is None:
        return row.shown
    if found.problems or found.warnings:
        return WARNED
    return CHECKING if found.waiting else row.shown
