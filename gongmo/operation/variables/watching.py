"""Logs, figures, clocks, and how a server stops."""

from gongmo.operation.variables.base import V, group

GROUPS = (
    group(
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
