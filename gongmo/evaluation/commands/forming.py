"""A proposal for a committee: computed and recorded, changed by hand with a reason, dropped, or fixed into a committee in one act."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import forming
from gongmo.evaluation.commands.assigning import shared_out
from gongmo.evaluation.commands.base import managed_call, manager, record, said, unfixed
from gongmo.evaluation.commands.dissolving import standing
from gongmo.evaluation.commands.seating import free_name, seat_experts
from gongmo.evaluation.conflicts import judged
from gongmo.evaluation.forming import Asked
from gongmo.evaluation.models import Committee, Evaluator, Proposal
from gongmo.evaluation.states import ProposalState, proposals_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.locks import lock
from gongmo.rules.committee_forming import propose
from gongmo.rules.committee_limits import Break, check
from gongmo.rules.committee_values import Seat as Place
from gongmo.rules.committee_values import parse_problem

MOST_PANELS = 40


def propose_committee(*, actor: Actor, call_id: int, name: str, asked: Asked) -> Proposal:
    """Compute a proposal with a fresh seed and keep it, whatever it says. Every draw is counted and recorded.

    Refused where nobody applies; what cannot be met is part of the proposal, not a refusal.
    """
    with transaction.atomic():
        call = managed_call(actor, call_id)
        name = said(name, field="name", ko="위원회 이름을 적어 주세요.", en="Name the committee.", limit=100)
        unfixed(call)
        free_name(call, name)
        _askable(call, asked)
        seed = secrets.randbelow(2**31)
        problem = forming.problem(call, asked, seed)
        if not any(panel.applications for panel in problem.panels):
            raise Refused(
                "nobody_applies", "평가할 신청이 없습니다.", "There is no application to be evaluated."
            )
        found = propose(problem)
        last = Proposal.objects.filter(call=call).order_by("-draw").values_list("draw", flat=True).first()
        made = Proposal.objects.create(
            call=call,
            name=name,
            draw=(last or 0) + 1,
            seed=seed,
            asked=asked.plain(),
            inputs=problem.canonical(),
            inputs_hash=problem.hash(),
            result=found.canonical(),
            solver=found.solver,
            seats=_plain(found.seats),
            follows_id=asked.follows,
            made_at=clock.now(),
            made_by_id=actor.person,
        )
        record(
            actor,
            call,
            "evaluation.propose_committee",
            ("proposal", made.pk),
            {
                "name": name,
                "draw": made.draw,
                "seed": seed,
                "asked": made.asked,
                "inputs": made.inputs_hash,
                "solver": found.solver,
                "seats": made.seats,
                "breaks": [[each.kind, each.panel, each.detail, each.off] for each in found.breaks],
            },
        )
        return made


def _askable(call: Call, asked: Asked) -> None:
    committee = definition_of(call).evaluation.committee
    if not 1 <= asked.panels <= MOST_PANELS:
        raise BadInput(
            "panels",
            f"분과는 1개에서 {MOST_PANELS}개까지입니다.",
            f"1 to {MOST_PANELS} panels.",
            field="panels",
        )
    if asked.size is not None and not committee.quorum <= asked.size <= 200:
        raise BadInput(
            "size",
            f"위원 수는 정족수 {committee.quorum}명에서 200명 사이여야 합니다.",
            f"The size lies between the quorum of {committee.quorum} and 200.",
            field="size",
        )
    if asked.reserves is not None and not 0 <= asked.reserves <= 50:
        raise BadInput("reserves", "예비위원은 50명까지입니다.", "At most 50 reserves.", field="reserves")
    if asked.follows is not None:
        followed = Committee.objects.filter(pk=asked.follows, call=call).first()
        if followed is None:
            raise NotFound
        standing(followed)
    if asked.left_out and not asked.left_out_reason.strip():
        raise BadInput(
            "left_out_reason",
            "빼는 까닭을 적어 주세요. 기록에 남습니다.",
            "Say why they are left out; it is recorded.",
            field="left_out_reason",
        )


def _plain(seats: Sequence[Place]) -> list[dict[str, Any]]:
    return [
        {"expert": each.expert, "panel": each.panel, "reserve": each.reserve, "chair": each.chair}
        for each in sorted(seats, key=lambda each: (each.panel, each.reserve, not each.chair, each.expert))
    ]


def places(proposal: Proposal) -> list[Place]:
    """The seats of a proposal as they stand after the changes by hand."""
    return [Place(**each) for each in proposal.seats]


def _open(actor: Actor, proposal_id: int) -> Proposal:
    call_id = Proposal.objects.filter(pk=proposal_id).values_list("call_id", flat=True).first()
    if call_id is None:
        raise NotFound
    call = managed_call(actor, call_id)
    manager(actor, call)
    unfixed(call)
    lock(Proposal, proposal_id)
    proposal = Proposal.objects.select_related("call__version").get(pk=proposal_id)
    if proposal.state != ProposalState.PROPOSED:
        raise Refused(
            "proposal_closed",
            "이미 확정했거나 쓰지 않기로 한 구성안입니다.",
            "This proposal is fixed or dropped already.",
        )
    return proposal


def change_proposal(
    *,
    actor: Actor,
    proposal_id: int,
    out: str = "",
    into: str = "",
    reason: str,
    panel: int = 1,
    chair: bool = False,
) -> tuple[Break, ...]:
    """Change a proposal by hand: `into` takes the seat of `out`; one alone is added as a reserve or taken away; `chair` names the chair.

    Anything may be tried: what breaks is returned and told on the page, and fixing refuses it. Experts are named by their labels.
    """
    with transaction.atomic():
        proposal = _open(actor, proposal_id)
        reason = said(
            reason, field="reason", ko="바꾸는 까닭을 적어 주세요.", en="Give the reason.", limit=300
        )
        problem = parse_problem(proposal.inputs)
        known = {each.id for each in problem.experts}
        seats = places(proposal)
        held = {each.expert: each for each in seats}
        if (into and into not in known) or (out and out not in held) or not (into or out):
            raise BadInput(
                "unknown_expert", "바꿀 위원을 골라 주세요.", "Choose whom to change.", field="into"
            )
        if chair:
            place = held[out]
            if place.reserve:
                raise Refused(
                    "not_a_member",
                    "위원장은 위원 가운데에서 골라 주세요.",
                    "Choose the chair among the members.",
                )
            seats = [
                Place(each.expert, each.panel, each.reserve, each.expert == out)
                if each.panel == place.panel
                else each
                for each in seats
            ]
        elif into and into in held:
            if not out:
                raise BadInput(
                    "seated_already", "이미 앉아 있는 위원입니다.", "The expert sits already.", field="into"
                )
            one, other = held[out], held[into]
            rest = [each for each in seats if each.expert not in (out, into)]
            seats = [
                *rest,
                Place(into, one.panel, one.reserve, one.chair),
                Place(out, other.panel, other.reserve, other.chair),
            ]
        else:
            seats = [each for each in seats if each.expert != out]
            if into:
                place = held[out] if out else Place(into, panel, reserve=True)
                seats.append(Place(into, place.panel, place.reserve, place.chair))
        proposal.seats = _plain(seats)
        breaks = check(problem, seats)
        change = {"out": out, "into": into, "chair": chair, "reason": reason, "at": clock.now().isoformat()}
        proposal.changes = [*proposal.changes, change]
        proposal.save(update_fields=["seats", "changes"])
        record(
            actor,
            proposal.call,
            "evaluation.change_proposal",
            ("proposal", proposal.pk),
            {
                "out": out,
                "into": into,
                "chair": chair,
                "reason": reason,
                "breaks": [[each.kind, each.panel, each.detail, each.off] for each in breaks],
            },
        )
        return breaks


def drop_proposal(*, actor: Actor, proposal_id: int) -> Proposal:
    """Put a proposal aside; it stays in the record."""
    with transaction.atomic():
        proposal = _open(actor, proposal_id)
        proposal.state = proposals_table.require(ProposalState(proposal.state), ProposalState.DROPPED)
        proposal.save(update_fields=["state"])
        record(
            actor,
            proposal.call,
            "evaluation.drop_proposal",
            ("proposal", proposal.pk),
            {"draw": proposal.draw},
        )
        return proposal


def fix_proposal(*, actor: Actor, proposal_id: int, reason: str = "") -> Committee:
    """Fix a proposal: the committee is formed and everybody invited, in one recorded act with seed, inputs' hash and solver.

    Everything is looked at again as it stands today. Refused where a limit is broken; a soft one (size, reserves, expertise) needs a
    reason.
    """
    with transaction.atomic():
        proposal = _open(actor, proposal_id)
        call = proposal.call
        free_name(call, proposal.name)
        before = parse_problem(proposal.inputs)
        now = forming.problem(call, Asked.of(proposal.asked), proposal.seed, before.panels)
        seats = places(proposal)
        breaks = check(now, seats)
        wrong = forming.hard(breaks)
        titles = titles_of(call)
        if wrong:
            told = [forming.named(each, titles) for each in wrong]
            raise Refused(
                "limits_broken",
                "기준에 맞지 않아 확정할 수 없습니다. " + " ".join(each.ko for each in told[:6]),
                "Limits are broken: " + " ".join(each.en for each in told[:6]),
            )
        if breaks and not reason.strip():
            raise BadInput(
                "soft_reason",
                "지키지 못한 기준이 있습니다. 그대로 확정하는 까닭을 적어 주세요.",
                "Some limits are missed. Say why the committee is fixed all the same.",
                field="reason",
            )
        experts = {
            each.label: each for each in Evaluator.objects.filter(label__in=[each.expert for each in seats])
        }
        shared, told_assigned = shared_out(call, now, seats)
        committee = seat_experts(
            actor,
            call,
            proposal.name,
            seats,
            experts,
            assigned=shared,
            follows=proposal.follows_id,
            forming={
                "proposal": proposal.pk,
                "draw": proposal.draw,
                "seed": proposal.seed,
                "inputs": proposal.inputs_hash,
                "now": now.hash(),
                "solver": proposal.solver,
                "changes": len(proposal.changes),
                "missed": [[each.kind, each.panel, each.detail, each.off] for each in breaks],
                "reason": reason.strip()[:300],
                **told_assigned,
            },
        )
        proposal.state = proposals_table.require(ProposalState(proposal.state), ProposalState.FIXED)
        proposal.committee, proposal.fixed_at = committee, clock.now()
        proposal.save(update_fields=["state", "committee", "fixed_at"])
        record(
            actor,
            call,
            "evaluation.fix_proposal",
            ("proposal", proposal.pk),
            {"committee": committee.pk, "draw": proposal.draw},
        )
        return committee


def titles_of(call: Call) -> dict[str, str]:
    """Titles of the call's applications by id as text."""
    return {str(each.pk): each.title for each in judged(call)}
