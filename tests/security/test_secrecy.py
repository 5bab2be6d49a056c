"""Attacks on the evaluation's promises of secrecy. What somebody may not know must make no difference to anything that somebody is
answered: the same world is built twice with other points or another order, and every page, export, feed and count is compared.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongmo.definition.model import Definition
from gongmo.evaluation import commands, queries
from gongmo.evaluation.models import ScoreSheet
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound
from gongmo.kernel.numbers import Kind, token
from gongmo.ledger.commands import checkpoint
from gongmo.notices.models import Notice
from gongmo.tasks.runner import run_waiting
from tests.builders import SYSTEM, make_agency_officer, make_ministry_officer, officer, pdf
from tests.evaluation.builders import (
    AT_EVALUATION,
    Evaluated,
    another_officer,
    fill,
    fixed,
    objected,
    opened,
    ready,
    scored,
    told,
)
from tests.sample_call import C, sample_definition, t
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db

LATER = AT_EVALUATION + timedelta(hours=1)
CHANGING = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), ""),
    (re.compile(r'X-CSRFToken": "[^"]*"'), ""),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{16}\b"), "request"),
    # The record's hashes are over sealed points, with a secret in them that nobody outside the installation knows.
    (re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{128}\b|\b[0-9a-f]{12}(?=</code>)"), "hash"),
)
TOLD = {"date", "x-request-id", "set-cookie", "server-timing"}
Answers = dict[tuple[str, str, str], tuple[int, dict[str, str], str, int]]


def disclosing(what: str, **more: object) -> Definition:
    return sample_definition(
        disclosure={
            **C,
            "results_public": False,
            "documents_returned": False,
            "applicant_sees": what,
            **more,
        },
        periods=[{"id": "objection", **C, "name": t("이의신청", "Objection"), "days": 10}],
        selection={**C, "count": 1, "next_in_rank": True},
    )


def people(found: Evaluated) -> dict[str, Actor | None]:
    """Somebody in every role, own and foreign."""
    return {
        "operator of the call": found.agency,
        "ministry": make_ministry_officer(),
        "another agency": make_agency_officer(),
        "operator of the site": officer(Role.OPERATOR, None),
        "lead": found.items[0].lead,
        "rival": found.items[1].lead,
        "colleague": found.experts[1].actor,
        "visitor": None,
    }


def addresses(found: Evaluated) -> list[str]:
    """Everything that one might try: pages, fragments, exports, feeds, files, other people's sheets."""
    slug = found.call.slug
    first, second = found.application(0), found.application(1)
    sheets = ScoreSheet.objects.filter(seat=found.seat(0)).order_by("pk")
    runs = found.call.stage_runs.order_by("pk").values_list("pk", flat=True)
    return [
        "/",
        "/calls/",
        f"/calls/{slug}/",
        f"/calls/{slug}/call.json",
        f"/calls/{slug}/calendar.ics",
        "/calls/feed/",
        "/record/",
        "/record/checkpoints.json",
        "/board/",
        f"/board/{slug}/",
        f"/board/{slug}/negotiations/",
        f"/oversight/{slug}/",
        f"/oversight/{slug}/export/xlsx/",
        f"/oversight/{slug}/export/csv/",
        f"/screening/{slug}/",
        f"/screening/{slug}/{first}/",
        f"/evaluation/{slug}/",
        *(f"/evaluation/{slug}/live/{run}/" for run in runs),
        f"/evaluation/{slug}/committee/",
        f"/evaluation/{slug}/spread/desk/",
        f"/evaluation/{slug}/spread/presentation/",
        f"/evaluation/{slug}/bonus/",
        f"/evaluation/{slug}/objections/",
        f"/evaluation/{slug}/ranking/",
        f"/evaluation/{slug}/ranking/?version=1",
        f"/evaluation/{slug}/ranking/1.pdf",
        f"/evaluation/{slug}/disclosure/",
        "/applications/",
        *(f"/applications/{pk}/{page}" for pk in (first, second) for page in ("", "result/", "screening/")),
        "/desk/",
        f"/desk/{found.seat(0).pk}/",
        f"/desk/{found.seat(1).pk}/",
        *(f"/desk/scores/{run}/" for run in runs),
        *(
            f"/desk/sheets/{sheet.pk}/{part}"
            for sheet in sheets
            for part in ("", "changes/?since=0", "lock/")
        ),
        "/notices/",
        "/agreements/",
    ]


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside did not happen, and the numbers it drew are drawn again: PostgreSQL's sequences do not roll back."""
    drawn = sequences()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for name, last in drawn:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [name, last or 1, last is not None])


def sequences() -> list[tuple[str, int | None]]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        found: list[tuple[str, int | None]] = cursor.fetchall()
    return found


def plain(text: str) -> str:
    for pattern, put in CHANGING:
        text = pattern.sub(put, text)
    return text


def ask(client: Client, method: str, path: str) -> tuple[int, dict[str, str], str, int]:
    """The answer without what differs in any two answers, and how many statements it took."""
    with (
        clock.at(LATER),
        CaptureQueriesContext(
            connection,
        ) as statements,
    ):
        answer = client.generic(method, path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {
        name.lower(): plain(value) for name, value in answer.headers.items() if name.lower() not in TOLD
    }
    binary = answer.get("Content-Type", "").startswith(("application/pdf", "application/vnd"))
    if binary or "gzip" in headers.get("content-encoding", ""):
        headers.pop("content-length", None)
    headers.pop("content-length", None)
    return (
        answer.status_code,
        headers,
        repr(answer.status_code) if binary else plain(body.decode()),
        len(statements),
    )


def answers(found: Evaluated, who: dict[str, Actor | None], methods: tuple[str, ...] = ("GET",)) -> Answers:
    given: Answers = {}
    paths = addresses(found)
    for name, actor in who.items():
        client = Client() if actor is None else signed_in(actor)
        for path in paths:
            for method in methods:
                given[name, method, path] = ask(client, method, path)
    return given


def differences(one: Answers, other: Answers) -> list[str]:
    assert set(one) == set(other)
    wrong = []
    for key, (status, headers, body, statements) in one.items():
        status_, headers_, body_, statements_ = other[key]
        if status != status_:
            wrong.append(f"{key}: {status} and {status_}")
        elif headers != headers_:
            wrong.append(f"{key}: headers {set(headers.items()) ^ set(headers_.items())}")
        elif body != body_:
            place = next(n for n, (a, b) in enumerate(zip(body, body_, strict=False)) if a != b)
            wrong.append(
                f"{key}: …{body[max(0, place - 60) : place + 60]!r} and …{body_[place : place + 60]!r}"
            )
        elif statements != statements_:
            wrong.append(f"{key}: {statements} and {statements_} statements")
    return wrong


def compared(
    found: Evaluated, who: dict[str, Actor | None], one: Callable[[], None], other: Callable[[], None]
) -> list[str]:
    """What is answered differently after the one and after the other."""
    with undone():
        one()
        # Once to fill what processes keep, so that statements can be counted.
        answers(found, who)
        first = answers(found, who)
    with undone():
        other()
        second = answers(found, who)
        for name, method, path in second:
            if second[name, method, path][3] != first[name, method, path][3]:
                # What a page keeps between two readings (sums, say) was made anew at the first of them.
                actor = who[name]
                client = Client() if actor is None else signed_in(actor)
                second[name, method, path] = ask(client, method, path)
    return differences(first, second)


@pytest.fixture
def running() -> Evaluated:
    """Two applications, three experts, the desk stage open."""
    found = ready(2, definition=disclosing("selection_only"))
    opened(found)
    return found


def gave(found: Evaluated, one: int, other: int, *, stages: tuple[str, ...] = ("desk",)) -> None:
    """Stages scored and locked in which one expert's points differ and everybody else's are known."""
    for stage in stages:
        opened(found, stage)
        for expert in (1, 2):
            for item in (0, 1):
                fill(found, expert, item, 80, stage)
        fill(found, 0, 0, one, stage)
        fill(found, 0, 1, other, stage)
        with clock.at(AT_EVALUATION):
            commands.lock_stage(actor=found.agency, run_id=found.call.stage_runs.get(stage=stage).pk)


BOTH = ("desk", "presentation")


def test_points_make_no_difference_to_anybody_else_before_the_stage_is_locked(running: Evaluated) -> None:
    # Nor by difference: all other sheets are locked with known points before and after. One is locked, one saved only.
    def locked(one: int, other: int) -> None:
        for expert in (1, 2):
            fill(running, expert, 0, 80)
            fill(running, expert, 1, 80)
        fill(running, 0, 0, one)
        fill(running, 0, 1, other, lock=False)

    assert compared(running, people(running), lambda: locked(95, 40), lambda: locked(40, 95)) == []


def test_a_locked_stage_is_the_operators_alone_until_the_ranking_is_fixed(running: Evaluated) -> None:
    who = people(running)
    operator = who.pop("operator of the call")
    assert compared(running, who, lambda: gave(running, 95, 40), lambda: gave(running, 40, 95)) == []
    # The attack would have found something: the operator is answered differently.
    assert compared(
        running, {"operator": operator}, lambda: gave(running, 95, 40), lambda: gave(running, 40, 95)
    )


def test_a_fixed_ranking_makes_no_difference_to_applicants_experts_and_strangers_before_it_is_told(
    running: Evaluated,
) -> None:
    who = people(running)
    for name in ("operator of the call", "ministry"):
        del who[name]

    def ranked(one: int, other: int) -> None:
        gave(running, one, other, stages=BOTH)
        fixed(running)

    assert compared(running, who, lambda: ranked(95, 40), lambda: ranked(40, 95)) == []


def test_told_results_say_nothing_of_points_or_of_others(running: Evaluated) -> None:
    wanted = ("lead", "rival", "colleague", "visitor")
    who = {name: actor for name, actor in people(running).items() if name in wanted}

    def ranked(one: int, other: int) -> None:
        gave(running, one, other, stages=BOTH)
        fixed(running)
        told(running)
        run_waiting()

    assert compared(running, who, lambda: ranked(95, 40), lambda: ranked(75, 70)) == []


@pytest.mark.parametrize("what", ["selection_only", "opinion", "scores"])
def test_no_definition_can_show_an_applicant_a_single_score_or_its_author(what: str) -> None:
    found = ready(2, definition=disclosing(what, blind="none"))
    for stage in ("desk", "presentation"):
        opened(found, stage)
        for expert, total in enumerate((91, 82, 73)):
            total -= total % 5
            fill(found, expert, 0, total, stage, opinion=f"의견 {'가나다'[expert]}")
            fill(found, expert, 1, 50, stage)
        run = found.call.stage_runs.get(stage=stage)
        with clock.at(AT_EVALUATION):
            commands.lock_stage(actor=found.agency, run_id=run.pk)
    fixed(found)
    told(found)
    with clock.at(LATER):
        html = (
            signed_in(found.items[0].lead)
            .get(f"/applications/{found.application(0)}/result/")
            .content.decode()
        )
    words = re.sub(r"<[^>]*>", " ", html.split("<main")[1].split("</main>")[0])
    assert "선정되었습니다" in words
    for expert in found.experts:
        assert expert.evaluator.label not in words
    # 90, 80 and 70 were given in all, 18 of 20 for a criterion, 48 is a stage's part: none of them stands on the page.
    bare = re.sub(r"\d{4}\. \d+\. \d+\.( \d\d:\d\d)?", "", words)
    bare = bare.replace("80.00", "") if what == "scores" else bare
    assert not re.search(r"\b(90|80|70|18|54|48)\b", bare.split("이의신청하기", maxsplit=1)[0])
    assert ("의견 가" in words) == (what != "selection_only")
    result = queries.own_result(found.items[0].lead, found.items[0].application)
    assert result is not None
    assert (result.final is None) == (what != "scores")
    # In the order of their words, whoever sat where.
    assert list(result.opinions) == sorted(result.opinions)


def test_a_refusal_to_lock_names_who_is_not_done_and_nothing_that_was_given(running: Evaluated) -> None:
    fill(running, 0, 0, 95)
    fill(running, 1, 0, 35, lock=False)
    run = running.call.stage_runs.get()
    with clock.at(LATER):
        answer = signed_in(running.agency).post(
            f"/evaluation/{running.call.slug}/lock/", {"run": run.pk, "confirm": running.call.slug}
        )
    words = re.sub(r"<[^>]*>", " ", answer.content.decode().split("<main")[1])
    assert answer.status_code == HTTPStatus.CONFLICT
    assert running.experts[1].evaluator.label in words
    assert not re.search(r"\b(95|35|19|57)(\.0)?\s*점", words)


def test_what_is_secret_is_answered_alike_by_every_method(running: Evaluated) -> None:
    sheet = running.sheet(0, 0)
    gone = 987_654
    for actor in (running.experts[1].actor, running.agency, running.items[0].lead):
        client = signed_in(actor)
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            for path in (
                "/desk/sheets/{}/",
                "/desk/sheets/{}/save/",
                "/desk/sheets/{}/changes/",
                "/desk/sheets/{}/lock/",
            ):
                there = ask(client, method, path.format(sheet.pk))
                missing = ask(client, method, path.format(gone))
                assert (there[0], there[1]) == (missing[0], missing[1]), (method, path)
                assert there[2].replace(f"/{sheet.pk}/", "") == missing[2].replace(f"/{gone}/", ""), (
                    method,
                    path,
                )
                assert there[0] != HTTPStatus.OK or method == "OPTIONS"


def test_no_answer_to_a_signed_in_person_can_be_asked_whether_it_has_changed(running: Evaluated) -> None:
    fill(running, 0, 0, 80)
    given = answers(running, {"ministry": make_ministry_officer(), "lead": running.items[0].lead})
    for (_who, _method, path), (status, headers, _body, _count) in given.items():
        if status == HTTPStatus.OK and path.startswith(
            ("/evaluation/", "/applications/", "/desk/", "/board/")
        ):
            assert not {"etag", "last-modified"} & set(headers), path
            assert "no-store" in headers["cache-control"], path


def test_notices_and_mails_of_the_result_are_the_same_for_who_is_chosen_and_who_is_not(
    running: Evaluated,
) -> None:
    for stage in ("desk", "presentation"):
        scored(running, stage, [90, 40])
    fixed(running)
    told(running)
    with clock.at(LATER):
        run_waiting()
    titles = [running.items[place].application.title for place in (0, 1)]
    told_to = []
    for place, title in enumerate(titles):
        rows = Notice.objects.filter(person=running.items[place].lead.person, title_ko__contains="평가 결과")
        told_to.append(
            {
                (row.title_ko, row.body_ko.replace(title, ""), row.title_en, row.body_en.replace(title, ""))
                for row in rows
            }
        )
    assert told_to[0] == told_to[1]
    assert len(told_to[0]) == 1


def test_the_calendar_tells_the_day_and_not_the_result(running: Evaluated) -> None:
    from gongmo.evaluation.control_notices import objection_days
    from gongmo.parties.models import Person

    for stage in ("desk", "presentation"):
        scored(running, stage, [90, 40])
    fixed(running)
    told(running)
    with clock.at(LATER):
        days = [
            [
                (each.at, each.title.ko.replace(running.items[place].application.title, ""))
                for each in objection_days(Person.objects.get(pk=running.items[place].lead.person))
            ]
            for place in (0, 1)
        ]
    assert days[0] == days[1]
    assert len(days[0]) == 1


def test_the_public_record_tells_hashes_only(running: Evaluated) -> None:
    fill(running, 0, 0, 95)
    with clock.at(LATER):
        checkpoint(actor=SYSTEM)
        pages = [Client().get(path).content.decode() for path in ("/record/", "/record/checkpoints.json")]
    for page in pages:
        assert running.experts[0].evaluator.label not in page
        assert "lock_sheet" not in page


def test_files_of_an_objection_are_for_those_who_may_read_it(running: Evaluated) -> None:
    for stage in ("desk", "presentation"):
        scored(running, stage, [90, 40])
    fixed(running)
    told(running)
    with clock.at(LATER):
        made = commands.object_to_result(
            actor=running.items[1].lead,
            application_id=running.application(1),
            reason="다시 봐 주세요.",
            files=[("proof.pdf", pdf("proof"))],
        )
    path = f"/objections/files/{made.files.get().pk}/"
    wanted = {"operator of the call", "ministry", "rival"}
    for name, actor in people(running).items():
        client = Client() if actor is None else signed_in(actor)
        status = ask(client, "GET", path)[0]
        assert (status == HTTPStatus.OK) == (name in wanted), name
        assert status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND), name


def test_an_objection_sent_again_is_one_objection_and_another_applicants_form_does_nothing(
    running: Evaluated,
) -> None:
    for stage in ("desk", "presentation"):
        scored(running, stage, [90, 40])
    fixed(running)
    told(running)
    path = f"/applications/{token(running.application(1), Kind.APPLICATION)}/result/"
    with clock.at(LATER):
        assert signed_in(running.items[0].lead).post(path, {"reason": "남의 결과"}).status_code == 404
        client = signed_in(running.items[1].lead)
        sent = [client.post(path, {"reason": "까닭"}) for _ in range(2)]
    assert [each.status_code for each in sent] == [HTTPStatus.FOUND, HTTPStatus.CONFLICT]
    # Redirects go to the own page, whatever is asked for.
    assert sent[0]["Location"] == path
    assert running.items[1].application.result_objections.count() == 1


def test_the_spread_of_a_stage_is_there_for_nobody_before_it_is_locked(running: Evaluated) -> None:
    fill(running, 0, 0, 95)
    for actor in people(running).values():
        client = Client() if actor is None else signed_in(actor)
        assert ask(client, "GET", f"/evaluation/{running.call.slug}/spread/desk/")[0] == HTTPStatus.NOT_FOUND


def test_a_re_evaluation_tells_no_points_before_it_is_locked(running: Evaluated) -> None:
    for stage in ("desk", "presentation"):
        scored(running, stage, [90, 40])
    fixed(running)
    told(running)
    objection = objected(running, 1)
    with clock.at(AT_EVALUATION):
        commands.answer_objection(
            actor=another_officer(running), objection_id=objection.pk, uphold=True, answer="다시 평가합니다."
        )
        commands.open_reevaluation(
            actor=running.agency,
            objection_id=objection.pk,
            committee_id=running.committee.pk,  # type: ignore[union-attr]
        )

    def again(total: int) -> None:
        run = objection.stage_runs.order_by("pk")[0]
        sheet = ScoreSheet.objects.get(run=run, seat=running.seat(0))
        share = Decimal(total) / 10
        with clock.at(AT_EVALUATION):
            saved = commands.save_sheet(
                actor=running.experts[0].actor,
                sheet_id=sheet.pk,
                points={"1-1": share * 2, "1-2": share * 2, "2-1": share * 6},
                comments={},
                overall_opinion="다시 본 의견",
                revision=sheet.revision,
            )
            commands.lock_sheet(actor=running.experts[0].actor, sheet_id=saved.pk)

    wanted = ("operator of the call", "ministry", "rival", "colleague")
    who = {name: actor for name, actor in people(running).items() if name in wanted}
    assert compared(running, who, lambda: again(95), lambda: again(40)) == []


def test_strangers_cannot_tell_a_call_with_points_from_one_without(running: Evaluated) -> None:
    with pytest.raises(NotFound):
        queries.progress_of(make_agency_officer(), running.call)
    with pytest.raises(NotFound):
        queries.versions_of(running.items[0].lead, running.call)
    with pytest.raises(NotFound):
        queries.objections_of(running.experts[0].actor, running.call)
