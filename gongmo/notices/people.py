"""Who has signed in, read with what the person holds and the number of unread notices: one statement for what every request asks."""

from datetime import datetime
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from gongmo.kernel import clock
from gongmo.ledger.prepared import prepared
from gongmo.notices.queries import with_unread
from gongmo.parties.models import Person
from gongmo.parties.queries import holdings_in, with_holdings


@prepared
def _person(*, person: int, now: datetime) -> QuerySet[Person]:
    return with_unread(with_holdings(Person.objects.filter(pk=person), now))


class SignedIn(AuthenticationBackend):  # type: ignore[misc]
    """The sign-in library's backend (settings.AUTHENTICATION_BACKENDS)."""

    def get_user(self, user_id: Any) -> Person | None:
        rows = _person(person=user_id, now=clock.now())
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        person = rows[0]
        person.held = holdings_in(rows)  # type: ignore[attr-defined]
        return person
