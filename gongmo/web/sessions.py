"""The session store (settings.SESSION_ENGINE): Django's own, in the database, with the statement that reads a session prepared."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone

from gongmo.ledger.prepared import prepared


@prepared
def _living(*, key: str, now: datetime) -> QuerySet[Session, str]:
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data", flat=True)


class _Bytes:
    """Leaves what was signed as it is."""

    def dumps(self, obj: bytes) -> bytes:
        return obj

    def loads(self, data: bytes) -> bytes:
        return data


@lru_cache(maxsize=2048)
def _opened(session_data: str, salt: str) -> bytes:
    """The content of a stored session, its signature checked (and checked once for the same text)."""
    opened: bytes = signing.loads(session_data, salt=salt, serializer=_Bytes)
    return opened


class SessionStore(DatabaseStore):
    """Sessions as Django keeps them; every request of a signed-in person reads one."""

    def load(self) -> dict[str, Any]:
        # A cookie may hold anything: what no database takes for a text is nobody's key.
        key = self.session_key or ""
        found = None if "\0" in key else _living.first(key=key, now=timezone.now())
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self.serializer().loads(_opened(str(session_data), self.key_salt))
        except Exception:
            # Django's own way tells of what cannot be read, and takes it for empty.
            return super().decode(session_data)
        return found

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session
