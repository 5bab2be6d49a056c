"""What an application's pages look up: given to who may read it, and to nobody else told that it is there."""

import pytest

from gongmo.applications.models import ApplicationDocument, Consent, Member
from gongmo.applications.queries import own_places
from gongmo.applications.queries.documents import document_for
from gongmo.applications.queries.statements import consents_of
from gongmo.applications.queries.whose import (
    application_of_document,
    application_of_member,
    application_of_signature,
    own_application_to,
)
from gongmo.kernel.actor import PUBLIC
from gongmo.kernel.errors import NotFound
from tests.builders import filled_application, make_agency_officer, make_applicant, publish_sample_call

pytestmark = pytest.mark.django_db


def test_documents_places_and_consents_are_for_the_consortium_and_its_officers() -> None:
    agency = make_agency_officer()
    call = publish_sample_call(agency)
    filled, stranger = filled_application(call), make_applicant()
    application = filled.application
    members = list(Member.objects.filter(application=application).order_by("pk"))
    partner = filled.actors[members[-1].organisation_id]
    common = ApplicationDocument.objects.filter(application=application, member=None)[0]

    for reader in (filled.lead, partner, agency):
        assert document_for(reader, common.pk) == common
    for reader in (stranger, PUBLIC):
        with pytest.raises(NotFound):
            document_for(reader, common.pk)
    assert own_places(partner, [application]) == {application.pk: members[-1]}
    assert own_places(stranger, [application]) == own_places(agency, [application]) == {}
    assert own_application_to(filled.lead, call) == application.pk
    assert own_application_to(partner, call) is None
    assert application_of_document(common.pk) == application_of_member(members[0].pk) == application.pk
    for look_up in (application_of_document, application_of_member, application_of_signature):
        with pytest.raises(NotFound):
            look_up(10**9)
    given = {each.kind: each for each in Consent.objects.filter(member=members[-1])}
    assert consents_of(partner, members[-1]) == given != {}
    assert consents_of(filled.lead, members[-1]) == consents_of(agency, members[-1]) == {}
