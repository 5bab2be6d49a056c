"""What `make surge` starts on this machine: database, storage, proxy, web and task processes, each told by the environment alone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_HEADER = "X-Request-Start"


@dataclass(slots=True)
class Stage:
    """What runs: names with the processes' ids, the port that clients ask, and words for the report."""

    kind: str
    folder: Path
    port: int = 0
    words: list[str] = field(default_factory=list)
    roots: dict[str, int] = field(default_factory=dict)

    def memory(self) -> list[tuple[str, int, int, int]]:
        """Name, process id, highest resident kilobytes, and kilobytes of its own (anonymous, shared pages divided: without files that are
        mapped, as SQLite does with its database) of everything that runs."""
        found = []
        for name, root in self.roots.items():
            for pid in (root, *_below(root)):
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                    shares = Path(f"/proc/{pid}/smaps_rollup").read_text()
                except OSError:
                    continue
                peak = _number(status, "VmHWM")
                label = name if pid == root else f"{'task processes' if _works(pid) else name} · process"
                found.append((label, pid, peak, _number(shares, "Pss_Anon")))
        return found

    def spent(self) -> dict[str, float]:
        """Processor seconds of everything that runs, and of what it has waited for, by name."""
        tick = os.sysconf("SC_CLK_TCK")
        found: dict[str, float] = {}
        for name, root in self.roots.items():
            for pid in (root, *_below(root)):
                try:
                    # After the program's name, which may hold anything: state is field 3, the times are fields 14 to 17.
                    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
                except OSError:
                    continue
                found[name] = found.get(name, 0.0) + sum(map(int, times)) / tick
        return found


def _below(root: int) -> Iterator[int]:
    try:
        # Any of its threads may have started a program.
        told = [each.read_text() for each in Path(f"/proc/{root}/task").glob("*/children")]
    except OSError:
        return
    for each in map(int, " ".join(told).split()):
        yield each
        yield from _below(each)


def _works(pid: int) -> bool:
    """Whether it is a worker for tasks, which `gongmo serve` starts beside its web processes."""
    try:
        return b"work" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _number(text: str, name: str) -> int:
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name}:")), 0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def environment(kind: str) -> Iterator[tuple[Stage, ExitStack]]:
    """A folder, database and storage of a run's own, in this process's environment. Everything ends with the block."""
    for name in [name for name in os.environ if name.startswith("GONGMO_")]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix=f"gongmo-surge-{kind}-"))
    folder.chmod(0o755)
    os.environ.update(
        GONGMO_HOME=str(folder / "home"),
        DJANGO_SETTINGS_MODULE="gongmo.web.settings",
        GONGMO_LOG_LEVEL="WARNING",
    )
    stage = Stage(kind, folder)
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        if kind == "postgres":
            _database(stage, ends)
            _storage(stage, ends)
        else:
            stage.words += ["SQLite (WAL, synchronous=NORMAL)", "files in a folder"]
        yield stage, ends


def _database(stage: Stage, ends: ExitStack) -> None:
    from bench.chaos.database import Postgres

    server = Postgres(stage.folder / "database", stage.folder / "programs")
    if not server.start():
        raise SystemExit("PostgreSQL did not start")
    ends.callback(server.stop)
    os.environ["GONGMO_DATABASE_URL"] = server.address
    stage.roots["PostgreSQL"] = server.pid
    stage.words.append("PostgreSQL (fsync on)")


def _storage(stage: Stage, ends: ExitStack) -> None:
    import boto3

    port = free_port()
    started(
        stage,
        ends,
        "storage (moto)",
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
    )
    until_open(port)
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    client.create_bucket(Bucket="gongmo")
    os.environ["GONGMO_FILES_URL"] = f"s3://key:secret@127.0.0.1:{port}/gongmo?tls=0"
    stage.words.append("S3-compatible storage (moto, in memory, as a stand-in)")


def proxy(stage: Stage, ends: ExitStack, port: int, behind: int) -> bool:
    """Start a reverse proxy on `port` before the site on `behind`. False where there is none on this machine."""
    beside = Path(sys.executable).with_name("caddy")
    caddy = str(beside) if beside.exists() else shutil.which("caddy")
    if caddy:
        (stage.folder / "Caddyfile").write_text(_CADDY.format(port=port, behind=behind), "utf-8")
        command = [caddy, "run", "--config", str(stage.folder / "Caddyfile"), "--adapter", "caddyfile"]
        words = "Caddy"
    elif nginx := shutil.which("nginx"):
        (stage.folder / "nginx.conf").write_text(
            _NGINX.format(port=port, behind=behind, folder=stage.folder), "utf-8"
        )
        command = [nginx, "-c", str(stage.folder / "nginx.conf"), "-g", "daemon off;"]
        words = "nginx"
    else:
        stage.words.append("no reverse proxy: neither Caddy nor nginx is on this machine")
        return False
    os.environ.update(GONGMO_BEHIND_PROXY="1", GONGMO_REQUEST_START_HEADER=START_HEADER)
    started(stage, ends, f"proxy ({words})", command)
    until_open(port)
    stage.words.append(f"{words} in front, which tells when it had received a request")
    return True


# Small bodies are taken in before the request is passed on, so that the time told is that of a whole request.
_CADDY = """{{
	admin off
	auto_https off
	persist_config off
	log {{
		level ERROR
	}}
}}
http://127.0.0.1:{port} {{
	bind 127.0.0.1
	reverse_proxy 127.0.0.1:{behind} {{
		request_buffers 64KiB
		header_up X-Request-Start "t={{time.now.unix_ms}}"
		transport http {{
			keepalive_idle_conns_per_host 256
		}}
	}}
}}
"""
_NGINX = """pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
	access_log off;
	client_body_temp_path {folder}/nginx-bodies;
	proxy_temp_path {folder}/nginx-answers;
	fastcgi_temp_path {folder}/nginx-f; uwsgi_temp_path {folder}/nginx-u; scgi_temp_path {folder}/nginx-s;
	client_max_body_size 64m;
	upstream site {{ server 127.0.0.1:{behind}; keepalive 256; }}
	server {{
		listen 127.0.0.1:{port};
		location / {{
			proxy_pass http://site;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_set_header Host $http_host;
			proxy_set_header X-Forwarded-For $remote_addr;
			proxy_set_header X-Request-Start "t=$msec";
			proxy_read_timeout 120s;
		}}
	}}
}}
"""


def started(stage: Stage, ends: ExitStack, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a program in a group of its own; it is ended with the stage."""
    with (stage.folder / "programs.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    stage.roots[name] = process.pid
    ends.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until_open(port: int, seconds: float = 90) -> None:
    """Until something listens on the port."""

    def asked() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            return False

    until(asked, seconds, f"nothing listens on port {port}")


def until(holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    raise SystemExit(otherwise)
