"""What a form of the evaluation names must belong to its page, and what a page shows is given to who may see it."""

import pytest

from gongmo.evaluation import commands, queries
from gongmo.evaluation.models import Affiliation
from gongmo.evaluation.queries import forming, presentation
from gongmo.evaluation.queries.belonging import Kind, of_call, of_expert
from gongmo.evaluation.queries.visits import photo_for, visit_file, visit_for, visit_of
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC
from gongmo.kernel.errors import NotFound
from tests.builders import make_applicant, make_ministry_officer
from tests.evaluation.builders import AT_EVALUATION, Evaluated
from tests.evaluation.test_visits import picture, wanted

pytestmark = pytest.mark.django_db


def test_what_a_form_names_is_of_its_call_and_nothing_else_is_told() -> None:
    found, visit = wanted()
    seat = found.seat(0)
    keys: dict[Kind, int] = {
        "application": found.application(0),
        "committee": visit.committee_id,
        "run": visit.committee.stage_runs.order_by("pk")[0].pk,
        "seat": seat.pk,
        "visit": visit.pk,
    }
    for kind, key in keys.items():
        for overseer in (found.agency, make_ministry_officer()):
            assert of_call(overseer, found.call, kind, key) == key
        for reader, asked in ((found.experts[0].actor, key), (PUBLIC, key), (found.agency, 10**9)):
            with pytest.raises(NotFound):
                of_call(reader, found.call, kind, asked)
    for kind in ("bonus", "challenge", "objection", "proposal", "substitute"):
        with pytest.raises(NotFound):
            of_call(found.agency, found.call, kind, keys["visit"])
    _belongs_to_its_expert(found)
    _visits_are_for_those_who_judge(found, visit.pk)
    _forming_is_for_the_operator(found)


def _belongs_to_its_expert(found: Evaluated) -> None:
    work = Affiliation.objects.order_by("pk")[0]
    other = Affiliation.objects.exclude(evaluator=work.evaluator_id).order_by("pk")[0]
    assert of_expert(work.evaluator_id, "affiliation", work.pk) == work.pk
    with pytest.raises(NotFound):
        of_expert(work.evaluator_id, "affiliation", other.pk)
    with pytest.raises(NotFound):
        of_expert(work.evaluator_id, "absence", work.pk)


def _visits_are_for_those_who_judge(found: Evaluated, visit: int) -> None:
    judge = found.experts[0].actor
    with clock.at(AT_EVALUATION):
        photo = commands.add_photo(
            actor=judge, visit_id=visit, caption="설비", name="설비.png", stream=picture()
        )
    for reader in (found.agency, judge):
        assert visit_for(reader, visit).pk == visit
        assert photo_for(reader, visit, photo.pk) == photo
    for reader in (make_applicant(), PUBLIC):
        for ask in (lambda who: visit_for(who, visit), lambda who: photo_for(who, visit, photo.pk)):
            with pytest.raises(NotFound):
                ask(reader)
    with pytest.raises(NotFound):
        visit_file(found.agency, visit)  # Nothing is recorded yet.
    application = visit_for(judge, visit).application
    assert visit_of(application) is not None
    lead = found.items[0].lead
    assert queries.own_application(lead, application.pk) == application
    for reader in (found.agency, make_applicant()):
        with pytest.raises(NotFound):
            queries.own_application(reader, application.pk)
    assert presentation.substitute_of(application) is None
    assert lead.organisation in dict(presentation.organisations_of(application))


def _forming_is_for_the_operator(found: Evaluated) -> None:
    seat, judge = found.seat(0), found.experts[0].actor
    assert queries.own_seat(judge, seat.pk) == seat
    with pytest.raises(NotFound):
        queries.own_seat(found.experts[1].actor, seat.pk)
    assert not queries.ranking_is_fixed(found.call)
    assert [name for _, name in forming.committee_names(found.agency, found.call)] == [seat.committee.name]
    labels = [label for _, label in forming.experts_by_label(found.agency, found.call)]
    assert sorted(labels) == sorted(each.evaluator.label for each in found.experts)
    assert forming.proposals_drawn(found.agency, found.call) == 0
    counts = [count for _, count in forming.expertise_of_pool(found.agency, found.call)]
    assert counts == sorted(counts, reverse=True)
    for ask in (
        forming.committee_names,
        forming.experts_by_label,
        forming.proposals_drawn,
        forming.expertise_of_pool,
    ):
        with pytest.raises(NotFound):
            ask(judge, found.call)
    for look_up in (presentation.day_of_turn, presentation.day_to_plan):
        with pytest.raises(NotFound):
            look_up(found.agency, 10**9)
