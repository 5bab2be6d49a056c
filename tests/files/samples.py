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
