"""Holding a rehearsal: all of it or nothing, on a database that holds nothing else."""

import json
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from gongmo.calls.models import Call
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger import guards
from gongmo.parties.models import Organisation, Person
from gongmo.rehearsal.award import award
from gongmo.rehearsal.corpus import gather
from gongmo.rehearsal.data import Loaded, Row
from gongmo.rehearsal.experts import register_pool
from gongmo.rehearsal.intake import announce, take_in
from gongmo.rehearsal.open_review import open_review, take_in_open_review
from gongmo.rehearsal.open_scoring import open_scoring
from gongmo.rehearsal.play import Play
from gongmo.rehearsal.regional import open_regional, window
from gongmo.rehearsal.review import screen
from gongmo.rehearsal.scoring import evaluate
from gongmo.tasks import run_waiting


class Until(StrEnum):
    """How far the story is played."""

    CLOSING = "closing"
    END = "end"


def is_empty() -> bool:
    """Whether nobody and no call is registered yet."""
    return not (Person.objects.exists() or Organisation.objects.exists() or Call.objects.exists())


def holds_only_rehearsal() -> bool:
    """Whether every person is invented and every call a rehearsal's."""
    return not (
        Person.objects.filter(invented=False).exists() or Call.objects.filter(rehearsal=False).exists()
    )


def rehearse(
    *,
    folder: Path,
    present: datetime,
    say: Callable[[str], None],
    fresh: bool = False,
    until: Until = Until.END,
) -> Play:
    """Play the script in `folder` (rehearsal.yaml) through the commands, in one transaction, and mark the installation.

    `present` is the instant around which the second-level call is open. `fresh` empties a database that holds only a
    rehearsal. With `until` at the closing the story stops when intake has closed and the pool of experts is registered, so that
    officers can practise everything that follows. Raises Refused when the database holds anything else, BadInput when the script is unusable or ends after `present`.
    """
    loaded = Loaded(folder)
    if fresh and not is_empty():
        _empty()
    if not is_empty():
        raise Refused(
            "not_empty",
            "데이터베이스에 이미 자료가 있어 연습을 시작할 수 없습니다. 새 GONGMO_HOME에서 하거나, 연습 자료뿐이면 --fresh로 다시 해 주세요.",
            "The database holds data already. Use another GONGMO_HOME, or --fresh where it holds a rehearsal only.",
        )
    with transaction.atomic():
        play = Play(loaded, say)
        opens, _ = window(play, present)
        if opens <= loaded.script.termination.ended_at:
            raise BadInput(
                "present_too_early",
                "연습 이야기가 끝나기 전의 시각입니다. --now를 더 뒤로 정해 주세요.",
                "The story has not ended by that instant; choose a later --now.",
            )
        announce(play)
        take_in(play)
        gather(play, loaded.script.corpus)
        if until is Until.CLOSING:
            play.at(max(play.now, loaded.definition.intake.closes))
            register_pool(play)
            play.sign_record()
            _mark(play, present, "", play.script.sheet_at_closing, [])
            return play
        screen(play)
        evaluate(play)
        award(play)
        reviewing = take_in_open_review(play, opens)
        scoring = open_scoring(play, opens, present)
        regional = open_regional(play, present)
        scoring += open_review(play, reviewing, present)
        _mark(play, present, regional, play.script.sheet, scoring)
    # The story's notices and mails, so that nobody waits for a worker to see them. What else was enqueued is a worker's.
    run_waiting(only="notices.")
    return play


def _mark(
    play: Play, present: datetime, regional: str, sheet: tuple[Row, ...], scoring: list[dict[str, object]]
) -> None:
    """Write the mark file: when it was held, and the sheet of accounts.

    Written last and inside the transaction: either both the data and the mark are there, or neither.
    """
    call = Call.objects.get(pk=play.call_id).slug
    rows = list(scoring)
    for row in sheet:
        person, actor = play.people[row.person], play.actors[row.person]
        rows.append(
            {
                "who": row.who.model_dump(),
                "organisation": actor.organisation_name,
                "see": row.see.model_dump(),
                "email": person.email,
                "path": row.path.format(call=call, regional=regional, **play.applications),
            }
        )
    told = {
        "held_at": present.isoformat(),
        "call": call,
        "regional": regional,
        "password": play.script.password,
        "sheet": rows,
    }
    mark: Path = settings.GONGMO_REHEARSAL_MARK
    mark.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")


def _empty() -> None:
    """Empty a database that holds a rehearsal only. The record's guards step aside for this, and for nothing else."""
    if not holds_only_rehearsal():
        raise Refused(
            "not_a_rehearsal",
            "연습이 아닌 자료가 있어 비울 수 없습니다.",
            "The database holds data that is not a rehearsal's; it is not emptied.",
        )
    guards.remove(connection)
    try:
        call_command("flush", interactive=False, verbosity=0)
    finally:
        guards.install(connection)
    settings.GONGMO_REHEARSAL_MARK.unlink(missing_ok=True)
