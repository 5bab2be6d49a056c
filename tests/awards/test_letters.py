"""Official letters read as such letters do: recipient, title, numbered body, enclosures, and "끝." at the end."""

from gongmo.awards.letters import Letter


def test_a_letter_with_enclosures_ends_behind_the_last_one():
    letter = Letter(
        "협약 체결 요청", ("가상 기관 A", "가상 기관 B"), ("공고(2030. 2. 1.)",), "서명해 주시기 바랍니다.",
        ("기간: 2030. 5. 1. ~ 2031. 12. 31.", "기한: 2030. 6. 1."), ("협약서", "사업비"),
    )  # fmt: skip

    assert letter.text() == (
        "수신  가상 기관 A, 가상 기관 B\n제목  협약 체결 요청\n\n1. 관련: 공고(2030. 2. 1.)\n2. 서명해 주시기 바랍니다.\n"
        "  가. 기간: 2030. 5. 1. ~ 2031. 12. 31.\n  나. 기한: 2030. 6. 1.\n\n붙임  1. 협약서 1부.\n      2. 사업비 1부.  끝."
    )


def test_a_letter_without_enclosures_ends_behind_its_body():
    assert Letter("알림", ("가상 기관",), (), "알려 드립니다.").text().endswith("1. 알려 드립니다.  끝.")
