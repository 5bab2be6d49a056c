"""The tree that a process keeps: it grows with the record and notices a record that was set back."""

import pytest
from django.db import transaction

from gongmo.kernel.actor import system
from gongmo.ledger import commands, merkle, queries, tree

SYSTEM = system("test")


def note(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            commands.append(actor=SYSTEM, act="test.noted", subject=("thing", number), payload={})


def plain_root(size: int) -> bytes:
    return merkle.root(queries.leaf_hashes(size))


@pytest.mark.django_db
def test_the_root_follows_the_record_as_it_grows() -> None:
    note(5)
    assert tree.root(5) == plain_root(5)

    note(8)

    assert tree.root(13) == plain_root(13)
    assert tree.root(5) == plain_root(5)


@pytest.mark.django_db
def test_a_record_that_was_set_back_is_read_anew() -> None:
    note(3)
    with transaction.atomic():
        note(4)
        assert tree.root(7) == plain_root(7)
        transaction.set_rollback(True)

    note(1)

    assert tree.root(4) == plain_root(4)


@pytest.mark.django_db
def test_growing_reads_only_what_was_added(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    note(20)
    tree.root(20)

    with django_assert_num_queries(1):
        tree.inclusion_proof(7, 20)


@pytest.mark.django_db
def test_no_root_beyond_the_record() -> None:
    note(2)

    with pytest.raises(IndexError):
        tree.root(3)
