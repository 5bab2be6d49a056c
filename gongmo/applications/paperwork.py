"""The papers that Gongmo writes for one application as it stands: which are due, who signs them, what they say now."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

from gongmo.applications import papers
from gongmo.applications.models import Application, Member, Signature
from gongmo.applications.states import MemberState
from gongmo.applications.strokes import read_drawing
from gongmo.definition import application as plain
from gongmo.definition.base import Text
from gongmo.definition.model import Definition, DocumentKind
from gongmo.definition.papers import Template
from gongmo.kernel.canonical import digest
from gongmo.kernel.korean import day
from gongmo.papers import Paper, Signed, content_sha256
from gongmo.rules.documents import DueDocument, due_documents
from gongmo.rules.values import listed

Key = tuple[str, int | None]
"""A place for a document: its kind, and the id of the member who owes it (None: once for the whole application)."""

_KEPT = 64
_hashes: OrderedDict[str, dict[Key, str]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Slot:
    """A due document and the member who owes it (None: once for all)."""

    due: DueDocument
    member: Member | None

    @property
    def key(self) -> Key:
        return self.due.kind.id, self.member.pk if self.member else None

    @property
    def kind(self) -> DocumentKind:
        return self.due.kind

    @property
    def written(self) -> bool:
        """Whether Gongmo knows the content and writes the document."""
        return self.due.kind.generated and self.due.kind.paper is not None


def slots_of(definition: Definition, value: plain.Application, members: Iterable[Member]) -> dict[Key, Slot]:
    """Every due document with the member who owes it, in the definition's order."""
    places = {str(member.organisation_id): member for member in members}
    found: dict[Key, Slot] = {}
    for due in due_documents(definition, value):
        slot = Slot(due, places.get(due.organisation.id) if due.organisation else None)
        found[slot.key] = slot
    return found


class Paperwork:
    """An application's documents with what is needed to write and sign them. Reads what it needs once, when it needs it.

    `members` are the present ones with their organisations, `value` the plain value that belongs to them.
    """

    def __init__(
        self,
        application: Application,
        definition: Definition,
        members: list[Member],
        value: plain.Application,
    ) -> None:
        self.application = application
        self.definition = definition
        self.members = members
        self.value = value
        self.slots = slots_of(definition, value, members)

    @cached_property
    def data(self) -> papers.PaperData:
        """What the papers' contents are made of."""
        return papers.load(self.application)

    @cached_property
    def _known(self) -> dict[Key, str]:
        """Hashes of this very state of the application that were already made in this process."""
        organisations = [
            [getattr(member.organisation, each.attname) for each in member.organisation._meta.concrete_fields]
            for member in self.members
        ]
        mark = digest(
            [
                self.application.pk,
                self.application.revision,
                self.application.call.version_id,
                self.application.call.operator.name,
                [[member.pk, member.role, member.state] for member in self.members],
                organisations,
            ]
        )
        with _lock:
            found = _hashes.setdefault(mark, {})
            _hashes.move_to_end(mark)
            while len(_hashes) > _KEPT:
                _hashes.popitem(last=False)
        return found

    def sha256(self, slot: Slot) -> str:
        """The hash of what the paper says now."""
        known = self._known
        if slot.key not in known:
            known[slot.key] = content_sha256(self.paper(slot))
        return known[slot.key]

    def paper(self, slot: Slot, signatures: Iterable[Signature] = ()) -> Paper:
        """The paper as it stands, with the signatures given drawn into it."""
        return papers.paper_for(
            self.data,
            slot.kind,
            slot.member.organisation_id if slot.member else None,
            {signature.member.organisation_id: signed_of(signature) for signature in signatures},
        )

    def signers(self, slot: Slot) -> list[Member]:
        """Whose signatures the paper needs: the member's own; for a paper once for all the lead's, for an agreement everybody's."""
        told = slot.kind.paper
        if told is None or not told.signed:
            return []
        if slot.member is not None:
            return [slot.member]
        if told.template is Template.CONSORTIUM_AGREEMENT:
            return self.members
        return [member for member in self.members if member.organisation_id == self.application.lead_id]

    def unready(self, slot: Slot) -> Text | None:
        """Why the paper cannot be signed yet: what must be written first. None when it is ready."""
        told = slot.kind.paper
        if told is None:
            return None
        waiting = [m.organisation.name for m in self.members if m.state == MemberState.INVITED]
        if slot.member is not None and slot.member.state == MemberState.INVITED:
            return Text(
                ko="기관이 참여를 수락하면 쓸 수 있습니다.",
                en="It can be written once the organisation joins.",
            )
        if told.template in (Template.CONSORTIUM_AGREEMENT, Template.APPLICATION_FORM):
            if waiting:
                names = listed(waiting)
                return Text(
                    ko=f"아직 참여를 수락하지 않은 기관이 있습니다: {names.ko}.",
                    en=f"Some organisations have not accepted yet: {names.en}.",
                )
            if not self.value.budget:
                return Text(ko="사업비를 적어 주세요.", en="Enter the budget first.")
        owner = slot.due.organisation
        if owner is None:
            return None
        if told.template is Template.SELF_CHECK:
            given = {fact for fact, said in owner.facts.items() if said.value is not plain.Truth.UNKNOWN}
            left = sum(1 for fact in self.definition.facts if fact.id not in given)
            if left:
                return Text(
                    ko=f"자가점검 {left}가지에 답해 주세요.", en=f"Answer {left} more self-check questions."
                )
        if told.template is Template.CONSENT and not papers.consented(self.data, int(owner.id)):
            return Text(ko="필수 동의를 먼저 표시해 주세요.", en="Give the required consents first.")
        if told.template is Template.LOCAL_PLEDGE and not papers.pledged_amount(
            self.data, slot.kind, int(owner.id)
        ):
            return Text(ko="부담할 사업비를 먼저 적어 주세요.", en="Enter the money that is pledged first.")
        assets = {category.id for category in self.definition.budget.categories if category.asset}
        if told.template is Template.ASSET_PLAN and not any(
            cell.organisation == owner.id and cell.category in assets for cell in self.value.budget
        ):
            return Text(
                ko="자산 비목의 사업비를 먼저 적어 주세요.", en="Enter money in an asset category first."
            )
        return None


def signed_of(signature: Signature) -> Signed:
    """A signature as it stands on the page."""
    return Signed(
        name=signature.signer_name,
        title=signature.signer_title,
        on=day(signature.signed_at),
        drawing=read_drawing(signature.drawing),
    )


def printed(paper: Paper, sha256: str) -> Paper:
    """The paper with the code at its foot by which a sealed copy is matched with its data."""
    word = "확인 코드" if paper.language == "ko" else "Code"
    return replace(paper, footer=f"{paper.footer} {word} {code_of(sha256)}".strip())


def code_of(sha256: str) -> str:
    """The short code by which a printed paper is matched with its data: 8 letters of the hash in two groups, without look-alikes."""
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    number = int(sha256[:10], 16)
    text = "".join(letters[number >> (5 * place) & 31] for place in range(8))
    return f"{text[:4]}-{text[4:]}"


def same_code(given: str, sha256: str) -> bool:
    """Whether a code typed from paper belongs to the hash; case, spaces and hyphens do not matter."""
    tidy = "".join(letter for letter in given.upper() if letter.isalnum())
    return tidy == code_of(sha256).replace("-", "")
