"""Sign-ins, sign-outs and failures go to the record, with the person's id and nothing else about them."""

import logging
import time
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.ledger import commands as ledger
from gongmo.parties.models import Person
from gongmo.parties.recent import SIGNED_IN_AT
from gongmo.parties.sessions import end_sessions
from gongmo.privacy.commands import note
from gongmo.privacy.models import Kind

# Network addresses are personal data with a limited life: they go to the log, which is rotated, not to the record.
_access = logging.getLogger("gongmo.access")
_NOTED = {
    "parties.signed_in": (Kind.SIGN_IN, 200),
    "parties.signed_out": (Kind.SIGN_OUT, 200),
    "parties.sign_in_failed": (Kind.SIGN_IN, 401),
}
"""Acts that stand in the access log, too, and their outcome: there with the network address, for some years."""


def _write(act: str, actor: Actor, subject: str, request: HttpRequest | None) -> None:
    with transaction.atomic():
        ledger.append(actor=actor, act=act, subject=("person", subject), payload={})
    address = request.META.get("REMOTE_ADDR", "-") if request is not None else "-"
    if act in _NOTED:
        kind, outcome = _NOTED[act]
        who = replace(
            actor, person=int(subject) if subject else None, address="" if address == "-" else address
        )
        note(actor=who, kind=kind, page=act, subject=("person", subject), outcome=outcome)
    _access.info("%s person=%s from=%s", act, subject, address)


def signed_in(sender: object, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Receiver of Django's user_logged_in."""
    request.session[SIGNED_IN_AT] = int(time.time())
    _write("parties.signed_in", _as_self(user), str(user.pk), request)


def signed_out(sender: object, request: HttpRequest, user: Person | None, **_kwargs: Any) -> None:
    """Receiver of Django's user_logged_out; `user` is None when nobody was signed in."""
    if user is not None:
        _write("parties.signed_out", _as_self(user), str(user.pk), request)


def sign_in_failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any
) -> None:
    """Receiver of Django's user_login_failed. An address that nobody has is not kept: it may be someone's password."""
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    person = Person.objects.filter(email=address).values_list("pk", flat=True).first() if address else None
    _write("parties.sign_in_failed", PUBLIC, "" if person is None else str(person), request)


def signed_up(sender: object, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Receiver of allauth's user_signed_up: a new person has a name that can be shown, and can change it."""
    with transaction.atomic():
        if not user.display_name:
            user.display_name = f"사용자 {user.pk}"
            user.save(update_fields=["display_name"])
        ledger.append(
            actor=_as_self(user),
            act="parties.sign_up",
            subject=("person", user.pk),
            payload={"display_name": user.display_name},
        )


def email_changed(sender: object, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Receiver of allauth's email_changed. Neither address goes to the record. Other sessions end."""
    _write("parties.change_email", _as_self(user), str(user.pk), request)
    end_sessions(user, but=request.session)


def password_changed(sender: object, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Receiver of allauth's password_changed, password_reset and password_set: other sessions end."""
    _write("parties.change_password", _as_self(user), str(user.pk), request)
    end_sessions(user, but=request.session)


def second_factor_added(sender: object, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Receiver of allauth's authenticator_added. Other sessions end: what was opened under other terms shows itself anew."""
    _write("parties.add_second_factor", _as_self(user), str(user.pk), request)
    end_sessions(user, but=request.session)


def second_factor_removed(sender: object, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Receiver of allauth's authenticator_removed. Other sessions end: what was opened under other terms shows itself anew."""
    _write("parties.remove_second_factor", _as_self(user), str(user.pk), request)
    end_sessions(user, but=request.session)


def _as_self(user: Person) -> Actor:
    return Actor(role=Role.APPLICANT, person=user.pk, name=user.display_name)
