"""What the application commands share: locking, who may know of it, what may be edited when, kept versions."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from gongmo.applications.commands.journal import Change, Latest, write_journal
from gongmo.applications.models import Application, DraftVersion, Member
from gongmo.applications.policies import PRESENT, may_see
from gongmo.applications.queries.reading import refusal
from gongmo.applications.queries.snapshot import snapshot
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import LONG
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import insert, update, update_as_seen

KEPT_FOR = timedelta(minutes=10)
"""After so long another version is kept before one person's next automatic save."""
KEPT_FOR_OTHERS = timedelta(minutes=1)
"""The same before another person's save: two who write at once must not keep a version with every word."""


def read(actor: Actor, application_id: int) -> Application:
    """The application, without locking it. Raises NotFound when the actor may not know of it."""
    return _known(actor, _read.first(pk=application_id))


@prepared
def _read(*, pk: int) -> QuerySet[Application]:
    return _rows("lead").filter(pk=pk).order_by()


def locked(actor: Actor, application_id: int, *, with_end: bool = False) -> Application:
    """The application, locked until the end of the transaction. Raises NotFound when the actor may not know of it.

    `with_end` for commands that append once and nothing before `changed`: the record's end is read along where that can be done,
    and the lead is not.
    """
    return _known(actor, _locked.first(with_end, pk=application_id))


@prepared
def _locked(with_end: bool, /, *, pk: int) -> QuerySet[Application]:
    found = _rows(*(() if with_end else ("lead",)))
    found = found.select_for_update(of=("self",)).filter(pk=pk).order_by()
    return ledger.with_end(found) if with_end else found


def _rows(*more: str) -> QuerySet[Application]:
    return Application.objects.select_related("call", "call__version", *more).defer(
        *(f"call__version__{name}" for name in LONG)
    )


def _known(actor: Actor, application: Application | None) -> Application:
    if application is None or not may_see(actor, application):
        raise NotFound if application is None else refusal(actor, application.pk)
    return application


class Locked(NamedTuple):
    """An application that this transaction has locked by counting it on, and the record's end where it was told along."""

    end: ledger.End | None


def lock_as_read(actor: Actor, application: Application) -> Locked | None:
    """Lock an application that `read` gave, and whose call it gave, by writing the revision and instant of the change that follows: what
    was asked of it, of its members and documents holds, for each change of them counts the revision. One statement.

    None, and the object is of no more use, where it or its call has changed meanwhile: then ask again of what `locked` gives.
    """
    call, seen = application.call, application.revision
    names = _count_on(actor, application)
    besides = ledger.besides_end(_same_call(), (call.pk, call.state, call.version_id))
    told = update_as_seen(application, *names, seen={"revision": seen}, besides=besides)
    return None if told is None else Locked(ledger.told_end(told))


def _count_on(actor: Actor, application: Application) -> tuple[str, ...]:
    application.revision += 1
    application.changed_at = clock.now()
    application.changed_by_id = actor.person
    return ("revision", "changed_at", "changed_by")


@cache
def _same_call() -> str:
    """Whether a call is still in that state and version, for it may be cancelled or corrected without its applications being written."""
    quote, call = connection.ops.quote_name, Call._meta
    names = ("id", "state", "version")
    held = " AND ".join(f"{quote(str(call.get_field(name).column))} = %s" for name in names)  # type: ignore[union-attr]
    return f"EXISTS (SELECT 1 FROM {quote(call.db_table)} WHERE {held})"  # noqa: S608 - the model's own names


def locked_by_member(actor: Actor, member_id: int) -> tuple[Application, Member]:
    """A member and its application, the application locked. Raises NotFound when the actor may not know of it."""
    found = _application_of.first(pk=member_id)
    if found is None:
        raise NotFound
    application = locked(actor, found)
    member = _member.first(pk=member_id)
    if member is None:
        raise NotFound
    member.application = application
    return application, member


def member_in(application: Application, member_id: int) -> Member | None:
    """The application's member of that id, in whatever state, with its organisation. One query."""
    member = _member.first(pk=member_id)
    if member is None or member.application_id != application.pk:
        return None
    member.application = application
    return member


@prepared
def _application_of(*, pk: int) -> QuerySet[Member, int]:
    return Member.objects.filter(pk=pk).values_list("application_id", flat=True)


@prepared
def _member(*, pk: int) -> QuerySet[Member]:
    return Member.objects.select_related("organisation").filter(pk=pk)


def require_editable(application: Application) -> None:
    """Refused while a submission stands, or when the call is over."""
    if application.state == ApplicationState.SUBMITTED:
        raise Refused(
            "application_submitted",
            "제출한 신청서는 고칠 수 없습니다. 고치려면 마감 전에 철회하고 다시 제출해 주세요.",
            "A submitted application cannot be changed. Withdraw it, change it and submit again before the deadline.",
        )
    if application.call.state in (CallState.CANCELLED, CallState.FINISHED):
        raise Refused(
            "call_over",
            "끝난 공고의 신청서는 고칠 수 없습니다.",
            "This call is over; its applications can no longer be changed.",
        )


def require_present(member: Member, *, joined: bool = False) -> None:
    """Refused when the member is not in the consortium (`joined`: when it has not accepted its invitation yet)."""
    if joined and member.state == MemberState.INVITED:
        raise Refused(
            "member_not_joined",
            "먼저 컨소시엄 참여를 수락해 주세요.",
            "Accept the invitation to the consortium first.",
        )
    if member.state not in PRESENT:
        raise Refused(
            "member_not_present",
            f"‘{member.organisation.name}’은(는) 이 컨소시엄에 들어 있지 않습니다.",
            f"“{member.organisation.name}” is not part of this consortium.",
        )


def changed(
    actor: Actor,
    application: Application,
    act: str,
    payload: Mapping[str, Any],
    *,
    keep: str = "",
    dump: Mapping[str, Any] | None = None,
    columns: Iterable[str] = (),
    fields: Iterable[Change] = (),
    latest: dict[str, Latest] | None = None,
    end: ledger.End | None = None,
    counted: bool = False,
) -> dict[str, int]:
    """Write what every change writes: revision and instant, the journal of `fields`, a kept version when `keep` names what was
    done, the ledger entry. Answers the new revision of each field.

    `dump` is the application's present state in JSON types (`dumped`), where the caller has read it anyhow.
    `columns` are further columns of the application that the caller has set; `latest` what `latest_of` answered for the fields; `end` the
    record's end, where it was read with the application. `counted`: `lock_as_read` has written revision and instant already.
    """
    written = [*(() if counted else _count_on(actor, application)), *columns]
    if keep:
        application.kept_at = application.changed_at
        written.append("kept_at")
    if written:
        update(application, *dict.fromkeys(written))
    revisions = write_journal(actor, application, fields, latest)
    if keep:
        _keep(application, keep, actor.person, dump)
    ledger.append(
        actor=actor,
        act=act,
        subject=("application", application.pk),
        call=application.call.slug,
        payload={**payload, "revision": application.revision},
        end=end,
    )
    return revisions


def keep_before(actor: Actor, application: Application) -> bool:
    """Keep what stands before somebody goes on, where too much would else be lost: the last kept version is ten minutes old, or
    another person takes over. Call it before anything is written. Whether it was kept; then `kept_at` is to be saved.
    """
    kept = application.kept_at or application.created_at
    if kept >= application.changed_at:
        return False
    age = clock.now() - kept
    other = application.changed_by_id != actor.person
    if age < (KEPT_FOR_OTHERS if other else KEPT_FOR):
        return False
    _keep(application, "작성하던 내용", application.changed_by_id)
    application.kept_at = clock.now()
    return True


def keep_standing(application: Application, what: str) -> None:
    """Keep what stands, where no version holds it yet, before a part of it is taken out. `changed` with `keep` must follow."""
    if (application.kept_at or application.created_at) < application.changed_at:
        _keep(application, what, application.changed_by_id)


def keep_version(actor: Actor, application: Application, what: str) -> DraftVersion:
    """Keep the application's present state under its revision."""
    return _keep(application, what, actor.person)


def _keep(
    application: Application, what: str, person: int | None, dump: Mapping[str, Any] | None = None
) -> DraftVersion:
    held = dumped(application) if dump is None else dump
    content = canonical_json({"application": held, "summary": application.summary})
    kept = DraftVersion(
        application=application,
        revision=application.revision,
        content=content,
        sha256=sha256_hex(content),
        what=what,
        saved_at=application.changed_at,
        saved_by_id=person,
    )
    insert(kept)
    return kept


def dumped(application: Application) -> dict[str, Any]:
    """The snapshot in JSON types."""
    return snapshot(application).model_dump(mode="json")
