"""The page that shows every macro at work: for those who write pages, in rehearsals and with DEBUG only."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongmo.kernel import clock, korean
from gongmo.kernel.states import Family, Shown


@dataclass(frozen=True, slots=True)
class _Text:
    ko: str
    en: str


def design(request: HttpRequest) -> HttpResponse:
    """GET: every macro with made-up data. 404 outside rehearsals and DEBUG."""
    if not (settings.DEBUG or settings.GONGMO_REHEARSAL_MARK.exists()):
        raise Http404
    return render(request, "design.html", samples())


def samples() -> dict[str, Any]:
    """Made-up data for each macro: no real call, organisation or person."""
    now = clock.now()
    return {
        "shown": Shown("제출", "Submitted", Family.DONE),
        "now": now,
        "soon": now + timedelta(days=2, hours=3, minutes=14, seconds=22),
        "today": now + timedelta(hours=5, minutes=1),
        "past": now - timedelta(minutes=1),
        "steps": _steps(),
        "findings": _findings(),
        "clause_text": _Text(
            "총사업비 가운데 국비는 100분의 60을 넘지 않는다. 지방비는 100분의 20 이상으로 한다.",
            "National money is at most 60 % of the total cost; local money is at least 20 %.",
        ),
        "sources": _sources(),
        "total": 5_200_000_000,
        "source_rows": [
            [one["label"], f"{one['amount']:,}", korean.percent(one["amount"], 5_200_000_000)]
            for one in _sources()
        ],
        "budget_rows": _budget_rows(),
        "ranking": _ranking(),
        "columns": _board(),
        "history": [
            {
                "at": now - timedelta(minutes=minutes),
                "actor": actor,
                "role": role,
                "what": _Text(ko, en),
                "sequence": number,
            }
            for minutes, actor, role, ko, en, number in (
                (12, "담당자 A", "전담기관", "보완을 요청했습니다", "Asked for a supplement", 1284),
                (190, "담당자 B", "주관기관", "신청서를 제출했습니다", "Submitted the application", 1201),
                (2900, "담당자 B", "주관기관", "참여기관을 초대했습니다", "Invited a partner", 1130),
            )
        ],
        "rates": [
            {"label": "지난해", "value": Decimal("21.4")},
            {"label": "올해", "value": Decimal("34.9"), "emphasis": True},
            {"label": "목표", "value": Decimal("45.0"), "note": "협약서의 성과지표"},
        ],
        "marks": [
            {"label": label, "count": count}
            for label, count in (("60", 1), ("70", 2), ("80", 5), ("90", 4), ("100", 1))
        ],
        "options": [("", "지역을 골라 주세요"), ("a", "가나도"), ("b", "다라시"), ("c", "마바도")],
        "kinds": [
            ("cash", "현금", "계좌로 내는 돈입니다."),
            ("in_kind", "현물", "인건비나 쓰던 장비로 부담합니다."),
        ],
    }


def _steps() -> list[dict[str, Any]]:
    words = (
        ("공고", "Call", "done", "7. 1."),
        ("접수", "Applications", "done", "8. 14. 마감"),
        ("적격성", "Eligibility", "current", "8. 20.까지"),
        ("서면평가", "Desk", "coming", ""),
        ("발표평가", "Presentation", "coming", ""),
        ("선정", "Selection", "coming", ""),
        ("협약", "Agreement", "coming", ""),
    )
    return [{"label": _Text(ko, en), "state": state, "note": note} for ko, en, state, note in words]


def _findings() -> list[dict[str, Any]]:
    def text(ko: str, en: str) -> _Text:
        return _Text(ko, en)

    return [
        {
            "status": "fail",
            "clause": "가-8",
            "message": text("국비가 1억 8천만원 넘습니다.", "National money is 180,000,000 won too much."),
            "observed": text("3,300,000,000원 (63.46 %)", "3,300,000,000 won (63.46 %)"),
            "required": text("60 % 이하", "at most 60 %"),
            "remedy": text(
                "국비 현금을 180,000,000원 줄이고 같은 금액을 지방비로 옮겨 주세요.",
                "Move 180,000,000 won from national to local cash.",
            ),
        },
        {
            "status": "unknown",
            "clause": None,
            "is_default": True,
            "message": text(
                "참여기관 한 곳의 휴·폐업 여부를 아직 확인하지 못했습니다.",
                "The business status of one partner is not known yet.",
            ),
            "observed": text("외부 조회 응답 없음", "no answer from the register"),
            "required": text("영업 중", "active"),
            "remedy": text("사업자등록 상태 증명을 올려 주세요.", "Upload a certificate of business status."),
        },
        {
            "status": "pass",
            "clause": "가-9",
            "message": text("지방비가 20 % 이상입니다.", "Local money is at least 20 %."),
            "observed": text("20.19 %", "20.19 %"),
            "required": text("20 % 이상", "at least 20 %"),
        },
    ]


def _sources() -> list[dict[str, Any]]:
    return [
        {"label": _Text("국비", "National"), "amount": 3_300_000_000, "kind": "national"},
        {"label": _Text("지방비", "Local"), "amount": 1_050_000_000, "kind": "local"},
        {"label": _Text("민간 현금", "Private cash"), "amount": 350_000_000, "kind": "cash"},
        {"label": _Text("민간 현물", "Private in kind"), "amount": 500_000_000, "kind": "in_kind"},
    ]


def _budget_rows() -> list[list[Any]]:
    rows: tuple[tuple[str, str, int, int, int], ...] = (
        ("가나테크노파크", "인건비", 1_200_000_000, 400_000_000, 0),
        ("가나대학교", "교육비", 900_000_000, 350_000_000, 120_000_000),
        ("주식회사 다라", "장비비", 1_200_000_000, 300_000_000, 730_000_000),
    )
    return [[name, kind, *(f"{amount:,}" for amount in amounts)] for name, kind, *amounts in rows]


def _ranking() -> list[dict[str, Any]]:
    rows = (
        (1, "가나도", "88.41", (84, 87, 88, 88, 89, 90, 92), "5위 안에 든 비율 100 %"),
        (2, "다라시", "86.07", (80, 83, 86, 87, 88, 88, 91), "100 %"),
        (3, "마바도", "84.02", (78, 82, 83, 84, 86, 87, 88), "71 %"),
        (4, "사아도", "83.97", (79, 81, 84, 84, 85, 87, 89), "52 % · 0.05점 차"),
        (5, "자차시", "79.30", (70, 76, 78, 80, 81, 84, 85), "3 %"),
    )
    return [
        {
            "rank": rank,
            "label": name,
            "url": "#",
            "score": Decimal(score),
            "scores": [Decimal(one) for one in ones],
            "note": note,
        }
        for rank, name, score, ones, note in rows
    ]


def _board() -> list[dict[str, Any]]:
    return [
        {
            "label": _Text("작성 중", "Being written"),
            "family": "preparing",
            "count": 5,
            "url": "#",
            "cards": [
                {"title": "가나도", "url": "#", "note": "문서 4 / 9"},
                {
                    "title": "다라시",
                    "url": "#",
                    "status": ("attention", "사업비 확인"),
                    "meta": "참여기관 2곳 남음",
                },
            ],
        },
        {
            "label": _Text("제출", "Submitted"),
            "family": "progress",
            "cards": [
                {"title": "마바도", "url": "#", "note": "8. 13. 14:02"},
                {"title": "사아도", "url": "#", "note": "8. 14. 09:40"},
            ],
        },
        {
            "label": _Text("보완 요청", "Supplement"),
            "family": "attention",
            "cards": [{"title": "자차시", "url": "#", "note": "2일 남음", "meta": "주관기관을 기다립니다"}],
        },
        {"label": _Text("적격", "Eligible"), "family": "done", "cards": []},
        {"label": _Text("제외", "Excluded"), "family": "stopped", "cards": []},
    ]
