"""Checks, without the network, that every lock holds what its .in file asks for, with hashes and without any address.

Exit 1 with one line for each fault.
"""

import re
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("requirements-uv", "requirements", "requirements-dev", "requirements-node")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?:\s*;\s*(.+?))?\s*\\$")


def faults(name: str) -> list[str]:
    """What is wrong with one pair of files."""
    locked: dict[str, list[str]] = {}
    found: list[str] = []
    lines = (ROOT / f"{name}.txt").read_text("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if "://" in line or line.startswith("-"):
            found.append(f"{name}.txt:{number}: holds an address or an option: {line}")
        if pin := _PINNED.match(line):
            locked.setdefault(canonicalize_name(pin[1]), []).append(pin[2])
            if number == len(lines) or "--hash=sha256:" not in lines[number]:
                found.append(f"{name}.txt:{number}: {pin[1]} has no hash")
    for text in (ROOT / f"{name}.in").read_text("utf-8").splitlines():
        wanted = text.split("#")[0].strip()
        if not wanted or wanted.startswith("-"):
            continue
        requirement = Requirement(wanted)
        versions = locked.get(canonicalize_name(requirement.name), [])
        if not any(requirement.specifier.contains(version) for version in versions):
            found.append(
                f"{name}.in asks for {wanted}; {name}.txt holds {versions or 'none'}. Run: make lock"
            )
    return found


def main() -> int:
    found = [fault for name in NAMES for fault in faults(name)]
    print("\n".join(found) if found else "The locks hold what is asked for.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
