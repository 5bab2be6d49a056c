"""Runs the web server: `gongmo serve`."""

import errno
import gc
import importlib
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import MPServer as Server

from gongmo.files.storage import load as load_storage
from gongmo.kernel.memory import one_heap, seldom_collected
from gongmo.migrating import too_new
from gongmo.operation.probes import DRAINING
from gongmo.tasks.crew import Crew
from gongmo.web import running
from gongmo.web.held import connections_each, files_allowed, heads
from gongmo.web.serve_options import parser


def prepare() -> None:
    """Bring the database and the static files to this version. Quick when there is nothing to do."""
    with seldom_collected():
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _collect_static()


def _collect_static() -> None:
    """Copy, hash and compress the static files, unless those of the last start are still the same."""
    if settings.WHITENOISE_USE_FINDERS:
        return
    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    fingerprint = _static_fingerprint()
    if mark.is_file() and mark.read_text("ascii") == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(fingerprint, "ascii")


def _static_fingerprint() -> str:
    """Changes when any static file is added, removed or changed: count, sizes and newest change are enough for that."""
    from django.contrib.staticfiles.finders import get_finders

    count, size, newest = 0, 0, 0
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            count, size, newest = count + 1, size + found.st_size, max(newest, found.st_mtime_ns)
    return f"{count}-{size}-{newest}"


class Deaths:
    """When web processes died. One that dies twice in a row is started anew all the same; a server that cannot start is given up."""

    MOST = 12
    """Deaths of a process within the last minute. A program that cannot start dies some twenty times."""

    def __init__(self, processes: int) -> None:
        self.most = self.MOST * processes
        self.times: list[float] = []

    def too_many(self, now: float, count: int) -> bool:
        """Note that `count` have died at `now` (seconds of a clock that never goes back), and say whether to give up."""
        self.times = [each for each in self.times if now - each < 60] + [now] * count
        return len(self.times) > self.most


class Draining(Server):
    """A server that, asked to stop, first says so at /readyz for GONGMO_DRAIN_SECONDS, so that a load balancer sends nobody any more,
    and answers meanwhile. Asked again, it stops at once."""

    def _respawn_workers(self, workers: list[int], *args: Any, **kwargs: Any) -> None:
        self.deaths = getattr(self, "deaths", None) or Deaths(self.workers)
        super()._respawn_workers(workers, *args, **kwargs)
        if not self.deaths.too_many(time.monotonic(), len(workers)):
            # Granian ends the whole server when a process dies twice within seconds: a killed one would take the site with it.
            self.respawned_wrks.clear()

    greeting = ""

    def _serve_loop(self, *args: Any, **kwargs: Any) -> None:
        """Everything is started: only now it is said where, so that it is the last of what the start says."""
        if self.greeting:
            print(self.greeting, flush=True)
        super()._serve_loop(*args, **kwargs)  # type: ignore[no-untyped-call]

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """SIGTERM or SIGINT."""
        mark = Path(settings.GONGMO_RUN or ".") / DRAINING
        if not settings.GONGMO_RUN or not settings.GONGMO_DRAIN_SECONDS or mark.exists():
            super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]
            return
        mark.touch()
        stop = threading.Timer(settings.GONGMO_DRAIN_SECONDS, super().signal_handler_interrupt)
        stop.daemon = True
        stop.start()


def _port_taken(host: str, port: int) -> bool:
    """Whether another program listens there already; asked first, because workers that cannot bind die one by one."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except socket.gaierror:
        return False
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def serve(argv: Sequence[str] | None = None) -> int:
    """Prepare, then serve until interrupted. Django must be set up. Returns the exit code (2: the port is taken, the database is too new).

    Ctrl-C or SIGTERM lets running requests finish and stops.
    """
    args = parser().parse_args(argv)
    if _port_taken(args.host, args.port):
        print(
            f"{args.host}:{args.port} 포트를 다른 프로그램이 쓰고 있습니다. 다른 포트로 열어 주세요: make run PORT={args.port + 1}\n"
            f"Port {args.port} is in use. Choose another: make run PORT={args.port + 1}",
            file=sys.stderr,
        )
        return 2
    if told := too_new(connection):
        print(told, file=sys.stderr)
        return 2
    if not args.no_prepare:
        prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")
    # Workers start afresh elsewhere in the file system's eyes: a relative home must mean the same to them.
    os.environ["GONGMO_HOME"] = str(settings.GONGMO_HOME)
    os.environ["GONGMO_PLACES"] = str(args.threads)
    one_heap()
    lead_here(args.port)
    _preload()
    server = Draining(
        "gongmo.web.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        # A thread for each request that waits, too: what queued inside the server could be neither timed nor put in order.
        blocking_threads=args.threads + args.waiting,
        # With HTTP/2 as well (auto) a connection that says nothing at all has no end; proxies speak HTTP/1.1 to us.
        http=HTTPModes.http1,
        http1_settings=heads(),
        backpressure=connections_each(args.workers, files_allowed()),
        respawn_failed_workers=True,
        workers_kill_timeout=15,
        websockets=False,
        # On a terminal the address is to stay in view; a server's log keeps what was started and stopped.
        log_level=LogLevels.warning if settings.GONGMO_MODE == "embedded" else LogLevels.info,
    )
    server.greeting = greeting(args.host, args.port)
    # Most of the threads only wait at the gate: their number says nothing about the processors.
    logging.getLogger("_granian").addFilter(lambda told: "Python threads" not in told.getMessage())
    crew = Crew(0 if args.no_tasks else 1)
    crew.start()
    let_go()
    try:
        server.serve()
    finally:
        crew.stop()
        running.clear()
    return 0


def lead_here(port: int) -> None:
    """Mails and feeds of an embedded installation lead to where it is served: in the web processes, which are forks of this one, and in others."""
    if not os.environ.get("GONGMO_HOSTS"):
        os.environ.setdefault("GONGMO_SITE_URL", f"http://localhost:{port}")
        settings.GONGMO_SITE_URL = os.environ["GONGMO_SITE_URL"].rstrip("/")


def _preload() -> None:
    """Make the site here, once: workers are forks, which share what stays as it is, and are there at once when one was killed."""
    # Reads GONGMO_PLACES.
    importlib.import_module("gongmo.web.site")
    load_storage()
    gc.collect()
    # What is looked through for garbage is written to, and a page of memory that is written to is no longer shared.
    gc.freeze()


def let_go() -> None:
    """Close this process's connections to the database, and their pool. Workers are forks of it: two that spoke on one connection would be
    given each other's answers."""
    for each in connections.all(initialized_only=True):
        each.close()
        if each.vendor == "postgresql":
            each.close_pool()  # type: ignore[attr-defined]


def greeting(host: str, port: int) -> str:
    """Where it is served and how one signs in, as lines for a terminal."""
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104 - compared, not bound
    lines = [f"공모(Gongmo): http://{shown}:{port}/  (끄기: Ctrl-C)"]
    if settings.GONGMO_REHEARSAL_MARK.exists():
        lines.append(
            "연습용 가상 자료가 들어 있습니다. 첫 화면의 역할마다 있는 ‘로그인’을 누르면 들어갑니다."
        )
        lines.append("Rehearsal data is loaded. To sign in press “로그인” beside a role on the start page.")
    return "\n".join(lines)
