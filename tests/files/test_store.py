"""Files are kept once, under their hash, and only when they are what they say."""

import errno
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from gongmo.files import places, queries
from gongmo.files.commands import store
from gongmo.files.models import StoredFile
from gongmo.files.responses import send
from gongmo.kernel.errors import BadInput, NotFound, Refused
from tests.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.GONGMO_FILES = tmp_path / "files"
    return tmp_path / "files"


def keep(content: bytes, name: str = "", **more: Any) -> StoredFile:
    return store(stream=io.BytesIO(content), name=name, **more)


def drafts() -> list[Path]:
    return list(places.incoming().iterdir())


def torn(packing: int) -> bytes:
    """An office file whose first part is packed and cannot be unpacked: its packed bytes begin with what no packer writes."""
    name = "[Content_Types].xml"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        archive.writestr(name, "<Types/>" * 20)
    data = bytearray(held.getvalue())
    start = 30 + len(name) + (4 if packing == zipfile.ZIP_LZMA else 0)
    data[start : start + 8] = b"\xff" * 8
    return bytes(data)


@pytest.mark.parametrize(
    "extension", ["pdf", "png", "jpg", "hwp", "hwpx", "ppt", "pptx", "docx", "xlsx", "zip"]
)
def test_each_kind_is_found_in_the_content(extension: str) -> None:
    content = getattr(samples, extension.upper())

    stored = keep(content, f"계획서.{extension}")

    assert stored.extension == extension
    assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), len(content))
    with queries.open_file(stored.sha256) as handle:
        assert handle.read() == content
    assert drafts() == []


def test_same_content_is_kept_once() -> None:
    first, second = keep(samples.PDF, "하나.pdf"), keep(samples.PDF, "둘.pdf")

    assert first == second
    assert StoredFile.objects.count() == 1


def test_content_that_was_lost_is_put_back_by_the_same_upload() -> None:
    stored = keep(samples.PDF)
    places.path_of(stored.sha256).unlink()
    assert [each.observed for each in queries.verify()] == ["missing"]

    keep(samples.PDF)

    assert list(queries.verify()) == []


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "빈.pdf", "file_empty"),
        (samples.EXE, "계획서.pdf", "file_type_unknown"),
        (b"plain words", "계획서.txt", "file_type_unknown"),
        (samples.PDF[:20], "계획서.pdf", "file_broken"),
        (samples.ZIP[:-10], "자료.zip", "file_broken"),
        (samples.PPTX[:-30], "발표.pptx", "file_broken"),
        (torn(zipfile.ZIP_DEFLATED), "발표.pptx", "file_broken"),
        (torn(zipfile.ZIP_LZMA), "발표.pptx", "file_broken"),
        (samples.HWP[:600], "계획서.hwp", "file_broken"),
        (samples.PNG[:20], "그림.png", "file_broken"),
        (samples.PDF, "발표.pptx", "file_type_mismatch"),
        (samples.compound(["FileHeader", "DocInfo"], b"something else"), "문서.hwp", "file_type_unknown"),
        (samples.compound(["Workbook"], b""), "표.xls", "file_type_unknown"),
        (samples.office("presentationml.presentation.macroEnabled"), "발표.pptx", "file_type_unknown"),
        (samples.archive({"mimetype": b"application/epub+zip"}), "책.zip", "file_type_unknown"),
        (samples.archive({"../../etc/passwd": b"x"}), "자료.zip", "file_archive_unsafe"),
        (samples.archive({"/etc/passwd": b"x"}), "자료.zip", "file_archive_unsafe"),
        (samples.archive({"..\\a.txt": b"x"}), "자료.zip", "file_archive_unsafe"),
        (samples.archive({"a": b"\0" * 70_000_000}, compress=True), "자료.zip", "file_archive_unsafe"),
    ],
    # An archive's bytes hold the time at which it was made: no name for a test.
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_unfit_files_are_refused_and_leave_nothing(content: bytes, name: str, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        keep(content, name)

    assert refusal.value.code == code
    assert drafts() == []
    assert StoredFile.objects.count() == 0


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    keep(samples.PDF, limit=len(samples.PDF))

    with pytest.raises(BadInput) as refusal:
        keep(samples.PDF + b"\n", limit=len(samples.PDF))
    assert refusal.value.code == "file_too_large"
    assert drafts() == []


def test_a_full_disk_is_told_in_words() -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.ENOSPC, "no space")

    with pytest.raises(Refused) as refusal:
        store(stream=Full(), name="계획서.pdf")
    assert refusal.value.code == "storage_full"


def test_altered_content_is_named() -> None:
    stored = keep(samples.PDF)
    path = places.path_of(stored.sha256)
    path.write_bytes(samples.PDF.replace(b"obj", b"OBJ"))

    assert [each.subject for each in queries.verify()] == [f"file {stored.sha256}"]


@pytest.mark.parametrize("sha256", ["../../etc/passwd", "0" * 64, ""])
def test_no_other_file_of_the_machine_is_opened(sha256: str) -> None:
    with pytest.raises(NotFound):
        queries.open_file(sha256)


def test_sent_files_are_not_guessed_and_only_pictures_and_pdf_are_shown() -> None:
    pdf, pptx = keep(samples.PDF), keep(samples.PPTX)

    shown, fetched = send(pdf, "계획서.pdf", inline=True), send(pptx, "발표\r\n.pptx", inline=True)

    assert shown["Content-Disposition"].startswith("inline")
    assert fetched["Content-Disposition"].startswith("attachment")
    assert "\n" not in fetched["Content-Disposition"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Type"] == "application/pdf"
    assert b"".join(shown) == samples.PDF  # type: ignore[arg-type]
