"""The databases of released versions (made by scripts/release_database.py), and the keys that they were made with: for tests only."""

import tarfile
from pathlib import Path

FOLDER = Path(__file__).parent / "databases"
MOST = 300_000
"""Bytes that one may take in the repository."""
KEYS = {
    # Known to everybody: they close invented data.
    "GONGMO_FIELD_KEYS": "test=" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}


def versions() -> list[str]:
    """The versions whose databases are kept."""
    return sorted(path.name.removesuffix(".tar.xz") for path in FOLDER.glob("*.tar.xz"))


def unpack(version: str, home: Path) -> None:
    """Put a version's gongmo.sqlite3 and files into `home`."""
    with tarfile.open(FOLDER / f"{version}.tar.xz") as archive:
        archive.extractall(home, filter="data")
