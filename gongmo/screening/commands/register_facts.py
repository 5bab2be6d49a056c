"""Having outside registers asked, and recording as facts what they answered. An officer's or a certificate's word stands above theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.definition.application import FactSource
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.registers.queries import any_on
from gongmo.screening.commands.base import locked_review_of, record_inside, reviewer
from gongmo.screening.lookups import Told
from gongmo.screening.models import FactRecord, Review

CHUNK = 50
"""Applications that one task asks for."""
ABOVE = (FactSource.OFFICER, FactSource.CERTIFICATE)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: the new facts, and those of them against which an officer's or a certificate's newest word stands."""

    facts: tuple[FactRecord, ...]
    against: tuple[FactRecord, ...]


def check_registers(*, actor: Actor, call_id: int, application_ids: Sequence[int] | None = None) -> int:
    """Have the registers asked for the organisations of these applications (None: of all under review). Returns how many applications.

    The questions are asked by tasks; nothing waits for them. Raises NotFound, NotAllowed, BadInput for an application of another call, Refused
    where no register has a key or nothing is under review.
    """
    from gongmo.screening.register_tasks import ask_registers

    with transaction.atomic():
        call = Call.objects.filter(pk=call_id).first()
        if call is None:
            raise NotFound
        reviewer(actor, call)
        if not any_on():
            raise Refused(
                "registers_off",
                "외부 등록부의 인증키가 설정되어 있지 않습니다. 운영자에게 설정을 부탁해 주세요. 그동안은 증명서로 확인할 수 있습니다.",
                "No outside register has a key. Ask the operator to set one; until then rely on certificates.",
            )
        open_ = Application.objects.filter(
            call=call, state=ApplicationState.SUBMITTED, review__isnull=False
        ).order_by("pk")
        wanted = list(open_.values_list("pk", flat=True))
        if application_ids is not None:
            if not set(application_ids) <= set(wanted):
                raise BadInput(
                    "not_under_review",
                    "이 공고에서 검토하는 신청을 골라 주세요.",
                    "Choose applications of this call that are under review.",
                    field="application",
                )
            wanted = sorted(set(application_ids))
        if not wanted:
            raise Refused(
                "nothing_under_review",
                "적격성 검토를 시작한 뒤에 등록부를 확인할 수 있습니다.",
                "Registers are asked once the reviews are open.",
            )
        for key, part in chunks(wanted).items():
            ask_registers.enqueue(key=key, again=True, applications=part)
        append(
            actor=actor,
            act="screening.check_registers",
            subject=("call", call.pk),
            call=call.slug,
            payload={"applications": wanted},
        )
        return len(wanted)


def record_register_facts(*, actor: Actor, application_id: int, told: Iterable[Told]) -> Recorded:
    """Record what registers tell of an application's organisations, where it differs from what they told before.

    Nothing is overridden: a fact by an officer or a certificate still counts (its weight is higher), and what the register says against it is
    named in the result. Returns nothing new for an application that was withdrawn. Raises NotFound, NotAllowed.
    """
    with transaction.atomic():
        review = locked_review_of(actor, application_id)
        if review.application.state != ApplicationState.SUBMITTED:
            return Recorded((), ())
        members = set(
            review.application.members.filter(state=MemberState.ACCEPTED).values_list(
                "organisation_id", flat=True
            )
        )
        before: dict[tuple[int, str], FactRecord] = {}
        above: dict[tuple[int, str], FactRecord] = {}
        for record in FactRecord.objects.filter(application_id=application_id).order_by("id"):
            place = before if record.source == FactSource.REGISTER else above
            place[record.organisation_id, record.fact] = record
        made: list[FactRecord] = []
        against: list[FactRecord] = []
        rests: list[dict[str, object]] = []
        for each in told:
            key = (each.organisation, each.kind.id)
            if each.organisation not in members or not _news(each, before.get(key)):
                continue
            record = _record(actor, review, each)
            made.append(record)
            rests.append({"record": record.pk, "answer": each.answer, "basis": each.drawn.basis.value})
            word = above.get(key)
            if word is not None and word.value != record.value:
                against.append(record)
        if made:
            record_inside(
                actor,
                review,
                "screening.hear_registers",
                {
                    "facts": [record.pk for record in made],
                    "against": [record.pk for record in against],
                    "rests_on": rests,
                },
            )
        return Recorded(tuple(made), tuple(against))


def _news(told: Told, before: FactRecord | None) -> bool:
    return before is None or (before.value, before.since) != (told.drawn.value.value, told.drawn.since)


def _record(actor: Actor, review: Review, told: Told) -> FactRecord:
    made = FactRecord.objects.create(
        application_id=review.application_id,
        organisation_id=told.organisation,
        fact=told.kind.id,
        value=told.drawn.value,
        source=FactSource.REGISTER,
        as_of=told.drawn.as_of,
        since=told.drawn.since,
        note=told.drawn.because.ko,
        recorded_at=clock.now(),
        recorded_by_id=actor.person,
    )
    record_inside(
        actor,
        review,
        "screening.record_fact",
        {
            "record": made.pk,
            "organisation": told.organisation,
            "fact": told.kind.id,
            "value": told.drawn.value.value,
            "source": FactSource.REGISTER.value,
            "as_of": told.drawn.as_of,
            "since": told.drawn.since,
            "until": None,
            "follow_up": None,
            "earlier_ended_on": None,
            "evidence": None,
        },
    )
    return made


def chunks(applications: Sequence[int]) -> dict[str, list[int]]:
    """The tasks that ask for these applications, by their keys."""
    parts = [list(applications[start : start + CHUNK]) for start in range(0, len(applications), CHUNK)]
    return {f"screening.registers:{_name(part)}": part for part in parts}


def _name(applications: Sequence[int]) -> str:
    return (
        str(applications[0]) if len(applications) == 1 else sha256_hex(",".join(map(str, applications)))[:24]
    )
