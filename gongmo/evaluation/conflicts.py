"""Conflicts of interest between the seats of a committee and every organisation of every application that may be judged."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from gongmo.applications.models import Application, Member
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation.models import (
    Affiliation,
    Committee,
    Disqualification,
    DisqualificationKind,
    Evaluator,
    Seat,
    VoidKind,
)
from gongmo.evaluation.voiding import Told, live_sheets, void
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.parties.models import Membership, Organisation
from gongmo.rules import committee as rules
from gongmo.screening.states import ReviewState


def judged(call: Call) -> list[Application]:
    """The applications that are or may become eligible, with their consortiums."""
    accepted = Member.objects.filter(state=MemberState.ACCEPTED).select_related("organisation").order_by("id")
    return list(
        Application.objects.filter(call=call, state=ApplicationState.SUBMITTED)
        .exclude(review__state=ReviewState.EXCLUDED)
        .prefetch_related(Prefetch("members", queryset=accepted))
        .order_by("id")
    )


def candidate(application: Application) -> rules.Candidate:
    """An application from `judged` as the rules see it."""
    members = tuple(
        rules.Member(
            organisation=str(member.organisation_id),
            name=member.organisation.name,
            region=member.organisation.region_id,
        )
        for member in application.members.all()
    )
    return rules.Candidate(id=str(application.pk), members=members, region=application.region_id)


def values(
    evaluators: Iterable[Evaluator], applications: Sequence[Application]
) -> dict[int, rules.Evaluator]:
    """Experts as the rules see them, by id. Whoever signs in for an applying organisation takes part in its application."""
    experts = list(
        Evaluator.objects.filter(pk__in=[evaluator.pk for evaluator in evaluators]).prefetch_related(
            "affiliations", "relations"
        )
    )
    by_organisation: dict[int, list[str]] = {}
    for application in applications:
        for member in application.members.all():
            by_organisation.setdefault(member.organisation_id, []).append(str(application.pk))
    now = clock.now()
    taking_part: dict[int, set[str]] = {}
    current = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=now),
        person__in=[expert.person_id for expert in experts],
        organisation__in=by_organisation,
        since__lte=now,
    )
    for person, organisation in current.values_list("person_id", "organisation_id"):
        taking_part.setdefault(person, set()).update(by_organisation[organisation])
    known = _Known(
        member.organisation for application in applications for member in application.members.all()
    )
    return {expert.pk: _value(expert, taking_part.get(expert.person_id, set()), known) for expert in experts}


class _Known:
    """The applying organisations by number and by name: employers that were entered before they were registered are found so."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.by_number: dict[str, int] = {}
        self.by_name: dict[str, int] = {}
        for each in organisations:
            if each.business_number:
                self.by_number[each.business_number] = each.pk
            self.by_name[folded(each.name)] = each.pk

    def key(self, affiliation: Affiliation) -> str:
        """The organisation's id, or a name that no application's organisation has."""
        if affiliation.organisation_id is not None:
            return str(affiliation.organisation_id)
        found = self.by_number.get(affiliation.business_number) or self.by_name.get(
            folded(affiliation.organisation_name)
        )
        return str(found) if found else f"name:{folded(affiliation.organisation_name)}"


def folded(name: str) -> str:
    """A name without spaces and company forms, so that ways of writing it are the same organisation."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"주식회사|재단법인|사단법인|\(주\)|\(재\)|\(사\)|[\s.,·-]", "", plain)


def _value(expert: Evaluator, applications: set[str], known: _Known) -> rules.Evaluator:
    return rules.Evaluator(
        id=expert.label,
        sector=expert.sector,  # type: ignore[arg-type]
        affiliations=tuple(
            rules.Affiliation(known.key(each), each.since, each.until) for each in expert.affiliations.all()
        ),
        region=expert.region_id,
        declared=tuple(
            rules.Declared(rules.Relation(each.kind), str(each.organisation_id), each.ended_on)
            for each in expert.relations.all()
        ),
        applications=tuple(sorted(applications)),
    )


@dataclass(frozen=True, slots=True)
class Detected:
    """What a look for conflicts found: new disqualifications, and what the ledger is to be told of voided sheets."""

    made: tuple[Disqualification, ...]
    voided: Told | None

    def record(self) -> list[dict[str, object]]:
        return [
            {"seat": each.seat_id, "application": each.application_id, "reason": each.reason}
            for each in self.made
        ]


def detect(committee: Committee, seats: Sequence[Seat]) -> Detected:
    """Disqualify seats for every application with which a conflict is known today; live sheets for it become void.

    A seat that is disqualified already stays as it is.
    """
    call = committee.call
    definition = definition_of(call)
    applications = judged(call)
    experts = values([seat.evaluator for seat in seats], applications)
    known = set(Disqualification.objects.filter(seat__in=seats).values_list("seat_id", "application_id"))
    today = clock.now().astimezone(SEOUL).date()
    made: list[Disqualification] = []
    for application in applications:
        against = candidate(application)
        for seat in seats:
            if (seat.pk, application.pk) in known:
                continue
            found = rules.conflicts(definition, experts[seat.evaluator_id], against, as_of=today)
            if found:
                made.append(
                    Disqualification(
                        seat=seat,
                        application=application,
                        kind=DisqualificationKind.DETECTED,
                        reason=" ".join(conflict.message.ko for conflict in found)[:400],
                        decided_at=clock.now(),
                    )
                )
    Disqualification.objects.bulk_create(made)
    hit = {(each.seat_id, each.application_id) for each in made}
    sheets = [
        sheet
        for sheet in (live_sheets(seat__in=[seat_id for seat_id, _ in hit]) if hit else [])
        if (sheet.seat_id, sheet.application_id) in hit
    ]
    return Detected(tuple(made), void(sheets, VoidKind.DISQUALIFIED, "제척 사유가 확인됨"))
