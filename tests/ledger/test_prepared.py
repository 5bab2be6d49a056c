"""Prepared statements answer what the same queryset would, and keep no value of an earlier call."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext

from gongmo.applications.models import BudgetCell
from gongmo.kernel import clock
from gongmo.ledger.models import Entry
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import insert, update
from gongmo.parties.models import Grant, Membership, Organisation, Person
from tests.builders import make_applicant, make_organisation, make_person

pytestmark = pytest.mark.django_db


@prepared
def _held(*, person: int, now: datetime) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(person=person, since__lte=now).select_related("organisation").order_by("pk")
    )


@prepared
def _beginning(*, name: str) -> QuerySet[Organisation, str]:
    return Organisation.objects.filter(name__startswith=name).order_by("name").values_list("name", flat=True)


@prepared
def _shaped(active: bool, /, *, pk: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=pk, is_active=active).annotate(places=Count("memberships"))


@prepared
def _nothing(*, pk: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=pk, pk__in=[])


@prepared
def _locked(*, pk: int) -> QuerySet[Person]:
    return Person.objects.select_for_update().filter(pk=pk)


def test_each_call_answers_its_own_values() -> None:
    one, other = make_applicant(), make_applicant()
    now = clock.now()

    found = [_held(person=each.person or 0, now=now)[0] for each in (one, other, one)]

    assert [each.organisation_id for each in found] == [
        one.organisation,
        other.organisation,
        one.organisation,
    ]
    assert found[0].organisation.name == one.organisation_name
    assert _held(person=one.person or 0, now=now - timedelta(days=9000)) == []


def test_it_costs_one_statement_with_what_is_joined() -> None:
    actor = make_applicant()
    _held(person=0, now=clock.now())

    with CaptureQueriesContext(connection) as queries:
        names = [each.organisation.name for each in _held(person=actor.person or 0, now=clock.now())]

    assert names == [actor.organisation_name]
    assert len(queries) == 1


def test_texts_that_begin_with_signs_of_patterns_are_texts() -> None:
    make_organisation()
    Organisation.objects.update(name="100% 지역_기업")

    assert _beginning(name="100% ") == ["100% 지역_기업"]
    assert _beginning(name="1_0") == []
    assert _beginning(name="%") == []


def test_a_text_cannot_leave_its_place() -> None:
    make_organisation()

    assert _beginning(name="' OR 1=1 --") == []


def test_shapes_are_statements_of_their_own_and_annotations_are_there() -> None:
    person = make_person()

    found = _shaped.first(True, pk=person.pk)

    assert found == person
    assert found.places == 0  # type: ignore[attr-defined]
    assert _shaped.first(False, pk=person.pk) is None


def test_what_can_find_nothing_asks_nobody() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert _nothing(pk=3) == []
    assert len(queries) == 0


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only() -> None:
    person = make_person()
    with transaction.atomic():
        assert _locked.first(pk=person.pk) == person
    if connection.features.has_select_for_update:
        with pytest.raises(transaction.TransactionManagementError):
            _locked.first(pk=person.pk)


def test_a_value_that_reaches_no_statement_is_a_mistake() -> None:
    @prepared
    def lost(*, pk: int) -> QuerySet[Person]:
        return Person.objects.all()

    with pytest.raises(TypeError, match="pk"):
        lost(pk=1)


def test_a_row_written_by_hand_is_the_row_that_django_would_write() -> None:
    person, organisation = make_person(), make_organisation()
    now = clock.now()

    insert(Grant(person=person, role="agency", organisation=organisation, since=now))
    found = Grant.objects.get(person=person)
    found.until = now + timedelta(days=1)
    update(found, "until")

    stored = Grant.objects.get(person=person)
    assert (stored.role, stored.organisation_id, stored.since, stored.until) == (
        "agency",
        organisation.pk,
        now,
        now + timedelta(days=1),
    )


def test_changing_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(Entry.DoesNotExist):
        update(Entry(sequence=10**9, act="x"), "act")


def test_rows_written_by_hand_are_sealed_like_any_other() -> None:
    from gongmo.ledger.rows import take

    person = make_person()
    take("default")
    grant = Grant.objects.create(person=person, role="operator", since=clock.now())
    take("default")

    grant.until = clock.now()
    update(grant, "until")

    assert list(take("default")) == ["parties.grant"]


def test_numbers_reach_the_smallest_columns_and_those_that_no_database_holds_find_nothing() -> None:
    @prepared
    def cells(*, year: int, pk: int) -> QuerySet[BudgetCell]:
        return BudgetCell.objects.filter(year=year, application=pk)

    assert cells(year=2030, pk=1) == []
    with CaptureQueriesContext(connection) as queries:
        cells(year=2030, pk=1)
        assert cells(year=2030, pk=2**63) == []
    assert len(queries) == 1
    assert "2030" in queries[0]["sql"]
