"""Somebody who can sign in with a password, at hashes that cost nothing."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from pytest_django import Settings

from gongmo.parties.models import Person
from tests.builders import make_applicant

PASSWORD = "correct horse battery"


def able_to_sign_in(person_id: int | None, email: str = "") -> Person:
    """The person with a verified address (the own, unless another is told) and `PASSWORD`."""
    found = Person.objects.get(pk=person_id or 0)
    found.email = email or found.email
    found.set_password(PASSWORD)
    found.save()
    EmailAddress.objects.update_or_create(
        user=found, defaults={"email": found.email, "verified": True, "primary": True}
    )
    return found


@pytest.fixture
def quick(settings: Settings) -> None:
    """Nobody has asked for anything before, and a hash is counted instead of taking its time."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["tests.security.hashing.Counted"]


@pytest.fixture
def person(quick: None) -> Person:
    """A member of a new organisation."""
    return able_to_sign_in(make_applicant().person, "one@example.com")
