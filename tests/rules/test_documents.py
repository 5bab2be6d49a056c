"""Documents: due by role and condition, missing or in a wrong format, and never too many."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.definition.base import Severity
from gongmo.rules.documents import check_documents, due_documents, extension
from gongmo.rules.finding import Status
from tests.rules.sample import T, application, cell, definition, only, organisation, statuses

MEMBERS = [organisation("lead"), organisation("b", "partner"), organisation("c", "partner")]


def kind(name: str, **more: Any) -> dict[str, Any]:
    made = {
        "id": name,
        "number": 1,
        "clause": "T-1",
        "name": T,
        "per": "application",
        "roles": ["lead"],
        "formats": ["pdf"],
    }
    return {**made, **more}


def given_file(name: str, file: str = "a.pdf", **more: Any) -> dict[str, Any]:
    return {"kind": name, "file": file, **more}


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([], Status.FAIL),
        (["plan.pdf"], Status.PASS),
        (["plan.PDF"], Status.PASS),
        (["plan.hwp"], Status.FAIL),
        (["pdf"], Status.FAIL),
        ([".pdf"], Status.FAIL),
        (["plan.pdf", "plan.exe"], Status.FAIL),
    ],
)
def test_a_due_document_is_there_in_a_format_that_is_taken(files: list[str], status: Status) -> None:
    made = application(organisations=MEMBERS, documents=[given_file("plan", file) for file in files])
    found = only(check_documents(definition(documents=[kind("plan")]), made), "plan")
    assert found.status is status
    assert found.clause == "T-1"


def test_a_missing_document_names_who_owes_it() -> None:
    call = definition(documents=[kind("pledge", per="organisation", roles=["partner"])])
    made = application(organisations=MEMBERS, documents=[given_file("pledge", organisation="b")])
    found = [f for f in check_documents(call, made) if f.status is Status.FAIL]
    assert [f.subject.id for f in found] == ["pledge/c"]
    assert "기관 c" in found[0].message.ko


def test_what_is_written_from_the_application_is_to_be_signed_and_the_rest_to_be_handed_in() -> None:
    """On the closing day somebody made a file of every form by hand, where a signature was all that lacked."""
    paper = {"template": "application_form", "default": T}
    call = definition(documents=[kind("form", generated=True, paper=paper), kind("plan", number=2)])

    form, plan = check_documents(call, application(organisations=MEMBERS))

    assert form.remedy is not None
    assert plan.remedy is not None
    assert "서명" in form.remedy.ko
    assert "서명" not in plan.remedy.ko


def test_a_document_without_an_organisation_counts_where_only_one_owes_it() -> None:
    call = definition(documents=[kind("pledge", per="organisation", roles=["partner"])])
    two = application(organisations=MEMBERS, documents=[given_file("pledge")])
    one = application(organisations=MEMBERS[:2], documents=[given_file("pledge")])
    assert statuses(check_documents(call, two), "pledge") == [Status.FAIL, Status.FAIL]
    assert statuses(check_documents(call, one), "pledge") == [Status.PASS]


@pytest.mark.parametrize(
    ("member", "cells", "due"),
    [
        ({}, [], False),
        ({"buys_assets": True}, [], True),
        ({}, [cell("local", 1, category="machines", organisation="b")], True),
        ({}, [cell("local", 0, category="machines", organisation="b")], False),
        ({}, [cell("local", 1, category="machines")], False),
    ],
)
def test_an_asset_plan_is_due_where_assets_are_bought(
    member: dict[str, Any], cells: list[Any], due: bool
) -> None:
    call = definition(
        documents=[kind("assets", per="organisation", roles=["partner"], when={"kind": "buys_assets"})]
    )
    made = application(*cells, organisations=[organisation("lead"), organisation("b", "partner", **member)])
    assert [item.subject.id for item in due_documents(call, made)] == (["assets/b"] if due else [])


@pytest.mark.parametrize(("amount", "due"), [(0, False), (1, True)])
def test_a_contributor_owes_its_document(amount: int, due: bool) -> None:
    when = {"kind": "contributes", "source": "local"}
    call = definition(documents=[kind("pledge", roles=["lead"], when=when)])
    made = application(cell("local", amount), organisations=MEMBERS)
    assert bool(due_documents(call, made)) == due


def test_what_is_given_without_being_due_passes_silently() -> None:
    call = definition(documents=[kind("assets", per="organisation", when={"kind": "buys_assets"})])
    assert check_documents(call, application(documents=[given_file("assets", organisation="lead")])) == ()


@pytest.mark.parametrize("document", [given_file("poem"), given_file("plan", organisation="nobody")])
def test_a_file_under_an_unknown_name_is_told_and_decides_nothing(document: dict[str, Any]) -> None:
    call = definition(documents=[kind("plan", per="organisation")])
    made = application(documents=[given_file("plan", organisation="lead"), document])
    found = only(check_documents(call, made), "document_names")
    assert (found.status, found.severity) == (Status.FAIL, Severity.ADVISORY)


@given(st.sets(st.sampled_from(["lead", "b", "c"])), st.randoms())
def test_giving_more_never_makes_a_document_missing(given_by: set[str], shuffle: Random) -> None:
    call = definition(documents=[kind("pledge", per="organisation", roles=["lead", "partner"])])
    documents = [given_file("pledge", organisation=name) for name in sorted(given_by)]
    shuffle.shuffle(documents)
    found = check_documents(call, application(organisations=MEMBERS, documents=documents))
    missing = {f.subject.organisation for f in found if f.status is Status.FAIL}
    assert missing == {"lead", "b", "c"} - given_by


def test_an_extension_needs_a_name_before_it() -> None:
    assert [extension(file) for file in ("a.tar.GZ", "noext", ".pdf", "계획서.hwpx")] == [
        "gz",
        "",
        "",
        "hwpx",
    ]
