"""Fitting the budget on the page: a lawful proposal, cell by cell, within one's own part."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from gongmo.applications import commands
from gongmo.applications.models import BudgetCell
from gongmo.applications.queries.budget import budget_of
from gongmo.applications.values import CellInput
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.rules.finding import Verdict, verdict
from tests.applications.test_money_pages import address_of, client_of, partner_of, soup
from tests.builders import AT_OPENING, Filled, filled_application, publish_sample_call

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _while_the_intake_is_open() -> Iterator[None]:
    with clock.at(AT_OPENING + timedelta(hours=1)):
        yield


@pytest.fixture
def call() -> Call:
    return publish_sample_call()


@pytest.fixture
def broken(call: Call) -> Filled:
    """A budget with too much national money."""
    filled = filled_application(call)
    commands.set_cells(
        actor=filled.lead,
        application_id=filled.application.pk,
        cells=[
            CellInput(
                filled.lead.organisation or 0, 2030, "solution", "staff", "national", "cash", 400_000_000
            )
        ],
    )
    return filled


def proposal(page: BeautifulSoup) -> dict[str, str]:
    return {
        str(item["name"]): str(item["value"]) for item in page.select("form.mo-proposal input[type=hidden]")
    }


def lawful(filled: Filled) -> bool:
    return verdict(budget_of(filled.application).findings) is not Verdict.FAIL


def test_accepting_the_whole_proposal_makes_the_budget_lawful(broken: Filled) -> None:
    client = client_of(broken.lead)
    assert not lawful(broken)

    page = soup(client.get(address_of(broken) + "fit/"))
    taken = [str(item["value"]) for item in page.select("input[name=take][checked]")]
    response = client.post(address_of(broken) + "accept/", proposal(page) | {"take": taken})

    assert "금액 규칙에 맞습니다" in page.get_text()
    assert "지금 어긋난 것" in page.get_text()
    assert response.status_code == 302
    assert lawful(broken)
    after = soup(client.get(address_of(broken) + "fit/"))
    assert "이미 금액 규칙에 맞습니다" in after.get_text()
    assert not after.select("form.mo-proposal")


def test_only_the_chosen_cells_are_written(broken: Filled) -> None:
    client = client_of(broken.lead)
    before = dict(BudgetCell.objects.values_list("pk", "amount"))
    posted = proposal(soup(client.get(address_of(broken) + "fit/")))

    assert client.post(address_of(broken) + "accept/", posted).status_code == 422
    assert dict(BudgetCell.objects.values_list("pk", "amount")) == before
    groups = json.loads(posted["changes"])
    client.post(address_of(broken) + "accept/", posted | {"take": "0"})

    changed = {
        key for key, amount in BudgetCell.objects.values_list("pk", "amount") if before.get(key) != amount
    }
    assert len(changed) == 1
    assert BudgetCell.objects.filter(amount=groups[0][0][-1]).exists()


def test_what_stays_stays(broken: Filled) -> None:
    client = client_of(broken.lead)

    free = json.loads(proposal(soup(client.get(address_of(broken) + "fit/")))["changes"])
    page = soup(client.get(address_of(broken) + "fit/", {"source": ["local", "private"], "new": "no"}))
    kept = json.loads(proposal(page)["changes"])

    assert {item[4] for group in free for item in group} != {"national"}
    assert {item[4] for group in kept for item in group} == {"national"}


def test_the_impossible_is_told_with_the_rules_in_the_way(broken: Filled) -> None:
    response = client_of(broken.lead).get(
        address_of(broken) + "fit/", {"source": ["national", "local", "private"]}
    )

    page = soup(response)
    assert "이대로는 맞출 수 없습니다" in page.get_text()
    assert not page.select("form.mo-proposal")
    assert page.select(".gm-notice--warning li")


def test_a_member_moves_only_its_own_cells(broken: Filled) -> None:
    member, actor = partner_of(broken)
    commands.set_cells(
        actor=actor,
        application_id=broken.application.pk,
        cells=[CellInput(member.organisation_id, 2030, "people", "staff", "private", "cash", 1_000)],
    )
    client = client_of(actor)

    changes = json.loads(proposal(soup(client.get(address_of(broken) + "fit/")))["changes"])
    others = json.loads(
        proposal(
            soup(client.get(address_of(broken) + "fit/", {"organisation": broken.lead.organisation or 0}))
        )["changes"]
    )

    assert {item[0] for group in [*changes, *others] for item in group} == {member.organisation_id}


def test_an_empty_budget_is_told(call: Call) -> None:
    filled = filled_application(call)
    commands.set_cells(actor=filled.lead, application_id=filled.application.pk, cells=[], replace=True)

    response = client_of(filled.lead).get(address_of(filled) + "fit/")

    assert response.status_code == 422
    assert "사업비가 비어 있습니다" in response.content.decode()


def test_a_submitted_budget_is_not_fitted(call: Call) -> None:
    filled = filled_application(call)
    commands.submit(actor=filled.lead, application_id=filled.application.pk)

    page = soup(client_of(filled.lead).get(address_of(filled) + "fit/"))

    assert "제출한 신청서입니다" in page.get_text()
    assert not page.select("form.mo-proposal")
