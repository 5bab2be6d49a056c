"""What lies outside Gongmo in a chaos run: a storage that can be made to fail, and a register that never answers."""

import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.deadline import free_port

ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Fickle:
    """Passes connections on to a port of this machine, or answers errors, or nothing at all, as `mode` says."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.mode = "pass"
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self.listening.getsockname()[1])
        self.held: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def fail(self, mode: str, seconds: float) -> None:
        """Be in that mode for a while. Connections that stand meanwhile are cut, as by a restart."""
        self.mode = mode
        self._cut()
        time.sleep(seconds)
        self.mode = "pass"
        self._cut()

    def _cut(self) -> None:
        held, self.held = self.held, []
        for line in held:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            line, _ = self.listening.accept()
            self.held.append(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line:
            try:
                if self.mode == "error":
                    line.recv(65536)
                    line.sendall(ERROR)
                elif self.mode == "hang":
                    while line.recv(65536):
                        pass
                else:
                    with socket.create_connection(("127.0.0.1", self.target), timeout=60) as other:
                        self.held.append(other)
                        back = threading.Thread(target=_copy, args=(other, line), daemon=True)
                        back.start()
                        _copy(line, other)
                        back.join()
            except OSError:
                return


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while block := source.recv(65536):
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


@contextmanager
def bucket() -> Iterator[tuple[str, Fickle]]:
    """The address (GONGMO_FILES_URL) of an empty bucket behind something fickle."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        import boto3

        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        name = f"files-{secrets.token_hex(4)}"
        boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        ).create_bucket(Bucket=name)
        fickle = Fickle(port)
        yield f"s3://key:secret@127.0.0.1:{fickle.port}/{name}?tls=0", fickle
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def deaf_register() -> Iterator[int]:
    """The port of a server that takes every request and never answers."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:

        def accept() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield int(listening.getsockname()[1])
    for line in held:
        line.close()
