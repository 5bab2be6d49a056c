"""What changes on an expert in the pool: particulars, consents, career, days away. Conflicts follow at once."""

from datetime import date
from typing import Any

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.evaluation import conflicts, pool_policies
from gongmo.evaluation.commands.base import labelled, record_void
from gongmo.evaluation.models import SECTORS, Absence, Affiliation, Evaluator, Ranking
from gongmo.evaluation.voiding import Told
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.ledger.locks import lock
from gongmo.parties import checks
from gongmo.parties.models import Organisation, Region

MOST_WORDS = 20


def today() -> date:
    """The day in Seoul."""
    return clock.now().astimezone(SEOUL).date()


def _locked(actor: Actor, evaluator_id: int) -> Evaluator:
    """The expert, locked, for whoever may see the profile; NotFound for others."""
    if not lock(Evaluator, evaluator_id):
        raise NotFound
    evaluator = Evaluator.objects.select_related("person").get(pk=evaluator_id)
    if not pool_policies.see_profile(actor, evaluator):
        raise NotFound
    return evaluator


def _record(actor: Actor, act: str, evaluator: Evaluator, payload: dict[str, Any]) -> None:
    append(
        actor=labelled(actor), act=f"evaluation.{act}", subject=("evaluator", evaluator.pk), payload=payload
    )


def words(given: list[str] | tuple[str, ...]) -> list[str]:
    """Fields of expertise: trimmed, once each, in their order. Raises BadInput for too many or too long ones."""
    found = list(dict.fromkeys(" ".join(each.split()) for each in given if each.strip()))
    if len(found) > MOST_WORDS or any(len(each) > 60 for each in found):
        raise BadInput(
            "expertise_too_long",
            f"전문 분야는 {MOST_WORDS}개까지, 하나에 60자까지 적어 주세요.",
            f"At most {MOST_WORDS} fields of at most 60 letters.",
            field="expertise",
        )
    return found


def update_evaluator(
    *,
    actor: Actor,
    evaluator_id: int,
    sector: str,
    expertise: list[str],
    region: str | None,
    active: bool,
    outside_sessions: int,
) -> Evaluator:
    """Change an expert's particulars (the pool's keepers). `outside_sessions` are this year's sessions held elsewhere."""
    with transaction.atomic():
        evaluator = _locked(actor, evaluator_id)
        pool_policies.keep_profile.require(actor, evaluator)
        if sector not in dict(SECTORS):
            raise BadInput("unknown_sector", "계열을 골라 주세요.", "Choose a sector.", field="sector")
        if not 0 <= outside_sessions <= 366:
            raise BadInput(
                "sessions",
                "횟수를 0에서 366 사이로 적어 주세요.",
                "Give a number from 0 to 366.",
                field="outside",
            )
        if region is not None and not Region.objects.filter(pk=region).exists():
            raise NotFound
        evaluator.sector, evaluator.expertise, evaluator.region_id = sector, words(expertise), region
        evaluator.active, evaluator.outside_sessions = active, outside_sessions
        evaluator.outside_year = today().year if outside_sessions else None
        evaluator.save()
        told = career_conflicts(evaluator)
        _record(
            actor,
            "update_evaluator",
            evaluator,
            {
                "sector": sector,
                "expertise": evaluator.expertise,
                "region": region,
                "active": active,
                "outside_sessions": outside_sessions,
            },
        )
        _tell(actor, told)
        return evaluator


def give_consent(*, actor: Actor, evaluator_id: int) -> Evaluator:
    """The expert's own consent to be in the pool and to the use of personal data, dated today."""
    return _consent(actor, evaluator_id, today(), "give_consent")


def withdraw_consent(*, actor: Actor, evaluator_id: int) -> Evaluator:
    """Take the own consent back: the expert is proposed no more. Seats that are held stay until they are left."""
    return _consent(actor, evaluator_id, None, "withdraw_consent")


def _consent(actor: Actor, evaluator_id: int, day: date | None, act: str) -> Evaluator:
    with transaction.atomic():
        evaluator = _locked(actor, evaluator_id)
        pool_policies.own_profile.require(actor, evaluator)
        evaluator.pool_consent_on = evaluator.privacy_consent_on = day
        evaluator.save(update_fields=["pool_consent_on", "privacy_consent_on"])
        _record(actor, act, evaluator, {"on": day})
        return evaluator


def employer(name: str, number: str) -> tuple[Organisation | None, str, str]:
    """An employer by business number, else by its name where exactly one is registered; name and number as they are kept.

    Raises BadInput for a wrong number or no name.
    """
    name, number = " ".join(name.split())[:200], checks.digits(number)
    if number and not checks.is_business_number(number):
        raise BadInput(
            "business_number",
            "사업자등록번호의 검증 숫자가 맞지 않습니다. 번호를 확인해 주세요.",
            "The check digit of the business number is wrong.",
            field="number",
        )
    found = Organisation.objects.filter(business_number=number).first() if number else None
    if found is None and not number and name:
        named = list(Organisation.objects.filter(name=name)[:2])
        found = named[0] if len(named) == 1 else None
    if found is None and not name:
        raise BadInput(
            "employer_missing",
            "소속 기관의 이름을 적어 주세요.",
            "Name the organisation.",
            field="organisation",
        )
    return found, name or (found.name if found else ""), number


def add_affiliation(
    *,
    actor: Actor,
    evaluator_id: int,
    organisation: str,
    business_number: str = "",
    position: str = "",
    since: date,
    until: date | None = None,
) -> Affiliation:
    """Add a place of work. Conflicts with the applications of standing committees are looked up at once."""
    with transaction.atomic():
        evaluator = _locked(actor, evaluator_id)
        pool_policies.keep_career.require(actor, evaluator)
        if until is not None and until < since:
            raise BadInput(
                "affiliation_order",
                "소속 기간의 끝이 시작보다 앞섭니다.",
                "The affiliation ends before it starts.",
                field="until",
            )
        found, name, number = employer(organisation, business_number)
        made = Affiliation.objects.create(
            evaluator=evaluator,
            organisation=found,
            organisation_name=name,
            business_number=number,
            since=since,
            until=until,
            position=" ".join(position.split())[:80],
        )
        told = career_conflicts(evaluator)
        _record(
            actor,
            "add_affiliation",
            evaluator,
            {"organisation": made.organisation_id, "employer": name, "since": since, "until": until},
        )
        _tell(actor, told)
        return made


def end_affiliation(*, actor: Actor, affiliation_id: int, until: date) -> Affiliation:
    """Give a place of work its last day. An earlier last day than the one that stands is the keepers' to enter."""
    held = Affiliation.objects.filter(pk=affiliation_id).first()
    if held is None:
        raise NotFound
    with transaction.atomic():
        evaluator = _locked(actor, held.evaluator_id)
        pool_policies.keep_career.require(actor, evaluator)
        held = Affiliation.objects.get(pk=affiliation_id)
        if until < held.since:
            raise BadInput(
                "affiliation_order",
                "소속 기간의 끝이 시작보다 앞섭니다.",
                "The affiliation ends before it starts.",
                field="until",
            )
        if held.until is not None and not pool_policies.keep_profile(actor, evaluator):
            raise Refused(
                "affiliation_ended",
                "이미 끝난 소속입니다. 날짜가 틀렸으면 담당자에게 알려 주세요.",
                "This affiliation has ended already; ask the officer to correct the day.",
            )
        held.until = until
        held.save(update_fields=["until"])
        told = career_conflicts(evaluator)
        _record(actor, "end_affiliation", evaluator, {"affiliation": held.pk, "until": until})
        _tell(actor, told)
        return held


def add_absence(*, actor: Actor, evaluator_id: int, since: date, until: date, note: str = "") -> Absence:
    """Days on which the expert cannot take part; forming a committee for such a day passes the expert over."""
    with transaction.atomic():
        evaluator = _locked(actor, evaluator_id)
        pool_policies.keep_career.require(actor, evaluator)
        if until < since:
            raise BadInput(
                "absence_order", "끝 날이 첫 날보다 앞섭니다.", "It ends before it starts.", field="until"
            )
        made = Absence.objects.create(
            evaluator=evaluator, since=since, until=until, note=" ".join(note.split())[:200]
        )
        _record(actor, "add_absence", evaluator, {"absence": made.pk, "since": since, "until": until})
        return made


def drop_absence(*, actor: Actor, absence_id: int) -> None:
    """Take days away back."""
    held = Absence.objects.filter(pk=absence_id).first()
    if held is None:
        raise NotFound
    with transaction.atomic():
        evaluator = _locked(actor, held.evaluator_id)
        pool_policies.keep_career.require(actor, evaluator)
        Absence.objects.filter(pk=absence_id).delete()
        _record(actor, "drop_absence", evaluator, {"absence": absence_id})


def career_conflicts(evaluator: Evaluator) -> list[tuple[Call, Told | None]]:
    """Look for conflicts on the expert's seats in calls whose ranking is not fixed; what the ledger is to be told."""
    seats = (
        evaluator.seats.exclude(committee__call__in=Ranking.objects.values("call"))
        .select_related("committee__call__version", "evaluator")
        .order_by("pk")
    )
    return [(seat.committee.call, conflicts.detect(seat.committee, [seat]).voided) for seat in seats]


def _tell(actor: Actor, told: list[tuple[Call, Told | None]]) -> None:
    for call, voided in told:
        record_void(actor, call, voided)
