"""One database's run of `make chaos`: prepare, let people work, strike, compare. Started by bench.chaos in a process of its own."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.chaos import faults, outside
from bench.chaos.database import Postgres
from bench.chaos.people import People, Remembered
from bench.deadline import free_port

DISK = "448m"
"""Size of the disk that is filled."""
KINDS = ["document_1", "document_2", "document_3"]
REPORT_EVERY = 30.0


def main(kind: str, kills: int, applications: int, people: int, workers: int, seed: int) -> int:
    """Exit code 0 when every promise held."""
    with ExitStack() as at_end:
        disk = at_end.enter_context(small_disk())
        home = disk.folder / "home"
        clock = disk.beside / "clock"
        clock.write_text("0", "ascii")
        for name in [name for name in os.environ if name.startswith("GONGMO_")]:
            del os.environ[name]
        os.environ.update(
            GONGMO_HOME=str(home),
            GONGMO_CHAOS_CLOCK=str(clock),
            DJANGO_SETTINGS_MODULE="gongmo.web.settings",
            PYTHONPATH=os.pathsep.join([str(Path(__file__).parent / "startup"), str(Path.cwd())]),
        )
        database = None
        if kind == "postgres":
            database = Postgres(disk.folder / "postgres", disk.beside / "programs")
            database.start()
            at_end.callback(database.stop)
            os.environ["GONGMO_DATABASE_URL"] = database.address
        storage = None
        if kind == "postgres":
            os.environ["GONGMO_FILES_URL"], storage = at_end.enter_context(outside.bucket())
        register = at_end.enter_context(outside.deaf_register())
        os.environ.update(
            GONGMO_NTS_URL=f"http://127.0.0.1:{register}",
            GONGMO_DATA_KEY="key-of-a-chaos-run",
            GONGMO_REGISTERS_INVENTED="1",
            GONGMO_REGISTERS_SECONDS="2",
        )
        print(
            f"\n== {kind}: {applications} applications, {people} people, {workers} web processes, seed {seed}"
        )
        work = seeded(applications)
        site = faults.Site(free_port(), workers, disk.beside / "server.log")
        site.start()
        at_end.callback(site.stop)
        persons = People(site.port, work, KINDS, people, seed)
        played = Run(site, database, storage, disk, clock, persons, random.Random(seed))
        played.until(kills)
        site.stop()
        from bench.chaos.compare import compare

        for line in played.told():
            print(line)
        wrong = compare(work, played.people.wrong)
        if wrong:
            shutil.copy(site.log, Path(tempfile.gettempdir()) / f"gongmo-chaos-{kind}-server.log")
    for line in wrong[:30]:
        print(f"WRONG {line}", file=sys.stderr)
    print(
        f"{kind}: {len(wrong)} promises broken"
        if wrong
        else f"{kind}: everything that was acknowledged is there once, gongmo doctor is clean, no orphan file is left",
        flush=True,
    )
    return 1 if wrong else 0


class Disk:
    """`folder` is on a disk of its own where that could be mounted (`small`), `beside` is not."""

    def __init__(self, folder: Path, beside: Path, small: bool) -> None:
        self.folder, self.beside, self.small = folder, beside, small


@contextmanager
def small_disk() -> Iterator[Disk]:
    """A small file system of its own, which only root may mount; without it the disk is not filled, and the report says so."""
    base = Path(tempfile.mkdtemp(prefix="gongmo-chaos-"))
    base.chmod(0o755)
    folder = base / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(folder)]
    try:
        small = subprocess.run(mount, capture_output=True).returncode == 0
    except OSError:
        small = False
    try:
        yield Disk(folder, base, small)
    finally:
        if small:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True)
        shutil.rmtree(base, ignore_errors=True)


def seeded(applications: int) -> list[Remembered]:
    """A prepared database with drafts that lack nothing but their documents, in a call that stays open."""
    import django

    django.setup()
    from datetime import timedelta

    from bench.deadline_run import seeded as drafts
    from gongmo.calls import commands as calls
    from gongmo.kernel import clock
    from gongmo.web.serve import prepare

    prepare()
    call_id, official, work = drafts(applications, KINDS)
    closes = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    calls.extend(actor=official, call_id=call_id, closes_at=closes, reason="접수 기간을 늘립니다.")
    from gongmo.applications.models import FieldChange

    remembered = []
    for application, cookie in work:
        newest = (
            FieldChange.objects.filter(application=application, path="summary").order_by("-revision").first()
        )
        remembered.append(Remembered(application, cookie, revision=newest.revision if newest else 0))
    forget_connections()
    return remembered


def forget_connections() -> None:
    """Close this process's connections to the database, those that wait in a pool included: the server may have died under them."""
    from django.db import connection

    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


class Run:
    """People at work and faults among them, until so many processes were killed."""

    def __init__(
        self,
        site: faults.Site,
        database: Postgres | None,
        storage: outside.Fickle | None,
        disk: Disk,
        clock: Path,
        people: People,
        chance: random.Random,
    ) -> None:
        self.site, self.database, self.storage, self.disk = site, database, storage, disk
        self.clock, self.people = clock, people
        self.chance = chance
        self.slow = faults.SlowClients(site.port)
        self.struck: Counter[str] = Counter()
        self.kills = 0
        self.spent = 0.0
        self.revived = 0
        self.asked = 0

    def until(self, kills: int) -> None:
        """Strike until `kills` processes were killed, then let everybody finish."""
        began = reported = time.monotonic()
        self.people.start()
        self.slow.start()
        choices: list[tuple[str, int, Callable[[], int]]] = [
            ("web process killed", 12, lambda: self.site.kill_one(self.chance, task=False)),
            ("task process killed", 6, lambda: self.site.kill_one(self.chance, task=True)),
            ("whole server killed", 2, self._whole_server),
            ("clock stepped back 45 s", 1, self._clock),
        ]
        if self.disk.small:
            choices.append(("disk full", 1, self._disk))
        if self.database is not None:
            choices.append(("database process killed", 5, self._backend))
            choices.append(("database server killed", 2, self._database_server))
        if self.storage is not None:
            choices.append(("storage answered 500", 1, lambda: self._storage("error")))
            choices.append(("storage hung", 1, lambda: self._storage("hang")))
        # Each kind once, then by chance.
        first = self.chance.sample(choices, len(choices))
        while (self.kills < kills or first) and not self.people.wrong:
            name, _, strike = (
                first.pop() if first else self.chance.choices(choices, [each[1] for each in choices])[0]
            )
            killed = strike()
            self.kills += killed
            if killed or not name.endswith("killed"):
                self.struck[name] += 1
            if self.database is not None:
                self.revived += self.database.revive()
            if self.site.ended:
                self.people.wrong.append(f"the whole server ended by itself ({self.site.ended})")
                self.site.start()  # So that those at work can finish, and what is there can be compared.
            time.sleep(self.chance.uniform(0.2, 1.5))
            if time.monotonic() - reported > REPORT_EVERY:
                reported = time.monotonic()
                self._ask_register()
                print(
                    f"  {self.kills} of {kills} killed, {sum(self.people.answers.values()):,} answers",
                    flush=True,
                )
        self.slow.stop()
        self.people.stop()
        self.spent = time.monotonic() - began
        self._drain()

    def _whole_server(self) -> int:
        count = len(self.site.processes(task=False)) + len(self.site.processes(task=True)) + 1
        self.site.kill_all()
        return count

    def _clock(self) -> int:
        faults.step_back(self.clock, self.chance.uniform(1, 3))
        return 0

    def _disk(self) -> int:
        killed = 0

        def disturb() -> None:
            nonlocal killed
            killed += self.site.kill_one(self.chance, task=False)

        faults.fill_disk(self.disk.folder, self.chance.uniform(1, 3), disturb)
        return killed

    def _storage(self, mode: str) -> int:
        assert self.storage is not None
        self.storage.fail(mode, self.chance.uniform(2, 5))
        return 0

    def _ask_register(self) -> None:
        """Have the deaf register asked by a task, as the agency's checks do."""
        from django.db import Error

        from gongmo.parties.models import Organisation
        from gongmo.registers.tasks import verify

        try:
            organisation = Organisation.objects.exclude(business_number="").order_by("?").first()
            assert organisation is not None
            verify.enqueue(organisation=organisation.pk, start_dt="20200101", p_nm="대표자 A")
            self.asked += 1
        except Error:
            pass  # The database is just being killed.
        finally:
            forget_connections()

    def _backend(self) -> int:
        assert self.database is not None
        return faults.kill_backend(self.database, self.chance)

    def _database_server(self) -> int:
        assert self.database is not None
        self.database.kill()
        return 1

    def _drain(self) -> None:
        """Until the queue has nothing that is due, at most two minutes."""
        from django.utils import timezone
        from django_tasks_db.models import DBTaskResult, get_date_max

        forget_connections()
        until = time.monotonic() + 120
        while time.monotonic() < until:
            running = DBTaskResult.objects.filter(status="RUNNING").exists()
            due = DBTaskResult.objects.filter(status="READY", run_after__lte=timezone.now())
            at_once = DBTaskResult.objects.filter(status="READY", run_after=get_date_max())
            if not (running or due.exists() or at_once.exists()):
                break
            time.sleep(1)

    def told(self) -> list[str]:
        """What happened, in lines."""
        answers = ", ".join(f"{name} {count:,}" for name, count in sorted(self.people.answers.items()))
        lines = [
            f"{self.kills} processes killed (-9) in {self.spent:.0f} s: "
            + ", ".join(f"{name} {count}" for name, count in sorted(self.struck.items())),
            f"answers: {answers}; requests repeated {self.people.repeated:,}; bytes of slow visitors {self.slow.sent:,}; "
            f"times that a register was asked which never answers {self.asked}",
        ]
        if self.database is not None:
            lines.append(f"times that PostgreSQL had ended by itself and was started again: {self.revived}")
        if not self.disk.small:
            lines.append("NOT TRIED: a full disk (only root may mount a small one)")
        return lines


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    raise SystemExit(main(name, *(int(number) for number in numbers)))
