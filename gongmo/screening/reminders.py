"""Deadlines of requests and demands: told once a day before, and shown in calendars."""

from collections.abc import Iterable
from datetime import timedelta

from gongmo.applications.models import Application
from gongmo.applications.notices import to_organisations
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.korean import stamp
from gongmo.notices import commands as notices
from gongmo.notices.calendar import Appointment, appoints
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling
from gongmo.parties.models import Membership, Person
from gongmo.screening.exclusion_notice import fact_name as _fact_name
from gongmo.screening.exclusion_notice import page
from gongmo.screening.models import ProofDemand, Supplement
from gongmo.screening.policies import WRITING
from gongmo.screening.states import SupplementState
from gongmo.tasks import schedule

SOON = timedelta(days=1)


@schedule(
    name="screening.remind_requests",
    every=timedelta(minutes=10),
    ko="기한이 다가오는 보완·증빙을 알립니다",
    en="Tell requests that are due soon",
)
def remind_requests() -> None:
    """Tell, once, every request and demand that is due within a day and not answered."""
    now = clock.now()
    soon = {"due_at__gt": now, "due_at__lte": now + SOON}
    title = "보완 기한이 하루도 남지 않았습니다"
    supplements = Supplement.objects.filter(state=SupplementState.ASKED, asked_at__lte=now - SOON / 4, **soon)
    for one in supplements.select_related("application"):
        _remind(
            one.application,
            {one.application.lead_id},
            f"supplement:{one.pk}",
            title,
            one.what,
            stamp(one.due_at),
        )
    demands = ProofDemand.objects.filter(handed_in_at=None, demanded_at__lte=now - SOON / 4, **soon)
    for demand in demands.select_related("application__call__version"):
        fact = _fact_name(demand.application, demand.fact)
        organisations = {demand.application.lead_id, demand.organisation_id}
        title = "증빙 기한이 하루도 남지 않았습니다"
        _remind(demand.application, organisations, f"proof:{demand.pk}", title, fact.ko, stamp(demand.due_at))


def _remind(
    application: Application, organisations: set[int], key: str, title: str, what: str, due: str
) -> None:
    for telling in to_organisations(
        organisations,
        Category.DEADLINE,
        Text(ko=title, en="Less than a day is left for a request"),
        Text(
            ko=f"{due}까지 ‘{application.title}’에 답해 주세요.\n{what}",
            en=f"Answer on “{application.title}” before {due} (Seoul).\n{what}",
        ),
        page(application.pk),
        roles=WRITING,
    ):
        notices.tell(
            Telling(
                telling.people,
                telling.category,
                telling.title,
                telling.body,
                telling.url,
                key=f"{key}:{due}",
                organisation=telling.organisation,
            )
        )


@appoints
def due_requests(person: Person) -> Iterable[Appointment]:
    """Requests and demands that the person's organisations have to answer."""
    own = list(
        Membership.objects.filter(person=person, until__isnull=True, role__in=WRITING).values_list(
            "organisation_id", flat=True
        )
    )
    supplements = Supplement.objects.filter(state=SupplementState.ASKED, application__lead__in=own)
    for one in supplements.select_related("application").order_by("pk"):
        yield Appointment(
            uid=f"supplement-{one.pk}",
            at=one.due_at,
            title=Text(
                ko=f"보완 기한: {one.application.title}", en=f"Supplement due: {one.application.title}"
            ),
            url=page(one.application_id),
            note=Text(ko=one.what, en=one.what),
        )
    demands = ProofDemand.objects.filter(handed_in_at=None, organisation__in=own)
    for demand in demands.select_related("application").order_by("pk"):
        yield Appointment(
            uid=f"proof-{demand.pk}",
            at=demand.due_at,
            title=Text(
                ko=f"증빙 기한: {demand.application.title}", en=f"Proof due: {demand.application.title}"
            ),
            url=page(demand.application_id),
        )
