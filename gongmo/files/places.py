"""Where content lies on the disk: <GONGMO_FILES>/ab/cd/<sha256>."""

import os
import re
from pathlib import Path

from django.conf import settings

_SHA256 = re.compile(r"[0-9a-f]{64}")


def folder() -> Path:
    """The folder of all stored files."""
    return Path(settings.GONGMO_FILES)


def incoming() -> Path:
    """Where content is written while its hash is not known yet; made when missing. On the same disk, so that a rename suffices."""
    place = folder() / "incoming"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def path_of(sha256: str) -> Path:
    """The content's path. Raises ValueError unless given 64 lower-case hex digits."""
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError("not a SHA-256")
    return folder() / sha256[:2] / sha256[2:4] / sha256


def settle(draft: Path, sha256: str) -> Path:
    """Move a written draft to its place, durably. A content that is there already is kept."""
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(draft, target)
    for directory in (target.parent, target.parent.parent):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            # The name of the file must survive a power cut as well as its bytes.
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return target
