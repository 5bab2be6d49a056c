"""Damaged files and texts of any kind: every reader answers with what it read or with one of its own refusals, and nothing else.

Each run tries a few dozen for each reader; `make fuzz` (GONGMO_TEST_FUZZ=3000) tries that many, other ones each time.
"""

import contextlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongmo.applications.member_file import unpacked
from gongmo.cli.receipt_reading import read_receipt
from gongmo.definition.loader import parse_application, parse_definition
from gongmo.definition.problems import Unusable
from gongmo.evaluation import pool_file
from gongmo.files.extract import read as extract
from gongmo.files.kinds import Unfit, kind_of
from gongmo.files.names import safe_name
from gongmo.kernel import sheets
from gongmo.kernel.errors import BadInput
from gongmo.kernel.tables import read_table
from gongmo.ledger import receipts
from gongmo.papers import to_hwpx
from gongmo.similarity.reading import rows_of
from tests.builders import pdf
from tests.files import samples
from tests.papers.samples import paper
from tests.sample_call import sample_definition
from tests.security.fuzzing import bent, damaged, odd_texts

MANY = int(os.environ.get("GONGMO_TEST_FUZZ", "0"))
tries = settings(
    max_examples=MANY or 40,
    deadline=None,
    derandomize=not MANY,
    suppress_health_check=list(HealthCheck),
)

HEADS = ["기관", "사업자등록번호", "역할", "전자우편", "과제명", "연구목표", "이름", "표시 이름"]
ROW = ["가상 기관", "123-45-67890", "참여기관", "a@example.com", "가상 과제", "목표", "평가위원 B", "B"]
TABLES = [sheets.to_xlsx("표", HEADS, [ROW, ROW]), sheets.to_csv(HEADS, [ROW, ROW])]
DEFINITION = json.loads(sample_definition().model_dump_json(exclude_none=True))
APPLICATION = {"format": "gongmo/application/1", "call": "a", "title": "가상 사업"}
RECEIPT = {
    "format": "gongmo/receipt/1",
    "entry": json.dumps({"sequence": 1, "payload": {"manifest_sha256": "0" * 64, "receipt_number": "a-0001", "received_at": "2030-01-01T00:00:00+00:00"}}),
    "manifest": json.dumps({"receipt_number": "a-0001", "received_at": "2030-01-01T00:00:00+00:00", "files": []}),
    "proof": {"path": ["0" * 64], "root": "0" * 64, "size": 2, "index": 0, "at": "2030-01-01T00:00:00+00:00", "signature": "0" * 128, "public_key": "0" * 64},
}  # fmt: skip


def no_trouble(function: Callable[[], Any], *refusals: type[Exception]) -> None:
    """It answers, or refuses in one of these ways."""
    with contextlib.suppress(*refusals):
        function()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "file"


@tries
@given(
    damaged([json.dumps(DEFINITION, ensure_ascii=False).encode()]),
    st.sampled_from(["call.yaml", "call.json"]),
)
def test_damaged_definitions_are_refused_in_words(data: bytes, name: str) -> None:
    no_trouble(lambda: parse_definition(data, name), Unusable)


@settings(tries, max_examples=MANY or 8)
@given(bent(DEFINITION))
def test_definitions_with_values_of_another_kind_are_refused_in_words(value: Any) -> None:
    no_trouble(lambda: parse_definition(json.dumps(value).encode(), "call.json"), Unusable)


@tries
@given(bent(APPLICATION) | damaged([json.dumps(APPLICATION).encode()]))
def test_application_files_are_refused_in_words(value: Any) -> None:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()

    no_trouble(lambda: parse_application(data, "application.yaml"), Unusable)


@tries
@given(damaged(TABLES) | st.binary(max_size=200), st.sampled_from(["a.xlsx", "a.csv", "a.txt", "a"]))
def test_tables_are_refused_in_words(data: bytes, name: str) -> None:
    no_trouble(lambda: read_table(name, data), BadInput)
    no_trouble(lambda: pool_file.read(name, data, {"경상남도": "KR-48"}), BadInput)


@tries
@given(damaged(TABLES) | st.binary(max_size=200), st.sampled_from(["a.xlsx", "a.csv", "a.tsv"]))
def test_lists_of_earlier_projects_are_refused_in_words(place: Path, data: bytes, name: str) -> None:
    place.write_bytes(data)

    no_trouble(lambda: list(rows_of(place, name)), BadInput)


@tries
@given(bent([[1, "가상 기관", "123-45-67890", "partner", "a@example.com"]]) | odd_texts)
def test_rows_that_come_back_from_a_browser_are_refused_in_words(value: Any) -> None:
    no_trouble(lambda: unpacked(value if isinstance(value, str) else json.dumps(value)), BadInput)


FILES = [samples.PDF, samples.PNG, samples.JPG, samples.HWPX, samples.HWP, samples.ZIP, samples.PPTX, samples.DOCX, samples.XLSX]  # fmt: skip


@tries
@given(damaged([*FILES, pdf().getvalue(), TABLES[0]]))
def test_the_kind_of_any_file_is_told_or_it_is_unfit(data: bytes) -> None:
    no_trouble(lambda: kind_of(io.BytesIO(data), len(data)), Unfit)


@pytest.fixture(scope="module")
def written() -> dict[str, list[bytes]]:
    """Files as people hand them in, by kind."""
    hwpx = to_hwpx(paper())
    return {
        "pdf": [pdf("words").getvalue(), samples.PDF],
        "hwpx": [hwpx, samples.HWPX],
        "hwp": [samples.HWP],
        "pptx": [samples.PPTX],
        "docx": [samples.DOCX],
        "xlsx": [TABLES[0], samples.XLSX],
        "png": [samples.PNG],
        "jpg": [samples.JPG],
        "zip": [samples.archive({"a.hwpx": hwpx, "b.pdf": samples.PDF, "가.txt": b"a"}), samples.ZIP],
    }


@pytest.mark.parametrize("kind", ["pdf", "hwpx", "hwp", "pptx", "docx", "xlsx", "png", "jpg", "zip"])
def test_texts_of_damaged_documents_are_told_or_called_broken(
    written: dict[str, list[bytes]], kind: str
) -> None:
    @settings(tries, max_examples=MANY or 15)
    @given(damaged(written[kind]))
    def each(data: bytes) -> None:
        for told in extract(kind, io.BytesIO(data)):
            json.dumps(told)

    each()


@tries
@given(bent(RECEIPT) | damaged([json.dumps(RECEIPT).encode()]), odd_texts)
def test_receipts_are_checked_or_refused_in_words(place: Path, value: Any, key: str) -> None:
    place.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())

    def check() -> None:
        found, _ = read_receipt(place)
        assert not all(each.holds for each in receipts.check(found, public_key=key))

    no_trouble(check, ValueError)


@tries
@given(damaged([pdf("words").getvalue()]))
def test_printed_receipts_are_read_or_refused_in_words(place: Path, data: bytes) -> None:
    place.write_bytes(data)

    no_trouble(lambda: read_receipt(place), ValueError)


@tries
@given(odd_texts)
def test_any_name_becomes_one_that_is_safe(name: str) -> None:
    safe = safe_name(name)

    assert safe
    assert len(safe) <= 180
    safe.encode()
    assert "/" not in safe
    assert "\0" not in safe
    assert safe not in (".", "..")


@tries
@given(st.lists(odd_texts, min_size=1, max_size=3))
def test_any_text_comes_back_from_a_spreadsheet_as_text(row: list[str]) -> None:
    for name, data in (
        ("a.csv", sheets.to_csv(["하나"], [row])),
        ("a.xlsx", sheets.to_xlsx("표", ["하나"], [row])),
    ):
        cells = [cell for _, cells in read_table(name, data) for cell in cells]
        assert not any(str(cell).startswith(("=", "+", "-", "@", "\t")) and name == "a.csv" for cell in cells)
        assert not any(type(cell).__name__ == "Formula" for cell in cells)
