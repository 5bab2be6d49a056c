import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongmo.applications.models import Application
from gongmo.applications.queries import history, snapshot
from gongmo.calls.models import Call
from tests.builders import filled_application, publish_sample_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Call:
    return publish_sample_call()


@pytest.mark.parametrize("partners", [0, 4])
def test_snapshot_takes_seven_queries_whatever_the_consortium(call: Call, partners: int) -> None:
    key = filled_application(call, partners=partners).application.pk
    application = Application.objects.select_related("call__version").get(pk=key)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        value = snapshot(application)

    assert len(queries) == 7
    assert len(value.organisations) == partners + 2
    assert value.organisations[0].role == "lead"


def test_history_names_acts_in_both_languages_and_hides_what_higher_floors_do(call: Call) -> None:
    filled = filled_application(call, partners=0)

    found = history(filled.application)

    assert found[-1].ko == "신청을 시작함"
    assert all(record.act.startswith("applications.") and record.ko != record.act for record in found)
