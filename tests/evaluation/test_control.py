"""The control room: who is how far and late, reminders in one act, the due time, the spread once a stage is locked."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from gongmo.evaluation import commands, queries
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.notices.models import Notice
from gongmo.tasks import run_waiting
from tests.builders import make_ministry_officer
from tests.evaluation.builders import AT_EVALUATION, both_stages, fill, fixed, opened, ready
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db
DUE = AT_EVALUATION + timedelta(hours=3)


def test_who_has_open_sheets_after_the_due_time_is_late_and_may_still_score() -> None:
    found = ready(2)
    run = opened(found)
    with clock.at(AT_EVALUATION):
        commands.set_due(actor=found.agency, run_id=run.pk, due_at=DUE)
        with pytest.raises(BadInput):
            commands.set_due(actor=found.agency, run_id=run.pk, due_at=AT_EVALUATION)
    for item in (0, 1):
        fill(found, 0, item, 80)
    fill(found, 1, 0, 70)
    for at, late in ((DUE - timedelta(seconds=1), set()), (DUE, {1, 2})):
        with clock.at(at):
            told = queries.progress_of(found.agency, found.call)[0]
            assert {each.label for each in told.late} == {found.experts[n].evaluator.label for n in late}
    with clock.at(DUE + timedelta(hours=1)):
        html = signed_in(found.agency).get(f"/evaluation/{found.call.slug}/").content.decode()
        assert "확정하지 않은 위원이 2명 있습니다" in html
        fill(found, 1, 1, 70)


def test_one_act_reminds_everyone_who_is_not_done_and_nobody_else() -> None:
    found = ready(2)
    run = opened(found)
    for item in (0, 1):
        fill(found, 0, item, 80)
    with clock.at(AT_EVALUATION):
        with pytest.raises(NotAllowed):
            commands.remind(actor=make_ministry_officer(), run_id=run.pk)
        with pytest.raises(NotFound):
            commands.remind(actor=found.experts[0].actor, run_id=run.pk)
        assert commands.remind(actor=found.agency, run_id=run.pk) == [found.seat(1).pk, found.seat(2).pk]
        with pytest.raises(Refused) as again:
            commands.remind(actor=found.agency, run_id=run.pk)
        assert again.value.code == "reminded_lately"
        run_waiting()
    told = Notice.objects.filter(title_ko__startswith="확정하지 않은 평가표가 2장")
    assert set(told.values_list("person_id", flat=True)) == {found.experts[n].actor.person for n in (1, 2)}


def test_nobody_is_reminded_when_everyone_is_done() -> None:
    found = ready(1)
    run = opened(found)
    for expert in range(3):
        fill(found, expert, 0, 80)
    with clock.at(AT_EVALUATION), pytest.raises(Refused) as done:
        commands.remind(actor=found.agency, run_id=run.pk)
    assert done.value.code == "nobody_waiting"


@pytest.mark.parametrize("applications", [1, 3])
def test_the_room_takes_the_same_queries_however_many_applications(
    applications: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    found = ready(applications)
    run = opened(found)
    client = signed_in(found.agency)
    with clock.at(AT_EVALUATION):
        client.get(f"/evaluation/{found.call.slug}/live/{run.pk}/")
        with django_assert_max_num_queries(9):
            assert client.get(f"/evaluation/{found.call.slug}/live/{run.pk}/").status_code == 200


def test_a_locked_stage_shows_its_spread_opinions_and_entries_of_the_record() -> None:
    found = both_stages([90, 80])
    held = fixed(found)
    client = signed_in(found.agency)
    with clock.at(AT_EVALUATION):
        html = client.get(f"/evaluation/{found.call.slug}/spread/desk/").content.decode()
        assert "크게 다른 평가표가 없습니다" in html
        assert "시험을 위한 의견입니다." in html
        page = client.get(f"/evaluation/{found.call.slug}/ranking/").content.decode()
        assert f"/evaluation/{found.call.slug}/record/" in page
        assert held.paper_hash[:12] in page
        entry = page.split(f"/evaluation/{found.call.slug}/record/")[1].split("/")[0]
        assert (
            "내용이 해시와 같습니다"
            in client.get(f"/evaluation/{found.call.slug}/record/{entry}/").content.decode()
        )
