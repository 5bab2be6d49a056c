"""Reading notices, the rehearsal's mailbox, and who is to be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import NotFound
from gongmo.ledger.prepared import prepared
from gongmo.notices import policies
from gongmo.notices.categories import Category, Manner
from gongmo.notices.mail import text_of
from gongmo.notices.models import Calendar, Choice, Mail, Notice
from gongmo.parties.models import Grant, Membership, Person

PAGE = 30


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of a person's notices, newest first, with what the tabs above it count."""

    notices: list[Notice]
    page: int
    pages: int
    total: int
    unread: int
    counts: dict[str, int]
    """Notices by category, in the order of the categories; those without any are left out."""
    newest: int
    """The newest notice's id: what the person can have seen."""


def inbox(actor: Actor, *, category: Category | None = None, unread: bool = False, page: int = 1) -> Inbox:
    """The own notices. Three statements."""
    own = Notice.objects.filter(person=actor.person)
    by = {
        name: {"number": number, "unread": unread_, "newest": newest}
        for name, number, unread_, newest in tally(actor)
    }
    shown = own.filter(
        **({"category": category} if category else {}), **({"read_at": None} if unread else {})
    )
    total = sum(
        row["unread"] if unread else row["number"] for name, row in by.items() if category in (None, name)
    )
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    start = (page - 1) * PAGE
    return Inbox(
        notices=list(shown.order_by("-created_at", "-pk")[start : start + PAGE]),
        page=page,
        pages=pages,
        total=sum(row["number"] for row in by.values()),
        unread=sum(row["unread"] for row in by.values()),
        counts={each.value: by[each.value]["number"] for each in Category if each.value in by},
        newest=max((row["newest"] for row in by.values()), default=0),
    )


def tally(actor: Actor) -> tuple[tuple[str, int, int, int], ...]:
    """The own notices by category: how many, how many unread, the newest one's id. One statement."""
    policies.may_read_own.require(actor)
    return tuple(_tally(person=actor.person or 0))


@prepared
def _tally(*, person: int) -> QuerySet[Notice, tuple[str, int, int, int]]:
    # An empty order_by: else the default order would join what is grouped by.
    found = Notice.objects.filter(person=person).order_by().values("category")
    counted = found.annotate(
        number=Count("pk"), unseen=Count("pk", filter=Q(read_at=None)), newest=Max("pk")
    ).order_by("category")
    return counted.values_list("category", "number", "unseen", "newest")


def with_unread(people: QuerySet[Person]) -> QuerySet[Person]:
    """People with `unread`, the number of their unread notices, in the statement that reads them: a page that shows it asks no more."""
    unread = Notice.objects.filter(person=OuterRef("pk"), read_at=None).order_by().values("person")
    number = Subquery(unread.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return people.annotate(unread=Coalesce(number, 0))


def unread(person: Any) -> int:
    """The number of a person's unread notices; costs a statement only where `with_unread` did not read the person."""
    known = getattr(person, "unread", None)
    return int(known) if known is not None else Notice.objects.filter(person=person.pk, read_at=None).count()


def manners(actor: Actor) -> dict[Category, Manner]:
    """How the person wants to be told of each category."""
    policies.may_read_own.require(actor)
    chosen = dict(Choice.objects.filter(person=actor.person).values_list("category", "manner"))
    return {each: Manner(chosen.get(each.value, Manner.AT_ONCE)) for each in Category}


def calendar_of(actor: Actor) -> Calendar | None:
    """The person's own calendar address, if one was made."""
    policies.may_read_own.require(actor)
    return Calendar.objects.filter(person=actor.person).first()


def person_by_calendar(token: str) -> Person:
    """Whose calendar a secret address names. Raises NotFound."""
    found = Calendar.objects.filter(token=token, person__is_active=True).select_related("person").first()
    if found is None:
        raise NotFound
    return found.person


# --- The rehearsal's mailbox ----------------------------------------------------------------------------------------
def mailbox(actor: Actor, *, page: int = 1, to: str = "") -> tuple[list[Mail], int, int]:
    """A page of all mails, newest first, the page's number and how many pages there are. Raises NotFound outside rehearsals."""
    if not policies.may_see_mailbox(actor):
        raise NotFound
    found = Mail.objects.defer("source").order_by("-made_at", "-pk")
    if to:
        found = found.filter(recipients__icontains=to)
    pages = max(-(-found.count() // PAGE), 1)
    page = min(max(page, 1), pages)
    return list(found[(page - 1) * PAGE : page * PAGE]), page, pages


def mail(actor: Actor, mail_id: int) -> tuple[Mail, str]:
    """A mail and its text. Raises NotFound outside rehearsals."""
    found = Mail.objects.filter(pk=mail_id).first() if policies.may_see_mailbox(actor) else None
    if found is None:
        raise NotFound
    return found, text_of(found)


# --- Whom to tell ---------------------------------------------------------------------------------------------------
def people_of(
    organisations: Iterable[int], roles: Iterable[OrganisationRole] | None = None
) -> dict[int, list[int]]:
    """The people who have a place in each organisation now (in one of these roles). One statement."""
    wanted = set(organisations)
    places = Membership.objects.filter(_standing(), organisation__in=wanted, person__is_active=True)
    if roles is not None:
        places = places.filter(role__in=[each.value for each in roles])
    found: dict[int, list[int]] = {each: [] for each in wanted}
    for organisation, person in places.order_by("pk").values_list("organisation_id", "person_id"):
        found[organisation].append(person)
    return found


def officers(role: Role, organisation: int | None = None) -> list[int]:
    """The people who hold a granted role now (for that organisation). One statement."""
    grants = Grant.objects.filter(_standing(), role=role, person__is_active=True)
    if organisation is not None:
        grants = grants.filter(organisation=organisation)
    return list(grants.order_by("pk").values_list("person_id", flat=True).distinct())


def _standing() -> Q:
    now = clock.now()
    return Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))
