"""Where an uploaded list lies until it has come in: in GONGMO_FILES, which all machines share."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from gongmo.kernel.errors import BadInput
from gongmo.similarity.reading import LIMIT

CHUNK = 1024 * 1024


def path_of(import_id: int, name: str) -> Path:
    """The list of an import; its end tells how it is read."""
    return folder() / f"{import_id}{'.xlsx' if name.lower().endswith(('.xlsx', '.xlsm')) else '.csv'}"


def folder() -> Path:
    place = Path(settings.GONGMO_FILES) / "corpus"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def receive(stream: BinaryIO) -> tuple[Path, str, int]:
    """Write a list to a draft on the disk: its path, SHA-256 and size. Raises BadInput for an empty or too large one."""
    descriptor, draft = tempfile.mkstemp(dir=folder())
    hashed, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as handle:
            while piece := stream.read(CHUNK):
                size += len(piece)
                if size > LIMIT:
                    raise BadInput(
                        "file_too_large",
                        "2 GB까지 올릴 수 있습니다. 나누어 올려 주세요.",
                        "At most 2 GB. Upload it in parts.",
                        field="file",
                    )
                hashed.update(piece)
                handle.write(piece)
        if not size:
            raise BadInput(
                "file_empty",
                "빈 파일은 읽을 수 없습니다. 파일을 확인해 주세요.",
                "The file is empty.",
                field="file",
            )
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return Path(draft), hashed.hexdigest(), size
