"""What the corpus and the searches have done beside the requests."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from gongmo.applications.models import Application
from gongmo.applications.states import ApplicationState
from gongmo.calls.states import CallState
from gongmo.similarity import commands, indexing
from gongmo.similarity.corpus import current
from gongmo.similarity.models import EarlierProject, Look, PairLook
from gongmo.similarity.texts import words_of_application
from gongmo.tasks import schedule, task

EACH = 200


@task(
    name="similarity.import",
    ko="앞선 과제 목록을 가져와 찾을 수 있게 합니다.",
    en="Brings in a list of earlier projects and indexes it.",
    retries=2,
    time_limit=timedelta(hours=3),
)
def bring_in(*, import_id: int) -> None:
    """A second run goes on: rows that came in are known by their number."""
    commands.bring_in(import_id=import_id)


@task(
    name="similarity.drop",
    ko="지우기로 한 앞선 과제 목록을 지웁니다.",
    en="Deletes a list of earlier projects.",
    time_limit=timedelta(hours=1),
)
def empty_import(*, import_id: int) -> None:
    """In small steps."""
    commands.empty_import(import_id=import_id)


@task(
    name="similarity.look",
    ko="신청 한 건의 유사 과제를 찾습니다.",
    en="Searches for an application's similar projects.",
    retries=2,
)
def look(*, application_id: int) -> None:
    """Nothing to do where nothing is submitted any more."""
    commands.look(application_id=application_id)


@task(
    name="similarity.pairs",
    ko="한 공고의 신청을 서로 견줍니다.",
    en="Compares a call's applications with each other.",
    retries=2,
)
def look_pairs(*, call_id: int) -> None:
    """All of a call at once."""
    commands.look_pairs(call_id=call_id)


@task(
    name="similarity.own",
    ko="협약한 과제를 앞선 과제에 더합니다.",
    en="Adds an agreed project to the corpus.",
)
def add_supported(*, application_id: int, ended_on: str | None = None) -> None:
    """Asked for when an agreement comes into force."""
    from datetime import date

    commands.note_supported(
        application_id=application_id, ended_on=date.fromisoformat(ended_on) if ended_on else None
    )


@schedule(
    name="similarity.catch_up",
    every=timedelta(minutes=10),
    ko="마감한 공고의 신청을 앞선 과제에 더하고, 새로 찾아야 할 신청을 챙깁니다.",
    en="Adds the applications of closed calls to the corpus and sees which searches are due.",
    time_limit=timedelta(hours=1),
)
def catch_up() -> None:
    """Whatever was not added, indexed or looked for yet. Few statements while nothing is due."""
    closed = Application.objects.filter(
        state=ApplicationState.SUBMITTED, call__state__in=(CallState.CLOSED, CallState.FINISHED)
    )
    there = EarlierProject.objects.filter(own_application=OuterRef("pk"))
    for pk in closed.filter(~Exists(there)).order_by("pk").values_list("pk", flat=True)[:EACH]:
        commands.add_own(application_id=pk)
    indexing.mend()
    if EarlierProject.objects.filter(segment=None).exists():
        indexing.index_waiting()
    mark = current().mark
    fresh = Look.objects.filter(application=OuterRef("pk"))
    due = closed.filter(call__state=CallState.CLOSED).select_related("call__version").order_by("pk")
    calls: set[int] = set()
    for application in due.filter(~Exists(fresh))[:EACH]:
        words = words_of_application(application)
        if words is not None and not words.waiting:
            look.enqueue(key=f"similarity.look:{application.pk}", again=True, application_id=application.pk)
            calls.add(application.call_id)
    # A corpus that has grown concerns the reviews that are still open: what was concluded stays as it was concluded.
    stale = Look.objects.exclude(corpus=mark).filter(
        application__call__state=CallState.CLOSED, application__similar_conclusions=None
    )
    for pk in stale.values_list("application", flat=True)[:EACH]:
        look.enqueue(key=f"similarity.look:{pk}", again=True, application_id=pk)
    # Files that were not read yet when the search was made.
    for each in (
        Look.objects.exclude(unread=[])
        .filter(application__in=due)
        .select_related("application__call__version")[:EACH]
    ):
        words = words_of_application(each.application)
        if words is not None and words.sources != each.sources and not words.waiting:
            look.enqueue(
                key=f"similarity.look:{each.application_id}", again=True, application_id=each.application_id
            )
            calls.add(each.application.call_id)
    missing = set(due.values_list("call", flat=True).distinct()) - set(
        PairLook.objects.values_list("call", flat=True)
    )
    for call_id in sorted(calls | missing):
        look_pairs.enqueue(key=f"similarity.pairs:{call_id}", again=True, call_id=call_id)
