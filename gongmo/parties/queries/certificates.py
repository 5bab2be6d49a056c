"""Certificates of organisations and whether they hold on a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.parties import policies
from gongmo.parties.models import Certificate, CertificateKind, Organisation

SOON = timedelta(days=30)
"""From so long before its last day on a certificate is said to expire soon."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate and its validity on a day: "valid", "soon", "expired", or "ended" when it is no longer used."""

    certificate: Certificate
    kind: CertificateKind
    validity: str
    days_left: int | None

    @property
    def usable(self) -> bool:
        return self.validity in ("valid", "soon")


def certificates(organisation: Organisation | int, *, on: date | None = None) -> list[Held]:
    """The organisation's certificates in use, by kind, with their validity on that day (today by default). One statement.

    For floors above: the caller has asked whether the reader may see them. `Held.certificate.file` is the stored file.
    """
    key = organisation if isinstance(organisation, int) else organisation.pk
    found = Certificate.objects.filter(organisation=key, ended_at__isnull=True)
    day = on or today()
    order = list(CertificateKind)
    made = [held(each, day) for each in found.select_related("file").order_by("pk")]
    return sorted(made, key=lambda each: order.index(each.kind))


def certificates_of(actor: Actor, organisation_id: int) -> tuple[list[Held], list[Held]]:
    """The certificates in use and those that were replaced or ended (newest first), for the own people. Raises NotFound."""
    if not policies.may_see_members(actor, organisation_id):
        raise NotFound
    old = Certificate.objects.filter(organisation=organisation_id, ended_at__isnull=False)
    past = [held(each, today()) for each in old.select_related("file").order_by("-ended_at", "-pk")[:100]]
    return certificates(organisation_id), past


def certificate(actor: Actor, certificate_id: int) -> Certificate:
    """One certificate with its file, for the organisation's own people. Raises NotFound."""
    found = Certificate.objects.select_related("file", "organisation").filter(pk=certificate_id).first()
    if found is None or not policies.may_see_members(actor, found.organisation_id):
        raise NotFound
    return found


def certificates_expiring(*, within: timedelta = SOON) -> list[Certificate]:
    """Certificates in use whose last day comes within that span (for reminders; each organisation's people are told)."""
    day = today()
    found = Certificate.objects.filter(
        ended_at__isnull=True, expires_on__gte=day, expires_on__lte=day + within
    )
    return list(found.select_related("organisation").order_by("expires_on", "pk"))


def held(found: Certificate, day: date) -> Held:
    """A certificate with its validity on a day. Its last day counts."""
    left = None if found.expires_on is None else (found.expires_on - day).days
    if found.ended_at is not None:
        validity = "ended"
    elif left is None:
        validity = "valid"
    elif left < 0:
        validity = "expired"
    else:
        validity = "soon" if left <= SOON.days else "valid"
    return Held(found, CertificateKind(found.kind), validity, left)


def today() -> date:
    """Today in Korea."""
    return clock.now().astimezone(clock.SEOUL).date()
