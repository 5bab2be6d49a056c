"""What a file is, found in its content and never believed from its name. Reads little, whatever the file's size."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from gongmo.kernel.archives import Crowded, require_few


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its extension and media type."""

    extension: str
    media_type: str


_OOXML = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "application/pdf"),
        Kind("hwp", "application/x-hwp"),
        Kind("hwpx", "application/hwp+zip"),
        Kind("ppt", "application/vnd.ms-powerpoint"),
        Kind("pptx", f"{_OOXML}.presentationml.presentation"),
        Kind("docx", f"{_OOXML}.wordprocessingml.document"),
        Kind("xlsx", f"{_OOXML}.spreadsheetml.sheet"),
        Kind("jpg", "image/jpeg"),
        Kind("png", "image/png"),
        Kind("zip", "application/zip"),
    )
}
"""Every kind that is taken."""

LOCK = "lock"
"""Stands for an extension where gongmo.files.extract is only asked whether a PDF opens without a password."""
ENTRIES_LIMIT = 10_000
UNPACKED_LIMIT = 2 * 1024**3
RATIO_LIMIT = 200
"""An archive that would unpack to more than this many times its size, and to more than 64 MiB, is refused."""
_RATIO_FROM = 64 * 1024**2
_ENTRY_LOCKED = 1
"""A ZIP entry's flag for a password (APPNOTE 4.4.4, bit 0)."""
_HWP_LOCKED = 2
"""HWP 5's flag for a password: bit 1 of the properties at byte 36 of its FileHeader."""
_PPT_LOCKED = 0xF3D1C4DF
"""The header token of a locked presentation's Current User stream (MS-PPT 2.3.2)."""


_ENCRYPT = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")


class Unfit(Exception):
    """The content is of no kind that is taken, broken, dangerous, or locked. `code` is one of unknown, broken, archive, encrypted."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def kind_of(stream: BinaryIO, size: int) -> Kind:
    """The kind of a seekable file of `size` bytes. Raises Unfit."""
    stream.seek(0)
    head = stream.read(1024)
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        if b"%%EOF" not in _tail(stream, size, 4096):
            raise Unfit("broken", "a PDF without its end")
        return KINDS["pdf"]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        if b"IEND" not in _tail(stream, size, 4096):
            raise Unfit("broken", "a PNG without its end")
        return KINDS["png"]
    if head.startswith(b"\xff\xd8\xff"):
        return KINDS["jpg"]
    if head.startswith(_CFB):
        return _compound(stream, size, head)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(stream, size)
    raise Unfit("unknown", "no known beginning")


def says_locked(stream: BinaryIO, size: int) -> bool:
    """Whether a PDF tells of encryption near its beginning or end. Many such open without a password: see gongmo.files.extract."""
    if _ENCRYPT.search(_tail(stream, size, 1024**2)):
        return True
    stream.seek(0)
    return _ENCRYPT.search(stream.read(64 * 1024)) is not None


def _tail(stream: BinaryIO, size: int, length: int) -> bytes:
    stream.seek(max(0, size - length))
    return stream.read(length)


# --- ZIP and what is made of it -------------------------------------------------------------------------------------
def _archive(stream: BinaryIO, size: int) -> Kind:
    try:
        require_few(stream, ENTRIES_LIMIT)
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            _guard(archive.infolist(), size)
            if any(entry.flag_bits & _ENTRY_LOCKED for entry in archive.infolist()):
                raise Unfit("encrypted", "an archive with a password")
            names = set(archive.namelist())
            if "mimetype" in names:
                if _first(archive, "mimetype", 64).strip() == b"application/hwp+zip":
                    if "META-INF/manifest.xml" in names and b"encryption-data" in _first(
                        archive, "META-INF/manifest.xml", 1_000_000
                    ):
                        raise Unfit("encrypted", "an HWPX whose manifest tells of a password")
                    return KINDS["hwpx"]
                raise Unfit("unknown", "a package of an unknown media type")
            if "[Content_Types].xml" in names:
                return _office(_first(archive, "[Content_Types].xml", 1_000_000))
            return KINDS["zip"]
    except Crowded as error:
        raise Unfit("archive", str(error)) from error
    # A damaged archive shows itself in many ways.
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        KeyError,
        zlib.error,
        lzma.LZMAError,
    ) as error:
        raise Unfit("broken", f"an archive that cannot be read ({error})") from error


def _guard(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse archives that would overwhelm or escape whoever unpacks them."""
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_LIMIT or (unpacked > _RATIO_FROM and unpacked > size * RATIO_LIMIT):
        raise Unfit("archive", f"unpacks to {unpacked} bytes")
    for entry in entries:
        parts = entry.orig_filename.replace("\\", "/").split("/")
        if parts[0] == "" or ".." in parts or ":" in parts[0] or "\0" in entry.orig_filename:
            raise Unfit("archive", "an entry that points outside")


def _first(archive: zipfile.ZipFile, name: str, length: int) -> bytes:
    """The first bytes of an entry, whatever size it claims."""
    with archive.open(name) as entry:
        return entry.read(length)


def _office(types: bytes) -> Kind:
    for extension in ("pptx", "docx", "xlsx"):
        # The main part's type ends in ".main+xml"; files with macros name another one.
        if f"{KINDS[extension].media_type}.main+xml".encode() in types:
            return KINDS[extension]
    raise Unfit("unknown", "an office package without a known main part")


# --- Compound files (MS-CFB): HWP 5 and old office documents --------------------------------------------------------
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on mark ends and free places."""
_ENTRY_SIZE = 128
_LONGEST_CHAIN = 4096


def _compound(stream: BinaryIO, size: int, head: bytes) -> Kind:
    try:
        held = _Compound(stream, size, head)
        entries = held.entries()
        if "EncryptedPackage" in entries:
            raise Unfit("encrypted", "an office document with a password")
        if {"FileHeader", "DocInfo"} <= entries.keys():
            header = held.small(entries["FileHeader"][0])
            if not header.startswith(b"HWP Document File"):
                raise Unfit("unknown", "a compound file with another header than HWP's")
            if header[36] & _HWP_LOCKED:
                raise Unfit("encrypted", "an HWP with a password")
            return KINDS["hwp"]
        if "PowerPoint Document" in entries:
            user = entries.get("Current User")
            if user and user[1] >= 16 and struct.unpack_from("<I", held.small(user[0]), 12)[0] == _PPT_LOCKED:
                raise Unfit("encrypted", "a presentation with a password")
            return KINDS["ppt"]
    except (struct.error, IndexError) as error:
        raise Unfit("broken", "a compound file that cannot be read") from error
    raise Unfit("unknown", "a compound file of an unknown kind")


class _Compound:
    """Just enough of a compound file to list the streams of its directory, and to see HWP's own signature."""

    def __init__(self, stream: BinaryIO, size: int, head: bytes) -> None:
        self.stream, self.size = stream, size
        (shift,) = struct.unpack_from("<H", head, 30)
        if shift not in (9, 12):
            raise Unfit("broken", "a compound file with impossible sectors")
        self.sector = 1 << shift
        (self.directory,) = struct.unpack_from("<I", head, 48)
        self.fat = struct.unpack_from("<109I", head, 76)
        self.root = 0

    def _read(self, number: int) -> bytes:
        self.stream.seek((number + 1) * self.sector)
        data = self.stream.read(self.sector)
        if not data:
            raise Unfit("broken", "a compound file that ends too early")
        return data.ljust(self.sector, b"\0")

    def _next(self, number: int) -> int:
        per_sector = self.sector // 4
        # The first 109 FAT sectors reach 6.8 MB (512-byte sectors) into the file; the directory stands there in practice.
        table = self.fat[number // per_sector]
        return int(struct.unpack_from("<I", self._read(table), number % per_sector * 4)[0])

    def chain(self, number: int) -> Iterator[bytes]:
        for _ in range(_LONGEST_CHAIN):
            if number >= _END:
                return
            yield self._read(number)
            number = self._next(number)
        raise Unfit("broken", "a compound file that runs in circles")

    def entries(self) -> dict[str, tuple[int, int]]:
        """Names of the directory's streams with first sector and size."""
        found: dict[str, tuple[int, int]] = {}
        for data in self.chain(self.directory):
            for start in range(0, self.sector, _ENTRY_SIZE):
                length, kind = struct.unpack_from("<HB", data, start + 64)
                if kind not in (1, 2, 5) or not 2 <= length <= 64:
                    continue
                name = data[start : start + length - 2].decode("utf-16-le", "replace")
                first, bytes_long = struct.unpack_from("<IQ", data, start + 116)
                if kind == 5:
                    self.root = first
                found[name] = (first, bytes_long)
        return found

    def small(self, number: int) -> bytes:
        """A 64-byte sector of the small-stream area, which hangs at the root entry. Ask for the entries first."""
        wanted, place = divmod(number * 64, self.sector)
        for index, data in enumerate(self.chain(self.root)):
            if index == wanted:
                return data[place : place + 64]
        raise Unfit("broken", "a compound file that ends too early")
