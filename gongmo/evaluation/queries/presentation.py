"""Days of presentations: for the operator, the committee, and each applicant's own turn."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from gongmo.applications.models import Application, Member
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import policies
from gongmo.evaluation.day_policies import watch_day
from gongmo.evaluation.models import (
    ConflictDeclaration,
    Disqualification,
    PresentationDay,
    PresentationQuestion,
    PresentationSlot,
    ScoreSheet,
    Seat,
    StageRun,
    Substitute,
)
from gongmo.evaluation.presentation import presentation_stage
from gongmo.evaluation.queries.desk import my_sheets
from gongmo.evaluation.states import DayState, SeatState, SheetState, SlotState
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound
from gongmo.rules.presentation import Engagement, overlaps

SLOTS = PresentationSlot.objects.select_related(
    "application__lead", "application__region", "application__substitute__organisation"
).order_by("place")


def presentation_run(call: Call) -> StageRun | None:
    """The run of the call's stage with a presenter: the newest round's, None before it is opened."""
    stage = presentation_stage(definition_of(call))
    if stage is None:
        return None
    runs = StageRun.objects.filter(call=call, stage=stage.id).select_related("version", "committee", "call")
    return runs.order_by("-round").first()


def days_of(actor: Actor, call: Call) -> list[PresentationDay]:
    """The days of a call with their turns, for its operator. Raises NotFound for others."""
    if not policies.manage(actor, call):
        raise NotFound
    found = PresentationDay.objects.filter(run__call=call).select_related("run__version", "run__call")
    return list(found.prefetch_related(Prefetch("slots", queryset=SLOTS)))


def waiting_for_a_turn(run: StageRun) -> list[Application]:
    """The applications that stand in the stage and have no turn (or were absent from it)."""
    standing = ScoreSheet.objects.filter(run=run, application=OuterRef("pk")).exclude(state=SheetState.VOID)
    placed = PresentationSlot.objects.filter(day__run=run, application=OuterRef("pk")).exclude(
        state=SlotState.ABSENT
    )
    found = Application.objects.filter(Exists(standing), ~Exists(placed)).select_related("lead", "region")
    return list(found.order_by("pk"))


def unheld_turns(run: StageRun) -> list[Application]:
    """The applications of an open stage that have not presented although days were planned: no turn yet, a turn that waits or is under
    way, or an absence after which the definition gives another time. None where the call plans no days on this site."""
    if not PresentationDay.objects.filter(run=run).exists():
        return []
    day = definition_of(run.version).evaluation.stage(run.stage).day
    settled = [SlotState.DONE]
    if day is not None and day.absent == "documents":
        settled.append(SlotState.ABSENT)
    standing = ScoreSheet.objects.filter(run=run, application=OuterRef("pk")).exclude(state=SheetState.VOID)
    held = PresentationSlot.objects.filter(day__run=run, application=OuterRef("pk"), state__in=settled)
    return list(Application.objects.filter(Exists(standing), ~Exists(held)).order_by("pk"))


def day_for(actor: Actor, day_id: int) -> PresentationDay:
    """A day with its turns, for the operator's officers and the committee (members once it is announced). Raises NotFound."""
    day = (
        PresentationDay.objects.select_related("run__call__version", "run__version", "run__committee")
        .prefetch_related(Prefetch("slots", queryset=SLOTS))
        .filter(pk=day_id)
        .first()
    )
    if day is None or not watch_day(actor, day):
        raise NotFound
    if day.state != DayState.ANNOUNCED and actor.role is Role.EVALUATOR:
        raise NotFound
    return day


def day_of_turn(actor: Actor, slot_id: int) -> PresentationDay:
    """The day on which a turn stands, as `day_for` gives it. Raises NotFound."""
    key = PresentationSlot.objects.filter(pk=slot_id).values_list("day_id", flat=True).first()
    if key is None:
        raise NotFound
    return day_for(actor, key)


def day_to_plan(actor: Actor, day_id: int) -> PresentationDay:
    """A day with its call, for those who oversee the call, announced or not. One statement. Raises NotFound."""
    day = PresentationDay.objects.select_related("run__call__version").filter(pk=day_id).first()
    if day is None or not policies.oversee(actor, day.run.call):
        raise NotFound
    return day


def own_sheets_of_day(actor: Actor, day: PresentationDay) -> dict[int, int]:
    """The actor's own sheets of the day's stage by application: where the member scores on the spot."""
    if actor.role is not Role.EVALUATOR or actor.person is None:
        return {}
    rows = my_sheets(actor).filter(run=day.run_id)
    return dict(rows.values_list("application_id", "pk"))


def questions_of(actor: Actor, day: PresentationDay) -> dict[int, list[PresentationQuestion]]:
    """The noted questions by slot. A member sees those of the applications that the member judges, an officer all."""
    found = PresentationQuestion.objects.filter(slot__day=day).select_related("slot", "seat__evaluator")
    if actor.role is Role.EVALUATOR:
        own = set(own_sheets_of_day(actor, day))
        rows: Iterable[PresentationQuestion] = (each for each in found if each.slot.application_id in own)
    else:
        rows = found
    by_slot: dict[int, list[PresentationQuestion]] = {}
    for each in rows:
        by_slot.setdefault(each.slot_id, []).append(each)
    return by_slot


def own_turns(application: Application) -> QuerySet[PresentationSlot]:
    """The announced turns of one application, the newest last. The caller has asked whether the reader may know."""
    return (
        PresentationSlot.objects.filter(application=application, day__state=DayState.ANNOUNCED)
        .select_related("day__run__call")
        .order_by("starts_at")
    )


def turns_of_person(actor: Actor) -> list[PresentationSlot]:
    """The announced turns that concern the actor: as a member who judges, or as an officer of the operator."""
    slots = PresentationSlot.objects.filter(day__state=DayState.ANNOUNCED).select_related(
        "day__run__call", "application__lead", "application__region"
    )
    if actor.role is Role.EVALUATOR and actor.person is not None:
        same = {"seat": OuterRef("pk"), "application": OuterRef(OuterRef("application"))}
        judging = Seat.objects.filter(
            Exists(ConflictDeclaration.objects.filter(**same, conflict=False)),
            ~Exists(Disqualification.objects.filter(**same)),
            committee=OuterRef("day__run__committee"),
            evaluator__person=actor.person,
            state=SeatState.PLEDGED,
            reserve=False,
        )
        return list(slots.filter(Exists(judging)).order_by("starts_at"))
    if actor.organisation is not None and actor.role in (Role.AGENCY, Role.TASK_FORCE):
        return list(slots.filter(day__run__call__operator=actor.organisation).order_by("starts_at"))
    return []


def days_of_seat(actor: Actor, seat: Seat) -> list[PresentationDay]:
    """The announced days of the committee on which the actor sits, while their stage is open."""
    if not policies.sit(actor, seat):
        return []
    return list(
        PresentationDay.objects.filter(
            run__committee=seat.committee_id, run__state="open", state=DayState.ANNOUNCED
        ).order_by("starts_at")
    )


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody needed twice at once: whom (an evaluator's label or an organisation's name), in which of the day's turns, and where else."""

    who: str
    slot: PresentationSlot
    other: PresentationSlot


def clashes_of(day: PresentationDay) -> list[Clash]:
    """What of a day's times cannot be: a member or a presenting organisation that has another turn at the same time on another day's list.

    Four queries.
    """
    mine = list(SLOTS.filter(day=day))
    if not mine:
        return []
    first, last = min(slot.starts_at for slot in mine), max(slot.ends_at for slot in mine)
    others = list(
        SLOTS.filter(starts_at__lt=last, ends_at__gt=first)
        .exclude(day=day)
        .exclude(state=SlotState.ABSENT)
        .select_related("day__run", "application__lead", "application__region")
    )
    if not others:
        return []
    committees = {day.run.committee_id, *(slot.day.run.committee_id for slot in others)}
    seats: dict[int, list[Seat]] = {}
    for seat in Seat.objects.filter(
        committee__in=committees, state=SeatState.PLEDGED, reserve=False
    ).select_related("evaluator"):
        seats.setdefault(seat.committee_id, []).append(seat)
    names: dict[tuple[str, int], str] = {}

    def needed(slot: PresentationSlot, committee: int) -> Iterable[Engagement[tuple[str, int]]]:
        people = [
            (("evaluator", seat.evaluator_id), seat.evaluator.label) for seat in seats.get(committee, ())
        ]
        presenter = (("organisation", slot.application.lead_id), slot.application.lead.name)
        for who, name in (*people, presenter):
            names[who] = name
            yield Engagement(who, ("slot", slot.pk), slot.starts_at, slot.ends_at)

    slots = {slot.pk: slot for slot in (*mine, *others)}
    pairs = overlaps(
        [each for slot in mine for each in needed(slot, day.run.committee_id)],
        [each for slot in others for each in needed(slot, slot.day.run.committee_id)],
    )
    return [Clash(names[own.who], slots[own.what[1]], slots[other.what[1]]) for own, other in pairs]


def consented(slot: PresentationSlot) -> Substitute | None:
    """The substitute presenter to whom the operator consented, where there is one."""
    held: Substitute | None = getattr(slot.application, "substitute", None)
    return held if held is not None and held.state == "consented" else None


def substitute_of(application: Application) -> Substitute | None:
    """The request for another presenter, answered or not, with the presenter's organisation. The caller has read the application. One
    statement."""
    return Substitute.objects.filter(application=application).select_related("organisation").first()


def organisations_of(application: Application) -> list[tuple[int, str]]:
    """The ids and names of the consortium's organisations, from which a presenter may come. One statement."""
    members = Member.objects.filter(application=application, state=MemberState.ACCEPTED)
    return list(members.order_by("pk").values_list("organisation_id", "organisation__name"))
