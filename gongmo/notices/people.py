"""Who has signed in, read with the number of the person's unread notices: the header shows it without a statement of its own."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from gongmo.notices.queries import with_unread
from gongmo.parties.models import Person


@cache
def _people() -> QuerySet[Person]:
    """Built once, never evaluated: putting the subquery together costs more than the database needs to answer it."""
    return with_unread(Person.objects.all())


class SignedIn(AuthenticationBackend):  # type: ignore[misc]
    """The sign-in library's backend (settings.AUTHENTICATION_BACKENDS)."""

    def get_user(self, user_id: Any) -> Person | None:
        found = _people().filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
