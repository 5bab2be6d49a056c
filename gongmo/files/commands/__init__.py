"""What changes the stored files: one module a use case."""

from gongmo.files.commands.convert import CONVERTED, convert, converter
from gongmo.files.commands.inspect import (
    inspect_waiting,
    inspections_wait,
    scan_waiting,
    scans_wait,
)
from gongmo.files.commands.receiving import Brought, bring, receive
from gongmo.files.commands.store import CHUNK, DEFAULT_LIMIT, limit_of, store
from gongmo.files.commands.sweep import Swept, sweep
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
    "CONVERTED",
    "DEFAULT_LIMIT",
    "Brought",
    "Swept",
    "append",
    "bring",
    "convert",
    "converter",
    "create_upload",
    "discard_upload",
    "finish_upload",
    "inspect_waiting",
    "inspections_wait",
    "limit_of",
    "receive",
    "scan_waiting",
    "scans_wait",
    "settle_upload",
    "store",
    "sweep",
    "take_upload",
]
