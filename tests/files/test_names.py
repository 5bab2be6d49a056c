"""Names of files are data from people: shown safely, never used as paths."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.files.names import LONGEST, extension_of, safe_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("사업계획서.hwpx", "사업계획서.hwpx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\계획서.pdf", "계획서.pdf"),
        ("계획서\u202efdp.exe", "계획서fdp.exe"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("   ", "파일"),
        ("..", "파일"),
        ("<script>.pdf", "_script_.pdf"),
    ],
)
def test_names_are_shown_safely(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown


def test_korean_letters_taken_apart_are_put_together() -> None:
    assert safe_name(unicodedata.normalize("NFD", "계획서.pdf")) == "계획서.pdf"


@given(st.text())
def test_any_name_becomes_one_short_line_without_separators(name: str) -> None:
    shown = safe_name(name)

    assert 0 < len(shown) <= LONGEST
    assert not set(shown) & set('/\\\r\n\0"')
    assert safe_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "extension"), [("a.PDF", "pdf"), ("a.jpeg", "jpg"), ("a", ""), ("a.tar.gz", "gz")]
)
def test_extension(name: str, extension: str) -> None:
    assert extension_of(name) == extension
