"""Outside registers: keys, addresses, limits."""

from gongmo.operation.variables.base import V, group

GROUPS = (
    group(
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
)
