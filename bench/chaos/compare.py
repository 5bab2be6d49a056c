"""Holds what people were told in a chaos run against what database, files, record and queue hold afterwards."""

import json
from collections import Counter
from datetime import timedelta

from bench.chaos.people import Remembered


def compare(work: list[Remembered], wrong_meanwhile: list[str]) -> list[str]:
    """Every broken promise as a line; prints what was counted."""
    from gongmo.cli.doctor import discover
    from gongmo.files.commands.sweep import orphans, sweep
    from gongmo.files.queries import verify
    from gongmo.kernel.invariants import examine, invariants

    wrong = list(wrong_meanwhile)
    for mine in work:
        wrong += [f"application {mine.application}: {what}" for what in _applications(mine)]
    wrong += _queue()
    swept = sweep(grace=timedelta(0))
    wrong += [f"orphan after the sweep: {each}" for each in orphans(timedelta(0))]
    wrong += [f"{broken.subject}: {broken.observed}" for broken in verify()]
    discover()
    for each in invariants():
        wrong += [f"{each.name}: {broken}" for broken in examine(each)]
    handed = sum(len(mine.receipts) for mine in work)
    standing = sum(bool(mine.standing) for mine in work)
    print(
        f"told: {handed:,} receipts, {standing} submissions stand, {sum(mine.withdrawn for mine in work):,} withdrawn, "
        f"{sum(len(mine.documents) for mine in work):,} documents current"
    )
    print(f"swept without a grace: {swept.uploads} uploads, {swept.contents} contents, {swept.drafts} drafts")
    return wrong


def _applications(mine: Remembered) -> list[str]:
    """What differs between one application and what its people were told."""
    from gongmo.applications.models import Application, ApplicationDocument, Submission
    from gongmo.ledger import receipts

    wrong: list[str] = []
    row = Application.objects.get(pk=mine.application)
    if row.summary != mine.summary:
        wrong.append(f"told {mine.summary!r}, holds {row.summary!r}")
    current = ApplicationDocument.objects.filter(application=row, removed_at__isnull=True)
    held = Counter(current.values_list("kind", "file_id"))
    if held != Counter(mine.documents.items()):
        wrong.append(f"documents told {mine.documents}, held {dict(held)}")
    submissions = list(Submission.objects.filter(application=row).order_by("received_at", "pk"))
    standing = [each.receipt_number for each in submissions if each.withdrawn_at is None]
    if standing != ([mine.standing] if mine.standing else []):
        wrong.append(f"told that {mine.standing or 'nothing'} stands, {standing} stand")
    told = {json.loads(each["manifest"])["receipt_number"] for each in mine.receipts}
    if told - {each.receipt_number for each in submissions}:
        wrong.append(f"receipts of no submission: {told - {each.receipt_number for each in submissions}}")
    for receipt in mine.receipts:
        bad = [checked.what.en for checked in receipts.check(receipt) if not checked.holds]
        if bad:
            wrong.append(f"a receipt does not verify: {bad}")
    return wrong


def _queue() -> list[str]:
    """Tasks that were given up, and mails that are in the outgoing box twice."""
    import email
    from collections.abc import Iterable

    from django.conf import settings
    from django_tasks_db.models import DBTaskResult

    wrong = [
        f"task {name} failed: {error}"
        for name, error in DBTaskResult.objects.filter(status="FAILED").values_list("task_path", "traceback")[
            :5
        ]
    ]
    box = getattr(settings, "EMAIL_FILE_PATH", None)
    letters: Iterable[bytes] = (
        letter
        for file in (sorted(box.iterdir()) if box is not None and box.exists() else ())
        for letter in file.read_bytes().split(b"-" * 79 + b"\n")
        if letter.strip()
    )
    numbers = Counter(str(email.message_from_bytes(letter)["Message-ID"]) for letter in letters)
    twice = {number: count for number, count in numbers.items() if count > 1}
    print(f"mails {sum(numbers.values()):,}, of them sent twice {len(twice)}")
    return wrong
