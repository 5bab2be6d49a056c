"""Proposals for a call's committee as its operator sees them, with the reason for everybody who sits and who does not."""

from collections import Counter
from dataclasses import dataclass

from gongmo.calls.models import Call
from gongmo.definition.base import Text
from gongmo.evaluation import forming, policies
from gongmo.evaluation.commands.forming import places, titles_of
from gongmo.evaluation.forming import Asked
from gongmo.evaluation.models import Committee, Evaluator, Proposal
from gongmo.evaluation.queries.pool import natural
from gongmo.evaluation.states import ProposalState
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.rules.committee_forming import out_text, parse_proposal, propose
from gongmo.rules.committee_limits import check
from gongmo.rules.committee_reasons import Reason, why_left_out, why_seated
from gongmo.rules.committee_values import Expert, Problem, draw_number, parse_problem


def proposals_of(actor: Actor, call: Call) -> list[Proposal]:
    """Every proposal of a call, newest first, without their inputs. Raises NotFound for who does not operate it."""
    _manager(actor, call)
    return list(Proposal.objects.filter(call=call).defer("inputs", "result").select_related("committee"))


def proposals_drawn(actor: Actor, call: Call) -> int:
    """How many proposals were computed for the call. One statement. Raises NotFound likewise."""
    _manager(actor, call)
    return Proposal.objects.filter(call=call).count()


def committee_names(actor: Actor, call: Call) -> list[tuple[int, str]]:
    """The ids and names of the call's standing committees, in the order in which they were formed. One statement. Raises NotFound likewise."""
    _manager(actor, call)
    found = Committee.objects.filter(call=call, dissolution=None)
    return list(found.order_by("pk").values_list("pk", "name"))


def committees_formed(actor: Actor, call: Call) -> int:
    """How many committees the call has had, dissolved ones too: their names are taken. One statement. Raises NotFound likewise."""
    _manager(actor, call)
    return Committee.objects.filter(call=call).count()


def experts_by_label(actor: Actor, call: Call) -> list[tuple[int, str]]:
    """The ids and labels of the active experts, A2 before A10. One statement. Raises NotFound likewise."""
    _manager(actor, call)
    found = Evaluator.objects.filter(active=True).values_list("pk", "label")
    return sorted(found, key=lambda each: natural(each[1]))


def expertise_of_pool(actor: Actor, call: Call) -> list[tuple[str, int]]:
    """The active experts' fields, each with how many have it, the commonest first. One statement. Raises NotFound likewise."""
    _manager(actor, call)
    counts = Counter(
        word
        for fields in Evaluator.objects.filter(active=True).values_list("expertise", flat=True)
        for word in fields
    )
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _manager(actor: Actor, call: Call) -> None:
    if not policies.manage(actor, call):
        raise NotFound


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat of a proposal with its expert and why the expert sits."""

    expert: Expert
    panel: int
    reserve: bool
    chair: bool
    draw: int
    why: tuple[Text, ...]
    by_hand: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal ready to be shown: seats by panel, what breaks now, who is left out and why, how many of each sector could sit."""

    proposal: Proposal
    asked: Asked
    problem: Problem
    seats: tuple[SeatView, ...]
    breaks: tuple[Text, ...]
    forbidding: int
    left_out: tuple[tuple[Expert, Reason], ...]
    supply: tuple[Text, ...]
    proven: bool
    titles: dict[str, str]

    @property
    def open(self) -> bool:
        return self.proposal.state == ProposalState.PROPOSED


def proposal_of(actor: Actor, call: Call, proposal_id: int) -> ProposalView:
    """One proposal of the call. Raises NotFound. What breaks is computed from the seats as they now stand."""
    _manager(actor, call)
    held = Proposal.objects.filter(pk=proposal_id, call=call).select_related("committee", "follows").first()
    if held is None:
        raise NotFound
    problem, found = parse_problem(held.inputs), parse_proposal(held.result)
    seats = places(held)
    experts = {each.id: each for each in problem.experts}
    titles = titles_of(call)
    breaks = check(problem, seats)
    why = why_seated(problem, seats)
    computed = {(each.expert, each.panel, each.reserve) for each in found.seats}
    return ProposalView(
        proposal=held,
        asked=Asked.of(held.asked),
        problem=problem,
        seats=tuple(
            SeatView(
                experts[each.expert],
                each.panel,
                each.reserve,
                each.chair,
                draw_number(problem.seed, each.expert),
                tuple(_named(text, titles) for text in why[each.expert]),
                (each.expert, each.panel, each.reserve) not in computed,
            )
            for each in seats
        ),
        breaks=tuple(forming.named(each, titles) for each in breaks),
        forbidding=len(forming.hard(breaks)),
        left_out=tuple((experts[each.expert], each) for each in why_left_out(problem, seats)),
        supply=tuple(out_text(problem, found.out)),
        proven=found.proven,
        titles=titles,
    )


def _named(text: Text, titles: dict[str, str]) -> Text:
    for name, title in titles.items():
        if f"신청 {name}의" in text.ko:
            return Text(ko=text.ko.replace(f"신청 {name}의", f"‘{title}’의"), en=text.en)
    return text


@dataclass(frozen=True, slots=True)
class Replayed:
    """A proposal computed again from its recorded inputs; `differences` is empty where everything is the same."""

    draw: int
    name: str
    solver: str
    differences: tuple[str, ...]


def replayed(proposal: Proposal) -> Replayed:
    """Compute a proposal again from its inputs and compare: inputs with their hash, the seats with the result."""
    differences = []
    try:
        problem = parse_problem(proposal.inputs)
        found = propose(problem)
        kept = parse_proposal(proposal.result)
    except (ValueError, KeyError, TypeError) as error:
        return Replayed(proposal.draw, proposal.name, proposal.solver, (f"unreadable inputs: {error}",))
    if problem.hash() != proposal.inputs_hash:
        differences.append(f"inputs {problem.hash()[:16]} instead of {proposal.inputs_hash[:16]}")
    if problem.seed != proposal.seed:
        differences.append(f"seed {problem.seed} instead of {proposal.seed}")
    if found.seats != kept.seats:
        mine, theirs = {each.expert for each in found.seats}, {each.expert for each in kept.seats}
        differences.append(f"seats: {sorted(mine - theirs)} instead of {sorted(theirs - mine)}")
    if found.solver != proposal.solver:
        differences.append(f"note: computed with {found.solver}, recorded with {proposal.solver}")
    return Replayed(proposal.draw, proposal.name, found.solver, tuple(differences))


__all__ = ["ProposalView", "Replayed", "SeatView", "proposal_of", "proposals_of", "replayed"]
