"""What is done with the access log: its months are counted, reviewed and signed off, and a missing review is told."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from gongmo.custody import queries
from gongmo.custody.models import AccessMonth, AccessReview
from gongmo.custody.months import Figures, Month, count
from gongmo.custody.queries import Scope
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties.models import Organisation, Person
from gongmo.privacy import policies as privacy
from gongmo.rules.access import Oddity

LONGEST = 4000


def count_months(*, actor: Actor) -> int:
    """Count the present month and the one before for every office and the site. Returns how many were counted."""
    privacy.keep_access.require(actor)
    now = clock.now()
    months = sorted({Month.of(now - timedelta(days=28)), Month.of(now)})
    counted = 0
    for month in months:
        for organisation in queries.offices_noted(month):
            figures = count(month, organisation)
            AccessMonth.objects.update_or_create(
                month=str(month),
                organisation=Organisation(pk=organisation) if organisation is not None else None,
                defaults={"counted_at": clock.now(), "figures": figures.plain()},
            )
            counted += 1
    return counted


@transaction.atomic
def sign_off(
    *, actor: Actor, month: Month, scope: Scope, opinion: str, checks: Mapping[str, str]
) -> AccessReview:
    """Sign a finished month's review. For every kind of standout `checks` must say what was found out.

    Raises Refused before the month is over or when the person has signed it already, BadInput where something is missing.
    """
    Person.objects.select_for_update().get(pk=actor.person or 0)
    queries.require_reviewer(actor, scope)
    now = clock.now()
    if now < month.end:
        raise Refused(
            "month_open",
            "이 달이 끝난 뒤에 점검을 마칠 수 있습니다. 지금까지의 기록은 미리 살펴볼 수 있습니다.",
            "The review can be signed once the month is over. You can look at it until then.",
        )
    if AccessReview.objects.filter(
        month=str(month), organisation=scope.organisation, reviewer=actor.person
    ).exists():
        raise Refused(
            "signed_before", "이 달은 이미 점검을 마쳤습니다.", "You have signed this month's review before."
        )
    figures, _ = queries.figures(month, scope)
    told = {key: " ".join(words.split())[:LONGEST] for key, words in checks.items()}
    for oddity in sorted({each.oddity for each in figures.standouts}, key=list(Oddity).index):
        if not told.get(oddity.value):
            raise BadInput(
                "check",
                "눈에 띄는 접속마다 확인한 내용을 적어 주세요.",
                "Say of every kind of standout what you found out.",
                field=f"check-{oddity.value}",
            )
    review = AccessReview.objects.create(
        month=str(month),
        organisation_id=scope.organisation,
        reviewer_id=actor.person or 0,
        signed_at=now,
        opinion=opinion.strip()[:LONGEST],
        checks={each.value: told[each.value] for each in {one.oddity for one in figures.standouts}},
        figures=_snapshot(figures),
    )
    ledger.append(
        actor=actor,
        act="custody.sign_off",
        subject=("access_month", f"{month}/{scope.organisation or 'site'}"),
        payload={
            "month": str(month),
            "organisation": scope.organisation,
            "figures": review.figures,
            "last_batch": queries.last_batch(),
        },
    )
    return review


def _snapshot(figures: Figures) -> dict[str, object]:
    """What the reviewer saw, in numbers."""
    by: dict[str, int] = {}
    for each in figures.standouts:
        by[each.oddity.value] = by.get(each.oddity.value, 0) + 1
    return {
        "accesses": figures.total,
        "people": len(figures.accessors),
        "refused": figures.refused,
        "exports": figures.of_kind("export"),
        "standouts": by,
    }
