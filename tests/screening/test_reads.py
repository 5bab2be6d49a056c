"""The review's files and requests: given to who may see them, and to nobody else told that they are there."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from gongmo.calls.queries import definition_of
from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor
from gongmo.kernel.errors import NotFound
from gongmo.screening import commands, queries
from gongmo.screening.models import SupplementItem
from gongmo.screening.queries import files
from gongmo.screening.queries.requests import overdue
from tests.builders import make_applicant, make_ministry_officer, pdf
from tests.screening.builders import AT_REVIEW, in_review

pytestmark = pytest.mark.django_db
DUE = AT_REVIEW + timedelta(days=5)


def given_to(ask: Callable[[Actor], object], readers: dict[str, Actor]) -> set[str]:
    """The readers who get an answer; the others are told that there is nothing."""
    found = set()
    for name, reader in readers.items():
        try:
            ask(reader)
        except NotFound:
            continue
        found.add(name)
    return found


def test_files_and_requests_are_for_the_officers_and_the_own_consortium() -> None:
    found = in_review()
    application, lead, partner = found.items[0].application, found.items[0].lead, found.partner()
    document = next(kind.id for kind in definition_of(found.call).documents if kind.per == "application")
    with clock.at(AT_REVIEW):
        record = commands.record_fact(
            actor=found.agency,
            application_id=application.pk,
            organisation_id=partner.pk,
            fact="arrears",
            value=Truth.NO,
            source=FactSource.CERTIFICATE,
            as_of=date(2030, 3, 14),
            evidence=("납세증명서.pdf", pdf("certificate")),
        )
        demand = commands.demand_proof(
            actor=found.agency,
            application_id=application.pk,
            organisation_id=partner.pk,
            fact="arrears",
            due_at=DUE,
        )
        supplement = commands.request_supplement(
            actor=found.agency,
            application_id=application.pk,
            what="다시 내 주세요.",
            due_at=DUE,
            opened=[f"document:{document}:"],
        )
        item = SupplementItem.objects.get(supplement=supplement)
        assert not overdue(found.call)
        commands.hand_in_proof(actor=lead, demand_id=demand.pk, name="증빙.pdf", stream=pdf("proof"))
        commands.attach_to_supplement(actor=lead, item_id=item.pk, name="계획.pdf", stream=pdf("plan"))
    readers = {
        "officer": found.agency,
        "ministry": make_ministry_officer(),
        "lead": lead,
        "stranger": make_applicant(),
        "visitor": PUBLIC,
    }
    officers, own = {"officer", "ministry"}, {"lead"}

    assert given_to(lambda reader: files.evidence_file(reader, record.pk), readers) == officers
    assert given_to(lambda reader: files.proof_file(reader, demand.pk), readers) == officers | own
    assert given_to(lambda reader: files.item_file(reader, item.pk), readers) == own
    assert given_to(lambda reader: files.supplement_file(reader, supplement.pk), readers) == set()
    assert given_to(lambda reader: files.objection_file(reader, 10**9), readers) == set()
    assert files.item_file(lead, item.pk)[1] == "계획.pdf"
    asks: tuple[Callable[[Actor], object], ...] = (
        lambda reader: queries.own_application(reader, application.pk),
        lambda reader: queries.own_item(reader, item.pk).supplement.application,
        lambda reader: queries.own_supplement(reader, supplement.pk).application,
        lambda reader: queries.own_demand(reader, demand.pk).application,
    )
    for ask in asks:
        assert given_to(ask, readers) == own
        assert ask(lead) == application
    with clock.at(DUE):
        assert overdue(found.call)


def test_the_first_open_reviews_are_chosen_in_their_order() -> None:
    found = in_review(2)

    assert queries.reviews_to_decide(found.agency, found.call, limit=1) == [found.review(0).pk]
    assert queries.reviews_to_decide(found.agency, found.call, limit=9) == [
        found.review(0).pk,
        found.review(1).pk,
    ]
    assert queries.eligible_titles(found.call) == []
    with pytest.raises(NotFound):
        queries.reviews_to_decide(found.items[0].lead, found.call, limit=9)
