"""Organisations: typed once, used by every application."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties import checks, policies
from gongmo.parties.commands.places import place
from gongmo.parties.models import Organisation, Region


def register_organisation(
    *,
    actor: Actor,
    name: str,
    kind: OrganisationKind | str,
    region: str | None = None,
    business_number: str | None = None,
    corporate_number: str = "",
    founded_on: date | None = None,
    address: str = "",
    representative_title: str = "",
    representative_name: str = "",
    phone: str = "",
    website: str = "",
    invented: bool = False,
) -> Organisation:
    """Register an organisation; a person who registers it for themselves becomes its owner.

    Numbers may hold hyphens and must have right check digits. `invented` marks made-up organisations of a rehearsal. Raises
    BadInput, NotAllowed, and Refused when the business number is registered already.
    """
    with transaction.atomic():
        kind = _kind(kind)
        policies.may_register_organisation.require(actor, kind)
        now = clock.now()
        number = _business_number(business_number)
        organisation = Organisation(
            name=_name(name),
            kind=kind.value,
            region=_region(region),
            business_number=number,
            corporate_number=_corporate_number(corporate_number),
            founded_on=_founded(founded_on),
            address=_short(address, 300, "address"),
            representative_title=_short(representative_title, 60, "representative_title"),
            representative_name=_short(representative_name, 60, "representative_name"),
            phone=_phone(phone),
            website=_website(website),
            invented=invented,
            created_at=now,
        )
        _require_free(number, None)
        organisation.save(force_insert=True)
        ledger.append(
            actor=actor,
            act="parties.register_organisation",
            subject=("organisation", organisation.pk),
            payload=recorded(profile(organisation)),
        )
        if not policies.is_operator(actor) and actor.person is not None:
            place(
                actor=actor,
                person_id=actor.person,
                organisation_id=organisation.pk,
                role=OrganisationRole.OWNER,
                now=now,
            )
    return organisation


def update_organisation(*, actor: Actor, organisation_id: int, **changes: Any) -> Organisation:
    """Change profile fields: name, region, business_number, corporate_number, founded_on, address, representative_title,
    representative_name, phone, website.

    What was submitted before keeps what it said then. Raises BadInput, NotAllowed, NotFound, Refused, and TypeError for other fields.
    """
    readers: dict[str, Callable[[Any], Any]] = {
        "name": _name,
        "region": _region,
        "business_number": _business_number,
        "corporate_number": _corporate_number,
        "founded_on": _founded,
        "address": lambda value: _short(value, 300, "address"),
        "representative_title": lambda value: _short(value, 60, "representative_title"),
        "representative_name": lambda value: _short(value, 60, "representative_name"),
        "phone": _phone,
        "website": _website,
    }
    if unknown := changes.keys() - readers.keys():
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
        if organisation is None:
            raise NotFound
        policies.may_edit_profile.require(actor, organisation_id)
        before = profile(organisation)
        for field, value in changes.items():
            setattr(organisation, field, readers[field](value))
        _require_free(organisation.business_number, organisation.pk)
        after = profile(organisation)
        told_before, told_after = recorded(before), recorded(after)
        changed = {
            field: [told_before[field], told_after[field]] for field in after if before[field] != after[field]
        }
        if changed:
            organisation.save()
            ledger.append(
                actor=actor,
                act="parties.update_organisation",
                subject=("organisation", organisation.pk),
                payload={"changed": changed},
            )
    return organisation


UNTOLD = frozenset({"representative_name", "phone"})
"""What is personal and encrypted where it lies: the record, from which nothing can be taken out, only tells that it is there."""
UNTOLD_MARK = "•"


def recorded(told: dict[str, Any]) -> dict[str, Any]:
    """What the record keeps of a profile."""
    return {field: UNTOLD_MARK if value and field in UNTOLD else value for field, value in told.items()}


def profile(organisation: Organisation) -> dict[str, Any]:
    """An organisation's profile as plain values."""
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "region": organisation.region_id,
        "business_number": organisation.business_number,
        "corporate_number": organisation.corporate_number,
        "founded_on": organisation.founded_on,
        "address": organisation.address,
        "representative_title": organisation.representative_title,
        "representative_name": organisation.representative_name,
        "phone": organisation.phone,
        "website": organisation.website,
        "invented": organisation.invented,
    }


def _require_free(number: str | None, own: int | None) -> None:
    """A business number belongs to one organisation."""
    if not number:
        return
    same = Organisation.objects.filter(business_number=number)
    if (same if own is None else same.exclude(pk=own)).exists():
        raise Refused(
            "organisation_registered",
            "이미 등록된 사업자등록번호입니다. 그 기관의 대표 담당자에게 구성원으로 더해 달라고 요청해 주세요.",
            "This business number is registered already. Ask that organisation's owner to add you.",
        )


def _kind(value: OrganisationKind | str) -> OrganisationKind:
    try:
        return OrganisationKind(value)
    except ValueError as error:
        raise BadInput(
            "organisation_kind", "기관 종류를 골라 주세요.", "Choose the kind of organisation.", field="kind"
        ) from error


def _name(value: str) -> str:
    name = _short(value, 200, "name")
    if len(name) < 2:
        raise BadInput(
            "organisation_name",
            "기관 이름을 두 글자 이상 적어 주세요.",
            "Write the organisation's name.",
            field="name",
        )
    if checks.holds_an_address(name):
        raise BadInput(
            "name_with_address",
            "기관 이름에는 웹 주소를 적을 수 없습니다. 누리집 주소는 아래 누리집 칸에 적어 주세요.",
            "A name cannot hold a web address. Write it into the field for the web site below.",
            field="name",
        )
    return name


def _short(value: str, most: int, field: str) -> str:
    text = " ".join(value.split())
    if len(text) > most:
        raise BadInput(
            "too_long", f"{most}자까지 적을 수 있습니다.", f"At most {most} characters.", field=field
        )
    return text


def _phone(value: str) -> str:
    text = _short(value, 30, "phone")
    if text and not re.fullmatch(r"\+?[0-9()\- ]{7,30}", text):
        raise BadInput(
            "phone",
            "전화번호를 숫자와 하이픈으로 적어 주세요. 예: 02-123-4567",
            "Write the phone number in digits and hyphens.",
            field="phone",
        )
    return text


def _website(value: str) -> str:
    text = _short(value, 200, "website")
    if not text:
        return ""
    if "://" not in text:
        text = f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError as error:
        raise BadInput(
            "website",
            "누리집 주소를 확인해 주세요. 예: https://www.example.kr",
            "Check the address of the website.",
            field="website",
        ) from error
    return text


def _region(code: str | None) -> Region | None:
    if not code:
        return None
    region = Region.objects.filter(pk=code).first()
    if region is None:
        raise BadInput(
            "region_unknown", "지역을 목록에서 골라 주세요.", "Choose a region from the list.", field="region"
        )
    return region


def _business_number(value: str | None) -> str | None:
    number = checks.digits(value or "")
    if not number:
        return None
    if not checks.is_business_number(number):
        raise BadInput(
            "business_number",
            "사업자등록번호 10자리를 다시 확인해 주세요. 확인 숫자가 맞지 않습니다.",
            "Check the ten digits of the business number: its check digit does not fit.",
            field="business_number",
        )
    return number


def _corporate_number(value: str) -> str:
    number = checks.digits(value)
    if number and not checks.is_corporate_number(number):
        raise BadInput(
            "corporate_number",
            "법인등록번호 13자리를 다시 확인해 주세요. 확인 숫자가 맞지 않습니다.",
            "Check the thirteen digits of the corporate number: its check digit does not fit.",
            field="corporate_number",
        )
    return number


def _founded(value: date | None) -> date | None:
    if value is not None and value > clock.now().astimezone(clock.SEOUL).date():
        raise BadInput(
            "founded_on",
            "설립일은 오늘이나 그 전이어야 합니다.",
            "The founding day lies in the future.",
            field="founded_on",
        )
    return value
