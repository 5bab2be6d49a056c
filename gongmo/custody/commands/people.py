"""Destruction of people's data outside applications: experts who left the pool, accounts that nobody has used for long."""

from datetime import date, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from gongmo.custody import policies
from gongmo.custody.commands.destruction import HELD_DAYS, reason_of
from gongmo.custody.models import DestructionState, PersonDestruction
from gongmo.custody.people_times import Idler, Leaver, idlers, leavers
from gongmo.evaluation.commands.destroying import destroy_expert, hand_to_nobody
from gongmo.kernel import clock, korean
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties.commands.accounts import end_everything, forget_account
from gongmo.parties.models import Grant, Membership, Person
from gongmo.parties.post import site_address
from gongmo.privacy import policies as privacy
from gongmo.rules.retention import NOTICE_DAYS, PersonGround

_WAITING = (DestructionState.PROPOSED, DestructionState.AGREED)


def propose_people(*, actor: Actor) -> int:
    """Find experts and accounts whose time is over, propose them, and tell the accounts' owners by mail; take out who is no longer due.
    Returns how many were proposed."""
    privacy.keep_access.require(actor)
    now = clock.now()
    today = now.astimezone(clock.SEOUL).date()
    with transaction.atomic():
        rows = {each.person_id: each for each in PersonDestruction.objects.select_for_update()}
        leaving = {each.person: each for each in leavers() if each.on is not None and each.on <= today}
        idle = {each.person: each for each in idlers(today) if each.person not in leaving}
        proposed, dropped = [], []
        for pk, row in rows.items():
            if row.state in _WAITING and pk not in (leaving if row.evaluator_id else idle):
                row.state = DestructionState.DROPPED.value
                row.save(update_fields=["state"])
                dropped.append(row.pk)
        due: dict[int, Leaver | Idler] = {**leaving, **idle}
        for pk, each in due.items():
            row = rows.get(pk, PersonDestruction(person_id=pk))
            again = row.state == DestructionState.HELD and row.held_until is not None
            if row.pk is not None and not (
                row.state == DestructionState.DROPPED or (again and row.held_until <= today)  # type: ignore[operator]
            ):
                continue
            _propose(row, each, today)
            proposed.append(row.pk)
        if proposed or dropped:
            ledger.append(
                actor=actor,
                act="custody.propose_people",
                subject=("person_destructions", today.isoformat()),
                payload={"proposed": proposed, "dropped": dropped},
            )
    return len(proposed)


def _propose(row: PersonDestruction, each: Leaver | Idler, today: date) -> None:
    row.state, row.proposed_at, row.reason = DestructionState.PROPOSED.value, clock.now(), ""
    row.agreed_by, row.agreed_at, row.held_until = None, None, None
    if isinstance(each, Leaver):
        row.ground, row.evaluator_id, row.told_at = PersonGround.EXPERT.value, each.evaluator, None
        row.due_on = each.on or today
    else:
        row.ground, row.evaluator_id, row.told_at = PersonGround.IDLE.value, None, clock.now()
        # However long it was idle before this was switched on: its owner has the days from the mail on.
        row.due_on = max(each.on, today + timedelta(days=NOTICE_DAYS))
        _tell(Person.objects.get(pk=each.person), row.due_on)
    row.save()


def _tell(person: Person, day: date) -> None:
    """The mail to an account's owner. It leaves with the transaction, whatever the person chose for notices: nobody is there to read them."""
    years, link = settings.GONGMO_IDLE_YEARS, site_address()
    send_mail(
        f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{korean.day(day)}에 계정을 닫습니다",
        f"{years}년 동안 로그인하지 않아 {korean.day(day)}에 이 전자우편 주소의 계정을 닫고 이름과 주소를 파기합니다.\n\n"
        f"계속 쓰려면 그 전에 한 번 로그인해 주세요. 그러면 그대로 둡니다.\n\n{link}\n\n"
        f"제출한 신청서와 기관의 자료는 따로 정한 기간 동안 보관합니다.\n\n"
        f"----\nNobody has signed in to the account of this address for {years} years. It is closed, and its name and address destroyed, on {day}. "
        "To keep it, sign in once before that day.\n",
        None,
        [person.email],
    )


def agree_person(*, actor: Actor, destruction_id: int) -> PersonDestruction:
    """The first officer's word that an expert's data is to be destroyed. Raises NotFound, Refused."""
    with transaction.atomic():
        found = _locked(actor, destruction_id, DestructionState.PROPOSED)
        if found.ground != PersonGround.EXPERT:
            raise NotFound
        _require_due(found)
        found.state, found.agreed_by_id = DestructionState.AGREED.value, actor.person
        found.agreed_at = clock.now()
        found.save()
        _record(actor, "custody.agree_person", found)
    return found


def hold_person(*, actor: Actor, destruction_id: int, reason: str) -> PersonDestruction:
    """Keep it for a reason: it is proposed anew after a year. Raises BadInput, NotFound, Refused."""
    with transaction.atomic():
        found = _locked(actor, destruction_id, *_WAITING)
        reason = reason_of(reason)
        found.state, found.reason = DestructionState.HELD.value, reason
        found.held_until = clock.now().astimezone(clock.SEOUL).date() + timedelta(days=HELD_DAYS)
        found.save()
        _record(actor, "custody.hold_person", found, reason=reason)
    return found


def destroy_person(*, actor: Actor, destruction_id: int) -> PersonDestruction:
    """Destroy it for good. An expert's data: an officer other than the one who agreed. An account: an operator, once the days after the mail are over.

    Raises NotFound, Refused for what is no longer due (the person signed in, consented anew, took a place).
    """
    with transaction.atomic():
        expert = PersonDestruction.objects.filter(pk=destruction_id, evaluator__isnull=False).exists()
        found = _locked(
            actor, destruction_id, DestructionState.AGREED if expert else DestructionState.PROPOSED
        )
        if found.agreed_by_id is not None and found.agreed_by_id == actor.person:
            raise Refused(
                "second_officer",
                "파기는 동의한 담당자와 다른 담당자가 합니다. 다른 담당자에게 부탁해 주세요.",
                "Another officer than the one who agreed destroys it. Please ask a colleague.",
            )
        _require_due(found)
        found.outcome = _destroy_expert(found) if expert else _close(found)
        found.state, found.destroyed_by_id = DestructionState.DESTROYED.value, actor.person
        found.destroyed_at = clock.now()
        found.save()
        _record(actor, "custody.destroy_person", found, **found.outcome)
    return found


def _destroy_expert(found: PersonDestruction) -> dict[str, object]:
    """The pool's data, and the name: with the account where nothing else hangs on it, else the expert's row stands for nobody."""
    evaluator = found.evaluator_id or 0
    gone = destroy_expert(evaluator_id=evaluator)
    person = Person.objects.select_for_update().get(pk=found.person_id)
    for grant in Grant.objects.filter(person=person, until=None, role=Role.EVALUATOR.value):
        grant.until = clock.now()
        grant.save(update_fields=["until"])
    elsewhere = (
        Membership.objects.filter(person=person, until=None).exists()
        or Grant.objects.filter(person=person, until=None).exists()
    )
    if elsewhere:
        found.person = hand_to_nobody(evaluator_id=evaluator)
    elif person.is_active:
        forget_account(person)
    return {"career": gone.career, "notes": gone.notes, "account": not elsewhere}


def _close(found: PersonDestruction) -> dict[str, object]:
    person = Person.objects.select_for_update().get(pk=found.person_id)
    places = end_everything(person, clock.now())
    forget_account(person)
    return {"places": places, "account": True}


def _require_due(found: PersonDestruction) -> None:
    """Raise Refused for what is not due yet, or no longer."""
    today = clock.now().astimezone(clock.SEOUL).date()
    if found.due_on > today:
        raise Refused(
            "not_due",
            f"{korean.day(found.due_on)}부터 닫을 수 있습니다. 본인이 그 전에 로그인하면 대상에서 빠집니다.",
            f"It can be closed from {found.due_on} on, unless the person signs in before.",
        )
    if found.evaluator_id is not None:
        still = any(
            each.evaluator == found.evaluator_id and each.on is not None and each.on <= today
            for each in leavers()
        )
    else:
        still = any(each.person == found.person_id for each in idlers(today))
    if not still:
        raise Refused(
            "no_longer_due",
            "그 사이에 다시 로그인했거나, 동의했거나, 맡은 일이 생겨 파기 대상이 아닙니다. 다음 점검 때 목록에서 빠집니다.",
            "Meanwhile the person signed in, consented anew or took something on: it is no longer due, and leaves the list at the next look.",
        )


def _locked(actor: Actor, destruction_id: int, *states: DestructionState) -> PersonDestruction:
    found = PersonDestruction.objects.select_for_update().filter(pk=destruction_id).first()
    if found is None or not policies.keep_people(actor, found.ground):
        raise NotFound
    if found.state not in states:
        raise Refused(
            "destruction_state",
            "그 사이에 상태가 바뀌었습니다. 화면을 새로 고쳐 확인해 주세요.",
            "Its state has changed meanwhile. Please reload the page.",
        )
    return found


def _record(actor: Actor, act: str, found: PersonDestruction, **payload: object) -> None:
    subject = ("evaluator", found.evaluator_id) if found.evaluator_id else ("person", found.person_id)
    ledger.append(
        actor=actor,
        act=act,
        subject=subject,
        payload={"destruction": found.pk, "ground": found.ground, "due_on": found.due_on, **payload},
    )
