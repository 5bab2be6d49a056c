"""What the operator sets, and the secrets of an embedded installation."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gongmo.web import config


def test_flag_refuses_what_is_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGMO_HTTPS", "maybe")

    with pytest.raises(ImproperlyConfigured, match="GONGMO_HTTPS"):
        config.flag("GONGMO_HTTPS")


def test_secret_is_made_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGMO_SECRET_KEY", raising=False)
    file = tmp_path / "secret-key"

    first = config.secret("GONGMO_SECRET_KEY", file, embedded=True)
    second = config.secret("GONGMO_SECRET_KEY", file, embedded=True)

    assert first == second
    assert len(first) >= 50
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["secret-key"]


def test_secret_must_be_given_to_a_server_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGMO_SECRET_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured, match="GONGMO_SECRET_KEY"):
        config.secret("GONGMO_SECRET_KEY", tmp_path / "secret-key", embedded=False)


def test_a_short_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGMO_SECRET_KEY", "guess me")

    with pytest.raises(ImproperlyConfigured, match="43"):
        config.secret("GONGMO_SECRET_KEY", tmp_path / "secret-key", embedded=True)


@pytest.mark.parametrize(
    "guessed",
    [
        "a" * 60,
        "0123456789" * 6,
        "change-me-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
        "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-INSECURE",
        "my-very-own-Secret-AbCdEfGhIjKlMnOpQrStUvWxYz",
    ],
)
def test_a_secret_from_an_example_or_a_keyboard_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guessed: str
) -> None:
    monkeypatch.setenv("GONGMO_SECRET_KEY", guessed)

    with pytest.raises(ImproperlyConfigured, match="not random"):
        config.secret("GONGMO_SECRET_KEY", tmp_path / "secret-key", embedded=False)


@pytest.mark.parametrize(
    "seed",
    [
        "Zk3xQ9vB7wLmN2pR8sTuVyA1cD4eF6gH0jK5iOZk3xQ9vB7wLmN2pR8sTuVyA1cD4eF",
        "가나다라마바사아자차카타파하" * 4,
        "!k3xQ9vB7wLmN2pR8sTuVyA1cD4eF6gH0jK5iOZk3x!",
    ],
    ids=["50 bytes", "Korean", "no base64"],
)
def test_a_seed_that_is_not_32_bytes_is_refused_before_the_first_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: str
) -> None:
    monkeypatch.setenv("GONGMO_SIGNING_SEED", seed)

    with pytest.raises(ImproperlyConfigured, match="GONGMO_SIGNING_SEED"):
        config.signing_seed(tmp_path / "signing-seed", embedded=False)


@pytest.mark.parametrize("given", ["https://gongmo.example.kr", "gongmo.example.kr:443", "a b"])
def test_a_host_is_a_name(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("GONGMO_HOSTS", f"gongmo.example.kr,{given}")

    with pytest.raises(ImproperlyConfigured, match="GONGMO_HOSTS"):
        config.hosts(embedded=False)


def test_names_and_addresses_are_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGMO_HOSTS", "gongmo.example.kr, .example.kr, 10.0.0.5, [2001:db8::1], *")

    assert config.hosts(embedded=False) == [
        "gongmo.example.kr",
        ".example.kr",
        "10.0.0.5",
        "[2001:db8::1]",
        "*",
    ]


def test_a_drawn_secret_is_taken() -> None:
    assert not any(config.guessable(secrets.token_urlsafe(size)) for size in (32, 50) for _ in range(200))


@pytest.mark.parametrize("token", ["short", "nineteen-characters"])
def test_a_short_metrics_token_is_refused(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("GONGMO_METRICS_TOKEN", token)

    with pytest.raises(ImproperlyConfigured, match="GONGMO_METRICS_TOKEN"):
        config.metrics_token()


@pytest.mark.parametrize(
    ("embedded", "given", "formatter"),
    [(True, "", "Readable"), (False, "", "Json"), (True, "json", "Json"), (False, "text", "Readable")],
)
def test_a_server_writes_json_lines_and_a_laptop_readable_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedded: bool, given: str, formatter: str
) -> None:
    monkeypatch.setenv("GONGMO_LOG_FORMAT", given)

    assert (
        config.logs(tmp_path, embedded=embedded)["formatters"]["line"]["()"] == f"gongmo.web.logs.{formatter}"
    )


def test_processes_that_start_at_once_agree_on_one_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGMO_SECRET_KEY", raising=False)
    file = tmp_path / "secret-key"

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: config.secret("GONGMO_SECRET_KEY", file, embedded=True), range(32)))

    assert len(set(made)) == 1


def test_home_is_readable_by_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGMO_HOME", str(tmp_path / "deep" / "home"))

    assert config.home().stat().st_mode & 0o077 == 0


def test_database_is_sqlite_in_the_home_without_an_address(tmp_path: Path) -> None:
    made = config.database("", tmp_path)

    assert made["NAME"] == tmp_path / "gongmo.sqlite3"
    assert made["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_database_address_is_taken_apart(tmp_path: Path) -> None:
    made = config.database("postgresql://gong%40mo:s%2Fcret@db.example:5433/calls?sslmode=require", tmp_path)

    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
        "gong@mo",
        "s/cret",
        "db.example",
        "5433",
        "calls",
    )
    assert made["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize("sign", list("/#?"))
def test_an_unescaped_sign_in_a_password_is_told_without_a_part_of_it(tmp_path: Path, sign: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="%23") as caught:
        config.database(f"postgresql://gongmo:hidden{sign}word@db.example:5432/gongmo", tmp_path)
    with pytest.raises(ImproperlyConfigured, match="%23") as storage:
        config.files(f"s3://key:hidden{sign}word@host.example/bucket")

    for told in (str(caught.value), str(storage.value)):
        assert "hidden" not in told
        assert "word@" not in told


def test_database_refuses_other_kinds(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        config.database("mysql://localhost/x", tmp_path)


@pytest.mark.parametrize(
    ("address", "tls", "ssl", "port"),
    [
        ("smtp://mail.example", True, False, 587),
        ("smtps://mail.example", False, True, 465),
        ("smtp://mail.example:25?starttls=0", False, False, 25),
    ],
)
def test_mail_address_decides_the_protection(
    tmp_path: Path, address: str, tls: bool, ssl: bool, port: int
) -> None:
    made = config.mail(address, tmp_path)

    assert (made["EMAIL_USE_TLS"], made["EMAIL_USE_SSL"], made["EMAIL_PORT"]) == (tls, ssl, port)
