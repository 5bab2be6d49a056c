"""The keys with which fields are encrypted: AES-256-GCM (NIST SP 800-38D), each key with an id that every ciphertext names.

Server: GONGMO_FIELD_KEYS, "id=key,id=key", the present one first; keys are 32 random bytes as URL-safe base64. Embedded: the file `field-keys` in
GONGMO_HOME, one "id=key" a line, made at the first start. Older keys only open what they closed until `gongmo keys rotate` has closed it anew.
"""

import base64
import binascii
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gongmo.ledger.rows import Salted

MARK = "gm1:"
_NONCE = 12
_SALT = 16
_SIZE = 32
_ID = re.compile(r"[a-z0-9]{1,12}")
_FILE = "field-keys"


class Unreadable(ValueError):
    """A value that none of the present keys opens, or that was put where it does not belong."""


class Keyring:
    """Keys by their ids; `present` closes, all open."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys:
            raise ImproperlyConfigured("GONGMO_FIELD_KEYS must hold a key.")
        self.ids = tuple(keys)
        self.present = self.ids[0]
        self._boxes = {name: AESGCM(key) for name, key in keys.items()}

    def close(self, place: str, text: str, salt: bytes | None = None) -> str:
        """The ciphertext of a text for one column ("parties.organisation.phone"); it opens in no other. `salt` is the one it had before."""
        nonce = os.urandom(_NONCE)
        salt = os.urandom(_SALT) if salt is None else salt
        whole = bytes([len(salt)]) + salt + text.encode("utf-8", "surrogatepass")
        sealed = self._boxes[self.present].encrypt(nonce, whole, place.encode())
        return f"{MARK}{self.present}:{base64.b64encode(nonce + sealed).decode('ascii')}"

    def open(self, place: str, token: str) -> Salted:
        """The text of a ciphertext, with the salt that was closed with it. Raises Unreadable."""
        name, _, packed = token[len(MARK) :].partition(":")
        box = self._boxes.get(name)
        if box is None:
            raise Unreadable(f"{place}: no key {name!r} is given")
        try:
            raw = base64.b64decode(packed)
            whole = box.decrypt(raw[:_NONCE], raw[_NONCE:], place.encode())
            text = Salted(whole[1 + whole[0] :].decode("utf-8", "surrogatepass"))
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Unreadable(f"{place}: key {name!r} does not open it") from error
        text.salt = whole[1 : 1 + whole[0]].hex()
        return text


def key_of(token: str) -> str:
    """The id of the key that closed a value, "" for one that is not closed."""
    return token[len(MARK) :].partition(":")[0] if token.startswith(MARK) else ""


def read(text: str) -> dict[str, bytes]:
    """Keys from "id=key" separated by commas or lines. Raises ImproperlyConfigured."""
    found: dict[str, bytes] = {}
    for part in text.replace("\n", ",").split(","):
        if not part.strip():
            continue
        name, _, value = part.strip().partition("=")
        try:
            key = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _ID.fullmatch(name) or len(key) != _SIZE or name in found:
            raise ImproperlyConfigured(
                "GONGMO_FIELD_KEYS must be id=key,id=key: ids of small letters and digits, keys of 32 bytes as URL-safe base64."
            )
        found[name] = key
    return found


def made(name: str) -> str:
    """A new key as "id=key"."""
    return f"{name}={secrets.token_urlsafe(_SIZE)}"


def file() -> Path:
    """Where an embedded installation keeps its keys."""
    return Path(settings.GONGMO_HOME) / _FILE


def is_embedded() -> bool:
    """Whether the keys are in the file rather than in the environment."""
    return not settings.GONGMO_FIELD_KEYS


def write(lines: list[str]) -> None:
    """Put these keys into the file, whole or not at all."""
    draft = file().with_name(f"{_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write("".join(f"{line}\n" for line in lines))
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file())


def lines() -> list[str]:
    """The keys in the file as "id=key"; the first start makes one, and processes that start at once agree on it."""
    if not file().exists():
        draft = file().with_name(f"{_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(made("k1") + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, file())
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file().read_text("ascii").split()


@lru_cache(maxsize=8)
def _ring(text: str) -> Keyring:
    return Keyring(read(text))


@lru_cache(maxsize=1)
def _kept(stamp: tuple[int, int]) -> Keyring:
    return _ring(",".join(lines()))


def keyring(*, anew: bool = False) -> Keyring:
    """The keys. `anew` looks into the file once more: another process may have added one."""
    if not is_embedded():
        return _ring(settings.GONGMO_FIELD_KEYS)
    if anew:
        _kept.cache_clear()
    return _kept((0, 0))


def close(place: str, text: str) -> str:
    """Encrypt a text for a column; an empty one stays empty. A random salt goes with it (`ledger.rows.Salted`)."""
    return keyring().close(place, text) if text else text


def closed_anew(ring: Keyring, place: str, stored: str) -> str:
    """The same text and salt under the present key: the seals of its row stand. What was not encrypted yet has no salt."""
    text = opened(place, stored)
    return ring.close(place, text, bytes.fromhex(text.salt) if isinstance(text, Salted) else b"")


def opened(place: str, stored: str) -> str:
    """What a column holds: a ciphertext opened, anything else as it is (not encrypted yet: `gongmo doctor` tells). Raises Unreadable."""
    if not stored.startswith(MARK):
        return stored
    ring = keyring()
    if key_of(stored) not in ring.ids:
        ring = keyring(anew=True)
    return ring.open(place, stored)
