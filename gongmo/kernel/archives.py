"""Archives of strangers (ZIP, APPNOTE.TXT 4.3), measured before anything lists what is in them: a reader builds the whole list first, and a
small file may hold millions of names.
"""

import struct
from typing import BinaryIO

DIRECTORY = 4 * 1024**2
"""Bytes of a directory at most: 10,000 entries with names of 350 bytes."""
_END, _LOCATOR, _END64 = struct.Struct("<4s4H2IH"), struct.Struct("<4sIQI"), struct.Struct("<4sQ2H2I4Q")
_COMMENT = 65_536
_PLACEHOLDERS = (0xFFFF, 0xFFFFFFFF)


class Crowded(Exception):
    """The archive holds more entries, or a longer directory of them, than was asked for."""


def require_few(stream: BinaryIO, entries: int, *, directory: int = DIRECTORY) -> None:
    """Raise Crowded where an archive holds more than `entries` entries, or its directory has more than `directory` bytes.

    Reads the records at its end and the directory itself, whatever these tell of its length. What has no such records is left to the reader,
    which finds none either.
    """
    for end, told, size in _ends(stream):
        if told > entries or size > directory:
            raise Crowded(f"{told} entries in {size} bytes")
        stream.seek(max(0, end - size))
        # Each entry begins with its signature; what is told of their number binds no reader.
        found = stream.read(min(size, end)).count(b"PK\x01\x02")
        if found > entries:
            raise Crowded(f"{found} entries")


def _ends(stream: BinaryIO) -> list[tuple[int, int, int]]:
    """The records that end an archive: where each stands (the directory ends there), and the number and bytes of entries that it tells.

    Readers differ in which of the long records (ZIP64) they believe; all are told.
    """
    length = stream.seek(0, 2)
    start = max(0, length - _COMMENT - _END.size)
    stream.seek(start)
    tail = stream.read(length - start)
    at = len(tail) - _END.size
    if at < 0 or not tail[at:].startswith(b"PK\x05\x06") or not tail.endswith(b"\0\0"):
        at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return []
    _, _, _, _, told, size, _, _ = _END.unpack_from(tail, at)
    place = start + at
    found = _long_ends(stream, place - _LOCATOR.size)
    if not found or not (told in _PLACEHOLDERS or size in _PLACEHOLDERS):
        found.append((place, told, size))
    return found


def _long_ends(stream: BinaryIO, locator: int) -> list[tuple[int, int, int]]:
    if locator < 0:
        return []
    stream.seek(locator)
    signature, _, named, _ = _LOCATOR.unpack(stream.read(_LOCATOR.size))
    if signature != b"PK\x06\x07":
        return []
    found = []
    for place in {locator - _END64.size, named}:
        if not 0 <= place <= locator - _END64.size:
            continue
        stream.seek(place)
        signature, _, _, _, _, _, _, told, size, _ = _END64.unpack(stream.read(_END64.size))
        if signature == b"PK\x06\x06":
            found.append((place, told, size))
    return found
