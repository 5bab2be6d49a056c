"""People: for operators, and everybody's own data."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Prefetch, Q, QuerySet

from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.numbers import mark
from gongmo.ledger.models import Entry
from gongmo.parties import policies
from gongmo.parties.models import Grant, Membership, Person
from gongmo.parties.queries.capacities import current


def all_people(actor: Actor, words: str = "", *, role: str = "") -> QuerySet[Person]:
    """Every person (those whose name or address holds the words, those who hold the role), for operators. Raises NotAllowed.

    Their current roles and places come along as `held_grants` and `held_places`.
    """
    policies.may_operate.require(actor)
    found = Person.objects.all()
    wanted = " ".join(words.split())
    if wanted:
        found = found.filter(Q(display_name__icontains=wanted) | Q(email__icontains=wanted))
    if role:
        found = found.filter(pk__in=Grant.objects.filter(current(), role=role).values("person"))
    grants: QuerySet[Grant] = Grant.objects.filter(current()).select_related("organisation")
    places: QuerySet[Membership] = Membership.objects.filter(current()).select_related("organisation")
    return found.prefetch_related(
        Prefetch("grants", grants.order_by("since", "pk"), to_attr="held_grants"),
        Prefetch("memberships", places.order_by("since", "pk"), to_attr="held_places"),
    ).order_by("-pk")


def one_person(actor: Actor, person_id: int) -> Person:
    """One person as `all_people` gives them. Raises NotAllowed, NotFound."""
    found = all_people(actor).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found


def find_person(actor: Actor, email: str) -> Person | None:
    """The active person with that address, for operators. Raises NotAllowed."""
    policies.may_operate.require(actor)
    return Person.objects.filter(email=email.strip().lower(), is_active=True).first()


def own_person(actor: Actor) -> Person:
    """The account of the person who acts. One statement. Raises NotFound for a visitor, for the system and for a deleted account."""
    found = Person.objects.filter(pk=actor.person or 0).first()
    if found is None:
        raise NotFound
    return found


def names_of(people: Iterable[int]) -> dict[int, str]:
    """The names of people by their ids. One statement, none for nobody. The caller has asked whether the reader may know them."""
    return dict(Person.objects.filter(pk__in=set(people)).values_list("pk", "display_name"))


def has_second_factor(person: Person | int) -> bool:
    """Whether the person has an authenticator app or a passkey. One statement."""
    key = person if isinstance(person, int) else person.pk
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=key, type__in=kinds).exists())


def account_facts(person: Person) -> dict[str, Any]:
    """What the own account page tells: addresses, second factors, sessions. Three statements."""
    return {
        "addresses": list(EmailAddress.objects.filter(user=person).order_by("-primary", "email")),
        "factors": list(
            Authenticator.objects.filter(user=person)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .order_by("created_at")
        ),
        "sessions": UserSession.objects.filter(user=person).count(),
    }


def _named(kind: str, subject: str) -> str:
    """A subject of the record without its number: the same thing has the same mark, and no other has; what has a name keeps it."""
    return mark(f"{kind}:{subject}") if subject.isdecimal() else subject


def own_data(person: Person) -> dict[str, Any]:
    """Everything that the account holds about the person, and the acts that the record keeps under their name, as plain values."""
    facts = account_facts(person)
    return {
        "account": {
            "id": _named("person", str(person.pk)),
            "email": person.email,
            "display_name": person.display_name,
            "language": person.language,
            "joined_at": person.joined_at,
            "last_login": person.last_login,
        },
        "addresses": [
            {"email": each.email, "verified": each.verified, "primary": each.primary}
            for each in facts["addresses"]
        ],
        "second_factors": [
            {"type": each.type, "added_at": each.created_at, "last_used_at": each.last_used_at}
            for each in facts["factors"]
        ],
        "sessions": [
            {"started_at": each.created_at, "address": each.ip, "browser": each.user_agent}
            for each in UserSession.objects.filter(user=person).order_by("created_at")
        ],
        "places": [
            {
                "organisation": each.organisation.name,
                "role": each.role,
                "since": each.since,
                "until": each.until,
            }
            for each in Membership.objects.filter(person=person).select_related("organisation").order_by("pk")
        ],
        "roles": [
            {
                "organisation": each.organisation.name if each.organisation else None,
                "role": each.role,
                "since": each.since,
                "until": each.until,
            }
            for each in Grant.objects.filter(person=person).select_related("organisation").order_by("pk")
        ],
        "acts": [
            {**each, "subject_id": _named(each["subject_type"], each["subject_id"])}
            for each in Entry.objects.filter(actor_person=person.pk)
            .order_by("sequence")
            .values("sequence", "at", "act", "call", "subject_type", "subject_id")
        ],
    }
