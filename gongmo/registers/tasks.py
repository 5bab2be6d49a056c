"""Following up what went unanswered, and fetching the holidays of the coming years."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse

from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import Role, system
from gongmo.notices import commands as notices
from gongmo.notices.categories import Category
from gongmo.notices.queries import officers
from gongmo.notices.telling import Telling
from gongmo.parties.models import Organisation
from gongmo.registers import commands, holidays
from gongmo.registers.following import follower
from gongmo.registers.models import Circuit, Wanted
from gongmo.registers.outcomes import NAMES, Register
from gongmo.registers.settings import configuration, is_on
from gongmo.registers.states import CircuitState
from gongmo.registers.trouble import WORDS, Trouble
from gongmo.registers.values import Question
from gongmo.tasks import schedule, task

BATCH = 200
FORGET = timedelta(days=60)
LONG = timedelta(hours=3)
VERIFY_WAIT = timedelta(minutes=10)
VERIFY_TRIES = 7
"""The last try comes about a day after the first."""


@schedule(
    name="registers.follow_up",
    every=timedelta(minutes=5),
    ko="답하지 않은 등록부에 다시 묻게 합니다",
    en="Have unanswered questions asked again",
)
def follow_up() -> None:
    """Call the followers of what is wanted from registers that are not held off now. What was tried in the last minutes waits."""
    settings = configuration()
    now = clock.now()
    _tell_operators(now)
    held = {
        circuit.register
        for circuit in Circuit.objects.filter(~Q(state=CircuitState.CLOSED), retry_at__gt=now)
    }
    Wanted.objects.filter(since__lt=now - FORGET).delete()
    ready = [register.value for register in settings.services if register.value not in held]
    waiting = (
        Wanted.objects.filter(register__in=ready, tried_at__lte=now - timedelta(minutes=4))
        .order_by("tried_at")
        .values_list("topic", "reference")
    )
    by_topic: dict[str, list[int]] = {}
    for topic, reference in dict.fromkeys(waiting[:BATCH]):
        by_topic.setdefault(topic, []).append(reference)
    for topic, references in by_topic.items():
        function = follower(topic)
        if function is not None:
            function(references)


def _tell_operators(now: datetime) -> None:
    """Once an outage: what only an operator can mend (a key) at once, the rest after three hours."""
    troubled = Circuit.objects.filter(~Q(state=CircuitState.CLOSED), opened_at__isnull=False)
    for circuit in troubled.filter(Q(trouble=Trouble.KEY) | Q(opened_at__lte=now - LONG)):
        name, why = NAMES[Register(circuit.register)], WORDS[Trouble(circuit.trouble)]
        since = circuit.went_well_at or datetime.fromtimestamp(0, UTC)
        notices.tell(
            Telling(
                people=officers(Role.OPERATOR),
                category=Category.SYSTEM,
                title=Text(
                    ko=f"외부 확인이 멈춰 있습니다: {name.ko}", en=f"A register is held off: {name.en}"
                ),
                body=Text(
                    ko=f"{why.ko} 신청과 검토는 막히지 않습니다. 외부 등록부 화면에서 상태를 확인해 주세요.",
                    en=f"{why.en} Nothing is blocked. See how the registers fare.",
                ),
                url=reverse("registers:health"),
                key=f"register:{circuit.register}:{since.isoformat()}",
                role=Role.OPERATOR,
            )
        )


@task(name="registers.verify", ko="사업자등록번호를 국세청에 확인합니다", en="Verify a business number")
def verify(*, organisation: int, start_dt: str, p_nm: str, tries: int = 0) -> None:
    """Compare number, opening day and name. While the register is down it is asked again later, a few times: nothing hangs on it."""
    number = Organisation.objects.values_list("business_number", flat=True).filter(pk=organisation).first()
    if not number:
        return
    question = Question.of(Register.BUSINESS_VALIDATION, number, start_dt=start_dt, p_nm=p_nm)
    answers = commands.ask(actor=system("registers"), questions=[question], fresh=timedelta(minutes=1))
    if answers[question].trouble not in (None, Trouble.OFF) and tries < VERIFY_TRIES:
        verify.enqueue(
            key=f"registers.verify:{organisation}:{tries}",
            again=True,
            delay=VERIFY_WAIT * 2**tries,
            organisation=organisation,
            start_dt=start_dt,
            p_nm=p_nm,
            tries=tries + 1,
        )


@schedule(
    name="registers.fetch_holidays",
    every=timedelta(days=1),
    at=time(3, 20),
    ko="공휴일을 받아 옵니다",
    en="Fetch public holidays",
)
def fetch_holidays() -> None:
    """Ask for the holidays from this month to the end of the next year, once a week."""
    if not is_on(Register.HOLIDAYS):
        return
    today = clock.now().astimezone(clock.SEOUL).date()
    months = [
        (year, month)
        for year in (today.year, today.year + 1)
        for month in range(1, 13)
        if (year, month) >= (today.year, today.month)
    ]
    commands.ask(
        actor=system("registers"),
        questions=[Question.of(Register.HOLIDAYS, str(year), month=f"{month:02}") for year, month in months],
        fresh=timedelta(days=6),
    )
    holidays.forget()
