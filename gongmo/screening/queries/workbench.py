"""The officers' list of a call's reviews: filters, counts, pages and a table for spreadsheet programs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least, NullIf

from gongmo.applications.models import Member, Submission
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.definition.base import Text
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.sheets import Cell
from gongmo.parties.models import Region
from gongmo.screening import policies
from gongmo.screening.models import ProofDemand, Review, ReviewObjection, SavedView, Supplement
from gongmo.screening.queries.digests import refresh, stale_reviews
from gongmo.screening.states import ObjectionState, ReviewState, SupplementState, reviews_table

PAGE = 50
AT_ONCE = 25
"""Reviews whose sums are worked out while the list is read; the rest is left to a task."""

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""After every deadline: SQLite's smallest of several knows no missing ones."""

OPEN_STATES = (ReviewState.OPEN, ReviewState.SUPPLEMENT, ReviewState.EXCLUSION_PROPOSED)


class Waits(StrEnum):
    """For whom a review waits."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    SECOND = "second"


WAITS = {
    Waits.APPLICANT: Text(ko="신청 기관을 기다림", en="The applicant"),
    Waits.OFFICER: Text(ko="담당자가 할 일", en="The officer"),
    Waits.SECOND: Text(ko="다른 담당자의 확인", en="Another officer"),
}


class Sort(StrEnum):
    RECEIVED = "received"
    DUE = "due"
    NAME = "name"


SORTS = {
    Sort.RECEIVED: Text(ko="접수 순서", en="In the order received"),
    Sort.DUE: Text(ko="기한이 가까운 순서", en="Next due first"),
    Sort.NAME: Text(ko="신청 이름 순서", en="By name"),
}
FLAGS = ("unknown", "excluded", "supplements", "objections")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the list is wanted. `officer` is "me", "none" or a person's id; texts that mean nothing are dropped when read."""

    state: str = ""
    waits: str = ""
    officer: str = ""
    region: str = ""
    words: str = ""
    sort: str = Sort.RECEIVED
    flags: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Filters":
        """From an address's query."""

        def one(name: str, allowed: type[StrEnum]) -> str:
            text = given.get(name, "")
            return text if text in set(allowed) else ""

        officer = given.get("officer", "")
        return cls(
            state=one("state", ReviewState),
            waits=one("waits", Waits),
            officer=officer
            if officer in ("me", "none") or (officer.isdecimal() and len(officer) < 19)
            else "",
            region=given.get("region", "").replace("\0", "")[:8],
            words=" ".join(given.get("q", "").replace("\0", "").split())[:80],
            sort=one("sort", Sort) or Sort.RECEIVED,
            flags=frozenset(name for name in FLAGS if given.get(name) == "yes"),
        )

    def query(self, **changed: str) -> str:
        """The address's query that reads to these filters; `changed` replaces or adds."""
        values = {
            "state": self.state,
            "waits": self.waits,
            "officer": self.officer,
            "region": self.region,
            "q": self.words,
            "sort": "" if self.sort == Sort.RECEIVED else str(self.sort),
            **{name: "yes" for name in FLAGS if name in self.flags},
            **changed,
        }
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.state or self.waits or self.officer or self.region or self.words or self.flags)


@dataclass(frozen=True, slots=True)
class Workbench:
    """One page of the list. `counts` by state, by flag, for each `Waits`, "all", "me" and "none" are of the whole call; `found` is
    how many the filters leave; `coming` how many sums are still being worked out.
    """

    rows: list[Review]
    found: int
    page: int
    pages: int
    counts: Mapping[str, int]
    coming: int


def workbench(actor: Actor, call: Call, filters: Filters, page: int = 1) -> Workbench:
    """A page of a call's list. Six statements and those of the sums that are out of date. Raises NotFound for those who may not see it."""
    coming = _freshen(actor, call)
    wanted = filtered(actor, call, filters)
    found = wanted.count()
    pages = max(1, -(-found // PAGE))
    page = min(max(1, page), pages)
    rows = list(_ordered(wanted, filters.sort)[(page - 1) * PAGE : page * PAGE])
    return Workbench(rows, found, page, pages, _counts(actor, call), coming)


def _freshen(actor: Actor, call: Call) -> int:
    from gongmo.screening.tasks import refresh_digests

    if not policies.oversee(actor, call):
        raise NotFound
    stale = stale_reviews(call)
    refresh(call, stale[:AT_ONCE])
    left = len(stale[AT_ONCE:])
    if left:
        refresh_digests.enqueue(key=f"screening.digests:{call.pk}", call_id=call.pk)
    return left


def filtered(actor: Actor, call: Call, filters: Filters) -> QuerySet[Review]:
    """The reviews that the filters leave, with what their rows show. Raises NotFound for those who may not see them."""
    if not policies.oversee(actor, call):
        raise NotFound
    found = _annotated(Review.objects.filter(application__call=call))
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.waits:
        found = found.filter(_waits(Waits(filters.waits)))
    if filters.officer == "none":
        found = found.filter(officer__isnull=True)
    elif filters.officer:
        found = found.filter(officer=actor.person if filters.officer == "me" else int(filters.officer))
    if filters.region:
        found = found.filter(application__region=filters.region)
    for flag in filters.flags:
        found = found.filter(_flag(flag))
    if filters.words:
        found = found.filter(
            Q(application__title__icontains=filters.words)
            | Q(application__lead__name__icontains=filters.words)
            | Q(receipt_number__icontains=filters.words)
            | Exists(_members_named(filters.words))
        )
    return found.select_related(
        "application__lead", "application__region", "organisation", "officer", "digest"
    )


def _members_named(words: str) -> QuerySet[models.Model]:
    found: QuerySet[models.Model] = Member.objects.filter(
        application=OuterRef("application_id"),
        state=MemberState.ACCEPTED,
        organisation__name__icontains=words,
    )
    return found


def _annotated(reviews: QuerySet[Review]) -> QuerySet[Review]:
    def count(of: QuerySet[models.Model], key: str) -> Coalesce:
        counted = of.order_by().values(key).annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)

    def first_due(of: QuerySet[models.Model], key: str) -> Subquery:
        return Subquery(of.order_by().values(key).annotate(first=Min("due_at")).values("first"))

    own = {"application": OuterRef("application_id")}
    asked = Supplement.objects.filter(state=SupplementState.ASKED, **own)
    answered = Supplement.objects.filter(state=SupplementState.ANSWERED, **own)
    demanded = ProofDemand.objects.filter(handed_in_at__isnull=True, **own)
    objected = ReviewObjection.objects.filter(state=ObjectionState.FILED, review=OuterRef("pk"))
    standing = Submission.objects.filter(withdrawn_at__isnull=True, **own)
    return reviews.annotate(
        receipt_number=Subquery(standing.values("receipt_number")[:1]),
        received_at=Subquery(standing.values("received_at")[:1]),
        asked=count(asked, "application"),
        answered=count(answered, "application"),
        demanded=count(demanded, "application"),
        objected=count(objected, "review"),
        asked_due=first_due(asked, "application"),
        demanded_due=first_due(demanded, "application"),
        objected_due=Subquery(
            objected.order_by().values("review").annotate(first=Min("answer_due_at")).values("first")
        ),
    ).annotate(
        due_at=NullIf(
            Least(*(Coalesce(name, Value(FAR)) for name in ("asked_due", "demanded_due", "objected_due"))),
            Value(FAR),
        ),
    )


def _waits(whom: Waits) -> Q:
    applicant = Q(asked__gt=0) | Q(demanded__gt=0)
    if whom is Waits.SECOND:
        return Q(state=ReviewState.EXCLUSION_PROPOSED)
    if whom is Waits.APPLICANT:
        return applicant & Q(state__in=(ReviewState.OPEN, ReviewState.SUPPLEMENT, ReviewState.ELIGIBLE))
    return (
        Q(answered__gt=0)
        | Q(objected__gt=0)
        | (Q(state__in=(ReviewState.OPEN, ReviewState.SUPPLEMENT)) & ~applicant)
    )


def _flag(name: str) -> Q:
    return {
        "unknown": Q(digest__unknown__gt=0, state__in=OPEN_STATES),
        "excluded": Q(digest__excluded__isnull=False) & ~Q(digest__excluded=[]),
        "supplements": Q(asked__gt=0) | Q(answered__gt=0) | Q(demanded__gt=0),
        "objections": Q(objected__gt=0),
    }[name]


def _ordered(reviews: QuerySet[Review], sort: str) -> QuerySet[Review]:
    if sort == Sort.DUE:
        return reviews.order_by(F("due_at").asc(nulls_last=True), "application_id")
    if sort == Sort.NAME:
        return reviews.order_by("application__title", "application_id")
    return reviews.order_by(F("received_at").asc(nulls_last=True), "application_id")


def _counts(actor: Actor, call: Call) -> dict[str, int]:
    reviews = _annotated(Review.objects.filter(application__call=call))
    wanted = {
        "all": Q(),
        "me": Q(officer=actor.person or 0),
        "none": Q(officer__isnull=True),
        **{state.value: Q(state=state) for state in ReviewState},
        **{f"waits_{whom.value}": _waits(whom) for whom in Waits},
        **{name: _flag(name) for name in FLAGS},
    }
    found: dict[str, int] = reviews.aggregate(
        **{
            f"n_{name}": Count("pk", filter=which) if which else Count(Value(1))
            for name, which in wanted.items()
        }
    )
    return {name: found[f"n_{name}"] for name in wanted}


def regions_of(call: Call) -> list[Region]:
    """The regions from which applications under review come."""
    return list(
        Region.objects.filter(
            pk__in=Review.objects.filter(application__call=call).values("application__region")
        )
    )


def saved_views(actor: Actor, call: Call) -> list[SavedView]:
    """The actor's own views of a call's list, by name."""
    if actor.person is None:
        return []
    return list(SavedView.objects.filter(call=call, person=actor.person).order_by("name", "pk"))


HEADS = (
    Text(ko="접수번호", en="Receipt number"),
    Text(ko="신청", en="Application"),
    Text(ko="주관기관", en="Lead"),
    Text(ko="지역", en="Region"),
    Text(ko="상태", en="State"),
    Text(ko="담당자", en="Officer"),
    Text(ko="충족하지 않음", en="Not met"),
    Text(ko="미확인", en="Unknown"),
    Text(ko="해당하는 제외 조항", en="Exclusion clauses met"),
    Text(ko="답을 기다리는 보완", en="Supplements asked"),
    Text(ko="확인할 보완", en="Supplements answered"),
    Text(ko="기다리는 증빙", en="Proof demanded"),
    Text(ko="이의신청", en="Objections"),
    Text(ko="가장 가까운 기한", en="Next due"),
    Text(ko="결정한 때", en="Decided"),
    Text(ko="제외 근거", en="Ground"),
    Text(ko="제외 사유", en="Reason"),
)


def sheet_rows(actor: Actor, call: Call, filters: Filters, english: bool) -> Iterator[list[Cell]]:
    """The filtered list as rows under `HEADS`."""
    for review in _ordered(filtered(actor, call, filters), filters.sort):
        application, region = review.application, review.application.region
        digest = getattr(review, "digest", None)
        shown = reviews_table.shown[ReviewState(review.state)]
        row: dict[str, object] = review.__dict__
        yield [
            str(row["receipt_number"] or ""),
            application.title,
            application.lead.name,
            "" if region is None else (region.en if english else region.ko),
            shown.en if english else shown.ko,
            review.officer.display_name if review.officer else "",
            digest.failed if digest else None,
            digest.unknown if digest else None,
            ", ".join(digest.excluded) if digest else "",
            *(int(str(row[name])) for name in ("asked", "answered", "demanded", "objected")),
            row["due_at"],  # type: ignore[list-item]
            review.decided_at,
            review.clause,
            review.reason,
        ]
