"""Ending a person's sessions in every browser."""

from django.contrib.sessions.backends.base import SessionBase

from gongmo.parties.models import Person


def end_sessions(person: Person | int, *, but: SessionBase | None = None) -> int:
    """Sign the person out everywhere, except in the session `but`. Answers how many sessions ended.

    Inside a transaction the sessions end with it. What was typed and saved stays.
    """
    from allauth.usersessions.models import UserSession

    key = person if isinstance(person, int) else person.pk
    held = UserSession.objects.filter(user_id=key)
    if but is not None:
        held = held.exclude(session_key=but.session_key or "")
    ended = list(held)
    for session in ended:
        session.end()
    return len(ended)
