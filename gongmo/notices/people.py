"""Who has signed in, read with the number of the person's unread notices: the header shows it without a statement of its own."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from gongmo.ledger.prepared import prepared
from gongmo.notices.queries import with_unread
from gongmo.parties.models import Person


@prepared
def _person(*, person: int) -> QuerySet[Person]:
    return with_unread(Person.objects.filter(pk=person))


class SignedIn(AuthenticationBackend):  # type: ignore[misc]
    """The sign-in library's backend (settings.AUTHENTICATION_BACKENDS)."""

    def get_user(self, user_id: Any) -> Person | None:
        found = _person.first(person=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
