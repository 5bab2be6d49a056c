"""The address of a storage, as GONGMO_FILES_URL and `gongmo move --to-files` name it. No Django.

`s3://key:secret@host:port/bucket/prefix?region=…&tls=0&style=virtual&public=https://…`, or a folder: `/srv/files`, `file:///srv/files`.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

_OPTIONS = {"region", "tls", "style", "public"}


@dataclass(frozen=True, slots=True)
class Address:
    """An S3-compatible storage. `endpoint` and `public` (by which browsers reach it) begin with https:// or http://.

    Without `key` the machine's own credentials are used (instance role, AWS_* variables). `virtual`: the bucket's name stands in the
    host name and not in the path.
    """

    endpoint: str
    bucket: str
    prefix: str
    key: str
    secret: str
    region: str
    virtual: bool
    public: str

    def __str__(self) -> str:
        """For messages: without the credentials."""
        return f"{self.endpoint}/{self.bucket}{'/' + self.prefix if self.prefix else ''}"


def read(url: str) -> Address | str:
    """The address's parts, or the path of a folder. Raises ValueError with a sentence about what is wrong."""
    if url.startswith("/"):
        return url
    parts = urlsplit(url)
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise ValueError("a folder is written as file:///path or /path")
        return unquote(parts.path)
    if parts.scheme != "s3":
        raise ValueError("it must start with s3://, file:/// or /")
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = None
    # The value itself holds a secret and is never shown.
    if port is None or parts.fragment or "@" in parts.path:
        raise ValueError(
            "/ # @ ? in the key or the secret must be written as %2F %23 %40 %3F (키나 비밀 값의 / # @ ? 는 %2F %23 %40 %3F 로 적어 주세요)"
        ) from None
    bucket, _, prefix = unquote(parts.path.lstrip("/")).partition("/")
    if not parts.hostname or not bucket:
        raise ValueError("host and bucket are missing: s3://key:secret@host/bucket")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(options) - _OPTIONS):
        raise ValueError(f"{unknown[0]} is unknown; known are {', '.join(sorted(_OPTIONS))}")
    if options.get("style", "path") not in ("path", "virtual"):
        raise ValueError("style is path or virtual")
    if options.get("tls", "1") not in ("0", "1"):
        raise ValueError("tls is 1 or 0")
    public = options.get("public", "").rstrip("/")
    if public and not public.startswith(("https://", "http://")):
        raise ValueError("public must start with https://")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("key and secret belong together: s3://key:secret@host/bucket")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    scheme = "http" if options.get("tls") == "0" else "https"
    endpoint = f"{scheme}://{host}{port}"
    return Address(
        endpoint=endpoint,
        bucket=bucket,
        prefix=prefix.strip("/"),
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        region=options.get("region") or "us-east-1",
        virtual=options.get("style") == "virtual",
        public=public or endpoint,
    )
