"""Reads what the operator set in the environment (GONGMO_*), and makes the secrets of an embedded installation.

Every variable stands in gongmo/operation/variables.py (docs/settings.md). A wrong value stops the start with a sentence that names the variable.
"""

import ipaddress
import json
import os
import secrets
import socket
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from gongmo.files import address as storage_address
from gongmo.registers import config as register_config

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
MIN_SECRET = 43
"""Characters that a given secret must have: 32 random bytes as base64."""


def text(name: str, default: str = "") -> str:
    """The variable, trimmed, or the default."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _TRUE:
        return True
    if value.strip().lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`. Raises ImproperlyConfigured otherwise."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def listing(name: str) -> list[str]:
    """Comma-separated values without empty ones."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of a few words. Raises ImproperlyConfigured for others."""
    value = text(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks. Raises ImproperlyConfigured for what is neither."""
    try:
        return [ipaddress.ip_network(each, strict=False) for each in listing(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must hold addresses or networks such as 10.0.0.5 or 10.1.0.0/24."
        ) from error


def home() -> Path:
    """The folder that holds everything the server writes; made when missing, readable by its owner only."""
    folder = Path(text("GONGMO_HOME") or ".gongmo").expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"GONGMO_HOME: {folder} cannot be made ({error.strerror}).") from error
    return folder


_EXAMPLES = ("change", "example", "insecure", "secret", "password", "placeholder", "gongmo", "xxxxx")
FEWEST_LETTERS = 16
"""Different characters that a random value of MIN_SECRET characters has all but surely."""


def guessable(value: str) -> bool:
    """Whether a secret was copied from an example or typed instead of drawn: few different characters, or a word such as "change-me"."""
    low = value.lower()
    return len(set(value)) < FEWEST_LETTERS or any(word in low for word in _EXAMPLES)


def secret(name: str, file: Path, *, embedded: bool, size: int = 50) -> str:
    """A secret of `size` random bytes (URL-safe base64): from the environment; embedded, from `file`, made on the first start.

    Several processes that start at once agree on one value. Raises ImproperlyConfigured when a server installation does
    not set it, or when it is too short.
    """
    if given := text(name):
        if len(given) < MIN_SECRET:
            raise ImproperlyConfigured(f"{name} must have at least {MIN_SECRET} random characters.")
        if guessable(given):
            raise ImproperlyConfigured(
                f"{name} looks like an example or is not random. Make one: python3 -c "
                '"import secrets; print(secrets.token_urlsafe(50))"'
            )
        return given
    if not embedded:
        raise ImproperlyConfigured(f"{name} must be set when GONGMO_MODE is server.")
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


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's database setting: SQLite in `home` without an address, else PostgreSQL `postgresql://user:password@host:port/name`.

    The query part of the address goes to libpq (sslmode=require ...). A host that starts with / is a socket folder, given
    as `?host=/run/postgresql`. Raises ImproperlyConfigured for other schemes.
    """
    if not url:
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
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("GONGMO_DATABASE_URL must start with postgresql://.")
    try:
        port = str(parts.port or "")
    except ValueError:
        port = None
    # The value itself holds a password and is never shown.
    if port is None or parts.fragment or "@" in unquote(parts.path):
        raise ImproperlyConfigured(
            "GONGMO_DATABASE_URL cannot be read: / # @ ? in the user's name or password must be written as %2F %23 %40 %3F "
            "(이름이나 비밀번호의 / # @ ? 는 %2F %23 %40 %3F 로 적어 주세요)."
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


def files(url: str) -> str:
    """The storage's address (gongmo.files.address), a folder's path for file:///…, or "". Raises ImproperlyConfigured."""
    try:
        found = storage_address.read(url) if url else ""
    except ValueError as error:
        raise ImproperlyConfigured(f"GONGMO_FILES_URL: {error}.") from error
    return found if isinstance(found, str) else url


def site_url(hosts: list[str], *, https: bool) -> str:
    """The site's address for mails and calendars, without a slash at its end: GONGMO_SITE_URL, else the first of `hosts`."""
    scheme = "https" if https else "http"
    given = text("GONGMO_SITE_URL") or f"{scheme}://{hosts[0] if hosts else 'localhost'}"
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ImproperlyConfigured("GONGMO_SITE_URL must be an address such as https://gongmo.example.kr.")
    return given.rstrip("/")


_ROLES = ("ministry", "agency", "task_force", "evaluator", "operator")


def second_factor_roles(*, embedded: bool) -> list[str]:
    """Roles that need a second factor (GONGMO_REQUIRE_SECOND_FACTOR): all offices on a server, none embedded, unless set otherwise.

    "none" or an empty value asks nobody. Raises ImproperlyConfigured for other words.
    """
    if "GONGMO_REQUIRE_SECOND_FACTOR" not in os.environ:
        return [] if embedded else list(_ROLES)
    named = listing("GONGMO_REQUIRE_SECOND_FACTOR")
    if named in ([], ["none"]):
        return []
    if unknown := [each for each in named if each not in _ROLES]:
        raise ImproperlyConfigured(
            f"GONGMO_REQUIRE_SECOND_FACTOR: {', '.join(unknown)} is no role. Roles: {', '.join(_ROLES)}, or none."
        )
    return named


def other_sign_ins() -> tuple[list[dict[str, Any]], list[str]]:
    """Apps for allauth's openid_connect provider (GONGMO_OIDC), and the origins to which their sign-in leads.

    The variable holds a JSON object or a list of them: `name` (on the button), `issuer` (its address, without /.well-known), `client_id`,
    `secret`, and optionally `id` (in the callback's address; else made from its place) and `origins` (further addresses to which the
    service leads, for the page's form-action). Raises ImproperlyConfigured.
    """
    given = text("GONGMO_OIDC")
    if not given:
        return [], []
    try:
        told = json.loads(given)
    except ValueError as error:
        raise ImproperlyConfigured("GONGMO_OIDC must be JSON.") from error
    apps, origins = [], []
    for place, each in enumerate(told if isinstance(told, list) else [told], 1):
        if not isinstance(each, dict) or not all(
            isinstance(each.get(key), str) and each[key] for key in ("name", "issuer", "client_id", "secret")
        ):
            raise ImproperlyConfigured(
                "GONGMO_OIDC needs name, issuer, client_id and secret for each service."
            )
        issuer = each["issuer"].rstrip("/")
        parts = urlsplit(issuer)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise ImproperlyConfigured("GONGMO_OIDC: the issuer's address must start with https://.")
        apps.append(
            {
                "provider_id": each.get("id") or f"service{place}",
                "name": each["name"],
                "client_id": each["client_id"],
                "secret": each["secret"],
                "settings": {"server_url": issuer},
            }
        )
        origins += [f"{parts.scheme}://{parts.netloc}", *each.get("origins", [])]
    return apps, origins


def mail(url: str, home: Path) -> dict[str, Any]:
    """Django's mail settings: files in `home`/mail without an address, else `smtp://user:password@host:port` (`smtps://` for TLS
    from the start, `smtp://...?starttls=0` to do without TLS). Raises ImproperlyConfigured for other schemes.

    GONGMO_MAIL_BACKEND is the backend by which the task queue lets mail leave.
    """
    if not url:
        return {
            "GONGMO_MAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": home / "mail",
        }
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        raise ImproperlyConfigured("GONGMO_MAIL_URL must start with smtp:// or smtps://.")
    implicit = parts.scheme == "smtps"
    return {
        "GONGMO_MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and dict(parse_qsl(parts.query)).get("starttls", "1") != "0",
        "EMAIL_TIMEOUT": 20,
    }


def registers() -> register_config.Configuration:
    """The outside registers' keys, addresses and limits (gongmo.registers.config). Raises ImproperlyConfigured."""
    try:
        return register_config.read(os.environ)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


MIN_TOKEN = 20


def metrics_token() -> str:
    """What opens /metrics, "" for none. Raises ImproperlyConfigured for one that can be guessed."""
    given = text("GONGMO_METRICS_TOKEN")
    if given and len(given) < MIN_TOKEN:
        raise ImproperlyConfigured(f"GONGMO_METRICS_TOKEN must have at least {MIN_TOKEN} random characters.")
    return given


def logs(home: Path, *, embedded: bool) -> dict[str, Any]:
    """Django's LOGGING: JSON lines on a server, readable ones embedded, to the console and to `home`/logs/gongmo.log."""
    style = choice("GONGMO_LOG_FORMAT", "text" if embedded else "json", ("json", "text"))
    to = choice("GONGMO_LOG_TO", "both", ("console", "file", "both"))
    level = text("GONGMO_LOG_LEVEL", "INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ImproperlyConfigured(f"GONGMO_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {level!r}.")
    (home / "logs").mkdir(exist_ok=True)
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
