"""A person's own data: what is kept, which consents were given, and who saw it (개인정보 보호법 제35조)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncMonth

from gongmo.applications.models import Consent, Member
from gongmo.applications.states import MemberState
from gongmo.applications.values import CONSENTS, ConsentKind
from gongmo.custody import words
from gongmo.definition.base import Text
from gongmo.evaluation.models import Evaluator
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import NotFound
from gongmo.parties.models import Membership, Organisation, Person
from gongmo.parties.queries import own_data
from gongmo.privacy.models import AccessNote

_KINDS = {each.id: each for each in CONSENTS}


@dataclass(frozen=True, slots=True)
class Given:
    """A consent that the person gave or took back for an organisation. `withdraw` where it can be taken back here."""

    member: int
    organisation: str
    call: Text
    kind: ConsentKind
    given: bool
    at: datetime
    withdraw: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """How often an office saw what, in a month: office and kind in words; nobody's name."""

    month: datetime
    office: Text
    what: Text
    kind: Text
    count: int
    last: datetime


def consents(actor: Actor) -> list[Given]:
    """The consents that the person gave, newest first, for whichever organisation."""
    if actor.person is None:
        raise NotFound
    rows = (
        Consent.objects.filter(given_by=actor.person)
        .select_related("member__organisation", "member__application__call")
        .order_by("-given_at", "-pk")
    )
    return [
        Given(
            row.member_id,
            row.member.organisation.name,
            Text(ko=row.member.application.call.title_ko, en=row.member.application.call.title_en),
            _KINDS[row.kind],
            row.given,
            row.given_at,
            row.given and not _KINDS[row.kind].required and actor.organisation == row.member.organisation_id,
        )
        for row in rows
        if row.kind in _KINDS
    ]


def seen(actor: Actor) -> list[Seen]:
    """Which offices saw the person's data, by month, newest first: the own account and profile as an expert, and the applications of the
    own organisations. Experts are left out: that and when they look is secret as long as they judge.
    """
    if actor.person is None:
        raise NotFound
    organisations = list(
        Membership.objects.filter(person=actor.person, until=None).values_list("organisation_id", flat=True)
    )
    applications = Member.objects.filter(
        organisation__in=organisations, state=MemberState.ACCEPTED
    ).values_list("application_id", flat=True)
    experts = Evaluator.objects.filter(person=actor.person).values_list("pk", flat=True)
    about = (
        Q(subject_type="person", subject_id=str(actor.person))
        | Q(subject_type="evaluator", subject_id__in=[str(each) for each in experts])
        | Q(subject_type="organisation", subject_id__in=[str(each) for each in organisations])
        | Q(subject_type="application", subject_id__in=[str(each) for each in applications])
    )
    offices = [Role.AGENCY.value, Role.MINISTRY.value, Role.TASK_FORCE.value, Role.OPERATOR.value]
    rows = (
        AccessNote.objects.filter(about, role__in=offices, outcome__lt=400)
        .exclude(person=actor.person)
        .order_by()
        .annotate(month=TruncMonth("at", tzinfo=SEOUL))
        .values("month", "role", "organisation", "subject_type", "kind")
        .annotate(count=Count("pk"), last=Max("at"))
    )
    found = list(rows)
    names = dict(
        Organisation.objects.filter(
            pk__in={each["organisation"] for each in found if each["organisation"]}
        ).values_list("pk", "name")
    )
    told = [
        Seen(
            each["month"],
            _office(each["role"], names.get(each["organisation"] or 0)),
            words.SUBJECTS[each["subject_type"]],
            words.KINDS[each["kind"]],
            each["count"],
            each["last"],
        )
        for each in found
    ]
    return sorted(told, key=lambda each: (each.month, each.last), reverse=True)


def _office(role: str, name: str | None) -> Text:
    word = words.ROLES[role]
    return Text(ko=f"{word.ko} {name}", en=f"{word.en} {name}") if name else word


def everything(actor: Actor) -> dict[str, Any]:
    """All of it as plain values, for a file."""
    person = Person.objects.get(pk=actor.person or 0)
    return {
        **own_data(person),
        "consents": [
            {
                "organisation": each.organisation,
                "call": each.call.ko,
                "consent": each.kind.id,
                "given": each.given,
                "at": each.at,
            }
            for each in consents(actor)
        ],
        "expert": [
            {
                "label": each.label,
                "sector": each.sector,
                "fields": each.expertise,
                "registered_at": each.registered_at,
                "pool_consent_on": each.pool_consent_on,
                "privacy_consent_on": each.privacy_consent_on,
                "affiliations": list(
                    each.affiliations.values(
                        "organisation__name", "organisation_name", "since", "until", "position"
                    )
                ),
                "absences": list(each.absences.values("since", "until", "note")),
                "relations": list(each.relations.values("organisation__name", "kind", "ended_on", "note")),
            }
            for each in Evaluator.objects.filter(person=person)
        ],
        "seen_by": [
            {
                "month": each.month.strftime("%Y-%m"),
                "office": each.office.ko,
                "what": each.what.ko,
                "how": each.kind.ko,
                "times": each.count,
                "last": each.last,
            }
            for each in seen(actor)
        ],
    }
