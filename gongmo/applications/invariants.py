"""What must hold of applications, on live data."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from gongmo.applications.manifest import part_hashes
from gongmo.applications.models import (
    Application,
    ApplicationDocument,
    BudgetCell,
    Origin,
    PaperContent,
    Signature,
    Submission,
)
from gongmo.applications.policies import PRESENT
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.files.models import StoredFile
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.invariants import Broken, invariant
from gongmo.ledger.models import Entry


@invariant(
    "applications.submitted_has_receipt",
    ko="제출 상태인 신청서에만, 그리고 그 모두에 철회하지 않은 제출이 하나 있습니다.",
    en="An application is submitted exactly when one submission of it stands.",
)
def submitted_has_receipt() -> Iterator[Broken]:
    """State and standing submission agree."""
    standing = set(
        Submission.objects.filter(withdrawn_at__isnull=True).values_list("application_id", flat=True)
    )
    for key, state in Application.objects.values_list("pk", "state"):
        if (state == ApplicationState.SUBMITTED) != (key in standing):
            yield Broken(
                f"application {key}",
                f"{state}, {'with' if key in standing else 'without'} a standing submission",
                "submitted exactly when a submission stands",
            )


@invariant(
    "applications.manifest_holds",
    ko="제출마다 접수 내용과 목록의 지문이 기록과 같고, 목록의 파일이 모두 있습니다.",
    en="Each submission's content and manifest still match their recorded hashes, and every file listed is kept.",
)
def manifest_holds() -> Iterator[Broken]:
    """Content, manifest and ledger name the same hashes; the manifest's files exist."""
    recorded = {
        payload["receipt_number"]: payload
        for payload in _payloads("applications.submit")
        if "receipt_number" in payload
    }
    kept = set(StoredFile.objects.values_list("sha256", flat=True))
    for submission in Submission.objects.select_related("application").iterator(chunk_size=50):
        where = f"submission {submission.receipt_number}"
        found = sha256_hex(submission.manifest)
        if found != submission.sha256:
            yield Broken(where, f"manifest {found}", submission.sha256)
            continue
        manifest = json.loads(submission.manifest)
        content = sha256_hex(submission.content)
        if submission.application.destroyed_at is not None:
            # The answers hold no person any more: every other part still is what was handed in.
            parts = {**part_hashes(json.loads(submission.content)), "answers": ""}
            if parts != {**manifest["content"]["parts"], "answers": ""}:
                yield Broken(where, "parts beside the answers differ", "the manifest's hashes")
        elif content != manifest["content"]["sha256"]:
            yield Broken(where, f"content {content}", manifest["content"]["sha256"])
        payload = recorded.get(submission.receipt_number)
        if payload is None:
            yield Broken(where, "no entry in the record", "its submission in the record")
        elif payload["manifest_sha256"] != submission.sha256:
            yield Broken(where, f"manifest {submission.sha256}", str(payload["manifest_sha256"]))
        for file in manifest["files"]:
            if file["sha256"] not in kept:
                yield Broken(where, f"file {file['sha256']} is not kept", "every file of the manifest")


@invariant(
    "applications.receipts_without_gaps",
    ko="접수번호는 공고마다 1번부터 빠짐없이 이어집니다.",
    en="Receipt numbers of each call run from 1 without gaps.",
)
def receipts_without_gaps() -> Iterator[Broken]:
    """Receipt numbers per call are slug-0001, slug-0002, ..."""
    numbers: dict[str, list[str]] = {}
    rows = Submission.objects.order_by("pk").values_list("application__call__slug", "receipt_number")
    for slug, receipt in rows:
        numbers.setdefault(slug, []).append(receipt)
    for slug, receipts in numbers.items():
        wanted = [f"{slug}-{serial:04d}" for serial in range(1, len(receipts) + 1)]
        if sorted(receipts) != sorted(wanted):
            strange = sorted(set(receipts) - set(wanted))
            yield Broken(
                f"call {slug}", f"receipts {', '.join(strange)}", f"{len(receipts)} receipts without gaps"
            )


@invariant(
    "applications.received_in_time",
    ko="모든 제출은 그때 정해져 있던 마감 전에 접수되었습니다.",
    en="Every submission was received before the deadline that was in force then.",
)
def received_in_time() -> Iterator[Broken]:
    """Received within the window that the record named when the submission was taken.

    A request that waited while the deadline was moved is judged by the moved one: the call was open when it was taken.
    """
    closes: dict[str, datetime] = {}
    in_force: dict[str, datetime | None] = {}
    acts = ("calls.publish", "calls.extend", "applications.submit")
    for entry in Entry.objects.filter(act__in=acts).order_by("sequence").iterator():
        payload = json.loads(entry.body)["payload"]
        if entry.act == "applications.submit":
            in_force[payload["receipt_number"]] = closes.get(entry.call)
        else:
            closes[entry.call] = datetime.fromisoformat(payload["closes_at"])
    rows = Submission.objects.values_list("receipt_number", "received_at", "application__call__slug")
    opens = dict(Call.objects.values_list("slug", "opens_at"))
    for receipt, received, slug in rows:
        until = in_force.get(receipt)
        if until is None:
            yield Broken(f"submission {receipt}", "no deadline in the record", "a published call")
        elif not opens[slug] <= received < until:
            yield Broken(
                f"submission {receipt}",
                received.isoformat(),
                f"{opens[slug].isoformat()} ~ {until.isoformat()}",
            )


@invariant(
    "applications.cells_on_axes",
    ko="사업비의 모든 칸은 컨소시엄의 기관과 공고의 연도·분야·비목·재원 안에 있습니다.",
    en="Every budget cell lies within the consortium and the call's years, fields, categories and sources.",
)
def cells_on_axes() -> Iterator[Broken]:
    """Cells of draft applications lie within the definition in force; submitted ones within the version they were checked by."""
    submitted = {
        submission.application_id: submission.version
        for submission in Submission.objects.filter(withdrawn_at__isnull=True).select_related("version")
    }
    for application in Application.objects.select_related("call__version").prefetch_related("members"):
        version = submitted.get(application.pk)
        definition = definition_of(version if version is not None else application.call)
        present = {member.organisation_id for member in application.members.all() if member.state in PRESENT}
        axes: tuple[tuple[str, set[Any]], ...] = (
            ("organisation", present),
            ("year", {year.year for year in definition.budget.years}),
            ("field", {field.id for field in definition.fields}),
            ("category", {category.id for category in definition.budget.categories}),
            ("source", {source.id for source in definition.budget.sources}),
        )
        rows = BudgetCell.objects.filter(application=application).values_list(
            "pk", "organisation_id", "year", "field", "category", "source"
        )
        for key, *values in rows:
            for (axis, known), value in zip(axes, values, strict=True):
                if value not in known:
                    yield Broken(
                        f"budget_cell {key}", f"{axis} {value}", f"one of the call's or consortium's {axis}"
                    )


@invariant(
    "applications.money_as_submitted",
    ko="제출한 신청서의 사업비 합계는 접수한 내용의 합계와 같습니다.",
    en="A submitted application's budget still adds up to what was submitted.",
)
def money_as_submitted() -> Iterator[Broken]:
    """Rows and frozen content of a standing submission hold the same sum per source and form."""
    for submission in Submission.objects.filter(withdrawn_at__isnull=True).iterator(chunk_size=50):
        frozen: dict[str, int] = {}
        for cell in json.loads(submission.content)["budget"]:
            key = f"{cell['source']}/{cell['form']}"
            frozen[key] = frozen.get(key, 0) + cell["amount"]
        stored: dict[str, int] = {}
        rows = BudgetCell.objects.filter(application=submission.application_id)
        for source, form, amount in rows.values_list("source", "form", "amount"):
            stored[f"{source}/{form}"] = stored.get(f"{source}/{form}", 0) + amount
        if stored != frozen:
            yield Broken(f"application {submission.application_id}", str(stored), str(frozen))


@invariant(
    "applications.signed_documents_hold",
    ko="화면에서 서명한 문서마다 그때의 내용이 남아 있고, 그 내용에 대한 서명이 있습니다.",
    en="For every document signed on screen its content is kept, and a signature over that content is there.",
)
def signed_documents_hold() -> Iterator[Broken]:
    """Kept contents match their hashes; every signature and every signed or sealed document names a kept content; signed ones are signed."""
    kept: set[str] = set()
    for sha256, content in PaperContent.objects.values_list("sha256", "content").iterator(chunk_size=200):
        kept.add(sha256)
        # An empty one was destroyed with the application that it was signed for.
        if content and (found := sha256_hex(content)) != sha256:
            yield Broken(f"paper content {sha256}", found, sha256)
    signed = set()
    for key, application, kind, sha256 in Signature.objects.values_list(
        "pk", "application_id", "kind", "content_sha256"
    ):
        signed.add((application, kind, sha256))
        if sha256 not in kept:
            yield Broken(f"signature {key}", f"content {sha256} is not kept", "the content that was signed")
    rows = ApplicationDocument.objects.exclude(content_sha256="").select_related("application__call__version")
    for document in rows.defer("application__call__version__definition"):
        where = f"application_document {document.pk}"
        if document.content_sha256 not in kept:
            yield Broken(where, f"content {document.content_sha256} is not kept", "the content in it")
        if document.origin != Origin.SIGNED or not _needs_signature(document):
            continue
        if (document.application_id, document.kind, document.content_sha256) not in signed:
            yield Broken(where, "no signature over its content", "at least one")


def _needs_signature(document: ApplicationDocument) -> bool:
    """Whether the call in force wants the document signed; an unknown kind (of an earlier version) is taken to."""
    kinds = {kind.id: kind for kind in definition_of(document.application.call).documents}
    kind = kinds.get(document.kind)
    return kind is None or kind.paper is None or kind.paper.signed


def _payloads(act: str) -> Iterator[dict[str, object]]:
    for body in Entry.objects.filter(act=act).values_list("body", flat=True).iterator():
        yield json.loads(body)["payload"]
