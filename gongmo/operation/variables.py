"""Every setting of the environment, in one table: what it is called, what it means, what holds without it.

docs/settings.md is made from it, `gongmo doctor --deploy` checks the environment against it (a misspelt name is told), and a test
compares it with what the code reads. No Django here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from gongmo.definition.base import Text

PREFIX = "GONGMO_"
OWN = "TEST_"
"""GONGMO_TEST_*: the tests' own."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting. `default` in words; `needed`: a server installation must set it; `secret`: never shown; `inner`: Gongmo sets it for
    its own processes."""

    name: str
    default: str
    ko: str
    en: str
    needed: bool = False
    secret: bool = False
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together."""

    title: Text
    variables: tuple[Variable, ...]


def _group(ko: str, en: str, *variables: Variable) -> Group:
    return Group(Text(ko=ko, en=en), variables)


V = Variable
GROUPS = (
    _group(
        "어디에서 어떻게",
        "Where and how",
        V(
            "GONGMO_HOME",
            "`.gongmo` in the working folder",
            "서버가 쓰는 모든 것이 있는 폴더. 권한 700으로 만듭니다",
            "folder of everything that the server writes; made with mode 700",
        ),
        V(
            "GONGMO_MODE",
            "`embedded`",
            "embedded: 비밀값을 스스로 만들고 이 컴퓨터의 주소를 받습니다. server: 비밀값과 GONGMO_HOSTS를 주어야 합니다",
            "`embedded`: secrets are made in the home, this machine's addresses are allowed. `server`: secrets and `GONGMO_HOSTS` must be given",
        ),
        V(
            "GONGMO_ASSETS",
            "`.assets` in the repository",
            "make setup이 만든 화면 파일 폴더",
            "front-end files made by `make setup`",
        ),
        V(
            "GONGMO_STATIC_HASHED",
            "`1` (`0` with `GONGMO_DEBUG`)",
            "정적 파일을 해시 이름으로 압축해 보냅니다",
            "hashed, compressed static files; `0` serves them from their folders",
        ),
        V("GONGMO_LANG", "`ko`", "명령줄 출력 언어", "language of the command line: `ko` or `en`"),
        V(
            "GONGMO_DEBUG",
            "`0`",
            "Django의 디버그 화면. 다른 사람이 쓰는 곳에서는 켜지 않습니다",
            "Django's debug pages; never on a site that others reach",
        ),
    ),
    _group(
        "비밀값",
        "Secrets",
        V(
            "GONGMO_SECRET_KEY",
            "made in the home",
            '세션과 서식에 서명합니다. 무작위 43자 이상, 모든 서버가 같은 값. `python3 -c "import secrets; print(secrets.token_urlsafe(50))"`',
            'signs sessions and forms; at least 43 random characters (`python3 -c "import secrets; print(secrets.token_urlsafe(50))"`); the same on every machine',
            needed=True,
            secret=True,
        ),
        V(
            "GONGMO_FORMER_SECRET_KEYS",
            "none",
            "`GONGMO_SECRET_KEY`를 바꾸었을 때 예전 값(쉼표로 구분). 메일·알림·즐겨찾기에 남은 예전 주소를 읽는 데에만 씁니다. 모든 서버가 같은 값",
            "earlier values of `GONGMO_SECRET_KEY`, separated by commas: they only read the addresses in mails, notices and bookmarks that were made under them; the same on every machine",
            secret=True,
        ),
        V(
            "GONGMO_SIGNING_SEED",
            "made in the home",
            "기록의 서명 키 씨앗: 32바이트 (`secrets.token_urlsafe(32)`). 모든 서버가 같은 값",
            "seed of the Ed25519 key that signs the record's checkpoints: 32 bytes (`secrets.token_urlsafe(32)`); the same on every machine",
            needed=True,
            secret=True,
        ),
        V(
            "GONGMO_FIELD_KEYS",
            "made in the home (`field-keys`)",
            "개인정보 칸을 암호화하는 열쇠: `이름=32바이트`를 쉼표로 잇고 지금 것을 앞에 (docs/privacy.md). 모든 서버가 같은 값",
            "keys that encrypt personal fields: `id=32 bytes` joined by commas, the present one first (docs/privacy.md); the same on every machine",
            needed=True,
            secret=True,
        ),
        V(
            "GONGMO_ACCESS_YEARS",
            "`2`",
            "접속기록을 보관하는 햇수",
            "years for which the access log is kept",
        ),
        V(
            "GONGMO_IDLE_YEARS",
            "`0` (never)",
            "로그인하지 않은 지 이 햇수가 지난 계정을 닫자고 운영자에게 제안합니다. 30일 전에 본인에게 메일로 알리고, 역할, 진행 중인 신청, 끝나지 않은 협약이 있으면 하지 않습니다. `0`: 하지 않음",
            "years without signing in after which an account is proposed to be closed; its owner is told by mail 30 days before, and none with a role, an open application or a live agreement is ([privacy](privacy.md))",
        ),
        V(
            "GONGMO_SEAL_KEY",
            "none (a rehearsal makes its own)",
            "협약서를 봉인하는 열쇠 파일(PEM)",
            "PEM file of the key that seals signed agreements ([agreements](agreement.md))",
        ),
        V(
            "GONGMO_SEAL_CERTIFICATE",
            "none",
            "그 열쇠의 인증서 파일(PEM)",
            "PEM file of its certificate chain",
        ),
        V(
            "GONGMO_SEAL_TRUST",
            "none",
            "서명을 믿을 발급자의 인증서 파일(PEM)",
            "PEM file of issuers whose signatures by parties are trusted",
        ),
        V("GONGMO_SEAL_NAME", "`Gongmo`", "봉인에 적히는 이름", "name in the seal"),
    ),
    _group(
        "주소와 프록시",
        "Addresses and proxy",
        V(
            "GONGMO_HOSTS",
            "none",
            "사이트에 닿는 이름, 쉼표로 나눕니다",
            "names by which the site is reached, separated by commas",
            needed=True,
        ),
        V(
            "GONGMO_HTTPS",
            "`0`",
            "1: https로 씁니다 (안전한 쿠키, 돌려보내기, HSTS)",
            "`1`: the site is reached by https: secure cookies, redirect, HSTS",
        ),
        V(
            "GONGMO_SITE_URL",
            "the first of `GONGMO_HOSTS`, else `http://localhost` and the port",
            "메일과 달력에 적히는 사이트 주소",
            "the site's address in mails and calendars, such as `https://gongmo.example.kr`",
        ),
        V(
            "GONGMO_BEHIND_PROXY",
            "`0`",
            "1: 앞에 프록시 하나가 있고 그 말(X-Forwarded-For, -Proto, -Host, X-Request-ID)을 믿습니다",
            "`1`: one proxy stands in front; its `X-Forwarded-For`, `-Proto`, `-Host` and `X-Request-ID` are believed",
        ),
        V(
            "GONGMO_PROXIES",
            "any caller",
            "그 프록시의 주소(쉼표, 10.0.0.0/24처럼). 다른 곳에서 온 같은 머리글은 버립니다",
            "that proxy's addresses or networks, separated by commas (`10.0.0.5,10.1.0.0/24`): these headers are dropped from anybody else",
        ),
        V(
            "GONGMO_REQUEST_START_HEADER",
            "none",
            "프록시가 요청을 받은 때를 적는 머리글. 프록시가 받은 때로 마감을 정합니다",
            'header in which the proxy says when it received the request (unix seconds; nginx: `proxy_set_header X-Request-Start "t=$msec";`). It must overwrite what clients send. A deadline then counts from the proxy\'s receipt; times in the future or older than 5 minutes are not believed',
        ),
    ),
    _group(
        "데이터베이스",
        "Database",
        V(
            "GONGMO_DATABASE_URL",
            "SQLite in the home",
            "PostgreSQL 주소",
            "`postgresql://user:password@host:5432/name?sslmode=require`; a socket: `postgresql://user@/name?host=/run/postgresql`",
            secret=True,
        ),
        V(
            "GONGMO_DATABASE_POOL",
            "`8`",
            "웹 프로세스마다 PostgreSQL 연결 수의 한도",
            "PostgreSQL connections of each process at most",
        ),
    ),
    _group(
        "메일",
        "Mail",
        V(
            "GONGMO_MAIL_URL",
            "files in `mail/`",
            "메일 서버",
            "`smtp://user:password@host:587` (STARTTLS), `smtps://host:465`, `smtp://host:25?starttls=0`",
            secret=True,
        ),
        V("GONGMO_MAIL_FROM", "`gongmo@localhost`", "보내는 사람 주소", "sender of the site's mail"),
    ),
    _group(
        "로그인",
        "Sign-in",
        V("GONGMO_SESSION_HOURS", "`8`", "로그인이 이어지는 시간", "how long a sign-in lasts"),
        V(
            "GONGMO_REQUIRE_SECOND_FACTOR",
            "all offices on a server, none embedded",
            "2단계 인증이 있어야 하는 역할",
            "roles that act only with an authenticator app or a passkey, separated by commas: `ministry`, `agency`, `task_force`, `evaluator`, `operator`; `none` asks nobody ([accounts](accounts.md))",
        ),
        V(
            "GONGMO_OIDC",
            "none",
            "다른 로그인 서비스(JSON)",
            'other sign-in services as JSON: `[{"id": "gov", "name": "…", "issuer": "https://…", "client_id": "…", "secret": "…"}]` ([accounts](accounts.md))',
            secret=True,
        ),
        V(
            "GONGMO_SUBMIT_CONFIRM_MINUTES",
            "`0`",
            "이만큼 전에 로그인했으면 제출 전에 다시 확인합니다. 0: 묻지 않습니다",
            "who signed in longer ago than so many minutes confirms it (password, code or passkey) before submitting; `0`: nobody is asked",
        ),
        V(
            "GONGMO_CONFIRM_MINUTES",
            "`30`, embedded `0`",
            "서명, 제외, 확정, 선정, 협약처럼 기관을 묶는 일 앞에서 이만큼 전에 로그인했으면 다시 확인합니다. 0: 묻지 않습니다",
            "the same before acts that bind an office or an organisation: signing, excluding, locking, ranking, selecting, agreeing, roles",
        ),
        V(
            "GONGMO_IDLE_MINUTES",
            "`120`",
            "이만큼 쓰지 않으면 로그아웃합니다. 0: 하지 않습니다",
            "a sign-in that was not used for so long ends; `0`: only by `GONGMO_SESSION_HOURS`",
        ),
    ),
    _group(
        "파일",
        "Files",
        V(
            "GONGMO_FILES_URL",
            "`files/` in the home",
            "파일을 두는 곳: 폴더 경로나 S3 호환 저장소의 주소",
            "where files are kept: a folder, or an S3-compatible storage (`s3://key:secret@host/bucket`, [files](files.md))",
            secret=True,
        ),
        V(
            "GONGMO_FILES_SIGNED",
            "`0`",
            "큰 파일을 저장소의 서명된 주소에서 바로 받게 하는 시간(초). 0: 사이트를 거쳐 보냅니다",
            "seconds for which a signed address of the storage leads to a large download; `0`: everything is streamed through the site",
        ),
        V(
            "GONGMO_FILE_LIMIT",
            "2 GiB",
            "파일 하나의 한도(바이트)",
            "largest file in bytes ([files](files.md))",
        ),
        V(
            "GONGMO_UPLOAD_QUOTA",
            "4 × the limit",
            "한 사람이 함께 올릴 수 있는 양(바이트)",
            "bytes that one person may have under way",
        ),
        V(
            "GONGMO_UPLOAD_HOURS",
            "`72`",
            "끝나지 않은 업로드를 두는 시간",
            "how long an unfinished upload lives",
        ),
        V(
            "GONGMO_CLAMAV",
            "none",
            "바이러스 검사기 clamd의 주소나 소켓",
            "virus scanner clamd, as `host:port` or a socket's path",
        ),
        V(
            "GONGMO_CONVERTER",
            "looked for",
            "LibreOffice의 soffice. none: 쓰지 않습니다",
            "path of LibreOffice's `soffice` for previews; `none` leaves it out",
        ),
        V(
            "GONGMO_SIMILAR_INDEX",
            "`file`",
            "앞선 과제 색인을 두는 곳: file, table",
            "where the index of earlier projects is kept: `file`, or `table` for several machines ([similar](similar.md))",
        ),
    ),
    _group(
        "외부 등록부",
        "Outside registers",
        V(
            "GONGMO_DATA_KEY",
            "none",
            "공공데이터포털 인증키",
            "key of the public data portal (data.go.kr) ([registers](registers.md))",
            secret=True,
        ),
        V(
            "GONGMO_ADDRESS_KEY",
            "none",
            "도로명주소 인증키",
            "key of the address service (juso.go.kr)",
            secret=True,
        ),
        *(
            V(
                f"GONGMO_{register}_KEY",
                "the key above",
                "이 등록부만의 인증키",
                "a key of its own for this register",
                secret=True,
            )
            for register in (
                "BUSINESS_STATUS",
                "BUSINESS_VALIDATION",
                "ACCOUNTS",
                "OUTLINE",
                "HOLIDAYS",
                "ADDRESSES",
            )
        ),
        V(
            "GONGMO_REGISTERS_OFF",
            "none",
            "열쇠가 있어도 쓰지 않을 등록부",
            "registers to leave off although there is a key, separated by commas",
        ),
        V("GONGMO_NTS_URL", "`https://api.odcloud.kr/api`", "국세청 조회 주소", "the Tax Service's address"),
        V("GONGMO_DATA_URL", "`https://apis.data.go.kr`", "포털 주소", "the portal's address"),
        V(
            "GONGMO_ADDRESS_URL",
            "`https://business.juso.go.kr/addrlink`",
            "도로명주소 조회 주소",
            "the address service",
        ),
        V(
            "GONGMO_REGISTERS_FRESH_HOURS",
            "`24`",
            "이보다 새로운 답은 다시 묻지 않습니다",
            "an answer younger than this is not asked for again",
        ),
        V(
            "GONGMO_REGISTERS_SECONDS",
            "`10`",
            "답을 기다리는 시간(초)",
            "seconds that a register may be silent",
        ),
        V(
            "GONGMO_REGISTERS_RECHECK_DAYS",
            "`30`",
            "협약 중인 기관을 다시 묻는 간격. 0: 묻지 않습니다",
            "how often the organisations of an agreement in force are asked for again; `0`: never",
        ),
        V(
            "GONGMO_REGISTERS_PROXY",
            "none",
            "이 요청에 쓰는 HTTP 프록시",
            "HTTP proxy for these requests (the usual proxy variables are not read)",
        ),
        V("GONGMO_REGISTERS_CA", "the system's", "믿을 인증서 파일", "file of certificates to trust"),
        V(
            "GONGMO_REGISTERS_INVENTED",
            "`0`",
            "1: 가상 기관도 묻습니다 (연습 서버)",
            "`1`: ask for made-up organisations, too (a practice server)",
        ),
    ),
    _group(
        "백업과 옮기기",
        "Backup and moving",
        V(
            "GONGMO_BACKUP_KEY",
            "none: not encrypted",
            "백업을 암호화하는 age 공개 열쇠",
            "age public key (`age1…`) for which `gongmo backup` encrypts; `gongmo backup --new-key` makes a pair",
        ),
        V(
            "GONGMO_BACKUP_SECRET",
            "none",
            "암호화한 백업을 푸는 age 비밀 열쇠. 서버에 두지 않습니다",
            "age secret key with which `gongmo restore` opens one; not kept on the server",
            secret=True,
        ),
        V(
            "GONGMO_TO_DATABASE_URL",
            "none",
            "gongmo move가 옮겨 갈 데이터베이스",
            "database to which `gongmo move` carries the installation, where the command line does not name it",
            secret=True,
        ),
        V(
            "GONGMO_TO_FILES_URL",
            "none",
            "gongmo move가 옮겨 갈 저장소",
            "storage to which `gongmo move` carries the files, where the command line does not name it",
            secret=True,
        ),
    ),
    _group(
        "지켜보기",
        "Watching",
        V("GONGMO_LOG_LEVEL", "`INFO`", "공모 프로그램이 적는 로그의 정도", "how much Gongmo itself logs"),
        V(
            "GONGMO_LOG_FORMAT",
            "`json` on a server, else `text`",
            "로그 모양: json은 한 줄에 JSON 하나, text는 사람이 읽는 줄",
            "`json`: one JSON object a line; `text`: lines for people",
        ),
        V(
            "GONGMO_LOG_TO",
            "`both`",
            "로그를 쓰는 곳: console, file, both",
            "`console` (standard error), `file` (`logs/gongmo.log`) or `both`",
        ),
        V(
            "GONGMO_REQUEST_LOG",
            "`1` on a server, else `0`",
            "요청마다 한 줄을 적습니다 (경로의 무늬, 상태, 시간; 사람도 주소도 적지 않습니다)",
            "one line for each request: route, status, time, statements; no person, no address, no query",
        ),
        V(
            "GONGMO_SLOW_QUERY_MS",
            "`500`",
            "이보다 오래 걸린 SQL 문을 값 없이 적습니다. 0: 적지 않습니다",
            "SQL statements slower than this many milliseconds are logged without their values; `0`: none",
        ),
        V(
            "GONGMO_METRICS_TOKEN",
            "none",
            "/metrics를 여는 토큰(20자 이상), Authorization: Bearer",
            "opens `/metrics` to `Authorization: Bearer …`; at least 20 characters",
            secret=True,
        ),
        V(
            "GONGMO_METRICS_FROM",
            "none",
            "/metrics를 여는 주소나 망(쉼표). 둘 다 없으면 /metrics는 없습니다",
            "addresses or networks to which `/metrics` is open, separated by commas; with neither, there is no `/metrics`",
        ),
        V(
            "GONGMO_CLOCK_TOLERANCE",
            "`2`",
            "데이터베이스 서버의 시계와 이만큼(초) 넘게 다르면 알립니다",
            "seconds by which this machine's clock may differ from the database server's",
        ),
        V(
            "GONGMO_DRAIN_SECONDS",
            "`0`",
            "끌 때 /readyz가 503으로 답하며 기다리는 시간(초). 부하 분산기가 보내기를 멈출 만큼",
            "when stopping, `/readyz` answers 503 for so many seconds before the server stops taking requests: as long as the load balancer needs to notice",
        ),
        V(
            "GONGMO_PLACES",
            "set by `gongmo serve --threads`",
            "한 프로세스가 한꺼번에 처리하는 요청 수",
            "requests that one process works on at a time",
            inner=True,
        ),
        V(
            "GONGMO_RUN",
            "set by `gongmo serve`",
            "서버 프로세스끼리 나누는 폴더",
            "folder that the processes of one server share",
            inner=True,
        ),
    ),
)


def variables() -> tuple[Variable, ...]:
    """Every variable, in the table's order."""
    return tuple(variable for group in GROUPS for variable in group.variables)


def unknown(environment: Iterable[str]) -> list[tuple[str, str]]:
    """Names that look like settings and are none, each with the name that was probably meant, or ""."""
    names = [variable.name for variable in variables()]
    found = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in names and not name.startswith(PREFIX + OWN):
            found.append((name, next(iter(get_close_matches(name, names, n=1, cutoff=0.75)), "")))
    return found


def missing(environment: Mapping[str, str]) -> list[Variable]:
    """Settings that a server installation needs and that are not given."""
    return [each for each in variables() if each.needed and not environment.get(each.name, "").strip()]


def document() -> str:
    """docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "All are environment variables. A wrong value stops the start and names the variable; `gongmo doctor --deploy` checks them all and",
        "tells a misspelt one. Bold: a server installation (`GONGMO_MODE=server`) must set it. This page is made from",
        "`gongmo/operation/variables.py` by `gongmo doctor --settings > docs/settings.md`.",
    ]
    for group in GROUPS:
        lines += [
            "",
            f"## {group.title.en} ({group.title.ko})",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
        ]
        for each in group.variables:
            name = f"**`{each.name}`**" if each.needed else f"`{each.name}`"
            lines.append(f"| {name}{' (secret)' if each.secret else ''} | {each.default} | {each.en} |")
    return "\n".join([*lines, ""])
