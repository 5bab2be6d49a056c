"""A site visit: wanted, planned, written down with photographs by those who may, and without points."""

import io
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gongmo.evaluation import commands
from gongmo.evaluation.models import SiteVisit, VisitPhoto
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from tests.builders import make_ministry_officer
from tests.evaluation.builders import AT_EVALUATION, Evaluated, fill, fixed, opened, ready, scored
from tests.evaluation.test_pages import get, post, read
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db
WHEN = AT_EVALUATION + timedelta(days=2)


def wanted(count: int = 1) -> tuple[Evaluated, SiteVisit]:
    found = ready(count)
    scored(found, "desk", [80] * count)
    opened(found, "presentation")
    with clock.at(AT_EVALUATION):
        visit = commands.want_site_visit(
            actor=found.experts[0].actor, application_id=found.application(0), reason="설비를 확인해야 함"
        )
    return found, visit


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(made, "PNG")
    made.seek(0)
    return made


def test_a_visit_is_planned_by_the_operator_changed_and_then_recorded() -> None:
    found, visit = wanted()
    with clock.at(AT_EVALUATION):
        for actor, wrong in ((found.experts[0].actor, NotFound), (make_ministry_officer(), NotAllowed)):
            with pytest.raises(wrong):
                commands.plan_visit(
                    actor=actor, visit_id=visit.pk, planned_at=WHEN, place="공장", plan="설비"
                )
        with pytest.raises(BadInput):
            commands.plan_visit(
                actor=found.agency, visit_id=visit.pk, planned_at=AT_EVALUATION, place="공장", plan="설비"
            )
        commands.plan_visit(actor=found.agency, visit_id=visit.pk, planned_at=WHEN, place="공장", plan="설비")
        changed = commands.plan_visit(
            actor=found.agency, visit_id=visit.pk, planned_at=WHEN, place="다른 공장", plan="설비"
        )
    assert (changed.state, changed.planned_place) == ("planned", "다른 공장")
    with clock.at(WHEN):
        done = commands.record_visit(
            actor=found.experts[1].actor,
            visit_id=visit.pk,
            visited_on=WHEN.astimezone(SEOUL).date(),
            memo="설비를 보았습니다.",
        )
        with pytest.raises(Refused):
            commands.plan_visit(
                actor=found.agency, visit_id=visit.pk, planned_at=WHEN + timedelta(1), place="가", plan="나"
            )
    assert done.state == "done"


def test_photographs_are_added_by_who_may_record_until_the_ranking_is_fixed() -> None:
    found, visit = wanted()

    def add(actor: Actor, stream: io.BytesIO) -> VisitPhoto:
        with clock.at(AT_EVALUATION):
            return commands.add_photo(
                actor=actor,
                visit_id=visit.pk,
                caption="입구",
                name="사진.png",
                stream=stream,
            )

    assert add(found.experts[1].actor, picture()).caption == "입구"
    for actor in (found.items[0].lead, make_ministry_officer()):
        with pytest.raises(NotFound):
            add(actor, picture())
    with pytest.raises(BadInput):
        add(found.agency, io.BytesIO(b"just words"))
    with clock.at(AT_EVALUATION):
        commands.record_visit(
            actor=found.agency,
            visit_id=visit.pk,
            visited_on=AT_EVALUATION.astimezone(SEOUL).date(),
            memo="보았습니다.",
        )
    for sheet in range(3):
        fill(found, sheet, 0, 80, "presentation")
    with clock.at(AT_EVALUATION):
        commands.lock_stage(actor=found.agency, run_id=found.sheet(0, 0, "presentation").run_id)
    fixed(found)
    with pytest.raises(Refused) as refusal:
        add(found.agency, picture())
    assert refusal.value.code == "ranking_fixed"


def test_the_page_plans_and_records_with_pictures_and_is_not_there_for_others() -> None:
    found, visit = wanted(2)
    page = f"/site-visits/{visit.pk}/"
    status, html = post(found.agency, f"{page}plan/", planned_at="", place="공장 <b>", plan="설비")
    assert (status, "공장 &lt;b&gt;" in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    local = WHEN.astimezone(SEOUL)
    _, html = post(
        found.agency, f"{page}plan/", planned_at=f"{local:%Y-%m-%dT%H:%M}", place="공장", plan="설비"
    )
    assert "현장평가 일정을 잡았습니다." in html
    with clock.at(AT_EVALUATION):
        answer = signed_in(found.experts[0].actor).post(
            f"{page}photo/",
            {"file": SimpleUploadedFile("사진.png", picture().getvalue()), "caption": "공장 입구"},
            follow=True,
        )
    assert "공장 입구" in read(answer.content.decode())
    photo = f"{page}photos/{VisitPhoto.objects.get().pk}/?show=yes"
    assert get(found.experts[1].actor, photo)[0] == HTTPStatus.OK
    with clock.at(AT_EVALUATION):
        commands.declare_conflict(
            actor=found.experts[2].actor,
            seat_id=found.seat(2).pk,
            application_id=found.application(0),
            conflict=True,
        )
    for actor in (found.experts[2].actor, found.items[0].lead, make_ministry_officer(), None):
        assert get(actor, page)[0] == HTTPStatus.NOT_FOUND
        assert get(actor, photo)[0] == HTTPStatus.NOT_FOUND
