"""The mark of what the public reads: it changes with every change of a call, in the change's own transaction.

A page that was rendered under a mark is right as long as the mark stands; finding out takes one statement. The receivers watch the rows
themselves, so that no command can forget it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models.signals import post_delete, post_save

from gongmo.calls.cards import write_card
from gongmo.calls.models import Answer, Call, CallVersion, Card, Mark, Notice, Question
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.parties.models import Organisation

ONLY = 1
"""The one row's key."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The mark as it stands: `value` differs after every change, `at` is when the last one was made (None: never any)."""

    value: str
    at: datetime | None


_read = Standing("", None)


def standing() -> Standing:
    """The mark. One statement, in SQL: it is asked with every page that is answered from memory."""
    global _read
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT value FROM {Mark._meta.db_table} WHERE id = %s", [ONLY])  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        return Standing("", None)
    if row[0] != _read.value:
        found = Mark.objects.filter(pk=ONLY).values_list("value", "at").first()
        _read = Standing(*found) if found else Standing("", None)
    return _read


def renew() -> None:
    """What the public reads has changed."""
    fresh = {"value": secrets.token_hex(16), "at": clock.now()}
    if not Mark.objects.filter(pk=ONLY).update(**fresh):
        # Two first writers at once: the second waits, finds the row and writes it anew.
        Mark.objects.bulk_create([Mark(pk=ONLY, **fresh)], ignore_conflicts=True)
        Mark.objects.filter(pk=ONLY).update(**fresh)


def _changed(sender: type[models.Model], **_: Any) -> None:
    renew()


def _operator_changed(sender: type[Organisation], instance: Organisation, created: bool, **_: Any) -> None:
    """The cards of an operator's calls hold its name. Writing them renews the mark; a new organisation operates nothing yet."""
    if not created:
        for call in Call.objects.select_related("operator", "version").filter(operator=instance):
            write_card(call, definition_of(call))


def watch() -> None:
    """Renew the mark whenever a row that public pages show is written. Called when the app is ready."""
    for model in (Call, CallVersion, Card, Notice, Question, Answer):
        post_save.connect(_changed, sender=model, dispatch_uid=f"calls.mark.saved.{model.__name__}")
        post_delete.connect(_changed, sender=model, dispatch_uid=f"calls.mark.deleted.{model.__name__}")
    post_save.connect(_operator_changed, sender=Organisation, dispatch_uid="calls.mark.operator")
