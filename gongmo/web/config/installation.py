"""Where the installation runs and by which names it is reached."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from gongmo.web.config.base import lacking, listing, text
from gongmo.web.wrong import Wrong, or_else

_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[^/:@\s]+")


@or_else(lambda *, embedded: [])
def hosts(*, embedded: bool) -> list[str]:
    """The site's names (GONGMO_HOSTS); embedded, this machine's, too. Raises Wrong for addresses, and where a server names none."""
    named = listing("GONGMO_HOSTS")
    if found := [each for each in named if not _HOST.fullmatch(each)]:
        raise Wrong(
            "GONGMO_HOSTS",
            f"https://나 포트 없이 이름만 적어 주세요(gongmo.example.kr처럼). 지금 값: {found[0]!r}",
            f"holds names such as gongmo.example.kr, without https:// or a port, not {found[0]!r}.",
        )
    if not named and not embedded:
        raise lacking("GONGMO_HOSTS")
    return named + (["localhost", "127.0.0.1", "[::1]"] if embedded else [])


def named_home() -> Path:
    """Where everything lies (GONGMO_HOME, else `.gongmo` in the working folder), there or not."""
    return Path(text("GONGMO_HOME") or ".gongmo").expanduser().resolve()


@or_else(named_home)
def home() -> Path:
    """The folder that holds everything the server writes; made when missing, readable by its owner only. Raises Wrong."""
    folder = named_home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Wrong(
            "GONGMO_HOME",
            f"{folder} 폴더를 만들 수 없습니다({error.strerror}). 이 사용자가 쓸 수 있는 폴더를 적어 주세요.",
            f"{folder} cannot be made ({error.strerror}).",
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Wrong(
            "GONGMO_HOME",
            f"{folder} 폴더에 쓸 수 없습니다. 폴더의 소유자를 이 프로그램의 사용자로 바꾸거나 다른 폴더를 적어 주세요.",
            f"{folder} cannot be written to.",
        )
    return folder


@or_else(lambda hosts, *, https: "http://localhost")
def site_url(hosts: list[str], *, https: bool) -> str:
    """The site's address for mails and calendars, without a slash at its end: GONGMO_SITE_URL, else the first of `hosts`. Raises Wrong."""
    scheme = "https" if https else "http"
    given = text("GONGMO_SITE_URL") or f"{scheme}://{hosts[0] if hosts else 'localhost'}"
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise Wrong(
            "GONGMO_SITE_URL",
            f"https://gongmo.example.kr 처럼 적어 주세요. 지금 값: {given!r}",
            "must be an address such as https://gongmo.example.kr.",
        )
    return given.rstrip("/")
