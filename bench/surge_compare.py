"""Holds what the clients of `make surge` were told against database, storage and record, one by one."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bench.deadline import count

GOOD = {"200", "302", "304", "waiting page"}
"""Answers that are no errors; a refusal after the deadline (422) is counted apart."""
TARGET = 1000.0
"""Milliseconds in which 99 of 100 submissions are to be answered."""


def compare(kind: str, call_id: int, closes: datetime, work: dict[str, Any], storm: dict[str, Any]) -> int:
    """Prints what was counted and what differs; 1 when anything does."""
    told = work["told"]
    accepted = [each for each in told if each["accepted"]]
    refused = [each for each in told if each["refused"]]
    wrong = [f"client: {each}" for each in work["failures"]]
    wrong += _answers(work, storm)
    wrong += _submissions(call_id, closes, accepted, refused)
    wrong += _content(call_id, told)
    wrong += _storage(told)
    wrong += _examined()
    late = [each for each in refused if each["refused"] == "after_deadline"]
    print(
        f"accepted before {closes.isoformat()}: {len(accepted):,}; at or after it refused: {len(late):,}; "
        f"drafts saved: {len(told):,}, saves acknowledged: {sum(each['saves'] for each in told):,}"
    )
    if not accepted or not late:
        wrong.append("the deadline did not fall into the run; raise --submissions")
    for line in wrong[:20]:
        print(f"WRONG {line[:2000]}", file=sys.stderr)
    times = sorted(work["times"]["submit"])
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"submission p99 {p99:.0f} ms, target {TARGET:.0f} ms: {'met' if p99 < TARGET else 'MISSED'}")
    print(
        f"{kind}: everything that was acknowledged is there once, nothing late, every receipt verifies, gongmo doctor is clean"
        if not wrong
        else f"{kind}: {len(wrong)} promises broken",
        flush=True,
    )
    return 1 if wrong else 0


def _answers(work: dict[str, Any], storm: dict[str, Any]) -> Iterator[str]:
    """Errors, and waiting pages shown to anybody but readers."""
    for found in (work, storm):
        for kind, answers in found["answers"].items():
            bad = {status: many for status, many in answers.items() if status not in GOOD}
            if kind == "submit":
                bad.pop("422", None)
                bad.pop("409", None)
            if bad:
                yield f"{kind}: answers {bad}"
            if kind not in ("read", "public page") and "waiting page" in answers:
                yield f"{kind}: {answers['waiting page']} waiting pages"


def _submissions(
    call_id: int, closes: datetime, accepted: list[dict[str, Any]], refused: list[dict[str, Any]]
) -> Iterator[str]:
    from gongmo.applications.models import Submission
    from gongmo.ledger import receipts
    from gongmo.ledger.models import Entry

    rows = list(Submission.objects.filter(application__call=call_id))
    standing = {row.application_id: row for row in rows}
    if len(rows) != len(standing):
        yield f"{len(rows)} submissions for {len(standing)} applications"
    entries = Counter(
        int(each)
        for each in Entry.objects.filter(act="applications.submit").values_list("subject_id", flat=True)
    )
    if entries != Counter(standing.keys()):
        yield f"the record tells of {sum(entries.values())} submissions, the database of {len(rows)}"
    for each in accepted:
        where = f"application {each['application']}"
        row = standing.get(each["application"])
        if row is None or row.receipt_number != each["receipt_number"]:
            yield f"{where}: told {each['receipt_number']}, not there"
            continue
        if row.received_at >= closes:
            yield f"{where}: received {row.received_at}, closed {closes}"
        if datetime.fromisoformat(each["received_at"]) != row.received_at:
            yield f"{where}: told {each['received_at']}, holds {row.received_at}"
        if len(json.loads(row.manifest)["files"]) != 1:
            yield f"{where}: its document is not in the manifest"
        bad = [checked.what.en for checked in receipts.check(each["receipt"]) if not checked.holds]
        if bad:
            yield f"{where}: receipt: {bad}"
    for each in refused:
        if each["application"] in standing:
            yield f"application {each['application']}: refused, but a submission stands"
        if each["refused"] != "after_deadline":
            yield f"application {each['application']}: {each['refused']}"
    known = {each["application"] for each in accepted}
    yield from (f"application {pk}: stands, but nobody was told" for pk in standing if pk not in known)
    last = max((row.received_at for row in rows), default=None)
    if last is not None:
        print(
            f"the last one accepted was received {(closes - last).total_seconds() * 1000:.1f} ms before the deadline"
        )
    print(f"refused: {count([each['refused'].split()[0] for each in refused]) or 'none'}")


def _content(call_id: int, told: list[dict[str, Any]]) -> Iterator[str]:
    """The text that was last acknowledged stands, and every save is on the record once."""
    from gongmo.applications.models import Application
    from gongmo.ledger.models import Entry

    held = dict(Application.objects.filter(call=call_id).values_list("pk", "summary"))
    for each in told:
        if held.get(each["application"]) != each["summary"]:
            yield f"application {each['application']}: told {each['summary']!r}, holds {held.get(each['application'])!r}"
    saves = Counter(
        Entry.objects.filter(act="applications.save_fields").values_list("subject_id", flat=True).iterator()
    )
    for each in told:
        # One was written with the draft; one asked for again after a broken line may have been written without an answer.
        written = saves[str(each["application"])] - 1
        if not each["saves"] <= written <= each["saves"] + each["retries"]:
            yield f"application {each['application']}: {each['saves']} saves told, {written} on the record"


def _storage(told: list[dict[str, Any]]) -> Iterator[str]:
    """Each acknowledged document is current once, and its bytes lie in the storage once."""
    from gongmo.applications.models import ApplicationDocument
    from gongmo.files import storage
    from gongmo.files.models import StoredFile
    from gongmo.files.queries import verify

    documents = Counter(
        ApplicationDocument.objects.filter(removed_at__isnull=True).values_list("application_id", flat=True)
    )
    wanted = Counter(each["application"] for each in told if each["file"])
    if documents != wanted:
        yield f"{sum(documents.values())} documents, {sum(wanted.values())} were acknowledged"
    yield from (f"{broken.subject}: {broken.observed}" for broken in verify())
    found = storage.current()
    rows = dict(StoredFile.objects.values_list("sha256", "size"))
    kept = {item.key: item.size for item in found.listed()}
    missing = [sha256 for sha256 in rows if kept.get(storage.content(sha256)) != rows[sha256]]
    yield from (f"file {sha256}: not in the storage" for sha256 in missing)
    of_content = {storage.content(sha256) for sha256 in rows}
    uploaded = sum(size for key, size in kept.items() if key in of_content)
    print(
        f"documents {sum(documents.values()):,}, files {len(rows):,}, storage {len(of_content & kept.keys()):,} contents "
        f"({uploaded / max(1, sum(rows.values())):.2f} stored bytes per byte kept by the database)"
    )


def _examined() -> Iterator[str]:
    from gongmo.cli.doctor import discover
    from gongmo.kernel.invariants import examine, invariants
    from gongmo.ledger.models import Entry

    discover()
    found = invariants()
    for each in found:
        yield from (f"{each.name}: {broken}" for broken in examine(each))
    print(f"gongmo doctor: {len(found)} invariants examined; {Entry.objects.count():,} entries in the record")
