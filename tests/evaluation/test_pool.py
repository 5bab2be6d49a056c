"""The pool of experts: consents, careers, days away, files in and out, and who may look."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from gongmo.evaluation import commands, pool_file
from gongmo.evaluation.models import Disqualification, Evaluator
from gongmo.evaluation.queries import pool as queries
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.sheets import to_xlsx
from gongmo.ledger.models import Entry
from gongmo.parties.checks import invented_business_number
from gongmo.parties.models import Grant, Person
from tests.builders import (
    SYSTEM,
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    make_organisation,
)
from tests.evaluation.builders import AT_EVALUATION, committee, eligible, make_expert, opened, ready

pytestmark = pytest.mark.django_db
ROWS = [
    [
        "김평가",
        "a@example.kr",
        "학계",
        "제조 AI, 로봇",
        "",
        "가상대학교",
        "",
        "교수",
        "2019-03-01",
        "",
        "2030-01-02",
        "2030-01-02",
        3,
    ],
    [
        "김평가",
        "a@example.kr",
        "학계",
        "로봇",
        "",
        "가상연구소",
        "",
        "연구원",
        "2015-03-01",
        "2019. 2. 28.",
        "",
        "",
        "",
    ],
    ["이평가", "b@example.kr", "산업", "=1+1", "", "", "", "", "", "", "", "", ""],
    ["", "b-example", "체육", "", "없는도", "기관", "124-81-00999", "", "2020-99-01", "", "", "", "x"],
]


def book(rows: list[list[object]] = ROWS) -> bytes:
    return to_xlsx("후보단", pool_file.HEADS, rows)  # type: ignore[arg-type]


def test_a_file_is_read_row_by_row_and_every_fault_named() -> None:
    found = pool_file.read("a.xlsx", book(), {})

    assert [row.row for row in found.rows] == [2, 3, 4]
    assert found.rows[1].until == date(2019, 2, 28)
    assert {each.column for each in found.problems} == {
        "이름", "전자우편", "계열", "지역", "사업자등록번호", "소속 시작일", "올해 다른 곳 평가 횟수"
    }  # fmt: skip
    assert pool_file.unpacked(pool_file.packed(found.rows)) == list(found.rows)


@pytest.mark.parametrize("text", ["", "[", "{}", '[{"row": 1}]', '[["a"]]', "[1]"])
def test_rows_that_come_back_broken_are_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput):
        commands.import_evaluators(actor=make_agency_officer(), rows=pool_file.unpacked(text))


def test_a_file_makes_experts_once_with_careers_and_consents() -> None:
    officer = make_agency_officer()
    rows = pool_file.read("a.xlsx", book(), {}).rows
    with clock.at(AT_EVALUATION):
        first = commands.import_evaluators(actor=officer, rows=rows)
        again = commands.import_evaluators(actor=officer, rows=rows)

    assert (first.made, first.renewed, again.made, again.renewed) == (2, 0, 0, 2)
    expert = Evaluator.objects.get(person__email="a@example.kr")
    assert expert.expertise == ["제조 AI", "로봇"]
    assert expert.pool_consent_on == date(2030, 1, 2)
    assert [each.organisation_name for each in expert.affiliations.all()] == ["가상연구소", "가상대학교"]
    assert Grant.objects.filter(person=expert.person, role="evaluator").count() == 1
    with clock.at(AT_EVALUATION):
        states = {row.name: (row.state, row.sessions) for row in queries.pool(officer)}
    assert states == {"김평가": ("ready", 3), "이평가": ("consent", 0)}
    assert not Person.objects.get(email="a@example.kr").has_usable_password()


def test_only_keepers_take_files_and_see_the_pool() -> None:
    rows = pool_file.read("a.xlsx", book(), {}).rows
    for actor in (make_applicant(), make_ministry_officer(), make_expert(0).actor):
        with pytest.raises(NotAllowed):
            commands.import_evaluators(actor=actor, rows=rows)
        with pytest.raises(NotFound):
            queries.pool(actor)


def test_an_export_holds_no_formula_and_comes_back() -> None:
    officer = make_agency_officer()
    with clock.at(AT_EVALUATION):
        commands.import_evaluators(actor=officer, rows=pool_file.read("a.xlsx", book(), {}).rows)
        content = pool_file.export(queries.pool(officer), "xlsx")
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "계좌" not in "".join(str(cell.value) for cell in cells)
    back = pool_file.read("pool.xlsx", content, {})
    assert {(row.email, row.employer) for row in back.rows} == {
        ("a@example.kr", "가상대학교"),
        ("a@example.kr", "가상연구소"),
        ("b@example.kr", ""),
    }


def test_only_the_expert_gives_and_takes_back_the_consents() -> None:
    expert = make_expert(0, consented=False)
    pk = expert.evaluator.pk
    with pytest.raises(NotAllowed):
        commands.give_consent(actor=make_agency_officer(), evaluator_id=pk)
    with pytest.raises(NotFound):
        commands.give_consent(actor=make_expert(1).actor, evaluator_id=pk)
    with clock.at(AT_EVALUATION):
        given = commands.give_consent(actor=expert.actor, evaluator_id=pk)
    assert given.pool_consent_on == given.privacy_consent_on == AT_EVALUATION.date()
    assert commands.withdraw_consent(actor=expert.actor, evaluator_id=pk).privacy_consent_on is None
    assert list(Entry.objects.order_by("-sequence").values_list("act", flat=True)[:2]) == [
        "evaluation.withdraw_consent",
        "evaluation.give_consent",
    ]


def test_an_employer_entered_by_name_is_found_when_it_applies() -> None:
    found = eligible(2)
    partner = found.reviewed.partner(1)
    experts = [make_expert(n) for n in range(4)]
    with clock.at(AT_EVALUATION):
        commands.add_affiliation(
            actor=experts[3].actor,
            evaluator_id=experts[3].evaluator.pk,
            organisation=f"(주) {partner.name}",
            since=date(2029, 1, 1),
        )
    assert experts[3].evaluator.affiliations.filter(organisation__isnull=True).exists()
    committee(found, experts=experts)
    hit = Disqualification.objects.get()
    assert (hit.seat.evaluator_id, hit.application_id) == (experts[3].evaluator.pk, found.application(1))


def test_a_place_of_work_added_while_scoring_voids_what_it_touches() -> None:
    found = ready(2, experts=4)
    opened(found)
    with clock.at(AT_EVALUATION):
        commands.add_affiliation(
            actor=found.experts[0].actor,
            evaluator_id=found.experts[0].evaluator.pk,
            organisation=found.reviewed.partner(0).name,
            since=date(2029, 1, 1),
        )
    assert [found.sheet(0, n).state for n in (0, 1)] == ["void", "open"]


def test_careers_end_once_and_in_order() -> None:
    expert = make_expert(0)
    work = expert.evaluator.affiliations.get()
    officer = make_agency_officer()
    with pytest.raises(BadInput):
        commands.end_affiliation(actor=expert.actor, affiliation_id=work.pk, until=date(2010, 1, 1))
    commands.end_affiliation(actor=expert.actor, affiliation_id=work.pk, until=date(2028, 1, 1))
    with pytest.raises(Refused):
        commands.end_affiliation(actor=expert.actor, affiliation_id=work.pk, until=date(2022, 1, 1))
    commands.end_affiliation(actor=officer, affiliation_id=work.pk, until=date(2027, 1, 1))
    with pytest.raises(NotFound):
        commands.end_affiliation(actor=make_applicant(), affiliation_id=work.pk, until=date(2027, 1, 1))
    with pytest.raises(BadInput):
        commands.add_affiliation(
            actor=officer,
            evaluator_id=expert.evaluator.pk,
            organisation="기관",
            business_number=invented_business_number(7)[:9] + "x",
            since=date(2020, 1, 1),
        )


def test_sessions_count_stages_of_the_year_here_and_elsewhere() -> None:
    found = ready(2)
    opened(found)
    expert = found.experts[0].evaluator
    with clock.at(AT_EVALUATION):
        commands.update_evaluator(
            actor=SYSTEM,
            evaluator_id=expert.pk,
            sector="industry",
            expertise=["로봇"],
            region=None,
            active=True,
            outside_sessions=4,
        )
        expert.refresh_from_db()
        assert queries.sessions([expert], 2030) == {expert.pk: 5}
        assert queries.sessions([expert], 2031) == {expert.pk: 0}


def test_the_list_costs_the_same_whatever_its_length(django_assert_num_queries: object) -> None:
    officer = make_agency_officer()
    for number in range(6):
        make_expert(number)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(queries.pool(officer)) == 6


def test_the_pages_of_the_pool_work_without_scripts(client: Client) -> None:
    officer = make_agency_officer()
    assert officer.person is not None
    client.force_login(Person.objects.get(pk=officer.person))
    assert "후보단이 비어 있습니다" in client.get("/pool/").content.decode()
    shown = client.post("/pool/import/", {"file": SimpleUploadedFile("a.xlsx", book())}).content.decode()
    assert "2명을 등록할 수 있습니다" in shown
    assert "5행" in shown
    packed = pool_file.packed(pool_file.read("a.xlsx", book(), {}).rows)
    assert client.post("/pool/import/", {"rows": packed}).status_code == 302
    assert "김평가" in client.get("/pool/?words=로봇").content.decode()
    assert "김평가" not in client.get("/pool/?sector=industry").content.decode()
    assert client.get("/pool/export/").status_code == 200
    pk = Evaluator.objects.get(person__email="b@example.kr").pk
    away = {"since": "2030-05-01", "until": "2030-04-01"}
    refused = client.post(f"/pool/{pk}/absence/", away)
    assert refused.status_code == 422
    assert "끝 날이 첫 날보다 앞섭니다" in refused.content.decode()
    assert client.post(f"/pool/{pk}/absence/", {"since": "2030-05-01"}).status_code == 302
    assert client.post(f"/pool/{pk}/consent/", {"pool": "yes", "privacy": "yes"}).status_code == 403


def test_an_expert_keeps_the_own_profile(client: Client) -> None:
    expert, other = make_expert(0, consented=False), make_expert(1)
    client.force_login(expert.evaluator.person)
    pk = expert.evaluator.pk
    assert "동의하면" in client.get("/pool/me/").content.decode()
    assert client.get(f"/pool/{other.evaluator.pk}/").status_code == 404
    assert client.post(f"/pool/{pk}/consent/", {"pool": "yes"}).status_code == 422
    assert client.post(f"/pool/{pk}/consent/", {"pool": "yes", "privacy": "yes"}).status_code == 302
    organisation = make_organisation()
    given = {"organisation": organisation.name, "kind": "advice"}
    assert client.post(f"/pool/{pk}/relation/", given).status_code == 302
    assert client.post(f"/pool/{pk}/relation/", given | {"organisation": "모르는 곳"}).status_code == 422
    assert client.post(f"/pool/{pk}/update/", {"sector": "industry"}).status_code == 403
    assert organisation.name in client.get("/pool/me/").content.decode()
