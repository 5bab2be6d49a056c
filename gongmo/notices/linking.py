"""Addresses in a plain text as links, for the mailbox page."""

import re
from collections.abc import Sequence

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_LOCAL = re.compile(r"^https?://(?:localhost|127\.0\.0\.1)(?::\d+)?(?=/|$)")

Piece = tuple[str, str]
"""A piece of text and where it leads, or ""."""


def linked(text: str, own: Sequence[str]) -> list[list[Piece]]:
    """The text's lines in pieces. Links of this site (beginnings in `own`, or this machine) become paths: a rehearsal may be looked at
    under another port than the one it was held under."""
    return [_pieces(line, own) for line in text.rstrip().splitlines()]


def _pieces(line: str, own: Sequence[str]) -> list[Piece]:
    found: list[Piece] = []
    end = 0
    for match in _ADDRESS.finditer(line):
        address = match.group().rstrip(".,;)")
        found.append((line[end : match.start()], ""))
        found.append((address, _path(address, own)))
        end = match.start() + len(address)
    found.append((line[end:], ""))
    return [piece for piece in found if piece[0]]


def _path(address: str, own: Sequence[str]) -> str:
    for start in own:
        if address == start or address.startswith(f"{start}/"):
            return address[len(start) :] or "/"
    return _LOCAL.sub("", address) or "/"
