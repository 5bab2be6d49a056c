"""Makes the database of this version that later versions must be able to upgrade: tests/upgrades/databases/<version>.tar.xz.

    .venv/bin/python scripts/release_database.py

Plays the life of a call with invented data through the commands (the builders of the tests): drafts, submissions, reviews, experts, scores, a
ranking, negotiations, an agreement in force and a region's own call. Holds the database and the stored files; docs/releasing.md says when.
"""

import argparse
import contextlib
import os
import sqlite3
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gongmo import __version__  # noqa: E402
from tests.upgrades.released import FOLDER, KEYS, MOST  # noqa: E402


def make(home: Path) -> None:
    """Make an installation of this version in `home`, and play in it."""
    os.environ.update(KEYS | {"GONGMO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "gongmo.web.settings"})

    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection

    from gongmo.kernel.actor import system
    from gongmo.ledger.commands import checkpoint
    from tests.awards.test_doctor import whole_life

    call_command("migrate", interactive=False, verbosity=0)
    whole_life()
    checkpoint(actor=system())
    connection.close()
    with contextlib.closing(sqlite3.connect(home / "gongmo.sqlite3")) as database:
        # One file, without the room that updates left behind.
        database.executescript("PRAGMA journal_mode=DELETE; VACUUM;")


def pack(home: Path, target: Path) -> int:
    """Pack database and files. Returns the size."""
    target.parent.mkdir(parents=True, exist_ok=True)

    def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = member.mtime = 0
        member.uname = member.gname = ""
        return member

    with tarfile.open(target, "w:xz", preset=9) as archive:
        for name in ("gongmo.sqlite3", "files"):
            if (home / name).exists():
                archive.add(home / name, name, filter=anonymous)
    return target.stat().st_size


def main() -> int:
    """Ends with 1 where the archive is too large for the repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--output", type=Path, default=FOLDER / f"{__version__}.tar.xz", help="default: %(default)s"
    )
    target = parser.parse_args().output
    for name in [name for name in os.environ if name.startswith("GONGMO_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="gongmo-release-") as folder:
        make(Path(folder))
        size = pack(Path(folder), target)
    print(f"{target.name}: {size / 1000:,.0f} kB")
    return 1 if size > MOST else 0


if __name__ == "__main__":
    sys.exit(main())
