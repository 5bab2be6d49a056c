"""What an organisation that is asked to join an agreement may see of it, and the documents of a request."""

from dataclasses import dataclass
from functools import cached_property

from gongmo.applications.values import CONSENTS, ConsentKind
from gongmo.awards import policies
from gongmo.awards.commands.versions import definition_for
from gongmo.awards.content import Content, Difference, differences, read_content
from gongmo.awards.models import AmendmentFile, PartyChange
from gongmo.awards.paper import agreement_paper
from gongmo.awards.states import AmendmentState, JoinState
from gongmo.definition.model import Definition, FactKind
from gongmo.definition.rules import Exclusion
from gongmo.files.models import StoredFile
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.papers import Paper

_ALL = PartyChange.objects.select_related(
    "amendment__agreement__call__operator",
    "amendment__agreement__application__lead",
    "amendment__base",
    "joining",
    "leaving",
)


@dataclass(frozen=True)
class Joining:
    """A request to join: the agreement as it would read, what of it is new, the questions to answer, and whether this person may."""

    change: PartyChange
    content: Content
    definition: Definition
    changes: list[Difference]
    may_answer: bool

    @property
    def open(self) -> bool:
        """Whether it still waits for the newcomer."""
        return self.change.state == JoinState.ASKED and self.change.amendment.state == AmendmentState.ASKED

    @cached_property
    def paper(self) -> Paper:
        """The agreement with the change, as it would be printed."""
        return agreement_paper(self.content, self.definition, version=self.change.amendment.base.number + 1)

    @property
    def questions(self) -> list[tuple[FactKind, bool]]:
        """Every question on exclusions, and whether a follow-up of an ended project excepts from it."""
        excepted = {
            rule.fact
            for rule in self.definition.rules
            if isinstance(rule, Exclusion)
            and any(each.kind == "follow_up_after_end" for each in rule.exceptions)
        }
        return [(kind, kind.id in excepted) for kind in self.definition.facts]

    @property
    def consents(self) -> tuple[ConsentKind, ...]:
        return CONSENTS


def joining_for(actor: Actor, amendment_id: int) -> Joining:
    """A request to join, for the people of the organisation that is asked. Raises NotFound for others."""
    change = _ALL.filter(amendment=amendment_id).first()
    if change is None or not policies.see_joining(actor, change):
        raise NotFound
    content = read_content(change.amendment.proposed)
    definition = definition_for(content)
    return Joining(
        change,
        content,
        definition,
        differences(read_content(change.amendment.base.content), content, definition, {}),
        policies.answer_joining(actor, change),
    )


def joinings_of(actor: Actor) -> list[PartyChange]:
    """The requests to join that wait for the actor's organisation. At most one statement."""
    if actor.organisation is None:
        return []
    waiting = _ALL.filter(
        joining=actor.organisation, state=JoinState.ASKED, amendment__state=AmendmentState.ASKED
    )
    return [each for each in waiting.order_by("pk") if policies.see_joining(actor, each)]


def amendment_file(actor: Actor, amendment_id: int, sha256: str) -> tuple[StoredFile, str]:
    """A document of a request with its name: for those who see the agreement, and for the organisation that is asked to join. Raises NotFound."""
    found = (
        AmendmentFile.objects.select_related("file", "amendment__agreement__call", "amendment__party_change")
        .prefetch_related("amendment__agreement__parties")
        .filter(amendment=amendment_id, file=sha256)
        .first()
    )
    if found is None:
        raise NotFound
    change = getattr(found.amendment, "party_change", None)
    if not policies.see_agreement(actor, found.amendment.agreement) and not (
        change is not None and policies.see_joining(actor, change)
    ):
        raise NotFound
    return found.file, found.name
