"""Lists come in, are found, and go again."""

import io

import pytest
from openpyxl import Workbook
from pytest_django import Settings

from gongmo.kernel.errors import BadInput, NotAllowed, Refused
from gongmo.ledger.models import Entry
from gongmo.similarity import commands, indexing
from gongmo.similarity.corpus import current
from gongmo.similarity.models import CorpusImport, EarlierProject, Posting, Segment
from gongmo.similarity.searching import search
from gongmo.similarity.states import ImportState
from tests.builders import make_agency_officer, make_applicant
from tests.similarity.builders import HEADS, RETELLING, SYSTEM, TOLD, brought_in, listed, others

pytestmark = pytest.mark.django_db


def first(text: str = RETELLING) -> str | None:
    found = search(text)
    return found[0].project.number if found else None


@pytest.mark.parametrize("kind", ["file", "table"])
def test_a_retold_project_is_found_first_in_either_index(kind: str, settings: Settings) -> None:
    settings.GONGMO_SIMILAR_INDEX = kind

    made = brought_in()

    found = search(RETELLING)
    assert (made.state, made.added) == (ImportState.DONE, 31)
    assert found[0].project.number == "가상-1"
    assert found[0].told.score > 0.5
    assert all(each.told.score < 0.25 for each in found[1:])
    assert Posting.objects.exists() == (kind == "table")


def test_both_indexes_answer_the_same(settings: Settings) -> None:
    brought_in()
    answers = []
    for kind in ("file", "table"):
        settings.GONGMO_SIMILAR_INDEX = kind
        indexing.reindex()
        answers.append([(each.project.pk, round(each.told.score, 4)) for each in search(RETELLING)])

    assert answers[0] == answers[1]


def test_money_days_and_years_are_read_as_such() -> None:
    brought_in(rows=[TOLD])

    project = EarlierProject.objects.get()

    assert (project.money, project.year, str(project.ended_on)) == (480_000_000, 2024, "2026-12-31")
    assert project.organisation == "가상 연구조합"


def test_an_excel_export_with_lines_above_its_heads_is_read() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["국가연구개발 과제 목록", None])
    sheet.append([])
    sheet.append(list(HEADS))
    sheet.append(list(TOLD))
    out = io.BytesIO()
    book.save(out)
    out.seek(0)

    made = commands.begin_import(actor=SYSTEM, name="엑셀", file_name="list.xlsx", stream=out)
    commands.confirm_import(actor=SYSTEM, import_id=made.pk)
    commands.bring_in(import_id=made.pk)

    assert EarlierProject.objects.get().title == TOLD[1]


def test_rows_that_cannot_be_used_are_left_out_with_their_number_and_why() -> None:
    made = brought_in(
        rows=[
            TOLD,
            ("x", "", "y", "2020", "", "", "목표만 있습니다", ""),
            ("z", "짧다", "", "", "", "", "", ""),
        ]
    )

    assert (made.added, made.left_out) == (1, 2)
    assert [each["row"] for each in made.problems] == [3, 4]
    assert "과제명" in made.problems[0]["ko"]


def test_the_same_project_in_another_list_is_not_added_again() -> None:
    brought_in()

    made = brought_in(rows=[TOLD, TOLD], name="다른 목록")

    assert (made.added, made.known) == (0, 2)
    assert EarlierProject.objects.filter(number="가상-1").count() == 1


def test_a_second_run_of_an_import_changes_nothing() -> None:
    made = brought_in()
    CorpusImport.objects.filter(pk=made.pk).update(state=ImportState.WAITING)
    from gongmo.similarity import places

    draft, _, _ = places.receive(listed([TOLD, *others()]))
    places.keep(draft, made.pk, made.file_name)

    commands.bring_in(import_id=made.pk)

    made.refresh_from_db()
    assert (made.state, made.added, EarlierProject.objects.count()) == (ImportState.DONE, 31, 31)


def test_nothing_comes_in_before_it_is_confirmed() -> None:
    made = commands.begin_import(actor=SYSTEM, name="목록", file_name="a.csv", stream=listed([TOLD]))

    commands.bring_in(import_id=made.pk)

    assert made.mapping["title"] == "과제명"
    assert not EarlierProject.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        ("이름,값\n가,나\n".encode(), "heads_missing"),
        ("과제명,연구목표\n".encode(), "file_without_rows"),
        (b"\x00\x01\x02\x03", "file_unreadable"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing_behind(content: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        commands.begin_import(actor=SYSTEM, name="목록", file_name="a.csv", stream=io.BytesIO(content))

    assert refused.value.code == code
    assert not CorpusImport.objects.exists()


def test_a_dropped_list_is_no_longer_found_and_the_record_tells_of_it() -> None:
    made = brought_in()
    kept = brought_in(rows=others()[:2], name="남는 목록")
    assert first() == "가상-1"

    commands.drop_import(actor=SYSTEM, import_id=made.pk)
    commands.empty_import(import_id=made.pk)

    assert first() is None
    assert not EarlierProject.objects.filter(corpus_import=made).exists()
    assert set(Segment.objects.values_list("pk", flat=True)) == set(current().segments)
    assert CorpusImport.objects.get(pk=kept.pk).state == ImportState.DONE
    assert Entry.objects.filter(act="similarity.drop_import").count() == 1


def test_a_list_that_is_coming_in_cannot_be_dropped() -> None:
    made = commands.begin_import(actor=SYSTEM, name="목록", file_name="a.csv", stream=listed([TOLD]))
    commands.confirm_import(actor=SYSTEM, import_id=made.pk)

    with pytest.raises(Refused, match="import_running"):
        commands.drop_import(actor=SYSTEM, import_id=made.pk)


def test_only_keepers_bring_lists_in() -> None:
    with pytest.raises(NotAllowed):
        commands.begin_import(
            actor=make_applicant("KR-48"), name="목록", file_name="a.csv", stream=listed([TOLD])
        )

    assert commands.begin_import(
        actor=make_agency_officer(), name="목록", file_name="a.csv", stream=listed([TOLD])
    )


def test_small_segments_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, row in enumerate(others()[:10]):
        brought_in(rows=[row], name=f"목록 {number}")
    brought_in(rows=[TOLD], name="마지막")

    assert len(current().segments) <= indexing.FEW + 1
    assert first() == "가상-1"


def test_a_lost_index_is_made_again() -> None:
    brought_in()
    from gongmo.similarity.index import chosen

    for segment in current().segments:
        chosen().drop(segment)
    assert first() is None

    assert indexing.mend() == 1

    assert first() == "가상-1"
