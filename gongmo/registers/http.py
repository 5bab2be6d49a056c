"""One HTTP request to a configured register, and nothing else: TLS checked, no redirect followed, bounded in time and size.

urllib3 and not a client above it (docs/decisions/0120): the body is read piece by piece against one deadline, so that a register that
drips a byte a second holds nobody. No word of an error repeats the address, for the key stands in it.
"""

import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util import Timeout

from gongmo.registers.config import Configuration, Service
from gongmo.registers.trouble import Down, Trouble

# Its warnings repeat whole addresses, keys and all.
logging.getLogger("urllib3").setLevel(logging.ERROR)
_PIECE = 65_536
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "gongmo-registers"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A register's reply: status, media type in lower case without parameters, and the whole body."""

    status: int
    kind: str
    body: bytes


@lru_cache(maxsize=4)
def _pool(proxy: str, authorities: str) -> urllib3.PoolManager:
    context = ssl.create_default_context(cafile=authorities or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if proxy:
        return urllib3.ProxyManager(proxy, ssl_context=context, maxsize=4)
    return urllib3.PoolManager(ssl_context=context, maxsize=4)


def fetch(
    configuration: Configuration,
    service: Service,
    path: str,
    query: Mapping[str, str],
    *,
    body: bytes | None = None,
) -> Reply:
    """GET, or POST with a JSON body. Raises Down. The host is the configured one whatever `query` holds."""
    address = f"{service.base}/{path}?{urlencode(query, quote_via=quote, safe='')}"
    ends = time.monotonic() + configuration.total_seconds
    headers = {**_HEADERS, "Content-Type": "application/json"} if body is not None else _HEADERS
    try:
        response = _pool(configuration.proxy, configuration.authorities).request(
            "GET" if body is None else "POST",
            address,
            body=body,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=Timeout(connect=configuration.connect_seconds, read=configuration.read_seconds),
        )
        try:
            content = _content(response, ends, configuration.largest)
        except BaseException:
            response.close()
            raise
        response.release_conn()
    except NewConnectionError as error:
        raise Down(Trouble.NETWORK, type(error).__name__) from None
    except (ConnectTimeoutError, ReadTimeoutError, TimeoutError):
        raise Down(Trouble.TIMEOUT) from None
    except (HTTPError, OSError) as error:
        raise Down(Trouble.NETWORK, type(error).__name__) from None
    if 300 <= response.status < 400:
        raise Down(Trouble.UNREADABLE, f"HTTP {response.status}")
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return Reply(response.status, kind, content)


def _content(response: urllib3.BaseHTTPResponse, ends: float, largest: int) -> bytes:
    """The body, whole. Raises Down when it is too large, too slow, or in an encoding that was not asked for."""
    if response.headers.get("Content-Encoding", "identity") not in ("", "identity"):
        raise Down(Trouble.UNREADABLE, "content encoding")
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise Down(Trouble.UNREADABLE, "too large")
    pieces, size = [], 0
    while True:
        piece = response.read1(_PIECE, decode_content=False)
        if not piece:
            break
        size += len(piece)
        if size > largest:
            raise Down(Trouble.UNREADABLE, "too large")
        pieces.append(piece)
        if time.monotonic() > ends:
            raise Down(Trouble.TIMEOUT)
    # A connection that was cut leaves fewer bytes than were announced, and read1 does not complain.
    if announced.isdecimal() and size < int(announced):
        raise Down(Trouble.NETWORK, "cut short")
    return b"".join(pieces)
