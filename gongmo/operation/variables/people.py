"""How people are reached and sign in."""

from gongmo.operation.variables.base import V, group

GROUPS = (
    group(
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
    group(
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
)
