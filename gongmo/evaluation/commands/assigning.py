"""Who judges what when a committee is divided: the panels' parts, the judges of each application, and filling what has become free."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import forming
from gongmo.evaluation.assignments import SITTING
from gongmo.evaluation.commands.base import managed_call, record, unfixed
from gongmo.evaluation.commands.dissolving import standing
from gongmo.evaluation.conflicts import judged
from gongmo.evaluation.forming import Asked
from gongmo.evaluation.models import Assignment, Committee, Disqualification, Seat
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.rules.assignment import Assigned, Task, assign
from gongmo.rules.committee_values import Problem
from gongmo.rules.committee_values import Seat as Place


def shared_out(
    call: Call, problem: Problem, seats: Sequence[Place]
) -> tuple[Mapping[str, Sequence[int]] | None, dict[str, Any]]:
    """Who judges what: everybody everything (None), a panel its part, or the judges of each application."""
    settings = definition_of(call).evaluation.formed_by()
    if settings.assignment == "per_application":
        members = [each.expert for each in seats if not each.reserve]
        found = _assigned(call, problem, members)
        if found.short:
            raise Refused(
                "judges_short",
                "신청마다 평가위원을 배정하지 못했습니다. "
                + " ".join(each.text.ko for each in found.short[:6]),
                "Judges could not be assigned. " + " ".join(each.text.en for each in found.short[:6]),
            )
        by: dict[str, list[int]] = {}
        for application, labels in found.judges.items():
            for label in labels:
                by.setdefault(label, []).append(int(application))
        return by, {"assignment": found.hash(), "load": found.load}
    if len(problem.panels) == 1:
        return None, {}
    of = {panel.number: [int(each) for each in panel.applications] for panel in problem.panels}
    return {each.expert: of[each.panel] for each in seats}, {}


def _assigned(call: Call, problem: Problem, members: Sequence[str]) -> Assigned:
    evaluation = definition_of(call).evaluation
    settings, committee = evaluation.formed_by(), evaluation.committee
    names = {field.id: field.name.ko for field in definition_of(call).fields}
    tasks = [
        Task(
            str(each.pk),
            tuple(word for field in each.fields or () for word in (field, names.get(field, field))),
        )
        for each in judged(call)
    ]
    return assign(
        [problem.expert(label) for label in members],
        tasks,
        judges=settings.judges or committee.quorum,
        seed=problem.seed,
        most=settings.most_applications,
        at_least=dict.fromkeys(committee.sectors, committee.at_least_per_sector),
    )


def assign_missing(*, actor: Actor, committee_id: int) -> int:
    """Fill the judges that applications of a committee with assignments lack, among its sitting members. How many were assigned.

    What is assigned stays: whoever left or is disqualified is replaced. Refused where nothing is assigned or nobody is left.
    """
    with transaction.atomic():
        committee = Committee.objects.filter(pk=committee_id).select_related("call").first()
        if committee is None:
            raise NotFound
        call = managed_call(actor, committee.call_id)
        unfixed(call)
        standing(committee)
        settings = definition_of(call).evaluation.formed_by()
        if settings.assignment != "per_application":
            raise Refused(
                "not_assigned",
                "이 공고는 신청마다 위원을 배정하지 않습니다.",
                "This call does not assign judges by application.",
            )
        seats = {
            each.evaluator.label: each
            for each in Seat.objects.filter(
                committee=committee, reserve=False, state__in=SITTING
            ).select_related("evaluator")
        }
        seed = secrets.randbelow(2**31)
        problem = forming.problem(call, Asked(), seed)
        wanted = _assigned(call, problem, sorted(seats))
        out = set(
            Disqualification.objects.filter(seat__committee=committee).values_list(
                "seat_id", "application_id"
            )
        )
        held: dict[int, set[int]] = {}
        for seat, application in Assignment.objects.filter(seat__in=seats.values()).values_list(
            "seat_id", "application_id"
        ):
            if (seat, application) not in out:
                held.setdefault(application, set()).add(seat)
        made: list[Assignment] = []
        need = settings.judges or definition_of(call).evaluation.committee.quorum
        for name, labels in wanted.judges.items():
            application = int(name)
            here = held.get(application, set())
            for label in labels:
                if len(here) >= need:
                    break
                if seats[label].pk not in here:
                    here = here | {seats[label].pk}
                    made.append(
                        Assignment(seat=seats[label], application_id=application, made_at=clock.now())
                    )
        Assignment.objects.bulk_create(made)
        record(
            actor,
            call,
            "evaluation.assign_judges",
            ("committee", committee.pk),
            {
                "seed": seed,
                "solver": wanted.solver,
                "made": [[each.seat.evaluator.label, each.application_id] for each in made],
            },
        )
        return len(made)
