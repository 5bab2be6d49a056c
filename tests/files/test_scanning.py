"""A virus scanner that is set is asked about every file; one that is away holds up nobody."""

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from gongmo.files import commands, queries
from gongmo.files.models import Inspection, ScanState
from gongmo.files.responses import send
from gongmo.files.scanning import Unavailable, scan
from gongmo.kernel.errors import Refused
from tests.files import samples

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The industry's harmless test file, which every scanner takes for a virus."""


class Clamd(socketserver.BaseRequestHandler):
    """Speaks clamd's zINSTREAM: finds the test file, and will not look at more than a megabyte."""

    def handle(self) -> None:
        assert self._read(10) == b"zINSTREAM\0"
        held = b""
        while (length := struct.unpack(">I", self._read(4))[0]) != 0:
            held += self._read(length)
            if len(held) > 1024**2:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in held else b"stream: OK\0")

    def _read(self, size: int) -> bytes:
        held = b""
        while len(held) < size:
            held += self.request.recv(size - len(held)) or pytest.fail("the client hung up")
        return held


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "tcp":
        server: socketserver.BaseServer = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        address = f"127.0.0.1:{server.server_address[1]}"  # type: ignore[str-bytes-safe, misc]
    else:
        address = str(tmp_path / "clamd.sock")
        server = socketserver.ThreadingUnixStreamServer(address, Clamd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


@pytest.fixture
def infected(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(samples.PDF + EICAR)
    return path


def test_the_scanner_s_words_are_understood(clamd: str, infected: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    clean.write_bytes(b"x" * 300_000)

    assert scan(infected, clamd) == "Eicar-Test-Signature"
    assert scan(clean, clamd) == ""


def test_a_file_that_the_scanner_would_not_look_at_is_not_called_clean(clamd: str, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 2_000_000)

    with pytest.raises(Unavailable):
        scan(tmp_path / "large", clamd)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "nonsense"])
def test_a_scanner_that_is_away_is_told_apart(address: str, infected: Path) -> None:
    with pytest.raises(Unavailable):
        scan(infected, address, patience=2)


@pytest.mark.django_db
class TestStates:
    @pytest.fixture(autouse=True)
    def own_folder(self, tmp_path: Path, settings: LazySettings) -> None:
        settings.GONGMO_FILES = tmp_path / "files"

    def state(self, content: bytes) -> ScanState:
        stored = commands.store(stream=io.BytesIO(content), name="a.pdf")
        commands.scan_waiting()
        return ScanState(Inspection.objects.get(pk=stored.pk).scan)

    def test_without_a_scanner_nothing_is_claimed(self, settings: LazySettings) -> None:
        settings.GONGMO_CLAMAV = ""

        assert self.state(samples.PDF) == ScanState.OFF

    def test_a_found_virus_keeps_the_file_from_everybody_and_is_told(
        self, settings: LazySettings, clamd: str
    ) -> None:
        settings.GONGMO_CLAMAV = clamd

        assert self.state(samples.PDF) == ScanState.CLEAN
        assert self.state(samples.PDF[:-6] + EICAR + b"\n%%EOF\n") == ScanState.FOUND
        row = Inspection.objects.select_related("file").get(scan=ScanState.FOUND)
        with pytest.raises(Refused) as told:
            send(row.file, "a.pdf")
        assert told.value.code == "file_infected"
        assert "Eicar" in queries.inspection(row.pk).problems[0][0]

    def test_a_scanner_that_is_away_blocks_nothing_and_is_asked_again(
        self, settings: LazySettings, clamd: str
    ) -> None:
        settings.GONGMO_CLAMAV = "127.0.0.1:1"
        assert self.state(samples.PDF) == ScanState.UNKNOWN
        assert b"".join(send(Inspection.objects.get().file, "a.pdf")) == samples.PDF  # type: ignore[arg-type]

        settings.GONGMO_CLAMAV = clamd
        assert commands.scans_wait()
        commands.scan_waiting()

        assert Inspection.objects.get().scan == ScanState.CLEAN

    def test_files_that_came_before_the_scanner_was_set_are_shown_to_it(
        self, settings: LazySettings, clamd: str
    ) -> None:
        self.state(samples.PDF)
        settings.GONGMO_CLAMAV = clamd

        assert commands.scans_wait()
        assert commands.scan_waiting() == 1
