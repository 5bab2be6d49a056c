"""Asking registers: from the cache where it is fresh, else in batches, with tries, under the breaker. Never an error to the caller.

No transaction is open while a register is asked: call this from a task, outside `transaction.atomic`.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json
from gongmo.ledger.commands import append
from gongmo.registers import breaker, policies
from gongmo.registers.adapters import ADAPTERS
from gongmo.registers.config import Configuration
from gongmo.registers.models import RegisterAnswer, Wanted
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.settings import configuration
from gongmo.registers.trouble import Down, Trouble
from gongmo.registers.values import Answer, Question, Said

T = TypeVar("T")
CHUNK = 500


def ask(
    *,
    actor: Actor,
    questions: Iterable[Question],
    fresh: timedelta | None = None,
    since: datetime | None = None,
    topic: str = "",
    reference: int = 0,
) -> dict[Question, Answer]:
    """Answers to all questions. What is known and younger than `fresh` (default: the setting), and asked at `since` or later, is not asked again.

    A register that is off or down gives UNAVAILABLE with its trouble. With a `topic` and `reference` what went unanswered is noted, and the
    topic's follower is called when the register answers again.
    """
    policies.ask.require(actor)
    wanted = list(dict.fromkeys(questions))
    settings = configuration()
    now = clock.now()
    newest = now - (settings.fresh if fresh is None else fresh)
    found = known(wanted, max(newest, since) if since is not None else newest)
    missing = [question for question in wanted if question not in found]
    for register in Register:
        mine = [question for question in missing if question.register is register]
        if mine:
            found.update(_ask_register(actor, settings, register, mine))
    if topic:
        _follow_up(topic, reference, found, now)
    return {question: found[question] for question in wanted}


def known(questions: Sequence[Question], since: datetime) -> dict[Question, Answer]:
    """The newest real answers since an instant. One statement for 500 questions."""
    found: dict[Question, Answer] = {}
    for part in _parts(questions, CHUNK):
        by_digest = {question.digest: question for question in part}
        rows = RegisterAnswer.objects.filter(question__in=by_digest, asked_at__gte=since)
        for row in rows.exclude(outcome=Outcome.UNAVAILABLE).order_by("id"):
            found[by_digest[row.question]] = of_row(row, cached=True)
    return found


def of_row(row: RegisterAnswer, *, cached: bool = False) -> Answer:
    """A kept answer as a value."""
    payload = json.loads(row.payload)
    outcome = Outcome(row.outcome)
    return Answer(
        register=Register(row.register),
        number=row.number,
        outcome=outcome,
        asked_at=row.asked_at,
        as_of=row.as_of,
        payload=payload,
        id=row.pk,
        trouble=Trouble(payload["trouble"]) if outcome is Outcome.UNAVAILABLE else None,
        cached=cached,
    )


def _ask_register(
    actor: Actor, settings: Configuration, register: Register, questions: Sequence[Question]
) -> dict[Question, Answer]:
    """Ask in batches and keep each batch's answers at once: what is known stays known if the next batch fails."""
    found: dict[Question, Answer] = {}
    _, size = ADAPTERS[register]
    kept: list[Said] = []
    failed: dict[Question, Down] = {}
    for batch in _parts(questions, size):
        try:
            kept += _one_request(settings, register, batch)
        except Down as down:
            failed.update(dict.fromkeys(batch, down))
        if len(kept) >= CHUNK // 5:
            found.update(_keep(actor, register, kept))
            kept = []
    if kept:
        found.update(_keep(actor, register, kept))
    if failed:
        found.update(_note_outage(actor, register, failed))
    return found


def _one_request(settings: Configuration, register: Register, batch: Sequence[Question]) -> list[Said]:
    service = settings.services.get(register)
    if service is None:
        raise Down(Trouble.OFF)
    breaker.enter(register)
    adapter, _ = ADAPTERS[register]
    today = clock.now().astimezone(clock.SEOUL).date()
    for wait in (*settings.waits, None):
        try:
            said = adapter(settings, service, batch, today)
        except Down as down:
            if down.trouble.retried and wait is not None:
                time.sleep(wait)
                continue
            breaker.failed(register, down, settings)
            raise
        breaker.went_well(register)
        return said
    raise AssertionError("every try returns or raises")


def _keep(actor: Actor, register: Register, said: Sequence[Said]) -> dict[Question, Answer]:
    now = clock.now()
    rows = [
        RegisterAnswer(
            register=register.value,
            number=each.question.number,
            question=each.question.digest,
            outcome=each.outcome.value,
            payload=canonical_json(each.payload),
            asked_at=now,
            as_of=each.as_of,
        )
        for each in said
    ]
    made = _append(actor, register, rows)
    return {each.question: of_row(row) for each, row in zip(said, made, strict=True)}


def _note_outage(actor: Actor, register: Register, failed: dict[Question, Down]) -> dict[Question, Answer]:
    """UNAVAILABLE for each; kept once for an outage, so that the history shows when nothing could be known. A register that is off keeps nothing."""
    now = clock.now()
    today = now.astimezone(clock.SEOUL).date()
    last: dict[str, str] = {}
    real = [question for question, down in failed.items() if down.trouble is not Trouble.OFF]
    for part in _parts(real, CHUNK):
        digests = [question.digest for question in part]
        kept = RegisterAnswer.objects.filter(question__in=digests).order_by("id")
        last.update(kept.values_list("question", "outcome"))
    new = [question for question in real if last.get(question.digest) != Outcome.UNAVAILABLE]
    rows = [
        RegisterAnswer(
            register=register.value,
            number=question.number,
            question=question.digest,
            outcome=Outcome.UNAVAILABLE.value,
            payload=canonical_json({"trouble": failed[question].trouble.value}),
            asked_at=now,
            as_of=today,
        )
        for question in new
    ]
    if rows:
        _append(actor, register, rows)
    return {
        question: Answer(
            register=register,
            number=question.number,
            outcome=Outcome.UNAVAILABLE,
            asked_at=now,
            trouble=down.trouble,
            detail=down.detail,
        )
        for question, down in failed.items()
    }


def _append(actor: Actor, register: Register, rows: list[RegisterAnswer]) -> list[RegisterAnswer]:
    with transaction.atomic():
        made = RegisterAnswer.objects.bulk_create(rows)
        counts = {outcome.value: sum(row.outcome == outcome for row in made) for outcome in Outcome}
        append(
            actor=actor,
            act="registers.record_answers",
            subject=("register", register.value),
            payload={
                "answers": [row.pk for row in made],
                "outcomes": {outcome: count for outcome, count in counts.items() if count},
            },
        )
    return made


def _follow_up(topic: str, reference: int, found: dict[Question, Answer], now: datetime) -> None:
    """Note what went unanswered on somebody's behalf, and forget what was answered."""
    down = {
        (question.register.value, question.number): answer
        for question, answer in found.items()
        if answer.outcome is Outcome.UNAVAILABLE and answer.trouble is not Trouble.OFF
    }
    with transaction.atomic():
        standing = {
            (row.register, row.number): row
            for row in Wanted.objects.select_for_update().filter(topic=topic, reference=reference)
        }
        gone = [
            standing[key].pk
            for key in {(question.register.value, question.number) for question in found}
            if key in standing and key not in down
        ]
        Wanted.objects.filter(pk__in=gone).delete()
        new = []
        for key, answer in down.items():
            trouble = answer.trouble.value if answer.trouble is not None else ""
            row = standing.get(key)
            if row is not None:
                row.trouble, row.tried_at, row.tries = trouble, now, row.tries + 1
                row.save(update_fields=["trouble", "tried_at", "tries"])
            else:
                new.append(
                    Wanted(
                        register=key[0],
                        number=key[1],
                        topic=topic,
                        reference=reference,
                        trouble=trouble,
                        since=now,
                        tried_at=now,
                    )
                )
        # Two tasks for the same thing at once: the first one's note stands.
        Wanted.objects.bulk_create(new, ignore_conflicts=True)


def _parts(values: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
