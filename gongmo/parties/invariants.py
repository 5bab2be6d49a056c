"""What must always hold of organisations and people."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, F, Q

from gongmo.kernel.actor import OrganisationRole
from gongmo.kernel.invariants import Broken, invariant
from gongmo.parties import checks
from gongmo.parties.models import Grant, Membership, Organisation


@invariant(
    "parties.numbers",
    ko="기관의 사업자등록번호와 법인등록번호는 확인 숫자가 맞습니다.",
    en="Business and corporate numbers have right check digits.",
)
def numbers_are_valid() -> Iterator[Broken]:
    held = Organisation.objects.exclude(business_number__isnull=True, corporate_number="")
    for pk, business, corporate in held.values_list("pk", "business_number", "corporate_number").iterator():
        if business is not None and not checks.is_business_number(business):
            yield Broken(
                f"organisation {pk}", f"business number {business}", "ten digits with their check digit"
            )
        if corporate and not checks.is_corporate_number(corporate):
            yield Broken(f"organisation {pk}", f"corporate number {corporate}", "thirteen digits with theirs")


@invariant(
    "parties.owners",
    ko="구성원이 있는 기관에는 대표 담당자가 한 사람은 있습니다.",
    en="Every organisation with members has an owner.",
)
def members_have_an_owner() -> Iterable[Broken]:
    current = Q(memberships__until__isnull=True, memberships__isnull=False)
    orphaned = Organisation.objects.annotate(
        people=Count("memberships", filter=current),
        owners=Count("memberships", filter=current & Q(memberships__role=OrganisationRole.OWNER)),
    ).filter(people__gt=0, owners=0)
    return [
        Broken(f"organisation {each.pk}", f"{each.people} members, no owner", "an owner") for each in orphaned
    ]


@invariant(
    "parties.spans",
    ko="구성원과 역할의 끝은 시작보다 앞서지 않습니다.",
    en="No place and no role ends before it begins.",
)
def spans_are_in_order() -> Iterator[Broken]:
    for kind, name in ((Membership, "membership"), (Grant, "grant")):
        for each in kind.objects.filter(until__lt=F("since")):
            yield Broken(f"{name} {each.pk}", f"until {each.until}", f"not before {each.since}")
