"""What every test gets: steady Hypothesis runs and the `database` marker by which the PostgreSQL run selects its tests."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "gongmo",
    max_examples=100,
    deadline=None,
    # The same examples every time in CI: a red run means that the change is at fault.
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gongmo")

_DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & _DATABASE_FIXTURES:
            item.add_marker("database")


def pytest_configure() -> None:
    # The record refuses to be emptied; tests with real transactions empty it all the same.
    from tests.ledger.flushing import let_tests_flush

    let_tests_flush()


@pytest.fixture(autouse=True)
def _no_page_of_another_test() -> None:
    """Two tests' records may be alike to the last hash, while what a test wrote past the commands is not."""
    from gongmo.parties.kept import BY_RECORD

    BY_RECORD.clear()
