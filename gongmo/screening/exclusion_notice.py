"""The notice of an exclusion, in the words in which it is shown before it is confirmed and sent once it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.applications.notices import joined
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.kernel.korean import day
from gongmo.notices.wording import quoted
from gongmo.screening.deadlines import objection_deadline
from gongmo.screening.models import Review


@dataclass(frozen=True, slots=True)
class ExclusionNotice:
    """What some organisations of the consortium are told. `whole`: with the reason (the lead and the organisation concerned)."""

    organisations: tuple[int, ...]
    whole: bool
    title: Text
    body: Text


def page(application_id: int) -> str:
    """Where the consortium reads of its own review."""
    return reverse("screening:own", args=[application_id])


def fact_name(application: Application, fact: str) -> Text:
    """A question of the call in words."""
    kinds = {kind.id: kind.name for kind in definition_of(application.call).facts}
    return kinds.get(fact, Text(ko=fact, en=fact))


def exclusion_notices(
    review: Review, clause: str, organisation: int | None, at: datetime
) -> Iterator[ExclusionNotice]:
    """The notices of an exclusion under a clause on account of an organisation (None: of the application), told at an instant.

    The lead and the organisation concerned read the reason; the others the clause, as on their page.
    """
    application = review.application
    definition = definition_of(application.call)
    members = set(joined(application))
    concerned = {application.lead_id, organisation or application.lead_id} & members
    words = next((each for each in definition.clauses if each.id == clause), None)
    title = Text(ko=f"적격성 검토에서 제외되었습니다 ({clause})", en=f"Excluded in the review ({clause})")
    deadline = objection_deadline(definition, at)
    right = (
        Text(
            ko=f"\n이의신청: 주관기관이 {day(deadline.day)}까지 이 화면에서 낼 수 있습니다.",
            en=f"\nThe lead may object on the same page until the end of {deadline.day}.",
        )
        if deadline
        else Text(
            ko="\n이의가 있으면 공고의 문의처로 알려 주세요.",
            en="\nIf you disagree, write to the contact of the call.",
        )
    )
    for organisations, whole in ((concerned, True), (members - concerned, False)):
        if not organisations:
            continue
        ko = f"{quoted(application.title, '은', '는')} 평가에 오르지 않습니다."
        en = f"“{application.title}” is not evaluated."
        if words is not None:
            ko += f"\n근거: {clause} {words.title.ko}"
            en += f"\nGround: {clause} {words.title.en}"
        if whole:
            ko += f"\n까닭: {review.reason}{right.ko}"
            en += f"\nReason: {review.reason}{right.en}"
        yield ExclusionNotice(tuple(sorted(organisations)), whole, title, Text(ko=ko, en=en))
