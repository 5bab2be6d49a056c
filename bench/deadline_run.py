"""One database's run of `make deadline`: prepare, play, kill, compare. Started by bench.deadline in a process of its own."""

import json
import random
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bench.deadline import Server, Told, count, free_port, home, play, summary

DOCUMENT_IDS = [f"document_{number}" for number in range(1, 10)]


def main(kind: str, applications: int, clients: int, workers: int, seed: int) -> int:
    """Exit code 0 when every promise held."""
    with home(kind):
        import django

        django.setup()
        from gongmo.web.serve import prepare

        prepare()
        print(
            f"\n== {kind}: {applications:,} applications, {clients} clients, {workers} web processes",
            flush=True,
        )
        began = time.perf_counter()
        call_id, official, work = seeded(applications)
        print(f"prepared in {time.perf_counter() - began:.0f} s", flush=True)
        chance = random.Random(seed)
        server = Server(free_port(), workers)
        server.start()
        try:
            pilot = max(clients, applications // 25)
            began = time.perf_counter()
            play(server.port, work[:pilot], DOCUMENT_IDS, clients, hand_in=False).finish()
            each = (time.perf_counter() - began) / pilot
            told, closes, spent, kills = surge(server, call_id, official, work, clients, each, chance)
        finally:
            server.stop()
        for line in summary(told, spent):
            print(line)
        print(f"killed on the way: {kills}")
        return compare(kind, call_id, closes, told)


def seeded(applications: int, kinds: Sequence[str] = DOCUMENT_IDS) -> tuple[int, Any, list[tuple[int, str]]]:
    """The call (closed since yesterday), its officer, and drafts that lack nothing but their documents, each with its lead's session.

    `kinds`: the documents that the call asks for."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    from gongmo.applications import commands
    from gongmo.applications.models import Member
    from gongmo.calls import commands as calls
    from gongmo.definition.base import OrganisationKind
    from gongmo.kernel import clock
    from gongmo.parties.models import Person
    from tests.builders import good_cells, make_agency_officer, make_applicant, speak
    from tests.sample_call import C, sample_definition, t

    now = clock.now()
    base = sample_definition()
    rules = [
        rule.model_dump(mode="json")
        for rule in base.rules
        if rule.kind in ("share_ceiling", "share_floor", "in_kind_cap", "budget_axes", "exclusion")
    ]
    documents = [
        {
            "id": name,
            **C,
            "number": number,
            "name": t(f"문서 {number}", f"Document {number}"),
            "per": "application",
            "roles": ["lead"],
            "formats": ["pdf"],
        }
        for number, name in enumerate(kinds, 1)
    ]
    definition = sample_definition(id="closing-day", rules=rules, documents=documents)
    with clock.at(now - timedelta(days=12)):
        official = make_agency_officer()
        call = calls.publish(
            actor=official,
            definition=definition,
            operator_id=official.organisation or 0,
            intake=(now - timedelta(days=10), now - timedelta(days=1)),
        )
    leads: list[tuple[int, int]] = []
    for first in range(0, applications, 50):
        with clock.at(now - timedelta(days=2)), transaction.atomic():
            for number in range(first, min(first + 50, applications)):
                lead = make_applicant(kind=OrganisationKind.COMPANY)
                made = commands.start(
                    actor=lead, call_id=call.pk, title=f"가상 사업 {number + 1}", region="KR-48"
                )
                speak(call, Member.objects.get(application=made), lead)
                commands.set_cells(
                    actor=lead, application_id=made.pk, cells=good_cells(lead.organisation or 0)
                )
                commands.update_overview(
                    actor=lead,
                    application_id=made.pk,
                    title=made.title,
                    summary="가상의 개요입니다.",
                    fields=["solution"],
                )
                leads.append((made.pk, lead.person or 0))
    people = Person.objects.in_bulk([person for _, person in leads])
    work: list[tuple[int, str]] = []
    with transaction.atomic():
        for application, person in leads:
            session = SessionStore()
            session[SESSION_KEY] = str(person)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = people[person].get_session_auth_hash()
            session.create()
            work.append((application, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"))
    return call.pk, official, work


def surge(
    server: Server,
    call_id: int,
    official: Any,
    work: list[tuple[int, str]],
    clients: int,
    each: float,
    chance: random.Random,
) -> tuple[list[Told], datetime, float, str]:
    """Open the call again until about three fifths of the work is through, and play across that instant with kills on the way."""
    from gongmo.calls import commands as calls
    from gongmo.kernel import clock

    length = max(4.0, each * 1.2 * len(work) * 0.6)
    closes = (clock.now() + timedelta(seconds=length)).replace(microsecond=0) + timedelta(seconds=1)
    calls.extend(
        actor=official, call_id=call_id, closes_at=closes, reason="접수 시스템이 멈춘 시간만큼 연장합니다."
    )
    began = time.perf_counter()
    running = play(server.port, work, DOCUMENT_IDS, clients)
    done: list[str] = []
    for share, whole in ((0.15, False), (0.3, True), (0.45, False)):
        running.wait_for(int(len(work) * share))
        if whole:
            server.kill_all()
            done.append("whole server")
        else:
            server.kill_one(chance)
            done.append("one process")
    # Once more in the last second before the deadline, when most is at stake.
    while (left := (closes - clock.now()).total_seconds()) > 0.5 and running.done < len(work):
        time.sleep(min(0.05, left))
    server.kill_one(chance)
    done.append("one process half a second before the deadline")
    told = running.finish()
    return told, closes, time.perf_counter() - began, ", ".join(done)


def compare(kind: str, call_id: int, closes: datetime, told: list[Told]) -> int:
    """Hold what the clients were told against database, files and record. Prints what differs; 1 when anything does."""
    from gongmo.applications.models import ApplicationDocument, Submission
    from gongmo.cli.doctor import discover
    from gongmo.files.queries import verify
    from gongmo.kernel.invariants import examine, invariants
    from gongmo.ledger import receipts

    rows = list(Submission.objects.filter(application__call=call_id))
    standing = {row.application_id: row for row in rows if row.withdrawn_at is None}
    accepted = [each for each in told if each.accepted]
    refused = [each for each in told if not each.accepted]
    wrong: list[str] = []
    if len(rows) != len(standing):
        wrong.append(f"{len(rows)} submissions for {len(standing)} applications")
    if len({row.receipt_number for row in rows}) != len(rows):
        wrong.append("a receipt number was given twice")
    for each in accepted:
        row = standing.get(each.application)
        if row is None or row.receipt_number != each.receipt_number:
            wrong.append(f"application {each.application}: told {each.receipt_number}, not there")
            continue
        if row.received_at >= closes:
            wrong.append(f"application {each.application}: received {row.received_at}, closed {closes}")
        if datetime.fromisoformat(each.received_at) != row.received_at:
            wrong.append(f"application {each.application}: told {each.received_at}, holds {row.received_at}")
        if len(json.loads(row.manifest)["files"]) != len(DOCUMENT_IDS):
            wrong.append(f"application {each.application}: not every document is in the manifest")
        bad = [checked.what.en for checked in receipts.check(each.receipt) if not checked.holds]
        if bad:
            wrong.append(f"application {each.application}: receipt: {bad}")
    wrong += [
        f"application {each.application}: refused, but a submission stands"
        for each in refused
        if each.application in standing
    ]
    wrong += [
        f"application {each.application}: {each.refused[:2000]}"
        for each in refused
        if each.refused != "after_deadline"
    ]
    known = {each.application for each in accepted}
    wrong += [f"application {pk}: stands, but nobody was told" for pk in standing if pk not in known]
    current = ApplicationDocument.objects.filter(application__call=call_id, removed_at__isnull=True).count()
    if current != len(told) * len(DOCUMENT_IDS):
        wrong.append(f"{current} documents, {len(told) * len(DOCUMENT_IDS)} were acknowledged")
    wrong += [f"{broken.subject}: {broken.observed}" for broken in verify()]
    discover()
    for each_invariant in invariants():
        wrong += [f"{each_invariant.name}: {broken}" for broken in examine(each_invariant)]
    print(
        f"accepted before {closes.isoformat()}: {len(accepted):,}; at or after it refused: {len(refused):,} "
        f"({count([each.refused.split()[0] for each in refused])}); documents {current:,}"
    )
    last = max((row.received_at for row in rows), default=None)
    if last is not None:
        print(
            f"the last one accepted was received {(closes - last).total_seconds() * 1000:.1f} ms before the deadline"
        )
    if not refused or not accepted:
        wrong.append("the deadline did not fall into the run; raise --applications")
    for line in wrong[:20]:
        print(f"WRONG {line}", file=sys.stderr)
    print(
        f"{kind}: everything that was acknowledged is there once, nothing late, every receipt verifies, gongmo doctor is clean"
        if not wrong
        else f"{kind}: {len(wrong)} promises broken",
        flush=True,
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    raise SystemExit(main(name, *(int(number) for number in numbers)))
