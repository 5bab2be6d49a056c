"""Lets tests with real transactions empty the database: the record's guards step aside for the flush and come back."""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from gongmo.ledger import guards
from gongmo.privacy import guards as access_guards


def let_tests_flush() -> None:
    """Wrap the flush after each transactional test. Called once, from conftest."""
    original = TransactionTestCase._fixture_teardown

    def teardown(self: Any) -> None:
        guards.remove(connection)
        access_guards.remove(connection)
        try:
            original(self)
        finally:
            guards.install(connection)
            access_guards.install(connection)

    TransactionTestCase._fixture_teardown = teardown
