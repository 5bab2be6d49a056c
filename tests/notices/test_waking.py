"""An act that people are told of asks for one run of the telling, however many acts there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from gongmo.notices.receivers import KEY
from gongmo.tasks.models import Job
from tests.builders import publish_sample_call

pytestmark = pytest.mark.django_db


def runs() -> list[str]:
    return list(DBTaskResult.objects.filter(job__key=KEY).values_list("status", flat=True))


def test_a_run_that_waits_is_enough_and_is_not_asked_for_again() -> None:
    publish_sample_call(slug="first")
    assert runs() == ["READY"]

    with CaptureQueriesContext(connection) as asked:
        publish_sample_call(slug="second")

    assert runs() == ["READY"]
    # The new call's own work is asked for; of the telling is only looked whether it waits.
    about = [query["sql"] for query in asked if "notices.tell" in query["sql"]]
    assert about
    assert all(sql.startswith("SELECT") for sql in about)


@pytest.mark.parametrize(
    ("status", "again", "then"), [("RUNNING", True, "RUNNING"), ("SUCCESSFUL", False, "READY")]
)
def test_a_run_under_way_or_done_is_followed_by_another(status: str, again: bool, then: str) -> None:
    publish_sample_call(slug="first")
    DBTaskResult.objects.filter(job__key=KEY).update(status=status)

    publish_sample_call(slug="second")

    assert (Job.objects.get(key=KEY).again, runs()) == (again, [then])
