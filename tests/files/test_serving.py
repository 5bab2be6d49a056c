"""Files are sent whole or in parts, shown only where that is safe, and previewed honestly."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.translation import override

from gongmo.files import commands, places, queries
from gongmo.files.models import StoredFile
from gongmo.files.responses import send
from gongmo.files.showing import preview, serve
from tests.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.GONGMO_FILES = tmp_path / "files"
    settings.GONGMO_CONVERTER = "none"


@pytest.fixture
def stored() -> StoredFile:
    return commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")


def asking(**headers: str) -> HttpRequest:
    return RequestFactory().get("/file/", headers=headers)


def content(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=5-99999", 206, 5, None),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=-99999", 206, 0, None),
        ("bytes=0-1,5-6", 200, 0, None),
        ("lines=1-2", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("bytes=" + "9" * 80 + "-", 200, 0, None),
    ],
)
def test_a_part_is_sent_where_one_is_asked_for(
    stored: StoredFile, asked: str, status: int, start: int, end: int | None
) -> None:
    answer = send(stored, "a.pdf", request=asking(Range=asked))

    assert answer.status_code == status
    assert content(answer) == samples.PDF[start:end]
    assert int(answer["Content-Length"]) == len(samples.PDF[start:end])
    assert answer["Accept-Ranges"] == "bytes"


def test_a_part_beyond_the_end_is_refused_with_the_size(stored: StoredFile) -> None:
    answer = send(stored, "a.pdf", request=asking(Range="bytes=9999-"))

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(samples.PDF)}")


def test_a_download_goes_on_only_with_the_same_content(stored: StoredFile) -> None:
    same = send(stored, "a.pdf", request=asking(Range="bytes=5-", If_Range=f'"{stored.pk}"'))
    other = send(stored, "a.pdf", request=asking(Range="bytes=5-", If_Range='"other"'))

    assert (same.status_code, other.status_code) == (206, 200)


def test_what_the_browser_has_is_not_sent_again(stored: StoredFile) -> None:
    answer = send(stored, "a.pdf", request=asking(If_None_Match=f'"{stored.pk}"'))

    assert (answer.status_code, content(answer)) == (304, b"")


def test_a_picture_is_shown_in_a_sandbox() -> None:
    picture = commands.store(stream=io.BytesIO(samples.PNG), name="a.png")

    answer: Any = send(picture, "a.png", inline=True)

    assert answer["Content-Disposition"].startswith("inline")
    assert answer._csp_update == {"sandbox": []}


def test_words_are_shown_where_nothing_else_can_be_and_the_page_says_so() -> None:
    stored = commands.store(stream=io.BytesIO(samples.hwpx("첫 문단")), name="a.hwpx")
    assert queries.preview_kind(stored) == "none"
    commands.inspect_waiting()

    shown = preview(stored, "a.hwpx", "/x/")

    assert (shown["kind"], shown["coming"]) == ("text", False)
    assert queries.text_of(stored.pk)


def test_each_kind_is_previewed_in_its_way(stored: StoredFile) -> None:
    picture = commands.store(stream=io.BytesIO(samples.PNG), name="a.png")
    archive = commands.store(stream=io.BytesIO(samples.ZIP), name="a.zip")

    assert [queries.preview_kind(each) for each in (stored, picture, archive)] == ["pdf", "picture", "none"]


def test_a_converter_makes_a_pdf_for_the_preview(tmp_path: Path, settings: LazySettings) -> None:
    # A program that takes soffice's arguments and leaves what soffice would leave.
    program = tmp_path / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "assert pathlib.Path(sys.argv[-1]).is_file()\n"
        f"(out / 'document.pdf').write_bytes({samples.pdf('made')!r})\n"
    )
    program.chmod(0o700)
    settings.GONGMO_CONVERTER = str(program)
    stored = commands.store(stream=io.BytesIO(samples.pptx("발표")), name="a.pptx")

    assert preview(stored, "a.pptx", "/x/")["coming"]
    assert commands.convert(sha256=stored.pk)

    assert queries.preview_kind(stored) == "converted"
    answer = serve(RequestFactory().get("/x/", {"show": "pdf"}), stored, "a.pptx")
    assert content(answer) == samples.pdf("made")
    assert list(places.incoming().iterdir()) == []


@pytest.mark.parametrize("script", ["exit 1", "sleep 0", 'echo hello > "$HOME/document.pdf"'])
def test_a_converter_that_fails_leaves_the_words(tmp_path: Path, settings: LazySettings, script: str) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    settings.GONGMO_CONVERTER = str(program)
    stored = commands.store(stream=io.BytesIO(samples.pptx("발표")), name="a.pptx")

    assert not commands.convert(sha256=stored.pk)
    assert queries.preview_kind(stored) == "none"


def test_places_are_told_in_both_languages() -> None:
    from gongmo.files.telling import place

    with override("en"):
        assert place({"page": 3}) == ("3쪽", "page 3")
    assert place({"entry": "가.pptx", "slide": 2}) == ("‘가.pptx’ 슬라이드 2", "“가.pptx”, slide 2")
