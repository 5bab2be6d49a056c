"""The pool of experts as its keepers and the experts themselves see it. Persons' names are for the keepers and the own page only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from gongmo.evaluation import policies, pool_policies
from gongmo.evaluation.models import Absence, Affiliation, Evaluator, Relation, ScoreSheet
from gongmo.evaluation.states import SheetState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotFound


def this_year() -> int:
    return clock.now().astimezone(SEOUL).year


def sessions(evaluators: Iterable[Evaluator], year: int) -> dict[int, int]:
    """Sessions of a calendar year by evaluator: stages opened in it with a live sheet here, and those held elsewhere. One query."""
    those = list(evaluators)
    start, end = datetime(year, 1, 1, tzinfo=SEOUL), datetime(year + 1, 1, 1, tzinfo=SEOUL)
    held = (
        ScoreSheet.objects.filter(
            seat__evaluator__in=[each.pk for each in those], run__opened_at__gte=start, run__opened_at__lt=end
        )
        .exclude(state=SheetState.VOID)
        .values_list("seat__evaluator")
        .annotate(Count("run", distinct=True))
        .order_by()
    )
    counts = dict(held)
    return {
        each.pk: counts.get(each.pk, 0) + (each.outside_sessions if each.outside_year == year else 0)
        for each in those
    }


def natural(label: str) -> list[tuple[int, str]]:
    """A key by which A2 comes before A10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", label)]


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A line of the pool."""

    evaluator: Evaluator
    name: str
    employer: str
    sessions: int
    consented: bool
    state: str
    """"ready", "consent" (one is missing), "inactive"."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the pool's list; "" takes everything."""

    words: str = ""
    sector: str = ""
    region: str = ""
    state: str = ""


def employer_name(affiliation: Affiliation) -> str:
    """The registered name, else the one that was written."""
    return (
        affiliation.organisation.name
        if affiliation.organisation is not None
        else affiliation.organisation_name
    )


def _keepers(actor: Actor) -> None:
    if not policies.keep_pool(actor):
        raise NotFound


def _careers() -> Prefetch[str]:
    return Prefetch(
        "affiliations", queryset=Affiliation.objects.select_related("organisation").order_by("-since")
    )


def pool(actor: Actor, wanted: Wanted | None = None) -> list[PoolRow]:
    """The pool for its keepers, by label. A constant number of queries. Raises NotFound for others."""
    _keepers(actor)
    wanted = wanted or Wanted()
    found: QuerySet[Evaluator] = Evaluator.objects.select_related("person", "region").prefetch_related(
        _careers()
    )
    if wanted.sector:
        found = found.filter(sector=wanted.sector)
    if wanted.region:
        found = found.filter(region=wanted.region)
    experts = sorted(found, key=lambda each: natural(each.label))
    counts = sessions(experts, this_year())
    rows = [_row(each, counts[each.pk]) for each in experts]
    needle = wanted.words.casefold().strip()
    return [
        row
        for row in rows
        if (not wanted.state or row.state == wanted.state) and (not needle or needle in _searched(row))
    ]


def _searched(row: PoolRow) -> str:
    return " ".join((row.evaluator.label, row.name, row.employer, *row.evaluator.expertise)).casefold()


def _row(expert: Evaluator, count: int) -> PoolRow:
    now = clock.now().astimezone(SEOUL).date()
    present = [each for each in expert.affiliations.all() if each.until is None or each.until >= now]
    consented = expert.pool_consent_on is not None and expert.privacy_consent_on is not None
    return PoolRow(
        evaluator=expert,
        name=expert.person.display_name,
        employer=", ".join(employer_name(each) for each in present),
        sessions=count,
        consented=consented,
        state="inactive" if not expert.active else "ready" if consented else "consent",
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is kept of one expert."""

    evaluator: Evaluator
    affiliations: tuple[Affiliation, ...]
    relations: tuple[Relation, ...]
    absences: tuple[Absence, ...]
    sessions: int
    own: bool
    keeps: bool


def profile(actor: Actor, evaluator_id: int) -> Profile:
    """An expert's profile for the keepers and the expert. Raises NotFound for others."""
    return _profile(actor, Q(pk=evaluator_id))


def own_profile(actor: Actor) -> Profile:
    """The actor's own profile. Raises NotFound for who is no expert of the pool."""
    if actor.role is not Role.EVALUATOR or actor.person is None:
        raise NotFound
    return _profile(actor, Q(person=actor.person))


def _profile(actor: Actor, which: Q) -> Profile:
    found = (
        Evaluator.objects.filter(which)
        .select_related("person", "region")
        .prefetch_related(
            _careers(),
            Prefetch("relations", queryset=Relation.objects.select_related("organisation").order_by("-id")),
            Prefetch("absences", queryset=Absence.objects.order_by("since")),
        )
        .first()
    )
    if found is None or not pool_policies.see_profile(actor, found):
        raise NotFound
    return Profile(
        found,
        tuple(found.affiliations.all()),
        tuple(found.relations.all()),
        tuple(found.absences.all()),
        sessions([found], this_year())[found.pk],
        own=pool_policies.own_profile(actor, found),
        keeps=pool_policies.keep_profile(actor, found),
    )


def away(evaluators: Iterable[Evaluator], days: Iterable[date]) -> dict[int, Absence]:
    """Who is away on one of these days, with the absence. One query."""
    wanted = sorted(days)
    if not wanted:
        return {}
    hits = Absence.objects.filter(
        evaluator__in=[each.pk for each in evaluators], since__lte=wanted[-1], until__gte=wanted[0]
    )
    return {
        each.evaluator_id: each for each in hits if any(each.since <= day <= each.until for day in wanted)
    }
