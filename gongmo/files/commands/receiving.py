"""A file as people hand it in: with the request itself, or sent before in pieces."""

from typing import BinaryIO

from gongmo.files.commands.store import store
from gongmo.files.commands.uploads import take_upload
from gongmo.files.models import StoredFile
from gongmo.files.queries import upload_for
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput


def receive(
    *, actor: Actor, purpose: str, name: str = "", stream: BinaryIO | None = None, upload: str = ""
) -> tuple[StoredFile, str]:
    """The stored file and the name it was given: from a `stream`, or from the finished `upload` that was begun for `purpose`.

    Raises BadInput without either, and as `store` and `take_upload` do.
    """
    if upload:
        stored = take_upload(actor=actor, upload_id=upload, purpose=purpose)
        return stored, name or upload_for(actor, upload).name
    if stream is None:
        raise BadInput(
            "file_missing", "올릴 파일을 골라 주세요.", "Choose the file to hand in.", field="file"
        )
    return store(stream=stream, name=name), name
