"""deploy/: every unit, proxy and container file is well formed, and every command, setting, page and figure that it names exists."""

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from gongmo.cli import backup, main, work
from gongmo.cli.main import Parser
from gongmo.operation import exposition, metrics, variables
from gongmo.web import serve_options

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-ID", "X-Request-Start")
"""What the server believes of its proxy: the proxy must write each of them, or take it away."""


def settings_of(file: Path) -> dict[str, str]:
    lines = file.read_text("utf-8").splitlines()
    return dict(line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?GONGMO_[A-Z_]+=", line))


def check_command(words: list[str]) -> None:
    """Raise unless `gongmo WORDS` is a command with options that it takes."""
    name, *options = words
    assert name in {command.name for command in main.COMMANDS}
    if name == "serve":
        serve_options.parser().parse_args(options)
    elif name == "work":
        parser = Parser()
        work.register(parser.add_subparsers())
        parser.parse_args(words)
    elif name == "backup":
        parser = Parser()
        backup.register(parser.add_subparsers())
        parser.parse_args(words)
    else:
        assert name == "manage"
        assert options[0] in get_commands()


# --- Settings ------------------------------------------------------------------------------------------------------


def test_the_example_of_settings_names_settings_and_all_that_a_server_needs() -> None:
    given = settings_of(DEPLOY / "gongmo.env.example")
    known = {each.name: each for each in variables.variables()}

    assert given.keys() <= known.keys()
    assert {name for name, each in known.items() if each.needed} <= given.keys()
    assert {name: value for name, value in given.items() if known[name].secret and value} == {}


# --- systemd -------------------------------------------------------------------------------------------------------

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
KEYS = {
    "Unit": "Description Documentation After Wants Requires StartLimitIntervalSec",
    "Service": "Type RemainAfterExit User Group EnvironmentFile WorkingDirectory StateDirectory StateDirectoryMode UMask "
    "ExecStart ExecStartPost Nice Restart RestartSec TimeoutStartSec TimeoutStopSec KillMode LimitNOFILE LogRateLimitIntervalSec OOMPolicy "
    "NoNewPrivileges PrivateTmp PrivateDevices ProtectSystem ProtectHome ProtectClock ProtectHostname ProtectKernelLogs "
    "ProtectKernelModules ProtectKernelTunables ProtectControlGroups RestrictRealtime RestrictSUIDSGID LockPersonality "
    "SystemCallArchitectures CapabilityBoundingSet",
    "Install": "WantedBy",
}
"""What `systemd-analyze verify` took; a new key has to be verified by it and named here."""


def unit(file: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(file, "utf-8")
    return parser


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_is_well_formed_and_starts_a_command_that_exists(file: Path) -> None:
    found = unit(file)

    assert {"Unit", "Service"} <= set(found.sections()) <= set(KEYS)
    for section in found.sections():
        assert set(found[section]) <= set(KEYS[section].split())
    started = found["Service"]["ExecStart"]
    program, *words = shlex.split(started)
    if program == "/bin/sh":
        # Only to name a file by its date.
        program, *words = shlex.split(re.sub(r"\$\$\(.*?\)", "date", words[1].removeprefix("exec ")))
    assert program == f"{found['Service']['WorkingDirectory']}/.venv/bin/gongmo"
    check_command(words)
    assert found["Service"]["User"] != "root"


def test_every_timer_has_its_unit_and_a_unit_that_is_not_installed_its_timer() -> None:
    timers = {file.stem for file in (DEPLOY / "systemd").glob("*.timer")}
    uninstalled = {file.stem for file in UNITS if "Install" not in unit(file)}

    assert timers == uninstalled != set()
    for name in timers:
        found = unit(DEPLOY / "systemd" / f"{name}.timer")
        assert found["Install"]["WantedBy"] == "timers.target"
        assert found["Timer"]["OnCalendar"].endswith("Asia/Seoul")


def test_units_wait_for_units_that_exist() -> None:
    names = {file.name for file in UNITS}
    for file in UNITS:
        asked = unit(file)["Unit"]
        wanted = {name for key in ("After", "Requires") for name in asked.get(key, "").split()}
        assert {name for name in wanted if name.startswith("gongmo")} <= names


def test_a_stopped_unit_has_time_to_drain_and_finish() -> None:
    drain = int(settings_of(DEPLOY / "gongmo.env.example")["GONGMO_DRAIN_SECONDS"])
    seconds = {file.stem: int(unit(file)["Service"].get("TimeoutStopSec", "0")) for file in UNITS}

    assert seconds["gongmo-web"] > drain + 15 + 20
    assert seconds["gongmo-work"] > 20 + 5


# --- nginx ---------------------------------------------------------------------------------------------------------


def nginx(text: str) -> list[Any]:
    """The file as nested lists [words..., body or None]. Raises where it is not well formed."""
    tokens = iter(re.findall(r'"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"]+', re.sub(r"(?m)^\s*#.*$", "", text)))

    def block(inside: bool) -> list[Any]:
        found: list[Any] = []
        words: list[str] = []
        for token in tokens:
            if token == ";":
                assert words, "an empty directive"
                found.append((words, None))
                words = []
            elif token == "{":
                assert words, "a block without a name"
                found.append((words, block(True)))
                words = []
            elif token == "}":
                assert inside, "one brace too many"
                assert not words, f"no semicolon after {words}"
                return found
            else:
                words.append(token.strip('"'))
        assert not inside, "a brace is missing"
        assert not words, f"no semicolon after {words}"
        return found

    return block(False)


def directives(found: list[Any]) -> Iterator[list[str]]:
    for words, body in found:
        yield words
        yield from directives(body or [])


NGINX = (
    "upstream least_conn server keepalive limit_conn_zone proxy_cache_path listen server_name return ssl_certificate "
    "ssl_certificate_key ssl_protocols ssl_session_cache client_max_body_size client_header_timeout client_body_timeout "
    "send_timeout keepalive_timeout limit_conn access_log error_log proxy_http_version proxy_set_header "
    "proxy_request_buffering proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_next_upstream "
    "proxy_next_upstream_tries location proxy_pass proxy_cache proxy_cache_valid proxy_cache_use_stale proxy_cache_lock "
    "proxy_max_temp_file_size error_page root rewrite add_header"
)


def test_nginx_is_well_formed_writes_what_is_believed_and_hides_the_figures() -> None:
    found = nginx((DEPLOY / "nginx" / "gongmo.conf").read_text("utf-8"))
    words = list(directives(found))

    assert {each[0] for each in words} <= set(NGINX.split())
    written = {each[1] for each in words if each[0] == "proxy_set_header"}
    assert set(HEADERS) <= written
    header = settings_of(DEPLOY / "gongmo.env.example")["GONGMO_REQUEST_START_HEADER"]
    assert ["proxy_set_header", header, "t=$msec"] in words
    https = next(
        body
        for name, body in found
        if name == ["server"] and ["listen", "443", "ssl", "http2"] in dict_of(body)
    )
    assert (["location", "=", "/metrics"], [(["return", "404"], None)]) in https


def dict_of(body: list[Any]) -> list[list[str]]:
    return [words for words, inner in body if inner is None]


def test_nginx_reaches_the_port_of_the_unit() -> None:
    text = (DEPLOY / "nginx" / "gongmo.conf").read_text("utf-8")
    started = shlex.split(unit(DEPLOY / "systemd" / "gongmo-web.service")["Service"]["ExecStart"])
    host, port = started[started.index("--host") + 1], started[started.index("--port") + 1]

    assert f"server {host}:{port} " in text


def test_nginx_parser_refuses_what_is_broken() -> None:
    for broken in ("a {", "a }", "a", "a { b }", "{ }", ";"):
        with pytest.raises(AssertionError):
            nginx(broken)


# --- Caddy ---------------------------------------------------------------------------------------------------------


def test_caddy_is_well_formed_writes_what_is_believed_and_hides_the_figures() -> None:
    depth, words = 0, []
    for line in (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8").splitlines():
        line = "" if line.lstrip().startswith("#") else line
        assert line == line.rstrip()
        stripped = line.strip()
        if stripped == "}" or stripped.startswith("}"):
            depth -= 1
        assert depth >= 0
        if stripped:
            assert len(line) - len(line.lstrip("\t")) == depth
            words.append(stripped.split())
        if stripped.endswith(" {") or stripped == "{":
            depth += 1
    assert depth == 0
    assert ["respond", "@figures", "404"] in words
    assert ["@figures", "path", "/metrics"] in words
    assert ["header_up", "-X-Request-Start"] in words
    health = next(each[1] for each in words if each[0] == "health_uri")
    assert health == "/readyz"


# --- Containers ----------------------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "container" / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def test_the_container_file_copies_what_exists_and_starts_what_exists() -> None:
    found = instructions()
    known = {
        "FROM",
        "RUN",
        "WORKDIR",
        "COPY",
        "ENV",
        "USER",
        "VOLUME",
        "EXPOSE",
        "STOPSIGNAL",
        "ENTRYPOINT",
        "CMD",
    }
    ignored = (DEPLOY / "container" / "Containerfile.dockerignore").read_text("utf-8").splitlines()

    assert {name for name, _ in found} <= known
    for name, rest in found:
        if name == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored
    assert json.loads(dict(found)["ENTRYPOINT"])[0].endswith("/.venv/bin/gongmo")
    check_command(json.loads(dict(found)["CMD"]))
    assert dict(found)["USER"].split(":")[0] not in ("0", "root")
    set_names = re.findall(r"(GONGMO_[A-Z_]+)=", dict(found)["ENV"])
    assert set(set_names) <= {each.name for each in variables.variables()}


def test_compose_names_services_volumes_settings_and_commands_that_exist() -> None:
    found = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text("utf-8"))
    services = found["services"]
    known = {each.name for each in variables.variables()}

    for name, service in services.items():
        assert service.get("image"), name
        assert set(service.get("depends_on", {})) <= services.keys()
        assert set(service.get("networks", [])) <= found["networks"].keys()
        for each in service.get("volumes", []):
            source = each.split(":")[0]
            there = (
                (DEPLOY / "container" / source).exists()
                if source.startswith(".")
                else source in found["volumes"]
            )
            assert there, each
        if service["image"] == "gongmo":
            check_command(service["command"])
            assert set(service["environment"]) <= known
            assert (ROOT / "deploy/container" / service["build"]["context"]).resolve() == ROOT
            assert (ROOT / service["build"]["dockerfile"]).is_file()
        waited = [
            each
            for each, how in service.get("depends_on", {}).items()
            if how["condition"] == "service_healthy"
        ]
        assert all("healthcheck" in services[each] for each in waited)
    assert "ports" in services["proxy"]
    assert not any("ports" in service for name, service in services.items() if name != "proxy")
    proxies = services["web"]["environment"]["GONGMO_PROXIES"]
    assert proxies == found["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    assert all(name in caddy for name in services["proxy"]["environment"])


# --- Prometheus ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_alerts_ask_for_figures_and_routes_that_exist() -> None:
    groups = yaml.safe_load((DEPLOY / "prometheus" / "gongmo.rules.yaml").read_text("utf-8"))["groups"]
    told = exposition.exposed().decode()
    known = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    # Only where a call is open; only where the database has a clock of its own.
    known |= {"gongmo_next_closing_seconds", "gongmo_clock_skew_seconds"}
    known |= {f"{name}_bucket" for name in known if name == "gongmo_request_seconds"}

    for rule in (rule for group in groups for rule in group["rules"]):
        assert set(re.findall(r"gongmo_[a-z_]+", rule["expr"])) <= known, rule["alert"]
        assert rule["annotations"]["summary"]
    assert resolve("/applications/1/submit/").view_name == metrics.SUBMIT_ROUTE


# --- Pages for operators -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["operations.md", "incidents.md"])
def test_pages_for_operators_name_commands_settings_and_pages_that_exist(name: str) -> None:
    text = (ROOT / "docs" / name).read_text("utf-8")
    commands = re.findall(r"(?m)(?:`|^ {4}|&& |bin/)gongmo ([a-z]+)(?: ([a-z_]+))?", text)
    paths = re.findall(r"`(/[a-z_/가-힣.]*)`", text)
    anchors = {
        re.sub(r"[^\w\s-]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }

    assert commands
    for command, sub in commands:
        assert command in {each.name for each in main.COMMANDS}, command
        if command == "manage":
            assert sub in get_commands(), sub
    for path in paths:
        folders = ("/etc/", "/srv/", "/var/", "/opt/")
        if path not in ("/healthz", "/readyz") and not path.startswith(folders):
            assert resolve(path.replace("공고이름", "call"))
    assert set(re.findall(r"GONGMO_[A-Z_]+", text)) <= {each.name for each in variables.variables()}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors
