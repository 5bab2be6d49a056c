"""Ed25519 (RFC 8032) over checkpoints. The seed is a setting, GONGMO_SIGNING_SEED: 32 bytes as URL-safe base64."""

import base64
import binascii
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def statement(size: int, root: str, at: datetime) -> bytes:
    """The bytes that are signed: "gongmo/checkpoint/1", number of entries, root (hex) and instant (UTC), one a line."""
    instant = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"gongmo/checkpoint/1\n{size}\n{root}\n{instant}\n".encode()


def _key() -> Ed25519PrivateKey:
    text = str(settings.GONGMO_SIGNING_SEED)
    try:
        seed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return Ed25519PrivateKey.from_private_bytes(seed)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured("GONGMO_SIGNING_SEED must be 32 bytes as URL-safe base64.") from error


def public_key() -> str:
    """This installation's public key, 64 hex digits."""
    return _key().public_key().public_bytes_raw().hex()


def sign(message: bytes) -> tuple[str, str]:
    """Signature and public key, both as hex."""
    key = _key()
    return key.sign(message).hex(), key.public_key().public_bytes_raw().hex()


def verify(message: bytes, signature: str, key: str) -> bool:
    """Whether the signature (hex) over the message was made with the private half of this public key (hex)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
