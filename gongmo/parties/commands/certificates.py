"""Certificates of an organisation: added once, used by every application."""

from datetime import date
from typing import BinaryIO

from django.db import transaction

from gongmo.files.commands import store
from gongmo.files.names import safe_name
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.ledger import commands as ledger
from gongmo.ledger.locks import lock
from gongmo.parties import policies
from gongmo.parties.models import Certificate, CertificateKind, Organisation

LARGEST = 50 * 1024**2
"""Bytes of one certificate."""


def add_certificate(
    *,
    actor: Actor,
    organisation_id: int,
    kind: CertificateKind | str,
    name: str,
    stream: BinaryIO,
    number: str = "",
    title: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    replaces: int | None = None,
) -> Certificate:
    """Keep a certificate: its file `stream` with the name `name`, its number and days. `replaces` ends the older one, which stays readable.

    Raises BadInput (also for the file), NotAllowed, NotFound.
    """
    # Asked before the file is written: a stranger must not fill the disk.
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise NotFound
    policies.may_edit_profile.require(actor, organisation_id)
    wanted = _kind(kind)
    _days(issued_on, expires_on)
    title = " ".join(title.split())
    if wanted is CertificateKind.OTHER and not title:
        raise BadInput(
            "certificate_title",
            "어떤 증명서인지 이름을 적어 주세요.",
            "Say which certificate it is.",
            field="title",
        )
    stored = store(stream=stream, name=name, limit=LARGEST)
    with transaction.atomic():
        lock(Organisation, organisation_id)
        policies.may_edit_profile.require(actor, organisation_id)
        now = clock.now()
        old = _current(organisation_id, replaces) if replaces is not None else None
        made = Certificate.objects.create(
            organisation_id=organisation_id,
            kind=wanted.value,
            title=title[:100],
            number=" ".join(number.split())[:60],
            issued_on=issued_on,
            expires_on=expires_on,
            file=stored,
            file_name=safe_name(name),
            added_by_id=actor.person,
            added_at=now,
            replaces=old,
        )
        if old is not None:
            old.ended_at = now
            old.save(update_fields=["ended_at"])
        ledger.append(
            actor=actor,
            act="parties.add_certificate",
            subject=("organisation", organisation_id),
            payload={
                "certificate": made.pk,
                "kind": made.kind,
                "number": made.number,
                "issued_on": made.issued_on,
                "expires_on": made.expires_on,
                "sha256": stored.sha256,
                "replaces": replaces,
            },
        )
    return made


def end_certificate(*, actor: Actor, certificate_id: int) -> Certificate:
    """Take a certificate out of use from now on. What was handed in with it keeps it."""
    organisation_id = (
        Certificate.objects.filter(pk=certificate_id).values_list("organisation", flat=True).first()
    )
    if organisation_id is None:
        raise NotFound
    with transaction.atomic():
        lock(Organisation, organisation_id)
        if not policies.may_see_members(actor, organisation_id):
            raise NotFound
        policies.may_edit_profile.require(actor, organisation_id)
        found = _current(organisation_id, certificate_id)
        found.ended_at = clock.now()
        found.save(update_fields=["ended_at"])
        ledger.append(
            actor=actor,
            act="parties.end_certificate",
            subject=("organisation", organisation_id),
            payload={"certificate": found.pk, "kind": found.kind},
        )
    return found


def _current(organisation_id: int, certificate_id: int) -> Certificate:
    found = Certificate.objects.filter(
        pk=certificate_id, organisation=organisation_id, ended_at__isnull=True
    ).first()
    if found is None:
        raise NotFound
    return found


def _kind(value: CertificateKind | str) -> CertificateKind:
    try:
        return CertificateKind(value)
    except ValueError as error:
        raise BadInput(
            "certificate_kind",
            "증명서 종류를 골라 주세요.",
            "Choose the kind of certificate.",
            field="kind",
        ) from error


def _days(issued_on: date | None, expires_on: date | None) -> None:
    today = clock.now().astimezone(clock.SEOUL).date()
    if issued_on is not None and issued_on > today:
        raise BadInput(
            "issued_on",
            "발급일은 오늘이나 그 전이어야 합니다.",
            "The day of issue lies in the future.",
            field="issued_on",
        )
    if issued_on is not None and expires_on is not None and expires_on < issued_on:
        raise BadInput(
            "expires_on",
            "유효기한이 발급일보다 앞섭니다. 두 날짜를 확인해 주세요.",
            "The last day lies before the day of issue. Check both days.",
            field="expires_on",
        )
