"""What must always hold of the stored files."""

from collections.abc import Iterable

from gongmo.files import queries
from gongmo.kernel.invariants import Broken, invariant


@invariant(
    "files.content",
    ko="저장된 파일은 모두 제자리에 있고, 크기와 해시가 처음 받은 그대로입니다.",
    en="Every stored file is in its place with the size and hash it arrived with.",
)
def content_is_kept() -> Iterable[Broken]:
    return queries.verify()
