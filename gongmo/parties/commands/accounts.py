"""Accounts: closing one, and what an operator does for a person who lost a phone or fears a stranger."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from gongmo.kernel.actor import Actor, system
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties import policies
from gongmo.parties.commands.leaving import leave
from gongmo.parties.models import Grant, Invitation, Membership, Person
from gongmo.parties.sessions import end_sessions


def close_account(*, actor: Actor, person_id: int) -> Person:
    """Close an account for good: the own one, or by an operator. Its address, password and second factors are forgotten.

    The record keeps what the person did under the name that was shown then: others' rights rest on it. Raises NotAllowed, NotFound,
    and Refused while the person holds a place or a role, for the work must first go to somebody else.
    """
    with transaction.atomic():
        person = _locked(person_id)
        _own_or_operator(actor, person_id)
        held = Q(person=person, until__isnull=True)
        if Membership.objects.filter(held).exists() or Grant.objects.filter(held).exists():
            raise Refused(
                "account_in_use",
                "아직 맡은 자리나 역할이 있어 계정을 닫을 수 없습니다. 먼저 인수인계하거나 기관에서 나와 주세요.",
                "The account still holds a place or a role. Hand over or leave the organisation first.",
            )
        forget_account(person)
        ledger.append(actor=actor, act="parties.close_account", subject=("person", person.pk), payload={})
    return person


def forget_account(person: Person) -> None:
    """Within a transaction that appends an entry: the account's address, name, password and second factors are forgotten, its sessions end."""
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    _forget_other_sign_ins(person)
    # Links that were mailed to the address must not be accepted under a new account by mistake of an old list.
    mine = Invitation.objects.filter(email=person.email)
    person.email = f"closed-{person.pk}@account.invalid"
    person.display_name = "닫은 계정"
    person.is_active = False
    person.set_unusable_password()
    person.save()
    mine.update(email="")
    end_sessions(person)


def end_everything(person: Person, now: datetime) -> int:
    """Within such a transaction: the person's places and roles end, whatever hangs on them. Returns how many there were."""
    held: list[Membership | Grant] = [
        *Membership.objects.filter(person=person, until__isnull=True),
        *Grant.objects.filter(person=person, until__isnull=True),
    ]
    for each in held:
        each.until = now
        each.save(update_fields=["until"])
        leave(actor=system(), person_id=person.pk, organisation_id=each.organisation_id, now=now)
    return len(held)


def reset_second_factor(*, actor: Actor, person_id: int) -> int:
    """Remove a person's second factors (a lost phone), so that they set up a new one at the next sign-in. Answers how many went.

    The operator has made sure of the person's identity by another way. Raises NotAllowed, NotFound.
    """
    with transaction.atomic():
        policies.may_operate.require(actor)
        person = _locked(person_id)
        removed, _ = Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        ledger.append(
            actor=actor,
            act="parties.reset_second_factor",
            subject=("person", person.pk),
            payload={"removed": removed},
        )
    return int(removed)


def sign_out_everywhere(*, actor: Actor, person_id: int) -> int:
    """End all sessions of a person: by an operator. Answers how many ended."""
    with transaction.atomic():
        policies.may_operate.require(actor)
        person = _locked(person_id)
        ended = end_sessions(person)
        ledger.append(
            actor=actor,
            act="parties.sign_out_everywhere",
            subject=("person", person.pk),
            payload={"sessions": ended},
        )
    return ended


def end_own_session(*, actor: Actor, session_id: int) -> None:
    """Sign out one of the own devices (`session_id`: allauth's UserSession). Raises NotFound."""
    from allauth.usersessions.models import UserSession

    with transaction.atomic():
        found = UserSession.objects.filter(pk=session_id, user_id=actor.person or 0).first()
        if found is None:
            raise NotFound
        found.end()
        ledger.append(
            actor=actor, act="parties.end_session", subject=("person", actor.person or 0), payload={}
        )


def _forget_other_sign_ins(person: Person) -> None:
    from allauth.socialaccount.models import SocialAccount

    SocialAccount.objects.filter(user=person).delete()


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    return person


def _own_or_operator(actor: Actor, person_id: int) -> None:
    if actor.person != person_id and not policies.is_operator(actor):
        raise NotAllowed(
            "parties.close_account",
            "본인과 운영자만 계정을 닫을 수 있습니다.",
            "Only the person and operators close an account.",
        )
