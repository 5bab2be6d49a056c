"""Submission: one small transaction, one receipt, decided by the instant at which the server received the request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from gongmo.applications.commands.base import changed, locked, read
from gongmo.applications.manifest import CONTENT_FORMAT, manifest_of, part_hashes
from gongmo.applications.models import Application, Member, Submission
from gongmo.applications.paperwork import Paperwork, Slot
from gongmo.applications.policies import may_submit
from gongmo.applications.queries.documents import stale_slots
from gongmo.applications.queries.reading import standing_submission
from gongmo.applications.queries.snapshot import present_members, snapshot
from gongmo.applications.readiness import obstacles
from gongmo.applications.states import ApplicationState, applications_table
from gongmo.calls.models import Call, CallVersion
from gongmo.calls.queries import LONG, definition_of, takes_applications
from gongmo.definition import application as plain_application
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json, plain, sha256_hex
from gongmo.kernel.errors import Refused
from gongmo.kernel.korean import stamp
from gongmo.ledger import commands as ledger
from gongmo.ledger.locks import share
from gongmo.ledger.prepared import prepared
from gongmo.ledger.writing import insert
from gongmo.parties.queries import region_table
from gongmo.rules.check import check
from gongmo.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class Prepared:
    """An application that was read and checked: what it held, and under which revision and version of the call."""

    revision: int
    version: CallVersion
    members: list[Member]
    value: plain_application.Application
    findings: tuple[Finding, ...]
    stale: list[Slot]


def submit(*, actor: Actor, application_id: int, seen: int | None = None) -> Submission:
    """Submit the application as it stands. Idempotent: while a submission stands, it is answered, and no second one is made.

    `seen` is how many submissions the person's page knew of. A request that is sent again after its answer was lost makes
    no second submission where the first one has been withdrawn meanwhile: refused, so that the person looks again.

    A request counts when the server received it before the closing instant; one received at that instant or later is
    refused with both times. Also refused, with the findings: rules of money, consortium and documents that fail,
    exclusions that an organisation itself confirms, self-checks, invitations or consents that are still open.
    """
    received = clock.now()
    prepared = _prepare(actor, application_id, received)
    with transaction.atomic():
        application = locked(actor, application_id, with_end=True)
        may_submit.require(actor, application)
        if application.state == ApplicationState.SUBMITTED:
            standing = standing_submission(application)
            if standing is not None:
                return standing
        if seen is not None:
            _require_seen(application, seen)
        share(Call, application.call_id)
        call = _call(pk=application.call_id)[0]
        application.call = call
        require_in_time(call, received)
        if (prepared.revision, prepared.version.pk) != (application.revision, call.version_id):
            prepared = _read(application, received)
        _require_ready(prepared)
        state = applications_table.require(ApplicationState(application.state), ApplicationState.SUBMITTED)
        return _write(actor, application, prepared, received, state)


@prepared
def _call(*, pk: int) -> QuerySet[Call]:
    return Call.objects.select_related("version").defer(*(f"version__{name}" for name in LONG)).filter(pk=pk)


def require_in_time(call: Call, received: datetime) -> None:
    """Refused, with both times, unless the call takes requests received at this instant."""
    if takes_applications(call, received):
        return
    details = {
        "opens_at": call.opens_at.isoformat(),
        "closes_at": call.closes_at.isoformat(),
        "received_at": received.isoformat(),
    }
    at = stamp(received, seconds=True)
    if received >= call.closes_at:
        closes = stamp(call.closes_at, seconds=True)
        raise Refused(
            "after_deadline",
            f"접수가 {closes}에 끝났습니다. 서버가 요청을 받은 시각은 {at}입니다.",
            f"Applications closed at {closes} (Seoul). The server received your request at {at}.",
            details=details,
        )
    if received < call.opens_at:
        opens = stamp(call.opens_at, seconds=True)
        raise Refused(
            "before_opening",
            f"접수는 {opens}에 시작합니다. 서버가 요청을 받은 시각은 {at}입니다.",
            f"Applications open at {opens} (Seoul). The server received your request at {at}.",
            details=details,
        )
    raise Refused(
        "call_over",
        "이 공고는 더 이상 신청을 받지 않습니다.",
        "This call takes no applications any more.",
        details=details,
    )


def _require_seen(application: Application, seen: int) -> None:
    if Submission.objects.filter(application=application).count() == seen:
        return
    raise Refused(
        "submission_withdrawn_since",
        "이 화면을 연 뒤에 제출했다가 철회한 기록이 있습니다. 지금 내용을 확인하고 다시 제출해 주세요.",
        "Since this page was opened, the application was submitted and withdrawn. Look at it and submit again.",
    )


def _prepare(actor: Actor, application_id: int, received: datetime) -> Prepared:
    """Read and check before anything is locked for writing: at the deadline many submit at once."""
    application = read(actor, application_id)
    may_submit.require(actor, application)
    return _read(application, received)


def _read(application: Application, received: datetime) -> Prepared:
    version = application.call.version
    if version is None:  # pragma: no cover - a published call has a version
        raise Refused("call_not_open", "공고의 내용이 없습니다.", "The call has no text.")
    members = present_members(application)
    value = snapshot(application, received_at=received, members=members)
    definition = definition_of(version)
    found = check(definition, value, regions=region_table(), at=received)
    stale = stale_slots(Paperwork(application, definition, members, value))
    return Prepared(application.revision, version, members, value, found, stale)


def _require_ready(prepared: Prepared) -> None:
    definition = definition_of(prepared.version)
    found = obstacles(definition, prepared.members, prepared.findings, prepared.stale)
    if found:
        first = found[0]
        rest = len(found) - 1
        raise Refused(
            "not_ready",
            first.ko + (f" 그 밖에 {rest:,}가지가 더 있습니다." if rest else ""),
            first.en + (f" There are {rest:,} more." if rest else ""),
            details={"obstacles": [{"code": o.code, "ko": o.ko, "en": o.en} for o in found]},
            findings=tuple(o.finding for o in found if o.finding is not None),
        )


def _write(
    actor: Actor, application: Application, prepared: Prepared, received: datetime, state: ApplicationState
) -> Submission:
    call = application.call
    plain_content = prepared.value.model_dump(mode="json")
    content = canonical_json(plain_content)
    manifest = manifest_of(
        application,
        prepared.members,
        version=prepared.version,
        received_at=received,
        content_sha256=sha256_hex(content),
        parts=part_hashes(plain_content),
    )
    # Numbers without gaps, none of them twice: counted by whoever's turn it is to append to the record.
    ledger.take_turn()
    newest = _newest.first(call=call.pk)
    serial = int(newest.rpartition("-")[2]) + 1 if newest else 1
    number = len(_own_numbers(application=application.pk)) + 1
    receipt_number = f"{call.slug}-{serial:04d}"
    manifest |= {"receipt_number": receipt_number, "number": number}
    text = canonical_json(manifest)
    told: list[dict[str, Any]] = [plain(finding) for finding in prepared.findings]
    submission = Submission(
        application=application,
        number=number,
        receipt_number=receipt_number,
        version=prepared.version,
        received_at=received,
        content=content,
        manifest=text,
        sha256=sha256_hex(text),
        findings=told,
        submitted_by_id=actor.person,
    )
    insert(submission)
    application.state = state
    # Where the lead itself applies, its region may have changed since it began.
    application.region_id = prepared.value.region
    changed(
        actor,
        application,
        "applications.submit",
        {
            "submission": submission.pk,
            "number": number,
            "receipt_number": receipt_number,
            "received_at": received,
            "version": prepared.version.number,
            "definition_sha256": prepared.version.sha256,
            "content_format": CONTENT_FORMAT,
            "content_sha256": sha256_hex(content),
            "manifest_sha256": submission.sha256,
            "files": [file["sha256"] for file in manifest["files"]],
        },
        keep=f"제출함 (접수번호 {receipt_number})",
        dump=plain_content | {"received_at": None},
        columns=("state", "region_id"),
        # Nothing is appended between the lock and this one act.
        end=ledger.end_in(application),
    )
    return submission


@prepared
def _newest(*, call: int) -> QuerySet[Submission, str]:
    """The receipt number that was given last in the call."""
    found = Submission.objects.filter(application__call=call).order_by("-pk")
    return found.values_list("receipt_number", flat=True)[:1]


@prepared
def _own_numbers(*, application: int) -> QuerySet[Submission, int]:
    return Submission.objects.filter(application=application).order_by().values_list("number", flat=True)
