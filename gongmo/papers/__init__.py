"""Printed papers: one value, written as PDF (typst) and as HWPX. Knows nothing of the database."""

import sys

from gongmo.papers.values import (
    Attachment,
    Block,
    Column,
    Facts,
    Heading,
    Items,
    Language,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Qr,
    SignatureLine,
    Signatures,
    Signed,
    Stroke,
    Table,
    content_sha256,
    content_text,
    unsigned,
)

__all__ = [
    "Attachment",
    "Block",
    "Column",
    "Facts",
    "Heading",
    "Items",
    "Language",
    "Note",
    "PageBreak",
    "Paper",
    "Paragraph",
    "Qr",
    "SignatureLine",
    "Signatures",
    "Signed",
    "Stroke",
    "Table",
    "content_sha256",
    "content_text",
    "put_away",
    "to_hwpx",
    "to_pdf",
    "unsigned",
]


def put_away() -> None:
    """Give up what printed papers needed, where any were printed in this process. For quiet moments; the next is printed as quickly."""
    if "gongmo.papers.pdf" in sys.modules:
        from gongmo.papers.pdf import put_away as forget

        forget()


def to_pdf(paper: Paper) -> bytes:
    """The paper as a tagged PDF/A (A-2b; A-3b with attachments) that meets PDF/UA-1. The same paper gives the same bytes."""
    # The engines load slowly; who only makes values does not wait for them.
    from gongmo.papers.pdf import to_pdf as write

    return write(paper)


def to_hwpx(paper: Paper) -> bytes:
    """The paper as an HWPX document (KS X 6101). The same paper gives the same bytes. Attachments stay out."""
    from gongmo.papers.hwpx import to_hwpx as write

    return write(paper)
