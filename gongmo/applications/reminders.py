"""Shouting in time: whoever writes and has not submitted is told three days, one day and three hours before the deadline."""

from datetime import timedelta

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.applications.policies import SIGNING, WRITING
from gongmo.applications.queries.snapshot import present_members, snapshot
from gongmo.applications.readiness import Obstacle, obstacles
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of, takes_applications
from gongmo.calls.states import CallState
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.korean import stamp
from gongmo.notices import commands as notices
from gongmo.notices.categories import Category
from gongmo.notices.queries import people_of
from gongmo.notices.telling import Telling
from gongmo.notices.wording import quoted
from gongmo.parties.queries import region_table
from gongmo.rules.check import check
from gongmo.tasks import schedule, task
from gongmo.tasks.queue import known

MARKS = (
    (timedelta(hours=3), Text(ko="3시간", en="three hours")),
    (timedelta(days=1), Text(ko="하루", en="one day")),
    (timedelta(days=3), Text(ko="사흘", en="three days")),
)
"""How long before the deadline it is said, the latest first."""
NAMED = 3


@schedule(
    name="applications.remind_deadlines",
    every=timedelta(minutes=10),
    ko="마감이 다가오는 신청을 찾습니다",
    en="Look for applications near their deadline",
)
def remind_deadlines() -> None:
    """Enqueue a reminder for every unsubmitted application of a call that closes within three days, once for each mark that has passed
    since the application was begun. An extended deadline reminds anew."""
    now = clock.now()
    soon = Call.objects.filter(
        state=CallState.PUBLISHED, closes_at__gt=now, closes_at__lte=now + MARKS[-1][0]
    )
    wanted: dict[str, tuple[int, int]] = {}
    for call in soon:
        number = next(index for index, (mark, _) in enumerate(MARKS) if call.closes_at - now <= mark)
        passed_at = call.closes_at - MARKS[number][0]
        waiting = Application.objects.filter(call=call, created_at__lte=passed_at).exclude(
            state=ApplicationState.SUBMITTED
        )
        for pk in waiting.values_list("pk", flat=True):
            wanted[f"deadline:{pk}:{call.closes_at:%Y%m%dT%H%M}:{number}"] = (pk, number)
    done = known(wanted)
    for key, (pk, number) in wanted.items():
        if key not in done:
            remind.enqueue(key=key, application=pk, mark=number)


@task(
    name="applications.remind_deadline",
    ko="제출하지 않은 신청의 마감을 알립니다",
    en="Tell an application's deadline",
)
def remind(*, application: int, mark: int) -> None:
    """Tell the lead's people what still stands in the way, or, loudest, that nothing does and it is not submitted."""
    found = Application.objects.select_related("call__version", "lead").get(pk=application)
    now = clock.now()
    if found.state == ApplicationState.SUBMITTED or not takes_applications(found.call, now):
        return
    closes = found.call.closes_at
    title, body = _words(found, mark, open_obstacles(found))
    for organisation, people in people_of([found.lead_id], WRITING | SIGNING).items():
        notices.tell(
            Telling(
                people,
                Category.DEADLINE,
                title,
                body,
                reverse("applications:submit", args=[found.pk]),
                key=f"deadline:{found.pk}:{closes:%Y%m%dT%H%M}:{mark}",
                organisation=organisation,
            )
        )


def open_obstacles(application: Application) -> list[Obstacle]:
    """What still forbids submitting, as submitting itself would find it now."""
    definition = definition_of(application.call)
    members = present_members(application)
    now = clock.now()
    value = snapshot(application, received_at=now, members=members)
    return obstacles(definition, members, check(definition, value, regions=region_table(), at=now))


def _words(application: Application, mark: int, open_: list[Obstacle]) -> tuple[Text, Text]:
    left, closes = MARKS[mark][1], stamp(application.call.closes_at)
    name = application.title
    if not open_:
        return (
            Text(
                ko=f"다 갖추었는데 아직 제출하지 않았습니다. 마감까지 {left.ko}도 남지 않았습니다",
                en=f"Complete, but not submitted: less than {left.en} left",
            ),
            Text(
                ko=f"{quoted(name, '은', '는')} 지금 바로 제출할 수 있습니다. 저장만으로는 접수되지 않습니다. {closes} 전에 제출하기를 눌러 주세요.",
                en=f"“{name}” can be submitted right now. Saving is not submitting: submit before {closes} (Seoul).",
            ),
        )
    rest = len(open_) - NAMED
    ko = "\n".join(f"· {each.ko}" for each in open_[:NAMED]) + (f"\n그 밖에 {rest}가지" if rest > 0 else "")
    en = "\n".join(f"· {each.en}" for each in open_[:NAMED]) + (f"\nand {rest} more" if rest > 0 else "")
    return (
        Text(
            ko=f"마감까지 {left.ko}도 남지 않았는데 할 일이 {len(open_)}가지 있습니다",
            en=f"Less than {left.en} left, and {len(open_)} things to do",
        ),
        Text(
            ko=f"{quoted(name, '을', '를')} {closes} 전에 제출하려면 다음을 마쳐 주세요.\n{ko}",
            en=f"To submit “{name}” before {closes} (Seoul), finish these.\n{en}",
        ),
    )
