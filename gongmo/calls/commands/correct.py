"""A correction notice (정정공고): a new frozen version, with what it changes in words."""

from django.db import transaction

from gongmo.calls.commands.base import freeze, locked, readable, said, with_window
from gongmo.calls.models import CallVersion, Notice, NoticeKind
from gongmo.calls.policies import operates
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState, calls_table
from gongmo.calls.values import Announcement
from gongmo.definition.diff import Change, differences
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import digest
from gongmo.kernel.errors import NotFound, Refused
from gongmo.kernel.korean import won
from gongmo.ledger.commands import append


def correction(old: Definition, new: Definition) -> tuple[Definition, tuple[Change, ...]]:
    """What a correction would publish, and its differences in words.

    The intake window in force stays: only an extension moves a deadline. Id and version number are the call's own.
    """
    kept = with_window(new, old.intake.opens, old.intake.closes)
    kept = kept.model_copy(update={"id": old.id, "version": old.version})
    return kept, tuple(differences(old, kept))


def correct(
    *,
    actor: Actor,
    call_id: int,
    definition: Definition,
    reason: str,
    announcement: Announcement | None = None,
) -> CallVersion:
    """Publish a correction as the next version, with a notice that names the reason.

    Without `announcement` the one in force stays.

    Refused: not the operator, call cancelled or finished, nothing changes, another programme, a second-level pot above
    the sum that was granted. The intake window stays as it is; `extend` moves the deadline.
    """
    with transaction.atomic():
        call = locked(call_id)
        operates.require(actor, call)
        reason = said(
            reason, field="reason", ko="정정하는 까닭을 적어 주세요.", en="Say why the call is corrected."
        )
        if call.version is None:
            raise NotFound
        if call.state not in (CallState.PUBLISHED, CallState.CLOSED):
            shown = calls_table.shown[CallState(call.state)]
            raise Refused(
                "call_not_correctable",
                f"‘{shown.ko}’ 상태의 공고는 정정할 수 없습니다.",
                f"A call that is “{shown.en}” cannot be corrected.",
            )
        old = definition_of(call)
        if definition.programme != call.programme or bool(definition.second_level) != bool(old.second_level):
            raise Refused(
                "call_other_programme",
                "다른 사업의 정의입니다. 이 공고의 정의를 고친 파일을 올려 주세요.",
                "This is the definition of another programme. Upload a corrected file of this call.",
            )
        pot = definition.second_level.pot if definition.second_level else None
        if pot is not None and call.pot is not None and pot > call.pot:
            raise Refused(
                "call_pot_beyond_parent",
                f"정정공고로 총액을 {won(call.pot)}보다 늘릴 수 없습니다. 새 지역 공고를 내 주세요.",
                f"A correction cannot raise the pot above {call.pot:,} won. Publish another regional call.",
                details={"pot": pot, "available": call.pot},
            )
        kept, changes = correction(old, definition)
        told_anew = readable(announcement) if announcement else None
        in_force = Announcement(call.version.announcement_ko, call.version.announcement_en)
        if not changes and told_anew in (None, in_force):
            raise Refused(
                "call_unchanged",
                "지금 공고와 달라진 곳이 없습니다. 고친 파일이 맞는지 확인해 주세요.",
                "Nothing differs from the call in force. Check that this is the corrected file.",
            )
        now = clock.now()
        number = old.version + 1
        told = [{"path": c.path, "clause": c.clause, "ko": c.ko, "en": c.en} for c in changes]
        version = freeze(
            call, kept, number=number, at=now, reason=reason, changes=told, announcement=told_anew
        )
        if pot != call.pot:
            call.pot = pot
            call.save(update_fields=["pot"])
        Notice.objects.create(
            call=call,
            kind=NoticeKind.AMENDMENT,
            title=f"정정공고 (제{number}판)",
            body=reason,
            published_at=now,
        )
        append(
            actor=actor,
            act="calls.correct",
            subject=("call", call.pk),
            call=call.slug,
            payload={
                "version": number,
                "definition_sha256": version.sha256,
                "reason": reason,
                "changes": told,
                "pot": pot,
                "announcement_sha256": digest([version.announcement_ko, version.announcement_en]),
            },
        )
    return version
