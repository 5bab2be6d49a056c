"""Certificates: added once, valid until their last day, replaced but kept."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound
from gongmo.parties import queries
from gongmo.parties.commands import add_certificate, end_certificate
from gongmo.parties.models import Certificate, Organisation
from tests.builders import pdf
from tests.parties.builders import make_member, make_organisation

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 8, 29, 3, 0, tzinfo=UTC)


def added(actor: Actor, organisation: Organisation, **more: object) -> Certificate:
    fields: dict[str, object] = {"kind": "national_tax", "name": "납세증명.pdf", "stream": pdf(), **more}
    with clock.at(NOON):
        return add_certificate(actor=actor, organisation_id=organisation.pk, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "validity"),
    [
        (date(2025, 8, 30), "valid"),
        (date(2025, 8, 31), "soon"),
        (date(2025, 9, 30), "soon"),
        (date(2025, 10, 1), "expired"),
    ],
)
def test_the_last_day_counts_and_a_month_before_it_expires_soon(day: date, validity: str) -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    added(owner, organisation, expires_on=date(2025, 9, 30))

    (held,) = queries.certificates(organisation, on=day)

    assert (held.validity, held.usable) == (validity, validity != "expired")


def test_a_newer_certificate_replaces_the_old_one_which_stays_readable() -> None:
    organisation = make_organisation()
    _, writer = make_member(organisation, OrganisationRole.WRITER)
    old = added(writer, organisation, expires_on=date(2025, 9, 30))

    new = added(writer, organisation, replaces=old.pk, stream=pdf("newer"))

    current, past = queries.certificates_of(writer, organisation.pk)
    assert [held.certificate for held in current] == [new]
    assert [held.certificate for held in past] == [old]
    assert queries.certificate(writer, old.pk).file_id == old.file_id
    with pytest.raises(NotFound):
        added(writer, organisation, replaces=old.pk)


def test_strangers_see_and_change_no_certificate() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    _, viewer = make_member(organisation, OrganisationRole.VIEWER)
    _, stranger = make_member(make_organisation())
    made = added(owner, organisation)

    with pytest.raises(NotAllowed):
        added(viewer, organisation)
    with pytest.raises(NotAllowed):
        added(stranger, organisation)
    with pytest.raises(NotFound):
        queries.certificate(stranger, made.pk)
    with pytest.raises(NotFound):
        end_certificate(actor=stranger, certificate_id=made.pk)
    assert queries.certificate(viewer, made.pk) == made


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"kind": "other"}, "title"),
        ({"issued_on": date(2025, 8, 30)}, "issued_on"),
        ({"issued_on": date(2025, 8, 1), "expires_on": date(2025, 7, 31)}, "expires_on"),
    ],
)
def test_unusable_certificate_is_told_with_its_field(fields: dict[str, object], field: str) -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)

    with pytest.raises(BadInput) as refusal:
        added(owner, organisation, **fields)
    assert refusal.value.field == field


def test_the_page_takes_a_file_keeps_what_was_typed_and_shows_it() -> None:
    organisation = make_organisation()
    person, _ = make_member(organisation)
    client = Client()
    client.force_login(person)
    address = reverse("parties:certificates", args=[organisation.pk])
    fields = {"kind": "sme", "number": "<b>제 2025-1 호</b>", "expires_on": "2999-12-31"}

    without = client.post(address, fields)
    broken = client.post(address, {**fields, "file": SimpleUploadedFile("a.pdf", b"not a pdf")})
    done = client.post(address, {**fields, "file": SimpleUploadedFile("a.pdf", pdf().read())}, follow=True)

    assert (without.status_code, broken.status_code) == (422, 422)
    assert "제 2025-1 호" in broken.content.decode()
    text = done.content.decode()
    assert "&lt;b&gt;제 2025-1 호&lt;/b&gt;" in text
    made = Certificate.objects.get()
    file = client.get(reverse("parties:certificate_file", args=[made.pk]))
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")


def test_reminders_find_what_expires_within_the_span() -> None:
    organisation = make_organisation()
    _, owner = make_member(organisation)
    made = added(owner, organisation, expires_on=date(2025, 9, 20))
    added(owner, organisation, expires_on=date(2025, 12, 31), stream=pdf("later"))

    with clock.at(NOON):
        assert queries.certificates_expiring() == [made]
