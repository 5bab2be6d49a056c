"""Mail through the queue: no request waits for a mail server, and a server that is away is tried again.

`Backend` is Django's EMAIL_BACKEND, so that the sign-in library's mails go this way, too. The mail leaves by the backend that
settings.GONGMO_MAIL_BACKEND names. In a rehearsal nothing leaves: the mailbox page shows it.
"""

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from email.message import Message
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import MIMEMixin
from django.db import transaction

from gongmo.kernel import clock
from gongmo.notices.models import Mail


def in_rehearsal() -> bool:
    """Whether this installation holds a rehearsal's made-up data."""
    return bool(settings.GONGMO_REHEARSAL_MARK.exists())


class Backend(BaseEmailBackend):
    """Puts mails into the queue, as part of the transaction that wrote them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        from gongmo.notices.tasks import send

        for message in email_messages:
            with transaction.atomic():
                mail = Mail.objects.create(
                    sender=message.from_email,
                    recipients=message.recipients(),
                    subject=" ".join(str(message.subject).split())[:300],
                    source=message.message().as_bytes(),
                    made_at=clock.now(),
                )
                send.enqueue(key=f"mail:{mail.pk}", mail=mail.pk)
        return len(email_messages)


class _Source(MIMEMixin, Message):  # type: ignore[misc]
    """A stored message in the form that Django's backends write out."""


class Stored(EmailMessage):
    """A queued mail as Django's backends take it: the message as it was written, so that a second try has the same Message-ID."""

    def __init__(self, mail: Mail) -> None:
        super().__init__(subject=mail.subject, from_email=mail.sender, to=mail.recipients)
        self.source = bytes(mail.source)

    def message(self, *_: Any, **__: Any) -> Any:
        return message_from_bytes(self.source, _class=_Source)


def deliver(mail: Mail) -> None:
    """Hand a mail to the real backend. Raises what the backend raises (OSError, smtplib.SMTPException)."""
    get_connection(settings.GONGMO_MAIL_BACKEND).send_messages([Stored(mail)])


def text_of(mail: Mail) -> str:
    """A mail's plain text; "" once it is emptied."""
    parsed = message_from_bytes(bytes(mail.source), policy=policy.default)
    part = parsed.get_body(("plain", "html")) if isinstance(parsed, Parsed) else None
    return str(part.get_content()) if part is not None else ""
