"""What a correction of the call changes for one's own application, told on its page."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongmo.applications.queries import correction_for, findings, snapshot, standing_submission
from gongmo.applications.queries.correction import Corrected
from gongmo.calls import commands
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from tests.builders import (
    AT_OPENING,
    CLOSES,
    Filled,
    filled_application,
    make_agency_officer,
    publish_sample_call,
    submitted_application,
)
from tests.calls.test_pages import signed_in
from tests.sample_call import sample_definition

pytestmark = pytest.mark.django_db
LATER = AT_OPENING + timedelta(days=2)
MORE = {
    "id": "consent",
    "clause": "T-1",
    "number": 4,
    "name": {"ko": "동의서", "en": "Consent"},
    "per": "organisation",
    "roles": ["partner"],
    "formats": ["pdf"],
}


@pytest.fixture
def agency() -> Actor:
    return make_agency_officer()


@pytest.fixture
def call(agency: Actor) -> Call:
    return publish_sample_call(agency)


def correct(agency: Actor, call: Call, **changed: object) -> None:
    with clock.at(LATER):
        commands.correct(
            actor=agency, call_id=call.pk, definition=sample_definition(**changed), reason="기준 정정"
        )


def plain(**changed: Any) -> list[dict[str, Any]]:
    """The sample's rules with other values by rule id."""
    rules = sample_definition().model_dump(mode="json")["rules"]
    return [rule | changed.get(rule["id"], {}) for rule in rules]


def told(filled: Filled) -> Corrected | None:
    with clock.at(LATER):
        application = filled.application
        application.refresh_from_db()
        application.call.refresh_from_db()
        return correction_for(
            application,
            definition_of(application.call),
            snapshot(application),
            findings(application),
            standing_submission(application),
        )


def test_nothing_is_told_and_nothing_read_where_the_call_stands_as_it_was(call: Call) -> None:
    filled = filled_application(call)

    assert told(filled) is None


def test_application_begun_under_the_corrected_call_is_told_nothing(call: Call, agency: Actor) -> None:
    with clock.at(AT_OPENING - timedelta(days=1)):
        commands.correct(
            actor=agency,
            call_id=call.pk,
            definition=sample_definition(purpose={"ko": "앞서 고침", "en": "before"}),
            reason="정정",
        )

    assert told(filled_application(call)) is None


def test_stricter_limit_appears_as_a_finding_to_mend(call: Call, agency: Actor) -> None:
    filled = filled_application(call)
    correct(agency, call, rules=plain(national_ceiling={"at_most": "10%"}))

    found = told(filled)

    assert found is not None
    assert [finding.rule for finding in found.difference.appeared] == ["national_ceiling"]
    assert found.difference.vanished == ()
    assert found.unread


def test_new_document_is_told_with_who_owes_it_and_not_twice(call: Call, agency: Actor) -> None:
    filled = filled_application(call)
    documents = [*sample_definition().model_dump(mode="json")["documents"], MORE]
    correct(agency, call, documents=documents)

    found = told(filled)

    assert found is not None
    [(name, _)] = found.difference.documents_added
    assert name.ko == "동의서"
    assert found.difference.appeared == ()


def test_lifted_rule_and_dropped_document_are_told_as_well(call: Call, agency: Actor) -> None:
    filled = filled_application(call)
    correct(agency, call, rules=plain(national_ceiling={"at_most": "10%"}))
    filled_later = filled_application(call)
    # Begun under the strict version, read under a looser one without the plan.
    type(filled_later.application).objects.filter(pk=filled_later.application.pk).update(
        created_at=LATER + timedelta(hours=1)
    )
    with clock.at(LATER + timedelta(days=1)):
        commands.correct(
            actor=agency,
            call_id=call.pk,
            definition=sample_definition(
                documents=sample_definition().model_dump(mode="json")["documents"][1:]
            ),
            reason="되돌림",
        )

    found = told(filled_later)

    assert found is not None
    assert [finding.rule for finding in found.difference.vanished] == ["national_ceiling"]
    assert [name.ko for name, _ in found.difference.documents_dropped] == ["사업계획서"]
    assert [version.number for version in found.versions] == [3]
    assert told(filled) is not None


def test_extension_tells_both_deadlines(call: Call, agency: Actor) -> None:
    filled = filled_application(call)
    with clock.at(LATER):
        commands.extend(
            actor=agency, call_id=call.pk, closes_at=CLOSES + timedelta(days=3), reason="접수 장애"
        )

    found = told(filled)

    assert found is not None
    assert found.difference.closes == (CLOSES, CLOSES + timedelta(days=3))
    # The exclusions' date moves with the deadline: that is one change, not one a finding.
    assert not found.difference.content


def test_submitted_application_is_compared_with_what_it_was_submitted_under(
    call: Call, agency: Actor
) -> None:
    submitted = submitted_application(call)
    correct(agency, call, rules=plain(national_ceiling={"at_most": "10%"}))

    found = told(submitted)

    assert found is not None
    assert found.submitted
    assert [finding.rule for finding in found.difference.appeared] == ["national_ceiling"]


def test_page_of_the_application_tells_it_and_the_next_look_costs_no_more(call: Call, agency: Actor) -> None:
    filled = filled_application(call)
    correct(agency, call, rules=plain(national_ceiling={"at_most": "10%"}))
    client = signed_in(filled.lead)
    path = f"/applications/{filled.application.pk}/"

    with clock.at(LATER):
        page = BeautifulSoup(client.get(path).content, "html.parser").select_one("#correction")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)

    assert page is not None
    assert "새로 고쳐야 하는 것 1가지" in page.get_text()
    assert page.select_one(f"a[href='/calls/{call.slug}/corrections/2/']") is not None
    assert not [each for each in queries.captured_queries if "calls_callversion" in each["sql"][:60]]


def test_correction_without_effect_says_so(call: Call, agency: Actor) -> None:
    filled = filled_application(call)
    correct(agency, call, purpose={"ko": "오타를 고친 목적", "en": "typo"})

    found = told(filled)

    assert found is not None
    assert not found.difference
