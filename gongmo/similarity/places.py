"""Where an uploaded list lies until it has come in: in the storage of files, which all machines share."""

import hashlib
import os
import tempfile
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import BinaryIO

from gongmo.files import places as files
from gongmo.files import storage
from gongmo.kernel.errors import BadInput
from gongmo.similarity.reading import LIMIT

CHUNK = 1024 * 1024


def short_name(import_id: int, name: str) -> str:
    """The list of an import; its end tells how it is read."""
    return f"{import_id}{'.xlsx' if name.lower().endswith(('.xlsx', '.xlsm')) else '.csv'}"


def keep(draft: Path, import_id: int, name: str) -> None:
    """Put a draft in its place. Raises OSError."""
    storage.current().keep(draft, _key(import_id, name))


def fetched(import_id: int, name: str) -> AbstractContextManager[Path]:
    """The list as a file of this machine. Raises OSError, FileNotFoundError when it is gone."""
    return storage.current().fetched(_key(import_id, name))


def remove(import_id: int, name: str) -> None:
    """It has come in, or is not wanted any more. What a storage that is away keeps of it harms nobody."""
    with suppress(OSError):
        storage.current().remove(_key(import_id, name))


def _key(import_id: int, name: str) -> str:
    return f"corpus/{short_name(import_id, name)}"


def receive(stream: BinaryIO) -> tuple[Path, str, int]:
    """Write a list to a draft on the disk: its path, SHA-256 and size. Raises BadInput for an empty or too large one."""
    descriptor, draft = tempfile.mkstemp(dir=files.incoming())
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
