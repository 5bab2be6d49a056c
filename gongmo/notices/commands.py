"""Every change of notices: telling what no act triggers, marking read, choosing how to be told.

Reading and choosing are a person's private matter: they are not put on the record.
"""

import secrets
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.notices import policies
from gongmo.notices.categories import Category, Manner
from gongmo.notices.models import Calendar, Choice, Notice
from gongmo.notices.telling import Telling
from gongmo.notices.writing import write_one


def tell(telling: Telling) -> None:
    """Tell people something that no act triggers (a deadline that comes near), once by the telling's key.

    Raises ValueError where it has no key.
    """
    with transaction.atomic():
        write_one(telling, clock.now())


def read(*, actor: Actor, notice_id: int) -> Notice:
    """Mark an own notice as read and return it. Raises NotFound for another's."""
    policies.may_read_own.require(actor)
    notice = Notice.objects.filter(pk=notice_id, person=actor.person).first()
    if notice is None:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = clock.now()
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=notice.read_at)
    return notice


def read_all(*, actor: Actor, category: Category | None = None, newest: int | None = None) -> int:
    """Mark the own notices as read: all, or those of a category; none that is newer than the one the person saw last (`newest`)."""
    policies.may_read_own.require(actor)
    which = Q(person=actor.person, read_at=None)
    if category is not None:
        which &= Q(category=category)
    if newest is not None:
        which &= Q(pk__lte=newest)
    return Notice.objects.filter(which).update(read_at=clock.now())


def choose(*, actor: Actor, manners: Mapping[str, str]) -> None:
    """Choose for categories how their mail comes. Raises BadInput for words that are neither category nor manner."""
    policies.may_read_own.require(actor)
    try:
        chosen = {Category(category): Manner(manner) for category, manner in manners.items()}
    except ValueError as error:
        raise BadInput(
            "manner", "받는 방법을 목록에서 골라 주세요.", "Choose a manner from the list.", field="manner"
        ) from error
    with transaction.atomic():
        for category, manner in chosen.items():
            Choice.objects.update_or_create(
                person_id=actor.person or 0, category=category, defaults={"manner": manner}
            )


def renew_calendar(*, actor: Actor) -> Calendar:
    """Give the own calendar feed a new secret address; the old one ends."""
    policies.may_read_own.require(actor)
    made, _ = Calendar.objects.update_or_create(
        person_id=actor.person or 0, defaults={"token": secrets.token_urlsafe(32), "made_at": clock.now()}
    )
    return made


def end_calendar(*, actor: Actor) -> None:
    """End the own calendar feed."""
    policies.may_read_own.require(actor)
    Calendar.objects.filter(person=actor.person).delete()
