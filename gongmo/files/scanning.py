"""Asks a virus scanner that speaks clamd's protocol (man 8 clamd: zINSTREAM, zPING). GONGMO_CLAMAV names it: host:port, or a socket's path."""

import socket
import struct
from pathlib import Path

CHUNK = 128 * 1024
PATIENCE = 30.0
"""Seconds that the scanner may take for an answer to what it was sent, beyond the sending."""
LONGEST_ANSWER = 4096


class Unavailable(Exception):
    """The scanner cannot be reached, or did not say whether the file is clean."""


def scan(path: Path, address: str, *, patience: float = PATIENCE) -> str:
    """The name of what was found in the file, or "" for a clean one. Raises Unavailable, and OSError where the file cannot be read."""
    with path.open("rb") as content:
        try:
            with _connected(address, patience) as line:
                line.sendall(b"zINSTREAM\0")
                while chunk := content.read(CHUNK):
                    line.sendall(struct.pack(">I", len(chunk)) + chunk)
                line.sendall(struct.pack(">I", 0))
                told = _answer(line)
        except (OSError, ValueError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}"[:200]) from error
    verdict = told.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")[:200]
    # "INSTREAM size limit exceeded. ERROR" and the like: not looked at is not clean.
    raise Unavailable(told[:200] or "no answer")


def _connected(address: str, patience: float) -> socket.socket:
    """A line to the scanner. Raises OSError, ValueError for an address that is none."""
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(patience)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)


def _answer(line: socket.socket) -> str:
    """What the scanner says, up to its closing NUL."""
    told = b""
    while not told.endswith(b"\0") and len(told) < LONGEST_ANSWER and (part := line.recv(1024)):
        told += part
    return told.rstrip(b"\0").decode("utf-8", "replace").strip()
