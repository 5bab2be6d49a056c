"""A paper with every kind of block, in awkward words."""

from datetime import UTC, datetime

from gongmo.papers import (
    Column,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Qr,
    SignatureLine,
    Signatures,
    Signed,
    Table,
)

STROKES = (((100, 100), (300, 20), (500, 200), (800, 60)), ((200, 20),))
HOSTILE = '#panic("x") $x$ *굵게* <b>태그</b> & "따옴표" \\ {중괄호} =SUM(A1) @@footer@@'
SIGNED = Signed("김담당", "2030. 2. 10.", "원장", STROKES)


def paper(**changes: object) -> Paper:
    """Every block once; a table over several pages."""
    values: dict[str, object] = {
        "title": "가상 협약서",
        "subtitle": "가상 테크노파크",
        "number": "제출서류 3",
        "running": "가상 연습 공모",
        "footer": "연습용 가상 자료",
        "author": "가상 테크노파크",
        "at": datetime(2030, 2, 10, 1, 2, 3, tzinfo=UTC),
        "blocks": (
            Facts(
                (("사업명", "가상 사업"), ("총사업비", "23,340,000,000원 (233억 4,000만원)"), ("주소", "–")),
                2,
            ),
            Heading("개요"),
            Paragraph("첫째 줄입니다.\n둘째 줄입니다."),
            Paragraph(HOSTILE, "quiet"),
            Heading("세부", 2),
            Items(("하나", "둘"), True),
            Items(("가", "나")),
            Table(
                (Column("기관", "head", 40), Column("역할", "center"), Column("금액", "number", 30)),
                tuple(
                    (f"가상 기관 {number}", "참여기관", f"{number * 1_234_567:,}") for number in range(1, 61)
                ),
                "기관별",
                (("합계", "", f"{sum(number * 1_234_567 for number in range(1, 61)):,}"),),
                "단위: 원",
            ),
            Note("덧붙이는 말입니다.", "알림"),
            PageBreak(),
            Qr("https://example.org/r/1", "주소를 여는 코드입니다.", "확인"),
            Signatures(
                (
                    SignatureLine("가상 테크노파크", "원장", "김담당", SIGNED),
                    SignatureLine("가상 대학", "총장", "이담당"),
                ),
                "(서명 또는 인)",
                "20  년  월  일",
            ),
            Paragraph("가상 전담기관 귀하", "addressee"),
        ),
    }
    return Paper(**{**values, **changes})  # type: ignore[arg-type]
