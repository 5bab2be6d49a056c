"""Whom the floor of people and organisations tells. It lies below this one, so its tellers live here."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse

from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.kernel.korean import day
from gongmo.ledger.queries import Record
from gongmo.notices import commands
from gongmo.notices.categories import Category
from gongmo.notices.queries import people_of
from gongmo.notices.telling import Telling, tells
from gongmo.notices.wording import quoted
from gongmo.parties.models import Certificate, Organisation, Person
from gongmo.parties.words import PLACES
from gongmo.tasks import schedule

GRANTED = {
    Role.MINISTRY: Text(ko="소관부처", en="ministry"),
    Role.AGENCY: Text(ko="운영기관 담당자", en="agency officer"),
    Role.TASK_FORCE: Text(ko="지역 사업단 담당자", en="task force officer"),
    Role.EVALUATOR: Text(ko="평가위원", en="evaluator"),
    Role.OPERATOR: Text(ko="시스템 운영자", en="system operator"),
}
DAYS = (7, 30)
"""Days before a certificate's last day on which it is told, the latest first."""


def _organisation(entry: Record) -> Organisation:
    return Organisation.objects.get(pk=int(entry.subject_id))


@tells("parties.add_member")
def joined(entry: Record) -> Iterable[Telling]:
    """The organisation's owners hear who has come."""
    organisation = _organisation(entry)
    name = Person.objects.values_list("display_name", flat=True).get(pk=entry.payload["person"])
    owners = people_of([organisation.pk], [OrganisationRole.OWNER])[organisation.pk]
    yield Telling(
        [each for each in owners if each != entry.payload["person"]],
        Category.ACCOUNT,
        Text(ko=f"{name} 님이 구성원이 되었습니다", en=f"{name} is a member now"),
        Text(
            ko=f"‘{organisation.name}’의 구성원과 역할을 확인해 주세요.",
            en=f"See the members of “{organisation.name}” and their roles.",
        ),
        reverse("parties:organisation", args=[organisation.pk]),
        organisation=organisation.pk,
    )


@tells("parties.change_role")
def place_changed(entry: Record) -> Iterable[Telling]:
    organisation = _organisation(entry)
    place = PLACES[OrganisationRole(entry.payload["after"])]
    yield Telling(
        [entry.payload["person"]],
        Category.ACCOUNT,
        Text(ko=f"역할이 {quoted(place.ko, '으로', '로')} 바뀌었습니다", en=f"Your role is now “{place.en}”"),
        Text(
            ko=f"‘{organisation.name}’에서 할 수 있는 일이 달라졌습니다.",
            en=f"What you can do for “{organisation.name}” has changed.",
        ),
        reverse("parties:organisation", args=[organisation.pk]),
        organisation=organisation.pk,
    )


@tells("parties.end_membership")
def place_ended(entry: Record) -> Iterable[Telling]:
    organisation = _organisation(entry)
    yield Telling(
        [entry.payload["person"]],
        Category.ACCOUNT,
        Text(
            ko=f"‘{organisation.name}’의 구성원에서 빠졌습니다",
            en=f"Your place in “{organisation.name}” has ended",
        ),
        Text(
            ko="이 기관의 신청서를 더는 볼 수 없습니다. 잘못되었다면 그 기관의 대표 담당자에게 말해 주세요.",
            en="You no longer see its applications. If this is wrong, tell the organisation's owner.",
        ),
        "/",
    )


@tells("parties.grant_role")
def granted(entry: Record) -> Iterable[Telling]:
    role = GRANTED.get(Role(entry.payload["role"]))
    if role is None:
        return
    yield Telling(
        [int(entry.subject_id)],
        Category.ACCOUNT,
        Text(ko=f"‘{role.ko}’ 역할을 받았습니다", en=f"You have the role “{role.en}”"),
        Text(
            ko="화면 위 이름을 누르면 이 역할로 바꿔 일할 수 있습니다.",
            en="Choose it under your name at the top of the page.",
        ),
        "/",
        role=Role(entry.payload["role"]),
        organisation=entry.payload["organisation"],
    )


@schedule(
    name="notices.certificates",
    every=timedelta(days=1),
    ko="기한이 다가오는 증명서를 알립니다",
    en="Tell certificates that run out soon",
)
def remind_certificates() -> None:
    """Tell an organisation's owners a month and a week before a certificate's last day."""
    today = clock.now().astimezone(clock.SEOUL).date()
    soon = Certificate.objects.filter(
        ended_at=None, expires_on__gte=today, expires_on__lte=today + timedelta(days=DAYS[-1])
    ).select_related("organisation")
    owners = people_of({each.organisation_id for each in soon}, [OrganisationRole.OWNER])
    for certificate in soon:
        last = certificate.expires_on
        if last is None:
            continue
        mark = next(days for days in DAYS if (last - today).days <= days)
        name = certificate.title or certificate.file_name
        commands.tell(
            Telling(
                owners[certificate.organisation_id],
                Category.ACCOUNT,
                Text(ko=f"증명서 기한이 {day(last)}에 끝납니다", en=f"A certificate runs out on {last}"),
                Text(
                    ko=f"‘{certificate.organisation.name}’의 ‘{name}’입니다. 새로 발급받아 올려 주세요.",
                    en=f"“{name}” of “{certificate.organisation.name}”. Upload a new one.",
                ),
                reverse("parties:organisation", args=[certificate.organisation_id]),
                key=f"certificate:{certificate.pk}:{mark}",
                organisation=certificate.organisation_id,
            )
        )
