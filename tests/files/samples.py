"""Small files of every kind, made here byte by byte."""

import io
import struct
import zipfile

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"
EXE = b"MZ\x90\x00" + b"\0" * 200


def archive(entries: dict[str, bytes], *, compress: bool = False) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return held.getvalue()


HWPX = archive({"mimetype": b"application/hwp+zip", "Contents/section0.xml": b"<x/>"})
ZIP = archive({"a.txt": b"a"})


def office(part: str) -> bytes:
    types = f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{part}.main+xml"/></Types>'
    return archive({"[Content_Types].xml": types.encode()})


PPTX = office("presentationml.presentation")
DOCX = office("wordprocessingml.document")
XLSX = office("spreadsheetml.sheet")


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB", len(raw) + 2, kind, 1)
        + b"\xff" * 12
        + b"\0" * 36
        + struct.pack("<IQ", first, size)
    )


def compound(names: list[str], small: bytes) -> bytes:
    """A compound file of three sectors: FAT, directory (three names at most), small streams."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    head = (
        head.ljust(44, b"\0")
        + struct.pack("<II", 1, 1)
        + struct.pack("<IIIIIII", 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    )
    head = head[:76] + struct.pack("<109I", 0, *([0xFFFFFFFF] * 108))
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, *([0xFFFFFFFF] * 125))
    directory = _entry("Root Entry", 5, 2, 512) + b"".join(_entry(name, 2, 0, 64) for name in names)
    return head + fat + directory.ljust(512, b"\0") + small.ljust(512, b"\0")


HWP = compound(["FileHeader", "DocInfo"], b"HWP Document File")
PPT = compound(["PowerPoint Document"], b"")


# --- Documents that programs can really read -----------------------------------------------------------------------
def pdf(*pages: str) -> bytes:
    """A PDF with a line of Latin text on each page."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for place, text in enumerate(pages):
        content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * place} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    out, places = "%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{at:010d} 00000 n \n" for at in places
    )
    return (
        out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ).encode()


def locked_pdf(password: str, content: bytes | None = None) -> bytes:
    """A PDF that forbids printing and, with a password, asks for it."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(content or pdf("locked")))
    writer.encrypt(password, "owner", algorithm="AES-256")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def pptx(*slides: str) -> bytes:
    from pptx import Presentation

    made = Presentation()
    for text in slides:
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = text
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def xlsx(*rows: list[object]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "인력"
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def docx(*paragraphs: str) -> bytes:
    from docx import Document

    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def hwpx(*paragraphs: str) -> bytes:
    space = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph" xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section"'
    body = "".join(f"<hp:p><hp:run><hp:t>{text}</hp:t></hp:run></hp:p>" for text in paragraphs)
    return archive(
        {
            "mimetype": b"application/hwp+zip",
            "Contents/header.xml": b"<head/>",
            "Contents/section0.xml": f"<hs:sec {space}>{body}</hs:sec>".encode(),
        }
    )


def locked_hwpx() -> bytes:
    manifest = (
        b'<manifest><file-entry full-path="Contents/section0.xml"><encryption-data/></file-entry></manifest>'
    )
    return archive({"mimetype": b"application/hwp+zip", "META-INF/manifest.xml": manifest})


def locked_zip() -> bytes:
    """An archive whose entry says that it is locked: one bit in the entry and in the directory."""
    content = bytearray(archive({"a.txt": b"secret"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def hwp(*paragraphs: str, locked: bool = False) -> bytes:
    """An HWP 5 document: FileHeader, DocInfo and one section of plain paragraphs, in a compound file with 4 KB streams."""
    header = (
        b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, 2 if locked else 0)
    ).ljust(256, b"\0")
    section = b""
    for text in paragraphs:
        raw = (text + "\r").encode("utf-16-le")
        section += struct.pack("<I", 67 | len(raw) << 20) + raw
    streams = {"FileHeader": header, "DocInfo": b"\0" * 16, "Section0": section}
    return _document(streams)


def _document(streams: dict[str, bytes]) -> bytes:
    """A compound file: FAT, directory of two sectors, mini FAT, then small streams. `Section0` lies in the storage BodyText."""
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
    mini, links, starts = b"", [], {}
    for name, content in streams.items():
        starts[name] = len(mini) // 64
        count = -(-len(content) // 64)
        links += [*range(starts[name] + 1, starts[name] + count), end]
        mini += content.ljust(count * 64, b"\0")
    sectors = -(-len(mini) // 512)

    def entry(name: str, kind: int, first: int, size: int, left: int, right: int, child: int) -> bytes:
        raw = name.encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw) + 2, kind, 1, left, right, child)
            + b"\0" * 36
            + struct.pack("<IQ", first, size)
        )

    directory = (
        entry("Root Entry", 5, 4, len(mini), none, none, 2)
        + entry("FileHeader", 2, starts["FileHeader"], len(streams["FileHeader"]), none, none, none)
        + entry("BodyText", 1, 0, 0, 3, 1, 4)
        + entry("DocInfo", 2, starts["DocInfo"], len(streams["DocInfo"]), none, none, none)
        + entry("Section0", 2, starts["Section0"], len(streams["Section0"]), none, none, none)
    ).ljust(1024, b"\0")
    chain = [*range(5, 4 + sectors), end]
    fat = struct.pack("<128I", *([0xFFFFFFFD, 2, end, end, *chain] + [free] * (124 - sectors)))
    minifat = struct.pack("<128I", *(links + [free] * (128 - len(links))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    head = head.ljust(44, b"\0") + struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 3, 1, end, 0, 0)
    head = head[:76] + struct.pack("<109I", 0, *([free] * 108))
    return head + fat + directory + minifat + mini.ljust(sectors * 512, b"\0")
