"""A change of who is party to an agreement in force: a member leaves, joins, or is replaced (decision 0204).

The lead asks, a newcomer answers for itself, an officer approves (`answer_amendment`), and the parties of the new version sign it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.commands.amendment import base_to_change, reason_of, record
from gongmo.awards.commands.case_base import locked_agreement
from gongmo.awards.commands.joining import keeps_rules
from gongmo.awards.commands.versions import definition_for
from gongmo.awards.consortium import party_findings
from gongmo.awards.content import Content, PartyValue, content_text, facts_of, read_content
from gongmo.awards.models import (
    Agreement,
    Amendment,
    AmendmentFile,
    PartyAct,
    PartyChange,
)
from gongmo.awards.states import AmendmentState, JoinState
from gongmo.definition.application import Cell
from gongmo.definition.model import Definition
from gongmo.files.commands import receive
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties import checks
from gongmo.parties.models import Organisation
from gongmo.parties.queries import find_by_business_number
from gongmo.rules.amendment import judge
from gongmo.rules.finding import Status

PURPOSE = "awards.amendment"
MOST_FILES = 10
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class PartyWish:
    """Who shall leave (organisation id), who shall join (business number) in which role, who takes the leaver's money over, and the won that
    a newcomer who replaces nobody takes out of cells of others (by cell key)."""

    act: PartyAct
    leaving: int | None = None
    number: str = ""
    role: str = ""
    heir: int | None = None
    moves: Mapping[str, int] = field(default_factory=dict)


def ask_party_change(
    *,
    actor: Actor,
    agreement_id: int,
    wish: PartyWish,
    reason: str,
    files: Sequence[tuple[str, BinaryIO]] = (),
) -> Amendment:
    """The lead asks that a member leaves, joins or is replaced. A newcomer answers next; then an officer does.

    Raises NotFound, NotAllowed, BadInput for what cannot be read, Refused for the lead and the operator, while another request waits, where a
    rule on the consortium or on money would break, or later than the change's kind allows.
    """
    agreement = Agreement.objects.select_related("call", "application").filter(pk=agreement_id).first()
    if agreement is None or not policies.see_agreement(actor, agreement):
        raise NotFound
    policies.ask_amendment.require(actor, agreement)
    if len(files) > MOST_FILES:
        raise BadInput(
            "too_many_files",
            f"파일은 {MOST_FILES}개까지 붙일 수 있습니다.",
            f"Up to {MOST_FILES} files can be attached.",
            field="files",
        )
    # Stored before anything is locked, so that a slow upload holds up nobody.
    kept = [receive(actor=actor, purpose=PURPOSE, name=name, stream=stream) for name, stream in files]
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        base = base_to_change(actor, agreement)
        reason = reason_of(reason)
        before = read_content(base.content)
        definition = definition_for(before)
        change = _change(agreement, definition, before, wish)
        after = _after(before, change, wish)
        terms = definition.agreement
        judged = judge(
            terms.amendments if terms is not None else (),
            facts_of(before),
            facts_of(after),
            on=clock.now().astimezone(clock.SEOUL).date(),
        )
        if judged.late:
            kind = judged.late[0]
            raise Refused(
                "amendment_late",
                f"‘{kind.name.ko}’은(는) 협약이 끝나기 {kind.days_before_end}일 전까지 요청할 수 있습니다.",
                f"“{kind.name.en}” is asked for at least {kind.days_before_end} days before the agreement ends.",
            )
        # The newcomer has not answered yet: what is unknown of it stands in nobody's way here.
        keeps_rules(
            [
                each
                for each in party_findings(agreement, definition, change, before, after)
                if each.status is Status.FAIL
            ]
        )
        amendment = Amendment.objects.create(
            agreement=agreement,
            base=base,
            kinds=[kind.id for kind in judged.kinds],
            needs="approval",
            state=AmendmentState.ASKED,
            proposed=content_text(after),
            reason=reason,
            asked_at=clock.now(),
            asked_by_id=actor.person,
            organisation_id=agreement.application.lead_id,
        )
        change.amendment = amendment
        change.save()
        for stored, name in kept:
            AmendmentFile.objects.create(amendment=amendment, file=stored, name=name[:255])
        record(
            actor,
            agreement,
            "awards.ask_party_change",
            {
                "amendment": amendment.pk,
                "kinds": amendment.kinds,
                "act": change.act,
                "leaving": change.leaving_id,
                "heir": change.heir_id,
                "joining": change.joining_id,
                "role": change.role,
                "reason": reason,
                "files": [stored.sha256 for stored, _ in kept],
                "proposed_sha256": sha256_hex(amendment.proposed),
            },
        )
        return amendment


def _change(agreement: Agreement, definition: Definition, before: Content, wish: PartyWish) -> PartyChange:
    """The change as a row that is not saved yet. Raises BadInput and Refused."""
    parties = {party.organisation: party for party in before.parties}
    change = PartyChange(act=wish.act)
    if wish.act != PartyAct.JOINS:
        if wish.leaving not in parties:
            raise BadInput("leaving", "나가는 기관을 골라 주세요.", "Choose who leaves.", field="leaving")
        if wish.leaving in (agreement.call.operator_id, agreement.application.lead_id):
            raise Refused(
                "lead_stays",
                "운영기관과 주관기관은 이 방법으로 바꿀 수 없습니다. 주관기관이 사업을 계속할 수 없으면 운영기관과 해약을 의논해 주세요.",
                "The operator and the lead cannot be changed in this way. Where the lead cannot go on, talk to the operator about ending it.",
            )
        change.leaving_id = wish.leaving
    if wish.act == PartyAct.LEAVES:
        if wish.heir not in parties or wish.heir == wish.leaving:
            raise BadInput(
                "heir",
                "사업비를 넘겨받을 기관을 골라 주세요.",
                "Choose who takes the money over.",
                field="heir",
            )
        change.heir_id = wish.heir
        return change
    newcomer = _newcomer(wish.number, parties)
    role = (
        parties[wish.leaving].role
        if wish.leaving is not None and wish.act == PartyAct.REPLACED
        else wish.role
    )
    terms = definition.agreement
    if role not in {each.id for each in definition.consortium.roles} or (
        terms is not None and role not in terms.parties
    ):
        raise BadInput(
            "role", "들어올 기관의 역할을 골라 주세요.", "Choose the newcomer's role.", field="role"
        )
    change.joining, change.role, change.state = newcomer, role, JoinState.ASKED
    change.heir_id = newcomer.pk if wish.act == PartyAct.REPLACED else None
    return change


def _newcomer(number: str, parties: Mapping[int, PartyValue]) -> Organisation:
    digits = checks.digits(number)
    if not checks.is_business_number(digits):
        raise BadInput(
            "business_number",
            "사업자등록번호 10자리를 다시 확인해 주세요. 확인 숫자가 맞지 않습니다.",
            "Check the ten digits of the business number: its check digit does not fit.",
            field="number",
        )
    found = find_by_business_number(digits)
    if found is None:
        raise BadInput(
            "organisation_not_registered",
            "이 사이트에 등록되지 않은 기관입니다. 그 기관이 가입해 기관을 등록한 뒤에 요청해 주세요.",
            "This organisation is not registered here. Ask again once it has signed up and registered.",
            field="number",
        )
    if found.pk in parties:
        raise BadInput(
            "party_already",
            "이미 협약의 당사자인 기관입니다. 합병이라면 ‘나감’을 고르고 그 기관이 사업비를 넘겨받게 해 주세요.",
            "It is a party already. After a merger choose “leaves” and let it take the money over.",
            field="number",
        )
    return found


def _after(before: Content, change: PartyChange, wish: PartyWish) -> Content:
    """The content that the change leads to: parties in their order, the newcomer in the leaver's place or last, and the cells moved."""
    parties = list(before.parties)
    place = len(parties)
    if change.leaving_id is not None:
        place = next(n for n, each in enumerate(parties) if each.organisation == change.leaving_id)
        del parties[place]
    if change.joining is not None:
        parties.insert(place, _party(change.joining, change.role))
    cells = list(before.budget)
    if change.leaving_id is not None and change.heir_id is not None:
        old, new = str(change.leaving_id), str(change.heir_id)
        cells = [
            each.model_copy(update={"organisation": new}) if each.organisation == old else each
            for each in cells
        ]
    elif change.joining is not None:
        cells = _moved(before, str(change.joining.pk), wish.moves)
    return before.model_copy(update={"parties": tuple(parties), "budget": _summed(cells)})


def _party(organisation: Organisation, role: str) -> PartyValue:
    return PartyValue(
        organisation=organisation.pk,
        name=organisation.name,
        role=role,
        head_title=organisation.representative_title,
        head_name=organisation.representative_name,
        business_number=organisation.business_number or "",
        address=organisation.address,
    )


def _moved(before: Content, newcomer: str, moves: Mapping[str, int]) -> list[Cell]:
    """The cells with the won that the newcomer takes out of them in cells of its own."""
    known = {cell.key: cell for cell in before.budget}
    if not set(moves) <= set(known):
        raise BadInput(
            "unknown_place",
            "협약에 없는 칸입니다. 화면을 새로 열어 다시 적어 주세요.",
            "A cell that the agreement does not have; open the page anew.",
        )
    cells = []
    for key, cell in known.items():
        amount = moves.get(key, 0)
        if not 0 <= amount <= cell.amount:
            raise BadInput(
                "not_won",
                f"옮길 금액은 0원에서 그 칸의 {cell.amount:,}원 사이여야 합니다.",
                f"What is moved lies between 0 and the cell's {cell.amount:,} won.",
                field="moves",
            )
        cells.append(cell.model_copy(update={"amount": cell.amount - amount}))
        if amount:
            cells.append(cell.model_copy(update={"organisation": newcomer, "amount": amount}))
    return cells


def _summed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """One cell for each key, in the order in which they first come; empty ones fall away."""
    found: dict[str, Cell] = {}
    for cell in cells:
        held = found.get(cell.key)
        found[cell.key] = (
            cell if held is None else held.model_copy(update={"amount": held.amount + cell.amount})
        )
    return tuple(cell for cell in found.values() if cell.amount)


__all__ = ["PartyWish", "ask_party_change"]
