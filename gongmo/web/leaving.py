"""What is done to every answer on its way out: the content policy and compression, at the smallest cost."""

import secrets
import struct
import zlib
from functools import cached_property
from time import time
from typing import Any

from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_OWN = tuple(
    f"_csp_{what}{kind}" for what in ("exempt", "config", "update", "replace") for kind in ("", "_ro")
)


TRUSTED = "; require-trusted-types-for 'script'; trusted-types default"
"""For pages: texts become markup only by gongmo/trusted.js. Files (a PDF in a browser's own viewer) have no use for it."""
KEPT_APART = {
    # No other site's page may load our answers, and none of a browser's devices is of use to us.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{each}=()"
        for each in (
            "camera",
            "display-capture",
            "geolocation",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    ),
}


class ContentPolicy(CSPMiddleware):
    """django-csp's header and others that say how far a page reaches. The policy of answers that ask for nothing of their own is put
    together once.
    """

    @cached_property
    def _plain(self) -> str:
        return str(build_policy())

    @cached_property
    def _alone(self) -> bool:
        """Whether the settings hold that one policy and nothing else to decide."""
        return (
            not getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
            and "EXCLUDE_URL_PREFIXES" not in settings.CONTENT_SECURITY_POLICY
            and not settings.DEBUG
        )

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        told = response.__dict__
        for name, value in KEPT_APART.items():
            response.headers.setdefault(name, value)
        if (
            not self._alone
            or any(name in told for name in _OWN)
            or getattr(request, "_csp_nonce", None) is not None
        ):
            return super().process_response(request, response)
        page = response.headers.get("Content-Type", "").startswith("text/html")
        response.headers.setdefault("Content-Security-Policy", self._plain + TRUSTED if page else self._plain)
        return response


class Compressed(GZipMiddleware):
    """Pages that are made for one reader, compressed quickly: the level that costs half the time for a twelfth more bytes.

    As Django's, which deals with streams, each answer has a name of random length in its head, against attacks that guess a page's
    secrets by its length (BREACH). Whoever has a proxy in front that compresses loses nothing: it is asked for what it takes.
    """

    LEVEL = 1
    ONE_PACKET = 1_000
    """An answer of fewer bytes travels in one packet with its head, compressed or not."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        takes = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        if response.streaming or response.has_header("Content-Encoding") or not takes:
            return super().process_response(request, response)
        content = response.content
        if len(content) < self.ONE_PACKET:
            return response
        packed = self.pack(content)
        if len(packed) >= len(content):
            return super().process_response(request, response)
        vary = response.headers.get("Vary", "")
        response.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
        response.content = packed
        response.headers["Content-Length"] = str(len(packed))
        response.headers["Content-Encoding"] = "gzip"
        etag = response.headers.get("ETag", "")
        if etag.startswith('"'):
            response.headers["ETag"] = f"W/{etag}"
        return response

    def pack(self, content: bytes) -> bytes:
        """The bytes as a gzip file (RFC 1952) with a name of 0 to 100 letters."""
        name = b"a" * secrets.randbelow(self.max_random_bytes + 1)
        head = b"\x1f\x8b\x08\x08" + struct.pack("<L", int(time())) + b"\x04\xff" + name + b"\0"
        packer = zlib.compressobj(self.LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        body = packer.compress(content) + packer.flush()
        return head + body + struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
