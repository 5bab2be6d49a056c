"""`gongmo doctor --deploy`: what is wrong with an installation, in plain words, with what to do."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from gongmo.cli.main import main
from gongmo.kernel.actor import Role
from gongmo.operation import deploy, probes
from gongmo.operation.deploy import Check, Finding, Level
from gongmo.operation.deploy.findings import checks, examine
from gongmo.tasks.beats import beat
from tests.parties.builders import make_officer

ROOT = Path(__file__).resolve().parents[2]


def found(name: str) -> list[Finding]:
    return examine(next(each for each in checks() if each.name == name))


def mends(name: str) -> str:
    """The sentences of what must be mended."""
    return " ".join(each.told.ko for each in found(name) if each.level is Level.MEND)


@pytest.mark.django_db
def test_a_laptop_in_order_needs_nothing_mended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("GONGMO_") and "TEST" not in name]:
        if name not in ("GONGMO_HOME", "GONGMO_STATIC_HASHED", "GONGMO_DATABASE_URL"):
            monkeypatch.delenv(name)
    make_officer(Role.OPERATOR)
    beat("machine:1")

    code = main(["doctor", "--deploy", "--json"])
    told = json.loads(capsys.readouterr().out)
    # A throw-away PostgreSQL of the tests gives safety away for speed, and says so.
    wrong = [
        each for each in told if each["level"] == "mend" and each["name"] not in ("database", "permissions")
    ]

    assert wrong == []
    assert code == any(each["level"] == "mend" for each in told)
    assert {each["name"] for each in told} >= {
        "environment",
        "secrets",
        "database",
        "storage",
        "clock",
        "disk",
    }


@pytest.mark.django_db
def test_the_table_says_what_to_do_in_korean(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGMO_HTPS", "1")

    code = main(["doctor", "--deploy"])

    printed = capsys.readouterr().out
    assert code == 1
    assert "GONGMO_HTTPS를 쓰려던 것 같습니다" in printed
    assert "고칠 것" in printed


def test_what_must_be_mended_has_something_to_do() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "gongmo/operation/deploy").glob("*.py"))

    assert source.count("yield mend(") <= source.count("todo=(")


def test_http_on_a_server_and_forgeable_times_of_receipt_are_mended(settings: Settings) -> None:
    settings.GONGMO_MODE = "server"
    settings.SECURE_SSL_REDIRECT = False
    settings.GONGMO_BEHIND_PROXY = False
    settings.GONGMO_REQUEST_START_HEADER = "X-Request-Start"
    settings.ALLOWED_HOSTS = ["*"]
    settings.GONGMO_SITE_URL = "http://localhost"

    told = mends("address")

    for word in ("https를 쓰지 않습니다", "아무 이름이나", "메일에 적히는 주소", "접수 시각을 머리글에서"):
        assert word in told


def test_a_proxy_that_anybody_may_play_is_worth_a_look(settings: Settings) -> None:
    settings.GONGMO_BEHIND_PROXY, settings.GONGMO_PROXIES = True, []

    assert [each.level for each in found("address")] == [Level.LOOK]


def test_the_same_secret_twice_is_mended_and_not_shown(settings: Settings) -> None:
    settings.SECRET_KEY = settings.GONGMO_SIGNING_SEED = "Zk3xQ9vB7wLmN2pR8sTuVyA1cD4eF6gH0jK5iO"

    told = found("secrets")

    assert [each.level for each in told] == [Level.MEND]
    assert settings.SECRET_KEY not in str(told)


def test_a_secret_that_others_can_read_is_mended(settings: Settings, tmp_path: Path) -> None:
    settings.GONGMO_HOME = tmp_path
    (tmp_path / "secret-key").write_text("x")
    (tmp_path / "secret-key").chmod(0o644)

    assert "secret-key" in mends("secrets")


def test_a_backup_key_that_cannot_be_used_and_a_secret_on_the_server_are_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GONGMO_BACKUP_KEY", "age1nonsense")
    monkeypatch.setenv("GONGMO_BACKUP_SECRET", "AGE-SECRET-KEY-1QQQ")

    told = mends("backup")

    assert "age 공개 열쇠" in told
    assert "GONGMO_BACKUP_SECRET이 이 서버에 있습니다" in told
    assert "QQQ" not in told


def test_an_open_home_is_mended(settings: Settings, tmp_path: Path) -> None:
    settings.GONGMO_HOME = settings.GONGMO_FILES = tmp_path
    tmp_path.chmod(0o755)

    assert "다른 사용자가 볼 수 있습니다" in mends("permissions")


def test_a_disk_that_is_nearly_full_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "LEAST_FREE", 10**18)

    assert "남았습니다" in mends("disk")


def test_a_storage_that_cannot_be_written_to_is_mended(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.GONGMO_FILES = tmp_path / "file"
    settings.GONGMO_FILES_URL = ""

    assert "쓰기가 되지 않습니다" in mends("storage")


def test_a_mail_server_that_is_away_is_mended_without_its_password(settings: Settings) -> None:
    settings.GONGMO_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_HOST_PASSWORD = "hush-hush"

    told = mends("mail")

    assert "127.0.0.1:9" in told
    assert "hush" not in told


def test_mail_in_files_is_no_way_for_a_server(settings: Settings) -> None:
    settings.GONGMO_MODE = "server"
    settings.GONGMO_MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    assert "파일로만" in mends("mail")


@pytest.mark.django_db
def test_without_workers_it_is_said_what_to_start() -> None:
    (one,) = [each for each in found("workers") if each.level is Level.MEND]

    assert one.todo is not None
    assert "gongmo work" in one.todo.ko


@pytest.mark.django_db
def test_the_database_is_asked_for_what_keeps_data_safe() -> None:
    told = " ".join(each.told.ko for each in found("database"))

    if connection.vendor == "postgresql":
        assert "PostgreSQL" in told
    else:
        # The tests' own SQLite does not sync: exactly that is found.
        assert "synchronous" in told


def test_a_check_that_breaks_is_a_finding_that_tells_no_values() -> None:
    def broken() -> Iterator[Finding]:
        raise RuntimeError("password=hush")
        yield

    (one,) = examine(Check("x", deploy.checks()[0].title, broken))

    assert one.level is Level.MEND
    assert "RuntimeError" in one.told.ko
    assert "hush" not in str(one)


@pytest.mark.parametrize("words", [["doctor", "--deploy"], ["serve", "--port", "0"]])
def test_all_settings_that_stop_the_start_are_told_at_once_in_korean(
    tmp_path: Path, words: list[str]
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "GONGMO_HOME": str(tmp_path),
        "GONGMO_MODE": "server",
        "GONGMO_SIGNING_SEED": "change-me-please-this-is-only-an-example-1234567",
        "GONGMO_FIELD_KEYS": "k1=short",
        "GONGMO_MAIL_URL": "smtp://mail.example.kr:port",
        "GONGMO_DEBUG": "1",
        "GONGMO_HTTPS": "maybe",
        "GONGMO_SESSION_HOURS": "8h",
        "GONGMO_REGISTERS_SECONDS": "500",
        "GONGMO_REGISTERS_OFF": "moon",
        "GONGMO_HTPS": "1",
    }

    done = subprocess.run(
        [sys.executable, "-m", "gongmo.cli.main", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    told = {line.split(":")[0].strip(): line for line in done.stderr.splitlines() if line.startswith("  ")}
    assert done.returncode == 2
    assert "시작할 수 없습니다" in done.stderr
    assert {*environment, "GONGMO_SECRET_KEY", "GONGMO_HOSTS"} - told.keys() == {
        "PATH",
        "GONGMO_HOME",
        "GONGMO_MODE",
    }
    assert "1이나 0으로" in told["GONGMO_HTTPS"]
    assert "GONGMO_HTTPS를 쓰려던" in told["GONGMO_HTPS"]
    assert "token_urlsafe(32)" in told["GONGMO_SIGNING_SEED"]
    assert "change-me" not in done.stderr
    assert "Traceback" not in done.stderr
    # No secrets or folders are made for a start that is refused.
    assert {each.name for each in tmp_path.iterdir()} <= {"run"}


def test_causes_come_before_effects_and_what_cannot_be_looked_at_names_the_cause(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "database_seconds", lambda: None)

    code = main(["doctor", "--deploy"])

    lines = capsys.readouterr().out.splitlines()[2:]
    assert code == 1
    assert "데이터베이스가 답하지 않습니다" in lines[0]
    assert "오류가 났습니다" not in " ".join(lines)
    for part in ("표의 판", "작업 프로세스", "사람", "개인정보 열쇠"):
        (line,) = [each for each in lines if f" {part} " in each]
        assert line.startswith("모름")
        assert "‘데이터베이스’에 고칠 것이 있어" in line
