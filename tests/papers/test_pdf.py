"""A paper as PDF, read back by another program."""

import ctypes
import io
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from gongmo.papers import (
    Attachment,
    Heading,
    Paper,
    Paragraph,
    Signatures,
    Table,
    content_sha256,
    pdf,
    to_pdf,
)
from gongmo.papers.pdf import clean, to_png
from gongmo.papers.values import Column, texts
from tests.papers.reading import missing, pdf_text, squeezed
from tests.papers.samples import SIGNED, paper


def test_every_word_and_figure_of_a_paper_stands_in_its_pdf():
    made = paper()

    read = pdf_text(to_pdf(made))

    # A drawn signature stands for its signer's name, which is in the column beside it.
    assert missing(texts(made), read) == []


def test_pdf_is_tagged_titled_and_says_its_language_and_standard():
    reader = PdfReader(io.BytesIO(to_pdf(paper())))

    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == "가상 협약서"
    assert root["/Lang"] == "ko"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_pages_are_a4_and_count_themselves():
    reader = PdfReader(io.BytesIO(to_pdf(paper())))

    pages = len(reader.pages)
    assert pages >= 3
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    for number, page in enumerate(reader.pages, 1):
        assert f"{number} / {pages}" in page.extract_text()
        assert "가상 연습 공모" in page.extract_text()


def test_a_long_table_repeats_its_head():
    reader = PdfReader(io.BytesIO(to_pdf(paper())))

    with_rows = [page.extract_text() for page in reader.pages if "참여기관" in page.extract_text()]
    assert len(with_rows) > 1
    assert all("기관 역할 금액" in text for text in with_rows)


def test_the_same_paper_gives_the_same_bytes_in_another_process():
    script = "import sys; from tests.papers.samples import paper; from gongmo.papers import to_pdf, to_hwpx; sys.stdout.buffer.write({}(paper()))"

    here = to_pdf(paper())
    there = subprocess.run([sys.executable, "-c", script.format("to_pdf")], capture_output=True, check=True)

    assert there.stdout == here == to_pdf(paper())


class Heap(ctypes.Structure):
    """struct mallinfo2 of glibc's malloc.h."""

    _fields_ = [("before", ctypes.c_size_t * 7), ("used", ctypes.c_size_t), ("after", ctypes.c_size_t * 2)]


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="glibc tells what is in use")
def test_what_printed_papers_needed_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "_MOST", 20_000)
    told = ctypes.CDLL(None).mallinfo2
    told.restype = Heap

    def printed(number: int) -> int:
        to_pdf(replace(paper(), title=f"협약서 {number}", blocks=(Paragraph(f"문단 {number} " * 300),) * 4))
        return int(told().used)

    used = [printed(number) for number in range(12)]

    # Each needs two megabytes, and the last ten were kept.
    assert min(used[6:]) - min(used[:6]) < 1024**2


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_data_and_is_shown(words: str):
    made = paper(title="제목", blocks=(Heading("머리"), Paragraph(words)))

    read = pdf_text(to_pdf(made))

    expected = squeezed(clean(words))
    if expected.isascii():
        assert expected in squeezed(read)


def test_letters_that_no_font_has_are_told_by_number():
    read = pdf_text(to_pdf(paper(blocks=(Paragraph("앞 \U000f0000\U0001f9ff 뒤 漢字"),))))

    assert "앞" in read
    assert "뒤" in read
    assert "漢字" in read


def test_attachments_make_it_a_pdf_a3_that_carries_the_file():
    made = paper(attachments=(Attachment("receipt.json", '{"a":"가"}', "application/json", "접수증"),))

    reader = PdfReader(io.BytesIO(to_pdf(made)))

    assert reader.attachments["receipt.json"] == ['{"a":"가"}'.encode()]
    assert "<pdfaid:part>3</pdfaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data().decode()


def test_pages_can_be_seen_as_images():
    images = to_png(paper(), ppi=30)

    assert len(images) >= 3
    assert all(image.startswith(b"\x89PNG") for image in images)


def test_content_hash_leaves_out_signatures_dates_and_attachments_only():
    signed = paper()
    blocks = tuple(
        Signatures(tuple(type(line)(line.organisation, line.title, line.name) for line in block.lines), block.seal, block.on)
        if isinstance(block, Signatures)
        else block
        for block in signed.blocks
    )  # fmt: skip

    assert SIGNED in [
        line.signed for block in signed.blocks if isinstance(block, Signatures) for line in block.lines
    ]
    assert content_sha256(paper(blocks=blocks)) == content_sha256(signed)
    assert content_sha256(paper(at=signed.at.replace(year=2031))) == content_sha256(signed)
    assert content_sha256(paper(title="다른 제목")) != content_sha256(signed)


def test_a_paper_refuses_rows_of_another_width_and_headings_that_leave_out_a_level():
    with pytest.raises(ValueError, match="columns"):
        Table((Column("가"),), (("나", "다"),))
    with pytest.raises(ValueError, match="level"):
        Paper("제목", paper().at, (Heading("머리", 2),))
