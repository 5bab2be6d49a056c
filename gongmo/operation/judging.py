"""What the figures of the operator's page mean: good, worth a look, or to be mended now. Told from what was measured and from nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gongmo.definition.base import Text
from gongmo.kernel.korean import span, span_en
from gongmo.kernel.states import Family
from gongmo.operation.figures import Record
from gongmo.operation.probes import Clock, Room

SIGNED_WITHIN = timedelta(hours=2)
"""The record is signed every hour (gongmo.ledger.tasks): what has waited for two was forgotten. The alert's limit, too."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement: its colour, its word, and where there is more to say, why in a sentence."""

    family: Family
    word: Text
    why: Text | None = None


def unsigned_for(record: Record, now: datetime, up: timedelta) -> timedelta:
    """How long the oldest unsigned entry has waited for a server that has run for so long: before, nobody could sign. Zero: none waits.

    A record in which nothing was written needs no new signature, however old its last one is.
    """
    if record.unsigned_since is None:
        return timedelta()
    return max(timedelta(), min(now - record.unsigned_since, up))


def signature(record: Record, now: datetime, up: timedelta) -> Judged:
    """Whether the record is signed as often as it should be, by a server that has run for so long."""
    if record.unsigned_since is None:
        return Judged(
            Family.DONE,
            Text(ko="모두 서명됨", en="All signed"),
            Text(ko="서명되지 않은 기록이 없습니다.", en="Every entry is signed."),
        )
    waited = unsigned_for(record, now, up)
    if waited <= SIGNED_WITHIN:
        return Judged(
            Family.DONE,
            Text(ko="제때", en="In time"),
            Text(ko="한 시간마다 서명합니다.", en="It is signed every hour."),
        )
    return Judged(
        Family.ATTENTION,
        Text(ko="늦음", en="Too old"),
        Text(
            ko=f"서명되지 않은 기록이 {span(waited)}째 기다립니다. 작업 프로세스가 도는지 봐 주세요.",
            en=f"An entry has waited {span_en(waited)} for its signature: see whether a task worker runs.",
        ),
    )


def room(found: Room) -> Judged:
    """Whether a disk holds out."""
    if found.scarce:
        return Judged(
            Family.STOPPED,
            Text(ko="거의 참", en="Nearly full"),
            Text(
                ko="곧 저장이 멈춥니다. 지금 늘리거나 비워 주세요.",
                en="Saving will soon stop: make room now.",
            ),
        )
    if found.tight:
        return Judged(
            Family.ATTENTION,
            Text(ko="빠듯함", en="Tight"),
            Text(ko="마감 전에 늘려 주세요.", en="Make room before the deadline."),
        )
    return Judged(Family.DONE, Text(ko="넉넉함", en="Enough"))


def clock(found: Clock, tolerance: float) -> Judged:
    """Whether the clock can be trusted with a deadline. What nothing can be compared with is said to be so."""
    ahead, moved = found.record_ahead, found.moved
    if found.skew is not None and abs(found.skew) > tolerance:
        return Judged(
            Family.STOPPED,
            Text(ko="어긋남", en="Off"),
            Text(
                ko="데이터베이스 서버와 달라 마감이 서버마다 달라집니다. chrony를 켜 주세요.",
                en="The deadline differs from machine to machine: run chrony.",
            ),
        )
    if ahead > tolerance:
        return Judged(
            Family.STOPPED,
            Text(ko="뒤로 감", en="Went back"),
            Text(
                ko=f"마지막 기록이 지금보다 {ahead:,.0f}초 앞섭니다. 시계를 맞춰 주세요.",
                en=f"The last entry lies {ahead:,.0f} s in the future: set the clock.",
            ),
        )
    if abs(moved) > tolerance:
        return Judged(
            Family.ATTENTION,
            Text(ko="옮겨짐", en="Was moved"),
            Text(
                ko=f"서버를 켠 뒤 시계가 {moved:+,.0f}초 옮겨졌습니다.",
                en=f"It was moved by {moved:+,.0f} s since the start.",
            ),
        )
    if found.kept is False:
        return Judged(
            Family.ATTENTION,
            Text(ko="맞추지 않음", en="Not kept"),
            Text(
                ko="시계를 맞춰 주는 프로그램이 없습니다. chrony를 켜 주세요.",
                en="Nothing keeps it in step: run chrony.",
            ),
        )
    if found.skew is None and found.kept is None:
        return Judged(
            Family.PREPARING,
            Text(ko="견줄 곳 없음", en="Nothing to compare"),
            Text(
                ko="뒤로 가거나 옮겨지지는 않았습니다.",
                en="It neither went back nor was moved.",
            ),
        )
    return Judged(Family.DONE, Text(ko="맞음", en="In step"))
