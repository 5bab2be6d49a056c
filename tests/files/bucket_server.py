"""A throw-away S3 storage in this process, and one that misbehaves."""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import boto3
from moto.server import ThreadedMotoServer

FAILING = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
"""What a storage in trouble answers to everything."""


@cache
def _server() -> str:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"{host}:{port}"


def new_bucket(prefix: str = "") -> str:
    """The address (GONGMO_FILES_URL) of an empty bucket."""
    name = f"files-{secrets.token_hex(4)}"
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{_server()}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    client.create_bucket(Bucket=name)
    return f"s3://key:secret@{_server()}/{name}{'/' + prefix if prefix else ''}?tls=0"


@contextmanager
def misbehaving(*, answer: bytes | None) -> Iterator[str]:
    """The address of a storage that gives every request this answer, or none at all."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                held.append(line)
                if answer is not None:
                    line.recv(65536)
                    line.sendall(answer)
                    line.close()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"s3://key:secret@127.0.0.1:{listening.getsockname()[1]}/files?tls=0"
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            for line in held:
                line.close()
