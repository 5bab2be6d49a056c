"""Static files: hashed names, compressed once. A first start must not spend half a minute on the last twentieth of compression."""

import hashlib
from threading import Lock
from typing import Any

import brotli  # type: ignore[import-untyped]
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _Compressor(Compressor):  # type: ignore[misc]
    """Each content is compressed once: a file lies there under its plain and under its hashed name."""

    QUALITY = 9
    """Of Brotli's 11 levels: the last two take ten times as long for a few percent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[tuple[str, bytes], bytes] = {}
        self._lock = Lock()

    def compress_brotli(self, data: bytes) -> bytes:
        return self._once("br", data, lambda: bytes(brotli.compress(data, quality=self.QUALITY)))

    def compress_gzip(self, data: bytes) -> bytes:
        pack = super().compress_gzip
        return self._once("gz", data, lambda: bytes(pack(data)))

    def _once(self, kind: str, data: bytes, make: Any) -> bytes:
        key = (kind, hashlib.sha256(data).digest())
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            known = make()
            with self._lock:
                self._kept[key] = known
        return known


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The storage of static files (settings.STORAGES)."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return _Compressor(**kwargs)
