"""Where an installation runs, its secrets, and the addresses by which it is reached."""

from gongmo.operation.variables.base import V, group

GROUPS = (
    group(
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
    group(
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
    group(
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
)
