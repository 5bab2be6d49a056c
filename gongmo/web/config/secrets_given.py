"""Secrets: from the environment, or made in the home of an embedded installation."""

import base64
import binascii
import os
import re
import secrets
from pathlib import Path

from gongmo.web.config.base import lacking, text
from gongmo.web.wrong import Wrong, or_else

MIN_SECRET = 43
"""Characters that a given secret must have: 32 random bytes as base64."""
_EXAMPLES = ("change", "example", "insecure", "secret", "password", "placeholder", "gongmo", "xxxxx")
FEWEST_LETTERS = 16
"""Different characters that a random value of MIN_SECRET characters has all but surely."""


def guessable(value: str) -> bool:
    """Whether a secret was copied from an example or typed instead of drawn: few different characters, or a word such as "change-me"."""
    low = value.lower()
    return len(set(value)) < FEWEST_LETTERS or any(word in low for word in _EXAMPLES)


@or_else(lambda name, file, *, embedded, size=50: "")
def secret(name: str, file: Path, *, embedded: bool, size: int = 50) -> str:
    """A secret of `size` random bytes (URL-safe base64): from the environment; embedded, from `file`, made on the first start.

    Several processes that start at once agree on one value. Raises Wrong when a server installation does
    not set it, or when it is too short.
    """
    if given := text(name):
        if len(given) < MIN_SECRET:
            raise Wrong(
                name,
                f"무작위 {MIN_SECRET}자 이상이어야 합니다. {draw(size)}로 만들어 주세요.",
                f"must have at least {MIN_SECRET} random characters.",
            )
        if guessable(given):
            raise Wrong(
                name,
                f"예시를 옮겼거나 손으로 적은 값 같습니다. {draw(size)}로 만들어 주세요.",
                f"looks like an example or is not random. Make one: {draw(size)}",
            )
        return given
    if not embedded:
        raise lacking(name)
    if not os.access(file.parent, os.W_OK):
        # Told of the home.
        return ""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(size))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            # A link fails where another process was first: the loser reads the winner's secret.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text("ascii").strip()


def draw(size: int) -> str:
    return f'python3 -c "import secrets; print(secrets.token_urlsafe({size}))"'


@or_else(lambda file, *, embedded: "")
def signing_seed(file: Path, *, embedded: bool) -> str:
    """GONGMO_SIGNING_SEED as `secret` reads it. Raises Wrong, also for one that is not 32 bytes: it would fail at the first signature."""
    seed = secret("GONGMO_SIGNING_SEED", file, embedded=embedded, size=32)
    if seed and len(_bytes(seed)) != 32:
        raise Wrong(
            "GONGMO_SIGNING_SEED",
            f"32바이트(43자)여야 합니다. {draw(32)}로 만들어 주세요.",
            f"must be 32 bytes as URL-safe base64 (43 characters): {draw(32)}",
        )
    return seed


_KEY_ID = re.compile(r"[a-z0-9]{1,12}")


@or_else(lambda *, embedded: "")
def field_keys(*, embedded: bool) -> str:
    """GONGMO_FIELD_KEYS as it is given, "" for the file of an embedded installation (gongmo.privacy.keys). Raises Wrong."""
    given = text("GONGMO_FIELD_KEYS")
    if not given and not embedded:
        raise lacking("GONGMO_FIELD_KEYS")
    parts = [part.strip().partition("=") for part in given.split(",") if part.strip()]
    names = [name for name, _, _ in parts]
    if len(set(names)) < len(names) or any(
        not _KEY_ID.fullmatch(name) or len(_bytes(key)) != 32 for name, _, key in parts
    ):
        raise Wrong(
            "GONGMO_FIELD_KEYS",
            f"k1=열쇠처럼 적고 여럿이면 쉼표로 이어 주세요. 이름은 영어 소문자와 숫자, 열쇠는 32바이트(43자)입니다: {draw(32)}",
            f"must be id=key,id=key: ids of small letters and digits, keys of 32 bytes as URL-safe base64 ({draw(32)}).",
        )
    return given


def _bytes(value: str) -> bytes:
    """Bytes of URL-safe base64, with or without its padding; b"" for other text."""
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


MIN_TOKEN = 20


@or_else(lambda: "")
def metrics_token() -> str:
    """What opens /metrics, "" for none. Raises Wrong for one that can be guessed."""
    given = text("GONGMO_METRICS_TOKEN")
    if given and len(given) < MIN_TOKEN:
        raise Wrong(
            "GONGMO_METRICS_TOKEN",
            f"무작위 {MIN_TOKEN}자 이상이어야 합니다. {draw(32)}로 만들어 주세요.",
            f"must have at least {MIN_TOKEN} random characters.",
        )
    return given
