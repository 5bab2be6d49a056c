"""What must always hold of the stored files."""

from collections.abc import Iterable
from datetime import timedelta

from gongmo.files import queries, storage
from gongmo.files.commands.sweep import orphans
from gongmo.files.models import Upload, UploadState
from gongmo.kernel import clock
from gongmo.kernel.invariants import Broken, invariant


@invariant(
    "files.content",
    ko="저장된 파일은 모두 제자리에 있고, 크기와 해시가 처음 받은 그대로입니다.",
    en="Every stored file is in its place with the size and hash it arrived with.",
)
def content_is_kept() -> Iterable[Broken]:
    return queries.verify()


@invariant(
    "files.swept",
    ko="어느 자료도 가리키지 않는 파일 내용은 이틀 안에 치워집니다.",
    en="Content that no row refers to is swept within two days.",
)
def orphans_are_swept() -> Iterable[Broken]:
    for item in orphans(timedelta(days=2)):
        yield Broken(f"file {item.key.rpartition('/')[2]}", "content without a row", "nothing there")


@invariant(
    "files.uploads",
    ko="올리는 중인 파일은 세어 둔 만큼 저장소에 있습니다.",
    en="Of every upload under way the counted bytes are in the storage.",
)
def counted_bytes_are_there() -> Iterable[Broken]:
    under_way = Upload.objects.filter(state=UploadState.RECEIVING, offset__gt=0, expires_at__gt=clock.now())
    for upload in under_way.iterator():
        there = storage.current().held(upload.pk)
        if there < upload.offset:
            yield Broken(f"upload {upload.pk[:8]}…", f"{there} bytes", f"{upload.offset} bytes")
