"""An archive is measured by its end before anything lists what is in it."""

import io
import struct
import zipfile

import pytest

from gongmo.files.kinds import ENTRIES_LIMIT, Unfit, kind_of
from gongmo.kernel.archives import Crowded, require_few
from gongmo.kernel.errors import BadInput
from gongmo.kernel.tables import MOST_PARTS, read_table

HEAD = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
ENTRY = struct.pack("<4s4B4H3I5H2I", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"  # fmt: skip


def crowded(entries: int, *, told: int | None = None, size: int | None = None, long: bool = True) -> bytes:
    """An archive with so many entries of nothing, whose end tells what one wants."""
    directory = ENTRY * entries
    told, size = entries if told is None else told, len(directory) if size is None else size
    if not long:
        end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, told, told, size, len(HEAD), 0)
        return HEAD + directory + end
    end64 = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, told, told, size, len(HEAD))
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(HEAD) + len(directory), 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return HEAD + directory + end64 + locator + end


@pytest.mark.parametrize("long", [True, False])
@pytest.mark.parametrize(("more", "told", "size"), [(1, None, None), (1, 1, None), (-9_000, 1, 4 * 10**9)])
def test_an_archive_with_too_many_entries_is_refused_before_they_are_listed(
    monkeypatch: pytest.MonkeyPatch, long: bool, more: int, told: int | None, size: int | None
) -> None:
    content = crowded(ENTRIES_LIMIT + more, told=told, size=size, long=long)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # Whoever asked it would fail.

    with pytest.raises(Unfit) as refusal:
        kind_of(io.BytesIO(content), len(content))

    assert refusal.value.code == "archive"


@pytest.mark.parametrize("long", [True, False])
def test_as_many_entries_as_may_be_are_counted_as_the_reader_does(long: bool) -> None:
    content = crowded(300, long=long)

    require_few(io.BytesIO(content), 300)

    assert len(zipfile.ZipFile(io.BytesIO(content)).infolist()) == 300
    with pytest.raises(Crowded):
        require_few(io.BytesIO(content), 299)


def test_what_stands_before_or_behind_an_archive_hides_nothing() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.comment = "한마디".encode() * 1_000
        for number in range(5):
            archive.writestr(f"파일 {number}", b"")
    content = io.BytesIO(b"something else" + held.getvalue())

    require_few(content, 5)

    with pytest.raises(Crowded):
        require_few(content, 4)


def test_a_table_with_too_many_parts_is_refused_before_they_are_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(BadInput) as refusal:
        read_table("표.xlsx", crowded(MOST_PARTS + 1))

    assert refusal.value.code == "file_too_large"
