"""What changes the stored files: one module a use case."""

from gongmo.files.commands.store import CHUNK, DEFAULT_LIMIT, limit_of, store
from gongmo.files.commands.uploads import (
    append,
    create_upload,
    discard_upload,
    finish_upload,
    settle_upload,
    take_upload,
)

__all__ = [
    "CHUNK",
    "DEFAULT_LIMIT",
    "append",
    "create_upload",
    "discard_upload",
    "finish_upload",
    "limit_of",
    "settle_upload",
    "store",
    "take_upload",
]
