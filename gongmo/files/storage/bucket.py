"""An S3-compatible storage (docs/decisions/0163). No call waits longer than the limits below; none holds a file whole in memory."""

import errno
import io
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db import transaction

from gongmo.files.address import Address
from gongmo.files.models import Piece, Upload, UploadState
from gongmo.files.storage.base import Item, StorageAway

CONNECT = 2.0
ANSWER = 8.0
"""Seconds that one attempt may wait for the line, and for each answer on it."""
ATTEMPTS = 2
REST = 5.0
"""Seconds in which nothing is asked after the storage did not answer: a hanging storage must not hold every thread of the site."""
PART = 8 * 1024**2
"""Bytes of a part of a large file; as much is in memory at a time."""
COPIED = 5 * 1024**3
CHUNK = 256 * 1024
ROOM = 256 * 1024**2
"""Bytes that stay free on this machine's disk when something is fetched to it."""

_TRANSFER = TransferConfig(multipart_threshold=2 * PART, multipart_chunksize=PART, use_threads=False)
_making = threading.Lock()
"""Held while a client is made: the session, which all share, is not made for threads; a client is."""
_FULL = {"InsufficientStorage", "XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded"}


def load() -> None:
    """Read the descriptions of S3 that every client works by, and ask nobody: processes that are forked later share them."""
    # Keys that stand for none: without any, the machine's own credentials would be asked for.
    none = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
    # What is wrong with the machine's own settings for it is told where a file is asked for.
    with _making, suppress(BotoCoreError):
        _session().client("s3", region_name="us-east-1", **none)


@cache
def _session() -> boto3.session.Session:
    """The process's one: each keeps 12 MB of descriptions."""
    return boto3.session.Session()


class Bucket:
    """See base.Storage. Safe for threads; each process has connections of its own."""

    shared = True

    def __init__(self, address: Address) -> None:
        self.address = address
        self._clients: dict[tuple[int, str], Any] = {}
        self._rests_until = 0.0

    def keep(self, draft: Path, key: str) -> None:
        size = draft.stat().st_size
        with self._asking() as client:
            client.upload_file(str(draft), self.address.bucket, self._key(key), Config=_TRANSFER)
        if self.size(key) != size:
            raise StorageAway(f"{key} did not arrive whole")

    def touch(self, key: str, size: int) -> bool:
        if self.size(key) != size or size > COPIED:
            return False
        source = {"Bucket": self.address.bucket, "Key": self._key(key)}
        with self._asking() as client:
            client.copy_object(**source, CopySource=source, MetadataDirective="REPLACE")
        return True

    def size(self, key: str) -> int | None:
        found = self._head(key)
        return None if found is None else int(found["ContentLength"])

    def modified(self, key: str) -> float | None:
        found = self._head(key)
        return None if found is None else float(found["LastModified"].timestamp())

    def _head(self, key: str) -> dict[str, Any] | None:
        try:
            with self._asking() as client:
                return cast(
                    dict[str, Any],
                    client.head_object(Bucket=self.address.bucket, Key=self._key(key)),
                )
        except FileNotFoundError:
            return None

    def open(self, key: str, start: int = 0, end: int | None = None) -> BinaryIO:
        wanted = (
            {} if start == 0 and end is None else {"Range": f"bytes={start}-{'' if end is None else end}"}
        )
        with self._asking() as client:
            found = client.get_object(Bucket=self.address.bucket, Key=self._key(key), **wanted)
        return cast(BinaryIO, io.BufferedReader(_Body(self, found["Body"]), CHUNK))

    @contextmanager
    def fetched(self, key: str) -> Iterator[Path]:
        with self.open(key) as content, _private(self.size(key) or 0) as (path, handle):
            shutil.copyfileobj(content, handle, CHUNK)
            handle.flush()
            yield path

    def remove(self, key: str) -> None:
        with self._asking() as client:
            client.delete_object(Bucket=self.address.bucket, Key=self._key(key))

    def listed(self, prefix: str = "") -> Iterator[Item]:
        start = f"{self.address.prefix}/" if self.address.prefix else ""
        token: dict[str, str] = {}
        while True:
            with self._asking() as client:
                page = client.list_objects_v2(Bucket=self.address.bucket, Prefix=start + prefix, **token)
            for each in page.get("Contents", ()):
                key = each["Key"].removeprefix(start)
                if prefix or not key.startswith("partial/"):
                    yield Item(key, int(each["Size"]), each["LastModified"].timestamp())
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def signed(self, key: str, *, seconds: int, disposition: str, media_type: str) -> str | None:
        client = self._client(self.address.public)
        told = {
            "Bucket": self.address.bucket,
            "Key": self._key(key),
            "ResponseContentDisposition": disposition,
            "ResponseContentType": media_type,
            "ResponseCacheControl": "private, no-store",
        }
        return str(client.generate_presigned_url("get_object", Params=told, ExpiresIn=seconds))

    def check(self) -> None:
        probe = f"ready/{os.getpid()}"
        with self._asking() as client:
            client.put_object(Bucket=self.address.bucket, Key=self._key(probe), Body=b"1")
        self.remove(probe)

    def room(self) -> int | None:
        return None

    # --- Uploads under way: an object for each block, a row for each that counts ------------------------------------------
    def begin(self, upload_id: str) -> None:
        """Nothing is there before the first block."""

    def write(self, upload_id: str, at: int, block: bytes | bytearray) -> int | None:
        receiving = Upload.objects.filter(pk=upload_id, state=UploadState.RECEIVING)
        stands = receiving.values_list("offset", flat=True).first()
        if stands != at:
            return -1 if stands is None else stands
        # A word of its own: of two senders of the same place neither writes over what the other had counted.
        piece = Piece(upload_id=upload_id, offset=at, size=len(block), word=secrets.token_hex(8))
        with self._asking() as client:
            client.put_object(Bucket=self.address.bucket, Key=self._key(piece.key), Body=block)
        with transaction.atomic():
            counted = receiving.filter(offset=at).update(offset=at + len(block))
            if counted:
                piece.save(force_insert=True)
        if counted:
            return None
        self.remove(piece.key)
        stands = receiving.values_list("offset", flat=True).first()
        return -1 if stands is None else stands

    @contextmanager
    def gathered(self, upload_id: str) -> Iterator[Path]:
        pieces = list(Piece.objects.filter(upload_id=upload_id).order_by("offset"))
        if not pieces:
            raise FileNotFoundError(upload_id)
        with _private(sum(piece.size for piece in pieces)) as (path, handle):
            for piece in pieces:
                handle.seek(piece.offset)
                with self.open(piece.key) as content:
                    shutil.copyfileobj(content, handle, CHUNK)
            handle.flush()
            yield path

    def held(self, upload_id: str) -> int:
        there = {item.key: item.size for item in self.listed(f"partial/{upload_id}/")}
        pieces = Piece.objects.filter(upload_id=upload_id)
        return sum(piece.size for piece in pieces if there.get(piece.key) == piece.size)

    def drop(self, upload_id: str) -> None:
        Piece.objects.filter(upload_id=upload_id).delete()
        for item in list(self.listed(f"partial/{upload_id}/")):
            self.remove(item.key)

    # --- Asking -----------------------------------------------------------------------------------------------------------
    def _key(self, key: str) -> str:
        return f"{self.address.prefix}/{key}" if self.address.prefix else key

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        """A client; what it raises comes as OSError. Raises StorageAway at once while the storage rests."""
        if time.monotonic() < self._rests_until:
            raise StorageAway(f"{self.address} did not answer a moment ago")
        try:
            yield self._client(self.address.endpoint)
        except ClientError as error:
            raise self._told(error) from error
        except Boto3Error as error:
            inner = error.__context__
            if isinstance(inner, ClientError):
                raise self._told(inner) from error
            self.rest()
            raise StorageAway(f"{self.address}: {type(error).__name__}") from error
        except BotoCoreError as error:
            self.rest()
            raise StorageAway(f"{self.address}: {type(error).__name__}") from error

    def _told(self, error: ClientError) -> OSError:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if code in ("NoSuchKey", "404") or (status == 404 and not code):
            return FileNotFoundError(errno.ENOENT, "nothing is there")
        if code in _FULL or status == 507:
            return OSError(errno.ENOSPC, "the storage is full")
        return StorageAway(f"{self.address}: {status} {code}")

    def rest(self) -> None:
        """Leave the storage alone for a moment."""
        self._rests_until = time.monotonic() + REST

    def _client(self, endpoint: str) -> Any:
        place = (os.getpid(), endpoint)
        if place in self._clients:
            return self._clients[place]
        with _making:
            if place not in self._clients:
                self._clients[place] = _session().client(
                    "s3",
                    endpoint_url=endpoint,
                    region_name=self.address.region,
                    aws_access_key_id=self.address.key or None,
                    aws_secret_access_key=self.address.secret or None,
                    config=Config(
                        signature_version="s3v4",
                        connect_timeout=CONNECT,
                        read_timeout=ANSWER,
                        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                        max_pool_connections=16,
                        s3={"addressing_style": "virtual" if self.address.virtual else "path"},
                        # Older storages do not know the newer checksums; ours is the SHA-256 in every key.
                        request_checksum_calculation="when_required",
                        response_checksum_validation="when_required",
                    ),
                )
            return self._clients[place]


class _Body(io.RawIOBase):
    """What the storage sends, piece by piece. A line that breaks is StorageAway; what was read so far was right."""

    def __init__(self, bucket: Bucket, body: Any) -> None:
        self._bucket, self._body = bucket, body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            found = self._body.read(len(buffer))
        except (BotoCoreError, OSError) as error:
            self._bucket.rest()
            raise StorageAway(f"{self._bucket.address}: {type(error).__name__}") from error
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()


@contextmanager
def _private(size: int) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file of this machine that only this server may read. Raises OSError where there is no room for `size` bytes."""
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    if shutil.disk_usage(folder).free - size < ROOM:
        raise OSError(errno.ENOSPC, "no room on this machine")
    descriptor, name = tempfile.mkstemp(prefix="fetched-", dir=folder)
    try:
        with os.fdopen(descriptor, "w+b") as handle:
            yield Path(name), cast(BinaryIO, handle)
    finally:
        Path(name).unlink(missing_ok=True)
