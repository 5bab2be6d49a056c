"""The deadline and the end of a call: extend for everyone, close, cancel, finish."""

from datetime import datetime

from django.db import transaction

from gongmo.calls.commands.base import freeze, locked, said, with_window
from gongmo.calls.models import Call, Notice, NoticeKind
from gongmo.calls.policies import operates
from gongmo.calls.queries import definition_of, review_started
from gongmo.calls.states import CallState, calls_table
from gongmo.definition.diff import differences
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.korean import stamp
from gongmo.ledger.commands import append


def extend(*, actor: Actor, call_id: int, closes_at: datetime, reason: str) -> Call:
    """Move the deadline later for everyone in one act, with a notice. A call already closed takes applications again.

    The definition in force gets a next version with the new instant, so that pages and rules agree. Refused: not the
    operator, not later than now and than the deadline in force, call cancelled or finished, eligibility reviews opened.
    """
    with transaction.atomic():
        call = locked(call_id)
        operates.require(actor, call)
        reason = said(
            reason, field="reason", ko="연장하는 까닭을 적어 주세요.", en="Say why the deadline moves."
        )
        if closes_at.tzinfo is None:
            raise BadInput(
                "closes_at_zone",
                "새 마감 시각에 시간대가 없습니다.",
                "The new deadline needs a time zone.",
                field="closes_at",
            )
        now = clock.now()
        old_closes = call.closes_at
        if closes_at <= old_closes or closes_at <= now:
            later_than = max(old_closes, now)
            raise Refused(
                "call_extension_not_later",
                f"새 마감은 {stamp(later_than)}보다 늦어야 합니다.",
                f"The new deadline must be later than {stamp(later_than)} (Seoul).",
                details={"closes_at": old_closes.isoformat(), "asked": closes_at.isoformat()},
            )
        if call.state != CallState.PUBLISHED:
            calls_table.require(CallState(call.state), CallState.PUBLISHED)
        if review_started(call):
            raise Refused(
                "call_review_started",
                "적격성 검토를 시작한 뒤에는 마감을 연장할 수 없습니다.",
                "The deadline cannot be extended after the eligibility review has started.",
            )
        reopened = call.state == CallState.CLOSED
        old = definition_of(call)
        new = with_window(old, old.intake.opens, closes_at)
        told = [{"path": c.path, "clause": c.clause, "ko": c.ko, "en": c.en} for c in differences(old, new)]
        call.state, call.closes_at = CallState.PUBLISHED, closes_at
        call.save(update_fields=["state", "closes_at"])
        version = freeze(call, new, number=old.version + 1, at=now, reason=reason, changes=told)
        Notice.objects.create(
            call=call,
            kind=NoticeKind.EXTENSION,
            title=f"접수 마감을 {stamp(closes_at)}까지 연장합니다",
            body=reason,
            published_at=now,
        )
        append(
            actor=actor,
            act="calls.extend",
            subject=("call", call.pk),
            call=call.slug,
            payload={
                "old_closes_at": old_closes,
                "closes_at": closes_at,
                "reason": reason,
                "reopened": reopened,
                "version": version.number,
                "definition_sha256": version.sha256,
            },
        )
    return call


def close(*, actor: Actor, call_id: int) -> Call:
    """Close the intake. Refused before the closing instant."""
    with transaction.atomic():
        call = locked(call_id)
        operates.require(actor, call)
        now = clock.now()
        if now < call.closes_at:
            raise Refused(
                "call_still_open",
                f"접수 마감({stamp(call.closes_at)}) 전에는 닫을 수 없습니다. 지금은 {stamp(now, seconds=True)}입니다.",
                f"The call cannot be closed before its deadline ({stamp(call.closes_at)}, Seoul). It is now {stamp(now, seconds=True)}.",
                details={"closes_at": call.closes_at.isoformat(), "now": now.isoformat()},
            )
        return _move(actor, call, CallState.CLOSED, "calls.close", {"closes_at": call.closes_at})


def cancel(*, actor: Actor, call_id: int, reason: str) -> Call:
    """Cancel a call, with a notice that names the reason. It takes no applications any more."""
    with transaction.atomic():
        call = locked(call_id)
        operates.require(actor, call)
        reason = said(
            reason, field="reason", ko="취소하는 까닭을 적어 주세요.", en="Say why the call is cancelled."
        )
        Notice.objects.create(
            call=call,
            kind=NoticeKind.GENERAL,
            title="공고를 취소합니다",
            body=reason,
            published_at=clock.now(),
        )
        return _move(actor, call, CallState.CANCELLED, "calls.cancel", {"reason": reason})


def finish(*, actor: Actor, call_id: int) -> Call:
    """Mark a closed call as finished."""
    with transaction.atomic():
        call = locked(call_id)
        operates.require(actor, call)
        return _move(actor, call, CallState.FINISHED, "calls.finish", {})


def _move(actor: Actor, call: Call, then: CallState, act: str, payload: dict[str, object]) -> Call:
    call.state = calls_table.require(CallState(call.state), then)
    call.save(update_fields=["state"])
    append(actor=actor, act=act, subject=("call", call.pk), call=call.slug, payload=payload)
    return call
