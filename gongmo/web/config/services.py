"""What the installation works with: database, storage of files, mail server, outside registers, logs."""

import os
import re
import socket
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from gongmo.files import address as storage_address
from gongmo.operation import variables
from gongmo.registers import config as register_config
from gongmo.web.config.base import choice, meaning, number, text
from gongmo.web.wrong import Wrong, note, or_else


def _sqlite(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "gongmo.web.sqlite",
        "NAME": home / "gongmo.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            # Taking the write lock at the start makes writers wait for each other instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            # recursive_triggers: else INSERT OR REPLACE would slip past the ledger's delete trigger.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;"
                "PRAGMA cache_size=-4000; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
            ),
        },
    }


@or_else(lambda url, home: _sqlite(home))
def database(url: str, home: Path) -> dict[str, Any]:
    """Django's database setting: SQLite in `home` without an address, else PostgreSQL `postgresql://user:password@host:port/name`.

    The query part of the address goes to libpq (sslmode=require ...). A host that starts with / is a socket folder, given
    as `?host=/run/postgresql`. Raises Wrong for other schemes.
    """
    if not url:
        return _sqlite(home)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Wrong(
            "GONGMO_DATABASE_URL",
            "postgresql://이름:비밀번호@주소:5432/데이터베이스 처럼 적어 주세요.",
            "must start with postgresql://.",
        )
    try:
        port = str(parts.port or "")
    except ValueError:
        port = None
    # The value itself holds a password and is never shown.
    if port is None or parts.fragment or "@" in unquote(parts.path):
        raise Wrong(
            "GONGMO_DATABASE_URL",
            "읽을 수 없습니다. 이름이나 비밀번호의 / # @ ? 는 %2F %23 %40 %3F 로 적어 주세요.",
            "cannot be read: / # @ ? in the user's name or password must be written as %2F %23 %40 %3F.",
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    # By it an upgrade, and whoever looks into pg_stat_activity, tells one process from another.
    options.setdefault("application_name", f"gongmo {socket.gethostname()[:40]} {os.getpid()}")
    options["pool"] = {"min_size": 1, "max_size": number("GONGMO_DATABASE_POOL", 8, least=1), "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


@or_else(lambda url: "")
def files(url: str) -> str:
    """The storage's address (gongmo.files.address), a folder's path for file:///…, or "". Raises Wrong."""
    try:
        found = storage_address.read(url) if url else ""
    except ValueError as error:
        raise Wrong(
            "GONGMO_FILES_URL",
            "읽을 수 없습니다. 폴더는 /srv/gongmo/files, 저장소는 s3://열쇠:비밀@주소/버킷 처럼 적고, 열쇠나 비밀의 / # @ ? 는 "
            "%2F %23 %40 %3F 로 적어 주세요.",
            f"cannot be read: {error}.",
        ) from error
    return found if isinstance(found, str) else url


def _mail_files(home: Path) -> dict[str, Any]:
    return {
        "GONGMO_MAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": home / "mail",
    }


@or_else(lambda url, home: _mail_files(home))
def mail(url: str, home: Path) -> dict[str, Any]:
    """Django's mail settings: files in `home`/mail without an address, else `smtp://user:password@host:port` (`smtps://` for TLS
    from the start, `smtp://...?starttls=0` to do without TLS). Raises Wrong for other schemes.

    GONGMO_MAIL_BACKEND is the backend by which the task queue lets mail leave.
    """
    if not url:
        return _mail_files(home)
    try:
        parts = urlsplit(url)
        given = parts.port
    except ValueError:
        parts, given = urlsplit(""), None
    if parts.scheme not in ("smtp", "smtps"):
        raise Wrong(
            "GONGMO_MAIL_URL",
            "smtp://이름:비밀번호@주소:587 이나 smtps://주소:465 처럼 적어 주세요. 이름이나 비밀번호의 / # @ ? 는 %2F %23 %40 %3F 로 적습니다.",
            "must start with smtp:// or smtps:// and name a host and a port; / # @ ? in name and password are %2F %23 %40 %3F.",
        )
    implicit = parts.scheme == "smtps"
    return {
        "GONGMO_MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": given or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and dict(parse_qsl(parts.query)).get("starttls", "1") != "0",
        "EMAIL_TIMEOUT": 20,
    }


_NAME = re.compile(r"GONGMO_[A-Z_]+")


def registers() -> register_config.Configuration:
    """The outside registers' keys, addresses and limits (gongmo.registers.config). Raises Wrong."""
    environment = dict(os.environ)
    while True:
        try:
            return register_config.read(environment)
        except ValueError as error:
            found = _NAME.match(str(error))
            if found is None or environment.pop(found[0], None) is None:
                raise
            note(
                Wrong(
                    found[0],
                    f"쓸 수 없는 값입니다. {meaning(found[0])} ({variables.default(found[0])}).",
                    str(error).removeprefix(found[0]).lstrip(": "),
                )
            )


def logs(home: Path, *, embedded: bool) -> dict[str, Any]:
    """Django's LOGGING: JSON lines on a server, readable ones embedded, to the console and to `home`/logs/gongmo.log."""
    style = choice("GONGMO_LOG_FORMAT", "text" if embedded else "json", ("json", "text"))
    to = choice("GONGMO_LOG_TO", "both", ("console", "file", "both"))
    level = text("GONGMO_LOG_LEVEL", "INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        note(
            Wrong(
                "GONGMO_LOG_LEVEL",
                f"DEBUG, INFO, WARNING, ERROR 가운데 하나로 적어 주세요. 지금 값: {level!r}",
                f"must be DEBUG, INFO, WARNING or ERROR, not {level!r}.",
            )
        )
        level = "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"gongmo.web.logs.{'Json' if style == 'json' else 'Readable'}"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line"},
            "file": {
                "class": "logging.handlers.WatchedFileHandler",
                "filename": home / "logs" / "gongmo.log",
                "encoding": "utf-8",
                "delay": True,
                "formatter": "line",
            },
        },
        "root": {"handlers": ["console", "file"] if to == "both" else [to], "level": "WARNING"},
        "loggers": {
            "gongmo": {"level": level},
            # Django's own handlers would say everything twice.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
        },
    }
