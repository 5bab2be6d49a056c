"""Saving field by field, by several people, through the endpoint that pages talk to."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.applications import commands
from gongmo.applications.commands import FieldInput, SaveState, save_fields
from gongmo.applications.commands.money import key_of, path_of
from gongmo.applications.models import (
    Application,
    BudgetCell,
    Declaration,
    DraftVersion,
    FieldChange,
    Member,
)
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger import queries, rows
from gongmo.ledger.models import Entry
from gongmo.parties.models import Person
from tests.builders import (
    AT_OPENING,
    AT_REGIONAL,
    CLOSES,
    Filled,
    filled_application,
    make_applicant,
    member_actor,
    officer,
    publish_sample_call,
    publish_sample_regional,
    submitted_application,
)
from tests.sample_call import C, sample_definition, t

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = AT_OPENING + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _open() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def call() -> Call:
    return publish_sample_call()


@pytest.fixture
def filled(call: Call) -> Filled:
    return filled_application(call)


def save(actor: Actor, application: Application, *changes: tuple[Any, ...]) -> list[commands.Saved]:
    found = [FieldInput(*change) for change in changes]
    return list(save_fields(actor=actor, application_id=application.pk, changes=found).results)


def base_of(application: Application, path: str) -> int:
    newest = FieldChange.objects.filter(application=application, path=path).order_by("-revision").first()
    return newest.revision if newest is not None else 0


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


def post(client: Client, application: Application, *changes: tuple[str, Any, int]) -> Any:
    body = {"changes": [{"path": path, "value": value, "base": base} for path, value, base in changes]}
    return client.post(f"/applications/{application.pk}/save/", json.dumps(body), "application/json")


def test_saves_and_counts_the_fields_revisions(filled: Filled) -> None:
    base = base_of(filled.application, "summary")

    with clock.at(LATER):
        first = save(filled.lead, filled.application, ("summary", "새 개요\r\n둘째 줄", base))
    with clock.at(LATER + MINUTE):
        second = save(filled.lead, filled.application, ("summary", "더 새 개요", first[0].revision))

    assert [item.state for item in first + second] == [SaveState.SAVED] * 2
    assert first[0].value == "새 개요\n둘째 줄"
    assert second[0].revision == first[0].revision + 1
    assert Application.objects.get(pk=filled.application.pk).summary == "더 새 개요"


def test_a_region_chosen_wrongly_is_mended_and_only_eligible_ones_are_taken(filled: Filled) -> None:
    """The region was settled at the start for good: somebody who chose the wrong one had to begin anew."""
    Application.objects.filter(pk=filled.application.pk).update(region="KR-11")

    (mended,) = save(filled.lead, filled.application, ("region", "KR-27", 0))
    others = [
        save(filled.lead, filled.application, ("region", value, mended.revision))[0]
        for value in ("KR-11", "KR-00", "", ["KR-48"], None)
    ]

    assert mended.state is SaveState.SAVED
    assert [(item.state, item.code) for item in others[:3]] == [(SaveState.REFUSED, "region_unknown")] * 3
    assert {item.state for item in others} == {SaveState.REFUSED}
    assert Application.objects.get(pk=filled.application.pk).region_id == "KR-27"


def test_a_conflict_without_the_script_names_what_is_stored_and_not_its_code(asking: Filled) -> None:
    client = client_of(asking.lead)
    address = f"/applications/{asking.application.pk}/overview/"
    form = BeautifulSoup(client.get(address).content, "html.parser")
    seen = form.select_one('input[name="seen:region"]')
    assert seen is not None
    colleague = member_actor(asking.application.lead, OrganisationRole.WRITER)
    save(colleague, asking.application, ("region", "KR-26", base_of(asking.application, "region")))

    answer = client.post(address, {"seen:region": str(seen["value"]), "region": "KR-27", "do": "save"})

    note = BeautifulSoup(answer.content, "html.parser").select_one(".app-note--conflict")
    assert note is not None
    assert "부산광역시" in note.get_text()
    assert "KR-" not in note.get_text()


def test_an_application_of_the_lead_itself_has_no_region_of_its_own() -> None:
    call = publish_sample_regional()
    with clock.at(AT_REGIONAL):
        lead = make_applicant("KR-48", OrganisationKind.COMPANY)
        application = commands.start(actor=lead, call_id=call.pk, title="가상 사업")
        (found,) = save(lead, application, ("region", "KR-49", 0))

    assert (found.state, found.code) == (SaveState.REFUSED, "field_unknown")


def test_older_view_overwrites_nothing_and_is_told_who_when_and_what(filled: Filled) -> None:
    colleague = member_actor(filled.application.lead, OrganisationRole.WRITER)
    base = base_of(filled.application, "title")
    save(colleague, filled.application, ("title", "동료의 사업명", base))

    (result,) = save(filled.lead, filled.application, ("title", "나의 사업명", base))

    assert (result.state, result.value, result.by) == (SaveState.CONFLICT, "동료의 사업명", colleague.name)
    assert result.at == LATER
    assert Application.objects.get(pk=filled.application.pk).title == "동료의 사업명"
    (mine,) = save(filled.lead, filled.application, ("title", "나의 사업명", result.revision))
    assert mine.state is SaveState.SAVED


def test_own_save_whose_answer_was_lost_is_no_conflict_however_its_value_is_written(asking: Filled) -> None:
    path = one_of_each(asking)["cell"][0]
    base = base_of(asking.application, path)
    save(asking.lead, asking.application, (path, "1,000원", base))

    (unknown,) = save(asking.lead, asking.application, (path, "2,000", base))
    (tried,) = save(asking.lead, asking.application, (path, "2,000", base, ("abc", "1,000원")))

    assert (unknown.state, unknown.own) == (SaveState.CONFLICT, True)
    assert (tried.state, tried.value) == (SaveState.SAVED, 2000)


def test_what_somebody_else_saved_is_in_conflict_though_it_is_what_the_writer_has_tried(
    filled: Filled,
) -> None:
    colleague = member_actor(filled.application.lead, OrganisationRole.WRITER)
    base = base_of(filled.application, "title")
    save(colleague, filled.application, ("title", "같은 이름", base))

    (result,) = save(filled.lead, filled.application, ("title", "나의 사업명", base, ("같은 이름",)))

    assert result.state is SaveState.CONFLICT


def test_same_value_is_saved_whatever_was_seen(filled: Filled) -> None:
    before = Entry.objects.count()

    (result,) = save(filled.lead, filled.application, ("title", f" {filled.application.title} ", 0))

    assert result.state is SaveState.SAVED
    assert Entry.objects.count() == before


def test_one_refused_change_does_not_lose_the_others(filled: Filled) -> None:
    results = save(
        filled.lead,
        filled.application,
        ("title", "", base_of(filled.application, "title")),
        ("summary", "남는 글", base_of(filled.application, "summary")),
        ("nonsense:1", "x", 0),
        ("cell:1:2:3", 5, 0),
        ("fact:999:arrears:value", "no", 0),
    )

    assert [item.state.value for item in results] == ["refused", "saved", "refused", "refused", "refused"]
    assert "사업명을 적어 주세요" in results[0].ko
    assert Application.objects.get(pk=filled.application.pk).summary == "남는 글"


def test_a_batch_is_one_act_with_no_long_text_in_the_record(filled: Filled) -> None:
    before = Entry.objects.count()

    save(
        filled.lead,
        filled.application,
        ("title", "새 이름", base_of(filled.application, "title")),
        ("summary", "기록에 남지 않는 긴 글", base_of(filled.application, "summary")),
    )

    entry = Entry.objects.latest("sequence")
    assert Entry.objects.count() == before + 1
    assert entry.act == "applications.save_fields"
    assert "새 이름" in entry.body
    assert "기록에 남지 않는" not in entry.body


def test_members_write_their_own_money_and_answers_only(filled: Filled) -> None:
    application = filled.application
    partner = Member.objects.get(application=application, role="partner")
    lead = Member.objects.get(application=application, role="lead")
    actor = filled.actors[partner.organisation_id]
    cell = "cell:{}:2030:solution:staff:private:in_kind:0"

    results = save(
        actor,
        application,
        (cell.format(partner.organisation_id), "1,000원", 0),
        (cell.format(lead.organisation_id), 5, base_of(application, cell.format(lead.organisation_id))),
        ("title", "남의 것", base_of(application, "title")),
        (f"fact:{partner.pk}:arrears:note", "확인함", 0),
        (f"fact:{lead.pk}:arrears:value", "yes", 0),
    )

    assert [item.state.value for item in results] == ["saved", "refused", "refused", "saved", "refused"]
    assert application.cells.get(organisation=partner.organisation_id).amount == 1000
    assert Declaration.objects.get(member=partner, fact="arrears").note == "확인함"


@pytest.mark.parametrize("amount", ["-1", "1.5", 10**15 + 1, "삼억", "=SUM(A1)", True, [1]])
def test_unusable_amounts_are_refused_in_words(filled: Filled, amount: object) -> None:
    path = f"cell:{filled.application.lead_id}:2031:people:staff:local:cash:0"

    (result,) = save(filled.lead, filled.application, (path, amount, 0))

    assert result.state is SaveState.REFUSED
    assert result.ko


def test_another_writer_or_ten_minutes_keep_a_version_first(filled: Filled) -> None:
    application = filled.application
    colleague = member_actor(application.lead, OrganisationRole.WRITER)

    def versions() -> int:
        return DraftVersion.objects.filter(application=application).count()

    def write(actor: Actor, text: str, minutes: float) -> None:
        with clock.at(LATER + minutes * MINUTE):
            save(actor, application, ("summary", text, base_of(application, "summary")))

    write(filled.lead, "준비", -1)
    write(filled.lead, "하나", 0)
    kept = versions()
    write(filled.lead, "둘", 2)
    write(filled.lead, "셋", 9.5)
    assert versions() == kept
    write(colleague, "넷", 12)
    assert versions() == kept + 1
    assert json.loads(DraftVersion.objects.latest("id").content)["summary"] == "셋"
    write(filled.lead, "다섯", 12.5)
    assert versions() == kept + 1, "two who write at once must not keep a version with every word"


def test_what_one_person_types_in_a_minute_is_one_line_of_the_journal(filled: Filled) -> None:
    base = base_of(filled.application, "summary")
    for number in range(5):
        save(filled.lead, filled.application, ("summary", "가" * (number + 1), base + number))

    lines = FieldChange.objects.filter(application=filled.application, path="summary", changed_at=LATER)

    assert [(line.revision, line.after) for line in lines] == [(base + 5, "가" * 5)]


def test_replaced_text_keeps_a_line_of_its_own_within_the_minute(filled: Filled) -> None:
    base = base_of(filled.application, "summary")
    for number, text in enumerate(("처음 쓴 긴 글입니다", "전혀 다른 것을 붙여 넣음")):
        save(filled.lead, filled.application, ("summary", text, base + number))

    lines = FieldChange.objects.filter(application=filled.application, path="summary", changed_at=LATER)

    assert [line.after for line in lines] == ["처음 쓴 긴 글입니다", "전혀 다른 것을 붙여 넣음"]


def test_submitted_and_finished_applications_refuse_as_a_whole(call: Call) -> None:
    submitted = submitted_application(call, partners=0)

    response = post(client_of(submitted.lead), submitted.application, ("summary", "늦은 글", 0))

    assert response.status_code == 409
    assert response.json()["code"] == "application_submitted"


def test_after_the_deadline_it_is_saved_and_both_times_are_told(filled: Filled) -> None:
    with clock.at(CLOSES):
        told = post(
            client_of(filled.lead),
            filled.application,
            ("summary", "늦은 글", base_of(filled.application, "summary")),
        ).json()

    assert told["closed"] is True
    assert (told["at"], told["closes_at"]) == (CLOSES.isoformat(), CLOSES.isoformat())


def test_strangers_learn_nothing_and_visitors_are_told_to_sign_in(filled: Filled) -> None:
    with pytest.raises(NotFound):
        save(make_applicant(), filled.application, ("title", "x", 0))
    assert post(client_of(make_applicant()), filled.application, ("title", "x", 0)).status_code == 404
    answer = post(Client(), filled.application, ("title", "x", 0))
    assert (answer.status_code, answer.json()["code"]) == (403, "signed_out")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        '{"changes": 5}',
        '{"changes": [{"path": 1, "value": "", "base": 0}]}',
        '{"changes": [{"path": "title", "value": ""}]}',
        '{"changes": [{"path": "title", "value": "", "base": true}]}',
        "[" * 100_000,
    ],
)
def test_bodies_of_another_shape_are_refused(filled: Filled, body: str) -> None:
    response = client_of(filled.lead).post(
        f"/applications/{filled.application.pk}/save/", body, "application/json"
    )

    assert response.status_code == 422
    assert "화면을 새로 고치고" in response.json()["ko"]


def test_text_is_stored_as_people_see_it(filled: Filled) -> None:
    decomposed = "\u1100\u1161"  # 가 as macOS writes it

    (result,) = save(
        filled.lead,
        filled.application,
        ("summary", f"{decomposed}\x00\ud800<b>", base_of(filled.application, "summary")),
    )

    assert result.value == "가<b>"


def test_too_many_changes_are_refused(filled: Filled) -> None:
    with pytest.raises(Refused):
        save(filled.lead, filled.application, *((f"answer:x{n}", "", 0) for n in range(2001)))


QUESTION = {
    "id": "goals",
    **C,
    "name": t("목표", "Goals"),
    "kind": "long_text",
    "limit": 50,
    "required": False,
}


@pytest.fixture
def asking() -> Filled:
    """An application to a call with a question of its own."""
    form = {"sections": [{"id": "plan", "name": t("계획", "Plan"), "questions": [QUESTION]}]}
    return filled_application(publish_sample_call(definition=sample_definition(form=form)))


def one_of_each(filled: Filled) -> dict[str, tuple[str, list[Any]]]:
    """A field of each kind by its word: its path, and values to save one after the other."""
    application, lead = filled.application, filled.lead
    (kpi,) = commands.add_kpi(actor=lead, application_id=application.pk)
    member = Member.objects.get(application=application, role="lead")
    cell = f"cell:{application.lead_id}:2031:people:staff:local:cash:0"
    return {
        "summary": ("summary", ["하나", "둘", "셋"]),
        "answer": ("answer:goals", ["하나의 목표", "둘째 목표", "셋째 목표"]),
        "kpi": (f"kpi:{kpi.pk}:target", ["1", "2.50", "3"]),
        "fact": (f"fact:{member.pk}:arrears:note", ["설명 하나", "설명 둘", "설명 셋"]),
        "cell": (cell, [1_000_000, 2_000_000, 3_000_000]),
    }


def test_a_save_takes_few_statements(asking: Filled) -> None:
    client = client_of(asking.lead)
    for kind, (path, values) in one_of_each(asking).items():
        base = base_of(asking.application, path)
        for number, value in enumerate(values[:2]):
            with clock.at(LATER + number * MINUTE):
                post(client, asking.application, (path, value, base + number))

        with clock.at(LATER + 2 * MINUTE), CaptureQueriesContext(connection) as asked:
            saved = post(client, asking.application, (path, values[2], base + 2))

        assert saved.json()["results"][0]["state"] == "saved", kind
        # Session, person; lock with the record's end, the field with its journal, its row (but for a column of the application itself),
        # the application, the journal, the record. PostgreSQL reads the record's end under a lock of its own.
        told = [
            query["sql"]
            for query in asked
            if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        ]
        most = (7 if kind == "summary" else 8) + (2 if connection.vendor == "postgresql" else 0)
        assert len(told) <= most, "\n".join(sql[:110] for sql in told)


def test_every_row_that_a_save_writes_is_sealed_as_it_stands(asking: Filled) -> None:
    for kind, (path, values) in one_of_each(asking).items():
        for value in values:
            last = Entry.objects.latest("sequence").sequence
            save(asking.lead, asking.application, (path, value, base_of(asking.application, path)))

            told = rows.fold(json.loads(each.body) for each in Entry.objects.filter(sequence__gt=last))
            assert len(told) >= (1 if kind == "summary" else 2), kind
            for label, sealed in told.items():
                for key, seal in sealed.items():
                    assert seal == rows.seal(rows.sealed_models()[label]._base_manager.get(pk=key)), label


def test_a_field_saved_alone_is_in_conflict_with_what_its_writer_has_not_seen(asking: Filled) -> None:
    application = asking.application
    colleague = member_actor(application.lead, OrganisationRole.WRITER)
    for kind, (path, values) in one_of_each(asking).items():
        base = base_of(application, path)

        (first,) = save(colleague, application, (path, values[0], base))
        (late,) = save(asking.lead, application, (path, values[1], base))
        (same,) = save(asking.lead, application, (path, values[0], base))
        (seen,) = save(asking.lead, application, (path, values[1], first.revision))

        states = [each.state.value for each in (first, late, same, seen)]
        assert states == ["saved", "conflict", "saved", "saved"], kind
        assert (late.revision, late.by, late.own) == (first.revision, colleague.name, False)
        assert seen.revision == first.revision + 1


def test_a_cell_emptied_alone_is_gone(filled: Filled) -> None:
    cell = filled.application.cells.first()
    assert cell is not None
    path = path_of(key_of(cell))

    (result,) = save(filled.lead, filled.application, (path, 0, base_of(filled.application, path)))

    assert (result.state, result.value) == (SaveState.SAVED, 0)
    assert not BudgetCell.objects.filter(pk=cell.pk).exists()
    assert queries.row_seals()["applications.budgetcell"][str(cell.pk)] is None


# --- What others saved -------------------------------------------------------------------------------------------------


def changes(
    client: Client, application: Application, headers: dict[str, str] | None = None, **query: str | int
) -> Any:
    return client.get(f"/applications/{application.pk}/changes/", query, headers=headers)


def test_changes_tell_what_others_saved_since(filled: Filled) -> None:
    application = filled.application
    application.refresh_from_db()
    colleague = member_actor(application.lead, OrganisationRole.WRITER)
    save(colleague, application, ("title", "동료의 사업명", base_of(application, "title")))

    told = changes(client_of(filled.lead), application, after=application.revision).json()

    (change,) = told["changes"]
    assert (change["path"], change["value"], change["by"], change["own"]) == (
        "title",
        "동료의 사업명",
        colleague.name,
        False,
    )
    assert told["revision"] == application.revision + 1


def test_nothing_new_is_told_without_a_body_and_with_few_statements(filled: Filled) -> None:
    client, application = client_of(filled.lead), filled.application
    application.refresh_from_db()
    first = changes(client, application, after=application.revision)

    with CaptureQueriesContext(connection) as asked:
        again = changes(
            client, application, after=application.revision, headers={"if-none-match": first["ETag"]}
        )

    assert (again.status_code, again.content) == (304, b"")
    assert len(asked) <= 6


def test_others_answers_on_exclusions_are_not_told(filled: Filled) -> None:
    application = filled.application
    partner = Member.objects.get(application=application, role="partner")
    save(filled.actors[partner.organisation_id], application, (f"fact:{partner.pk}:arrears:value", "yes", 0))

    lead = changes(client_of(filled.lead), application, after=1).json()["changes"]
    own = changes(client_of(filled.actors[partner.organisation_id]), application, after=1).json()["changes"]

    assert not [item for item in lead if item["path"].startswith("fact:")]
    assert [item["value"] for item in own if item["path"].startswith("fact:")] == ["yes"]


def test_who_writes_where_is_told_to_the_others(filled: Filled) -> None:
    colleague = member_actor(filled.application.lead, OrganisationRole.WRITER)
    changes(client_of(colleague), filled.application, after=1, focus="summary")

    told = changes(client_of(filled.lead), filled.application, after=1).json()["writing"]
    with clock.at(LATER + MINUTE):
        gone = changes(client_of(filled.lead), filled.application, after=1).json()["writing"]

    assert told == [{"name": colleague.name, "path": "summary"}]
    assert gone == []


def test_strangers_and_visitors_are_told_no_changes(filled: Filled, call: Call) -> None:
    assert changes(client_of(make_applicant()), filled.application).status_code == 404
    assert changes(Client(), filled.application).status_code == 403
    assert changes(client_of(officer(Role.AGENCY, call.operator)), filled.application).status_code == 200


@pytest.mark.parametrize("alias", ["title:", "cell:0{}", "fact:0{}"])
def test_a_field_has_one_path_so_that_nobody_writes_past_what_others_saved(
    filled: Filled, alias: str
) -> None:
    application = filled.application
    cell = BudgetCell.objects.filter(application=application).earliest("pk")
    member = Member.objects.get(application=application, organisation=filled.lead.organisation)
    fact = definition_of(application.call).facts[0].id
    rest = {
        "cell:0{}": path_of(key_of(cell)).removeprefix("cell:"),
        "fact:0{}": f"{member.pk}:{fact}:note",
    }.get(alias, "")

    (saved,) = save(filled.lead, application, (alias.format(rest), "7", 0))

    assert saved.code == "field_unknown"


@pytest.mark.parametrize("value", [[], {}, [[]], True, 1e999, "\ud800"])
def test_whatever_is_sent_as_an_answer_is_refused_alone(filled: Filled, value: Any) -> None:
    member = Member.objects.get(application=filled.application, organisation=filled.lead.organisation)
    fact = definition_of(filled.application.call).facts[0].id
    base = base_of(filled.application, "summary")

    told = post(
        client_of(filled.lead),
        filled.application,
        (f"fact:{member.pk}:{fact}:value", value, 0),
        ("summary", "다른 칸", base),
    ).json()["results"]

    assert [each["state"] for each in told] == ["refused", "saved"]


def test_an_application_of_an_endless_number_is_not_there(filled: Filled) -> None:
    client = client_of(filled.lead)

    for place in ("", "changes/", "money/"):
        assert client.get(f"/applications/{10**30}/{place}").status_code == 404


def test_half_letters_in_what_a_browser_sends_back_are_refused(filled: Filled) -> None:
    client = client_of(filled.lead)
    here = f"/applications/{filled.application.pk}"
    half = "\\ud800"

    sent = [
        ("money/accept", "changes", f'[[[2, 2030, "{half}", "b", "c", "d", 0, 0, 1]]]'),
        ("members/import/accept", "rows", f'[[1, "{half}", "1", "lead", "a@example.org"]]'),
        ("documents/attach", "row", f'{{"kind": "{half}", "member": 1}}'),
        ("documents/attach", "row", "[" * 100_000),
    ]

    assert [client.post(f"{here}/{to}/", {name: text}).status_code for to, name, text in sent] == [422] * 4
