"""Reading the access log: an office's own, and the site's other people's; months, people, single notes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.custody import policies, words
from gongmo.custody.models import AccessMonth, AccessReview, Destruction, DestructionState, PersonDestruction
from gongmo.custody.months import COMMAND_LINE, FEW, Figures, Month, count, notes_of
from gongmo.custody.people_times import Leaver, leavers
from gongmo.custody.times import times
from gongmo.definition.retention import Retention, retention_of
from gongmo.evaluation.models import Evaluator
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound
from gongmo.ledger.models import Entry
from gongmo.notices.queries import officers
from gongmo.parties.models import Organisation, Person
from gongmo.parties.pages import said
from gongmo.privacy.models import AccessBatch, AccessNote
from gongmo.rules.access import uncovered
from gongmo.rules.retention import PersonGround

MONTHS = 24


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose accesses are reviewed together: one office's (its id), or with None those of operators, experts and applicants."""

    organisation: int | None
    name: str = ""

    @property
    def key(self) -> str:
        return "site" if self.organisation is None else "office"


@dataclass(frozen=True, slots=True)
class Line:
    """A month on the list: its figures and whether it is reviewed. `waiting` are people whose accesses nobody else has reviewed."""

    month: Month
    scope: Scope
    figures: Figures
    signed: int
    waiting: frozenset[int]
    over: bool

    @property
    def done(self) -> bool:
        return self.over and not self.waiting


def scopes(actor: Actor) -> list[Scope]:
    """What this person may review, the own office first. Raises NotAllowed for an officer who is an operator, too, else NotFound."""
    operators = officers(Role.OPERATOR)
    if actor.role in policies.OFFICES:
        policies.review_access.require(actor, operators, site=False)
    found = [
        scope
        for scope in (Scope(actor.organisation, actor.organisation_name), Scope(None))
        if policies.review_access(actor, operators, site=scope.organisation is None)
    ]
    if not found:
        raise NotFound
    return found


def scope_of(actor: Actor, key: str) -> Scope:
    """The scope of that key ("office", "site"). Raises NotFound where the actor may not review it."""
    found = next((each for each in scopes(actor) if each.key == key), None)
    if found is None:
        raise NotFound
    return found


def require_reviewer(actor: Actor, scope: Scope) -> None:
    """Raise NotAllowed for whoever may not review this, NotFound for another office's."""
    policies.review_access.require(actor, officers(Role.OPERATOR), site=scope.organisation is None)
    if scope.organisation not in (None, actor.organisation):
        raise NotFound


def offices_noted(month: Month) -> list[int | None]:
    """Offices whose officers have notes in the month, and None for the site."""
    offices = [role.value for role in policies.OFFICES]
    found = (
        AccessNote.objects.filter(at__gte=month.begin, at__lt=month.end, role__in=offices)
        .exclude(organisation=None)
        .order_by()
        .values_list("organisation", flat=True)
        .distinct()
    )
    return [None, *sorted(each for each in found if each is not None)]


def last_batch() -> int:
    """Number of the newest batch, 0 before the first."""
    return AccessBatch.objects.order_by("-number").values_list("number", flat=True).first() or 0


def figures(month: Month, scope: Scope) -> tuple[Figures, datetime | None]:
    """A month's figures and the instant at which they were counted (None: nobody has counted a large month yet)."""
    stored = AccessMonth.objects.filter(month=str(month), organisation=scope.organisation).first()
    return _figures(month, scope, stored)


def _figures(month: Month, scope: Scope, stored: AccessMonth | None) -> tuple[Figures, datetime | None]:
    if stored is not None and stored.counted_at >= month.end + timedelta(days=1):
        return Figures.from_plain(stored.figures), stored.counted_at
    if notes_of(month, scope.organisation).order_by()[: FEW + 1].count() <= FEW:
        return count(month, scope.organisation), clock.now()
    if stored is None:
        return Figures(), None
    return Figures.from_plain(stored.figures), stored.counted_at


def signatures(month: Month, scope: Scope) -> QuerySet[AccessReview]:
    """Reviews of the month that were signed."""
    return AccessReview.objects.filter(month=str(month), organisation=scope.organisation).select_related(
        "reviewer"
    )


def months(actor: Actor) -> list[Line]:
    """The months of the log that the actor may review, newest first, at most two years. Months without any access are left out."""
    now = clock.now()
    begin = AccessBatch.objects.order_by("number").values_list("first_at", flat=True).first()
    month, lines = Month.of(now), list[Line]()
    mine = scopes(actor)
    organisations = [scope.organisation for scope in mine]
    kept = {
        (each.month, each.organisation_id): each
        for each in AccessMonth.objects.all()
        if each.organisation_id in organisations
    }
    signed: dict[tuple[str, int | None], list[int]] = {}
    for told, organisation, reviewer in AccessReview.objects.values_list("month", "organisation", "reviewer"):
        signed.setdefault((told, organisation), []).append(reviewer)
    first = Month.of(begin) if begin is not None else month
    while month >= first and len(lines) < MONTHS * len(mine):
        for scope in mine:
            found, _ = _figures(month, scope, kept.get((str(month), scope.organisation)))
            if found.total:
                by = signed.get((str(month), scope.organisation), [])
                waiting = frozenset(uncovered(found.accessors, by))
                lines.append(Line(month, scope, found, len(by), waiting, now >= month.end))
        month = Month.of(month.begin - timedelta(days=1))
    return lines


def names_of(people: Iterable[int | None]) -> dict[int, str]:
    """Names of people by id, and of the command line; experts by their label, for a reviewer need not know who they are. Two statements."""
    wanted = {each for each in people if each}
    labels = dict(Evaluator.objects.filter(person__in=wanted).values_list("person_id", "label"))
    names = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "display_name"))
    found = {each: labels.get(each) or names.get(each, f"#{each}") for each in wanted}
    return {**found, COMMAND_LINE: said(words.COMMAND_LINE.ko, words.COMMAND_LINE.en)}


def exports(month: Month, scope: Scope, most: int = 200) -> list[AccessNote]:
    """The month's downloads of lists, newest first."""
    return list(notes_of(month, scope.organisation).filter(kind="export").order_by("-at", "-id")[:most])


def notes_by(month: Month, scope: Scope, person: int) -> QuerySet[AccessNote]:
    """One person's accesses in the month (or the command line's), newest first. Raises NotFound where there are none."""
    found = notes_of(month, scope.organisation).filter(person=person or None).order_by("-at", "-id")
    if not found.exists():
        raise NotFound
    return found


def overdue(now: datetime) -> list[tuple[Month, Scope, frozenset[int]]]:
    """Past months, of the last six, with accesses that nobody has reviewed: month, scope, whose. For the notice; counts as pages do."""
    month, found = (
        Month.of(Month.of(now).begin - timedelta(days=1)),
        list[tuple[Month, Scope, frozenset[int]]](),
    )
    names = dict(Organisation.objects.values_list("pk", "name"))
    for _ in range(6):
        for organisation in offices_noted(month):
            scope = Scope(organisation, names.get(organisation or 0, ""))
            counted, _ = figures(month, scope)
            by = signatures(month, scope).values_list("reviewer_id", flat=True)
            waiting = frozenset(uncovered(counted.accessors, by))
            if waiting:
                found.append((month, scope, waiting))
        month = Month.of(month.begin - timedelta(days=1))
    return found


# --- Retention --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Rules:
    """How long a call keeps personal data, and what of it is due."""

    call: Call
    retention: Retention
    due: tuple[Destruction, ...]


def retention(actor: Actor) -> list[Rules]:
    """The calls that the actor's organisation operates, newest first, with what is due or was destroyed; none for an operator. Raises NotFound
    for others."""
    if actor.role not in (*policies.OFFICES, Role.OPERATOR):
        raise NotFound
    calls = [
        call
        for call in Call.objects.filter(operator=actor.organisation or 0)
        .select_related("version", "operator")
        .order_by("-published_at", "-pk")
        if policies.keep_retention(actor, call)
    ]
    found: dict[int, list[Destruction]] = {}
    rows = Destruction.objects.filter(application__call__in=calls).select_related(
        "application", "application__lead", "agreed_by", "destroyed_by"
    )
    for each in rows:
        found.setdefault(each.application.call_id, []).append(each)
    return [Rules(call, retention_of(definition_of(call)), tuple(found.get(call.pk, ()))) for call in calls]


@dataclass(frozen=True, slots=True)
class Coming:
    """Applications of a call whose time is over on the same day; None where what it counts from, the call's or the agreement's end, lies ahead."""

    call: Call
    ground: str
    on: date | None
    count: int


def coming(rules: Iterable[Rules]) -> list[Coming]:
    """What is going to be due in these calls, soonest first; what is proposed already stands in `Rules.due`."""
    counted = Counter((call, time.ground.value, time.on) for call, time in times(each.call for each in rules))
    found = [Coming(call, ground, on, count) for (call, ground, on), count in counted.items()]
    return sorted(found, key=lambda each: (each.on or date.max, -each.call.pk, each.ground))


def destruction(actor: Actor, pk: int) -> Destruction:
    """One destruction with its application and call. Raises NotFound."""
    found = (
        Destruction.objects.select_related(
            "application__call__operator",
            "application__call__version",
            "application__lead",
            "agreed_by",
            "destroyed_by",
        )
        .filter(pk=pk)
        .first()
    )
    if found is None or not policies.keep_retention(actor, found.application.call):
        raise NotFound
    return found


def people_due(actor: Actor) -> list[PersonDestruction]:
    """Experts or accounts whose destruction is the actor's, soonest first, without those that were taken out."""
    grounds = [ground for ground in PersonGround if policies.keep_people(actor, ground)]
    return list(
        PersonDestruction.objects.filter(ground__in=grounds)
        .exclude(state=DestructionState.DROPPED)
        .select_related("person", "evaluator", "agreed_by", "destroyed_by")
    )


def people_coming(actor: Actor) -> list[Leaver]:
    """Experts who left and whose data is still kept with what they judged, for who destroys it then."""
    if not policies.keep_people(actor, PersonGround.EXPERT):
        return []
    known = set(
        PersonDestruction.objects.exclude(state=DestructionState.DROPPED).values_list("evaluator", flat=True)
    )
    found = [each for each in leavers() if each.evaluator not in known]
    return sorted(found, key=lambda each: (each.on or date.max, each.evaluator))


def person_destruction(actor: Actor, pk: int) -> PersonDestruction:
    """One of them. Raises NotFound."""
    found = (
        PersonDestruction.objects.select_related("person", "evaluator", "agreed_by", "destroyed_by")
        .filter(pk=pk)
        .first()
    )
    if found is None or not policies.keep_people(actor, found.ground):
        raise NotFound
    return found


def entry_of_person(found: PersonDestruction) -> int | None:
    """The number of the record's entry that tells of the destruction."""
    kind, pk = ("evaluator", found.evaluator_id) if found.evaluator_id else ("person", found.person_id)
    entries = Entry.objects.filter(act="custody.destroy_person", subject_type=kind, subject_id=str(pk))
    return entries.order_by("-sequence").values_list("sequence", flat=True).first()


def entry_of(found: Destruction) -> int | None:
    """The number of the record's entry that tells of the destruction."""
    entries = Entry.objects.filter(
        act="custody.destroy", subject_type="application", subject_id=str(found.application_id)
    )
    return entries.order_by("-sequence").values_list("sequence", flat=True).first()
