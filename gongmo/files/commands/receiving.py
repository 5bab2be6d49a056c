"""A file as people hand it in: with the request itself, or sent before in pieces."""

from dataclasses import dataclass
from typing import BinaryIO

from gongmo.files.commands.store import Kept, keep, row_of
from gongmo.files.commands.uploads import take_upload
from gongmo.files.models import StoredFile
from gongmo.files.queries import upload_for
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Brought:
    """A file whose bytes are kept and that may not have its row yet."""

    held: Kept | StoredFile

    def row(self) -> StoredFile:
        """Its row, written now where it has none. Inside the transaction of the act that takes the file: rolled back with it, and the bytes
        are swept."""
        return row_of(self.held) if isinstance(self.held, Kept) else self.held


def bring(
    *, actor: Actor, purpose: str, name: str = "", stream: BinaryIO | None = None, upload: str = ""
) -> tuple[Brought, str]:
    """The file and the name it was given: from a `stream`, or from the finished `upload` that was begun for `purpose`. Call it before
    anything is locked.

    Raises BadInput without either, and as `keep` and `take_upload` do.
    """
    if upload:
        stored = take_upload(actor=actor, upload_id=upload, purpose=purpose)
        return Brought(stored), name or upload_for(actor, upload).name
    if stream is None:
        raise BadInput(
            "file_missing", "올릴 파일을 골라 주세요.", "Choose the file to hand in.", field="file"
        )
    return Brought(keep(stream=stream, name=name)), name


def receive(
    *, actor: Actor, purpose: str, name: str = "", stream: BinaryIO | None = None, upload: str = ""
) -> tuple[StoredFile, str]:
    """The same with its row, for acts whose transaction does not write it."""
    brought, given = bring(actor=actor, purpose=purpose, name=name, stream=stream, upload=upload)
    return brought.row(), given
