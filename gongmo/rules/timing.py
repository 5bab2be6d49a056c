"""Timing: received within the intake's instants, and everything that must also arrive on another channel."""

from datetime import date, datetime, timedelta

from gongmo.definition.application import Application
from gongmo.definition.base import Text
from gongmo.definition.model import Channel, Definition, Intake
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day, particle, stamp
from gongmo.rules.exclusions import closing_day
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind
from gongmo.rules.values import APPLICATION, Ground, text

INTAKE = text("접수 기간", "Time of intake")


def check_timing(
    definition: Definition, application: Application, *, at: datetime | None = None
) -> tuple[Finding, ...]:
    """One finding on the intake and one a channel that is required or used.

    `at` is the present instant where there is one; without it nothing that is still missing counts as too late.
    """
    arrived: dict[str, date] = {}
    for arrival in application.arrivals:
        first = arrived.get(arrival.channel, arrival.arrived_on)
        arrived[arrival.channel] = min(first, arrival.arrived_on)
    found = [_intake(definition.intake, application.received_at, at)]
    for channel in definition.intake.channels:
        if channel.required or channel.id in arrived:
            due = channel.due_on or closing_day(definition)
            found.append(_channel(channel, due, arrived.get(channel.id), at))
    return tuple(found)


def exact_ko(value: datetime) -> str:
    """An instant in Seoul to the second, and to the microsecond where it has one: "2025. 8. 29. 16:59:59.999999"."""
    shown = stamp(value, seconds=True)
    return f"{shown}.{value.microsecond:06d}" if value.microsecond else shown


def _exact_en(value: datetime) -> str:
    return value.astimezone(SEOUL).isoformat(sep=" ")


def _intake(intake: Intake, received: datetime | None, at: datetime | None) -> Finding:
    ground = Ground.under("intake", INTAKE, intake)
    opens, closes = intake.opens, intake.closes
    numbers = {
        "opens": opens.isoformat(),
        "closes": closes.isoformat(),
        "received_at": received.isoformat() if received else None,
    }
    required = text(
        f"{exact_ko(opens)}부터 {exact_ko(closes)} 전까지",
        f"from {_exact_en(opens)} until before {_exact_en(closes)}",
    )
    remedy: Text | None = None
    if received is None:
        observed = text("아직 제출하지 않음", "not submitted yet")
        if at is not None and at >= closes:
            status = Status.FAIL
            message = text(
                f"접수가 {exact_ko(closes)}에 끝났고 제출된 신청이 없습니다.",
                f"The intake closed at {_exact_en(closes)} and nothing was submitted.",
            )
        else:
            status = Status.UNKNOWN
            message = text(
                f"아직 제출하지 않았습니다. {exact_ko(closes)} 전에 접수되어야 합니다.",
                f"Not submitted yet. It must be received before {_exact_en(closes)}.",
            )
            remedy = text(f"{exact_ko(closes)} 전에 제출해 주세요.", f"Submit before {_exact_en(closes)}.")
    else:
        observed = text(f"{exact_ko(received)} 접수", f"received {_exact_en(received)}")
        if received < opens:
            status = Status.FAIL
            message = text(
                f"접수 시작 {exact_ko(opens)}보다 앞선 {exact_ko(received)}에 접수되었습니다.",
                f"Received at {_exact_en(received)}, before the intake opens at {_exact_en(opens)}.",
            )
            remedy = text("접수 기간에 다시 제출해 주세요.", "Submit again while the intake is open.")
        elif received >= closes:
            status = Status.FAIL
            late = _late(received - closes)
            message = text(
                f"마감 {exact_ko(closes)}에 {late.ko} {exact_ko(received)}에 접수되었습니다.",
                f"Received at {_exact_en(received)}, {late.en} the closing instant {_exact_en(closes)}.",
            )
        else:
            status = Status.PASS
            message = text(
                f"마감 {exact_ko(closes)} 전인 {exact_ko(received)}에 접수되었습니다.",
                f"Received at {_exact_en(received)}, before the intake closes at {_exact_en(closes)}.",
            )
    return ground.finding(
        status,
        APPLICATION,
        observed=observed,
        required=required,
        message=message,
        remedy=remedy,
        numbers=numbers,
    )


def _late(by: timedelta) -> Text:
    if not by:
        return text("딱 맞춰(마감 시각은 기간에 들지 않습니다)", "exactly at")
    seconds = by // timedelta(seconds=1)
    if seconds == 0:
        return text(f"{by.microseconds:,}마이크로초 늦은", f"{by.microseconds:,} microseconds after")
    return text(f"{seconds:,}초 늦은", f"{seconds:,} seconds after")


def _channel(channel: Channel, due: date, arrived: date | None, at: datetime | None) -> Finding:
    ground = Ground.under(channel.id, channel.name, channel)
    today = at.astimezone(SEOUL).date() if at is not None else None
    remedy: Text | None = None
    name = channel.name
    if arrived is not None:
        observed = text(f"{day(arrived)} 도착", f"arrived {arrived}")
        status = Status.PASS if arrived <= due else Status.FAIL
        message = (
            text(
                f"{particle(name.ko, '이', '가')} {day(arrived)}에 도착했습니다.",
                f"{name.en}: arrived on {arrived}.",
            )
            if arrived <= due
            else text(
                f"{particle(name.ko, '이', '가')} {day(due)}까지 와야 하는데 {day(arrived)}에 도착했습니다.",
                f"{name.en}: due by {due}, arrived on {arrived}.",
            )
        )
    elif today is not None and today > due:
        observed, status = text("도착하지 않음", "not arrived"), Status.FAIL
        message = text(
            f"{particle(name.ko, '이', '가')} {day(due)}까지 도착하지 않았습니다.",
            f"{name.en}: not arrived by {due}.",
        )
    else:
        observed, status = text("아직 도착하지 않음", "not arrived yet"), Status.UNKNOWN
        message = text(
            f"{particle(name.ko, '이', '가')} 아직 도착하지 않았습니다. {day(due)}까지 도착해야 합니다.",
            f"{name.en}: not arrived yet. It must arrive by {due}.",
        )
        remedy = channel.instructions
    return ground.finding(
        status,
        Subject(SubjectKind.CHANNEL, channel.id),
        observed=observed,
        required=text(f"{day(due)}까지 도착", f"arrives by {due}"),
        message=message,
        remedy=remedy,
        numbers={"due_on": due.isoformat(), "arrived_on": arrived.isoformat() if arrived else None},
    )
