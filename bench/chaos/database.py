"""A PostgreSQL of a chaos run's own, as durable as in earnest, that can be killed and started again."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.postgres import installations

_ROOT = os.geteuid() == 0


class Postgres:
    """A server in `folder`, reached through a socket there. fsync and full page writes are on, as PostgreSQL's defaults are."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.user = "nobody" if _ROOT else None
        self.environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        folder.mkdir()
        programs.mkdir()
        folder.chmod(0o755)
        programs.chmod(0o755)
        if _ROOT:
            shutil.chown(folder, "nobody")
        # The programs stand elsewhere: the disk that is filled holds the data only.
        self.install = installations(programs)[0]
        subprocess.run(
            [
                str(self.install / "bin/initdb"), "-D", str(folder / "data"), "-U", "gongmo", "-A", "trust",
                "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--wal-segsize=4",
            ],
            check=True, capture_output=True, timeout=120, user=self.user, cwd=folder, env=self.environment,
        )  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"postgresql://gongmo@/postgres?host={self.folder}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> bool:
        """Start, and wait until it takes connections (after a crash: until it has recovered). False when it ended instead."""
        settings = (
            "listen_addresses=",
            "max_connections=80",
            "shared_buffers=64MB",
            "max_wal_size=48MB",
            "min_wal_size=16MB",
        )
        command = [
            str(self.install / "bin/postgres"),
            "-D",
            str(self.folder / "data"),
            "-k",
            str(self.folder),
        ]
        command += [word for setting in settings for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, user=self.user, cwd=self.folder, env=self.environment,
                start_new_session=True,
            )  # fmt: skip
        return self.wait()

    def wait(self, seconds: float = 60) -> bool:
        """Until it takes connections. False when it has ended or does not within `seconds`."""
        import psycopg

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process is not None
            if self.process.poll() is not None:
                return False
            try:
                psycopg.connect(self.address, connect_timeout=2).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.1)
        return False

    def kill(self) -> None:
        """Kill -9 the server; its processes end when they see it. Then start it again."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.revive()

    def revive(self) -> bool:
        """Start it again when it has ended (killed, or no room for its log). Whether it had. Raises SystemExit when it cannot."""
        assert self.process is not None
        if self.process.poll() is None:
            return False
        until = time.monotonic() + 90
        while time.monotonic() < until:
            # Refused for a moment, while processes of the dead one still hold its memory.
            if self.start():
                return True
            time.sleep(0.3)
        raise SystemExit(f"PostgreSQL does not start again, see {self.folder / 'log'}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
