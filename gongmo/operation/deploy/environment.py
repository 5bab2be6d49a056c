"""What the environment says: names, secrets, addresses, who must show a second factor."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from gongmo.operation import variables
from gongmo.operation.deploy.findings import Finding, check, good, look, mend
from gongmo.privacy import rotation


def _server() -> bool:
    return bool(settings.GONGMO_MODE == "server")


@check("environment", "환경 변수", "Environment")
def environment() -> Iterator[Finding]:
    """Names that are no settings, settings that a server needs, and the mode."""
    for name, meant in variables.unknown(os.environ):
        yield mend(
            f"{name}이라는 설정은 없습니다." + (f" {meant}를 쓰려던 것 같습니다." if meant else ""),
            f"There is no setting {name}." + (f" {meant} was probably meant." if meant else ""),
            todo=(
                "이름을 고치거나 지워 주세요. 설정 목록: docs/settings.md, gongmo doctor --settings",
                "Mend the name or take it away. The list: docs/settings.md",
            ),
        )
    if _server():
        for each in variables.missing(os.environ):
            yield mend(
                f"{each.name}이 없습니다. {each.ko}.",
                f"{each.name} is missing: {each.en}.",
                todo=("환경 변수에 값을 넣어 주세요.", "Set it."),
            )
        yield good("서버 방식으로 설정되어 있습니다.", "Set up as a server.")
    else:
        yield look(
            "한 대에서 쓰는 방식(embedded)입니다. 비밀값을 스스로 만들어 씁니다.",
            "Embedded: it makes its own secrets.",
            todo=(
                "여러 사람이 쓰는 서버라면 GONGMO_MODE=server로 바꾸고 비밀값과 GONGMO_HOSTS를 넣어 주세요.",
                "For a server that others reach set GONGMO_MODE=server, the secrets and GONGMO_HOSTS.",
            ),
        )
    if settings.DEBUG:
        yield mend(
            "디버그 화면이 켜져 있습니다. 오류 화면에 설정과 입력이 드러납니다.",
            "Debug pages are on: they show settings and input.",
            todo=("GONGMO_DEBUG를 지워 주세요.", "Take GONGMO_DEBUG away."),
        )
    if settings.GONGMO_REHEARSAL_MARK.exists():
        told = ("연습용 가상 자료가 들어 있습니다.", "The database holds rehearsal data.")
        todo = (
            "실제 공모에는 빈 GONGMO_HOME과 빈 데이터베이스로 새로 시작해 주세요.",
            "Start a real call with an empty GONGMO_HOME and an empty database.",
        )
        yield mend(*told, todo=todo) if _server() else look(*told, todo=todo)


@check("secrets", "비밀값", "Secrets")
def secrets() -> Iterator[Finding]:
    """That they are long, random, different and readable by the service only. Their values are never told."""
    key, seed = settings.SECRET_KEY, settings.GONGMO_SIGNING_SEED
    if key == seed:
        yield mend(
            "GONGMO_SECRET_KEY와 GONGMO_SIGNING_SEED가 같은 값입니다.",
            "GONGMO_SECRET_KEY and GONGMO_SIGNING_SEED are the same.",
            todo=("서로 다른 무작위 값으로 바꿔 주세요.", "Give each its own random value."),
        )
    for name in ("secret-key", "signing-seed", "field-keys"):
        file = settings.GONGMO_HOME / name
        if file.exists() and file.stat().st_mode & 0o077:
            yield mend(
                f"{file}을 다른 사용자가 읽을 수 있습니다.",
                f"{file} can be read by others.",
                todo=(f"chmod 600 {file}", f"chmod 600 {file}"),
            )
    for name in ("GONGMO_SEAL_KEY", "GONGMO_SEAL_CERTIFICATE", "GONGMO_SEAL_TRUST"):
        path = getattr(settings, name)
        if path and not os.access(path, os.R_OK):
            yield mend(
                f"{name}이 가리키는 파일을 읽을 수 없습니다.",
                f"The file that {name} names cannot be read.",
                todo=("경로와 소유자를 확인해 주세요.", "Check its path and owner."),
            )
    if _server() and not settings.GONGMO_SEAL_KEY:
        yield look(
            "협약서를 봉인할 열쇠가 없습니다.",
            "There is no key to seal agreements with.",
            todo=(
                "협약을 전자로 맺으려면 GONGMO_SEAL_KEY와 GONGMO_SEAL_CERTIFICATE를 넣어 주세요.",
                "To conclude agreements set GONGMO_SEAL_KEY and GONGMO_SEAL_CERTIFICATE.",
            ),
        )
    if key != seed:
        yield good("서명 키와 비밀값이 충분히 길고 서로 다릅니다.", "The secrets are long enough and differ.")


@check("keys", "개인정보 열쇠", "Keys of personal fields", needs=("database", "migrations"))
def field_keys() -> Iterator[Finding]:
    """That they open what is stored: a backup comes without them."""
    if shut := rotation.locked():
        yield mend(
            f"개인정보 칸을 여는 열쇠가 아닙니다({shut[0]}). 그 값이 있는 화면은 열리지 않습니다.",
            f"The keys of personal fields do not open what is stored ({shut[0]}): pages that hold it fail.",
            todo=(
                "따로 보관한 field-keys 파일을 GONGMO_HOME에 넣거나 GONGMO_FIELD_KEYS를 원래 값으로 고쳐 주세요.",
                "Put the field-keys file that was kept apart into GONGMO_HOME, or mend GONGMO_FIELD_KEYS.",
            ),
        )
    else:
        yield good("암호화한 개인정보 칸이 열립니다.", "Encrypted fields can be opened.")


@check("address", "주소와 프록시", "Addresses and proxy")
def address() -> Iterator[Finding]:
    """https, host names, and whether a proxy's words can be forged."""
    server = _server()
    if server and not settings.SECURE_SSL_REDIRECT:
        yield mend(
            "https를 쓰지 않습니다. 비밀번호와 신청 내용이 그대로 오갑니다.",
            "https is off: passwords travel in the open.",
            todo=(
                "프록시에 인증서를 두고 GONGMO_HTTPS=1로 설정해 주세요.",
                "Put a certificate on the proxy and set GONGMO_HTTPS=1.",
            ),
        )
    elif settings.SECURE_SSL_REDIRECT:
        yield good("https로만 씁니다.", "https only.")
    if any(host in ("*", "") or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield mend(
            "GONGMO_HOSTS가 아무 이름이나 받습니다.",
            "GONGMO_HOSTS takes any name.",
            todo=("사이트의 이름만 적어 주세요.", "Name the site's own names only."),
        )
    site = urlsplit(settings.GONGMO_SITE_URL)
    if server and (site.scheme != "https" or site.hostname in ("localhost", "127.0.0.1")):
        yield mend(
            f"메일에 적히는 주소가 {settings.GONGMO_SITE_URL}입니다.",
            f"Mails lead to {settings.GONGMO_SITE_URL}.",
            todo=(
                "GONGMO_SITE_URL=https://사이트이름 으로 설정해 주세요.",
                "Set GONGMO_SITE_URL=https://the-site's-name.",
            ),
        )
    if settings.GONGMO_BEHIND_PROXY and not settings.GONGMO_PROXIES:
        yield look(
            "누구든 이 포트에 닿으면 프록시로 믿습니다. 접속한 주소와 접수 시각을 꾸밀 수 있습니다.",
            "Whoever reaches this port is taken for the proxy and can forge addresses and the time of receipt.",
            todo=(
                "GONGMO_PROXIES에 프록시의 주소를 적고, 방화벽에서 이 포트를 프록시에만 열어 주세요.",
                "Name the proxy's address in GONGMO_PROXIES, and open this port to it only.",
            ),
        )
    if settings.GONGMO_REQUEST_START_HEADER and not settings.GONGMO_BEHIND_PROXY:
        yield mend(
            "프록시가 없는데 접수 시각을 머리글에서 읽습니다. 누구나 마감 뒤의 제출을 앞당길 수 있습니다.",
            "Without a proxy the time of receipt is read from a header: anybody can submit late.",
            todo=(
                "GONGMO_REQUEST_START_HEADER를 지우거나, 프록시를 두고 GONGMO_BEHIND_PROXY=1로 설정해 주세요.",
                "Take GONGMO_REQUEST_START_HEADER away, or put up a proxy and set GONGMO_BEHIND_PROXY=1.",
            ),
        )
    if server and not settings.GONGMO_BEHIND_PROXY and settings.SECURE_SSL_REDIRECT:
        yield look(
            "https인데 앞에 프록시가 없다고 되어 있습니다. 이 서버는 https를 스스로 풀지 않습니다.",
            "https is on and no proxy is named; this server does not speak https itself.",
            todo=(
                "nginx나 Caddy를 앞에 두고 GONGMO_BEHIND_PROXY=1로 설정해 주세요 (deploy/).",
                "Put nginx or Caddy in front and set GONGMO_BEHIND_PROXY=1 (deploy/).",
            ),
        )


@check("people", "사람", "People", needs=("database", "migrations"))
def people() -> Iterator[Finding]:
    """That there is an operator, and that offices show a second factor."""
    from gongmo.kernel.actor import Role
    from gongmo.parties.models import Grant

    if not Grant.objects.filter(role=Role.OPERATOR.value, until__isnull=True).exists():
        yield mend(
            "시스템 운영자가 없습니다.",
            "There is no operator.",
            todo=(
                "gongmo manage make_operator 메일주소 로 만들어 주세요.",
                "Make one: gongmo manage make_operator EMAIL.",
            ),
        )
    else:
        yield good("시스템 운영자가 있습니다.", "There is an operator.")
    if _server() and not settings.GONGMO_SECOND_FACTOR_ROLES:
        yield look(
            "담당자와 평가위원에게 2단계 인증을 요구하지 않습니다.",
            "Officers and experts need no second factor.",
            todo=("GONGMO_REQUIRE_SECOND_FACTOR를 지워 주세요.", "Take GONGMO_REQUIRE_SECOND_FACTOR away."),
        )


@check("backup", "백업", "Backup")
def backup() -> Iterator[Finding]:
    """That the nightly backup will find a key that can be used, and that the server cannot open its own backups."""
    import pyrage

    given = os.environ.get("GONGMO_BACKUP_KEY", "").strip()
    usable = True
    if given:
        try:
            pyrage.x25519.Recipient.from_str(given)
        except pyrage.RecipientError:
            usable = False
            yield mend(
                "GONGMO_BACKUP_KEY가 age 공개 열쇠(age1…)가 아닙니다. 백업이 되지 않습니다.",
                "GONGMO_BACKUP_KEY is no age public key (age1…): backups fail.",
                todo=(
                    "gongmo backup --new-key로 만들어 첫 줄의 값을 넣어 주세요.",
                    "Make a pair: gongmo backup --new-key.",
                ),
            )
    if os.environ.get("GONGMO_BACKUP_SECRET", "").strip():
        usable = False
        yield mend(
            "GONGMO_BACKUP_SECRET이 이 서버에 있습니다. 서버에 들어온 사람이 백업도 열 수 있습니다.",
            "GONGMO_BACKUP_SECRET is on this server: whoever breaks in opens the backups, too.",
            todo=(
                "안전한 다른 곳에 보관하고, 되살릴 때에만 넣어 주세요.",
                "Keep it elsewhere, and set it for a restore only.",
            ),
        )
    if given and usable:
        yield good(
            "백업을 암호화합니다. 이 서버는 그것을 열 수 없습니다.",
            "Backups are encrypted for a key that is not here.",
        )
    elif _server() and not given:
        yield look(
            "백업이 암호화되지 않습니다.",
            "Backups are not encrypted.",
            todo=(
                "gongmo backup --new-key로 열쇠를 만들어 GONGMO_BACKUP_KEY를 정해 주세요.",
                "Make a pair of keys (gongmo backup --new-key) and set GONGMO_BACKUP_KEY.",
            ),
        )


@check("watching", "지켜보기", "Watching")
def watching() -> Iterator[Finding]:
    """That somebody can watch."""
    if settings.GONGMO_METRICS_TOKEN or settings.GONGMO_METRICS_FROM:
        yield good("/metrics가 정한 곳에만 열려 있습니다.", "/metrics is open to those named.")
    elif _server():
        yield look(
            "/metrics가 닫혀 있어 감시 도구가 수치를 읽을 수 없습니다.",
            "/metrics is closed: no monitor reads the figures.",
            todo=(
                "GONGMO_METRICS_TOKEN이나 GONGMO_METRICS_FROM을 설정해 주세요.",
                "Set GONGMO_METRICS_TOKEN or GONGMO_METRICS_FROM.",
            ),
        )
