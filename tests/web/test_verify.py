"""The public page that checks receipts."""

import io
import json
import resource
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, StreamObject

from gongmo.applications.queries.receipts import receipt_value
from gongmo.cli.receipt_reading import PAGES, PAGES_LIMIT, read_receipt
from gongmo.kernel.errors import BadInput
from gongmo.ledger.receipts import ATTACHMENT
from gongmo.web import verify
from tests.builders import pdf, publish_sample_call, submitted_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt() -> dict[str, Any]:
    cache.clear()
    return receipt_value(submitted_application(publish_sample_call()).submission)


def check(value: bytes, **files: Any) -> str:
    given = {"receipt": SimpleUploadedFile("receipt.json", value), **files}
    return Client().post("/record/verify/", given).content.decode()


def test_a_genuine_receipt_is_told_with_its_number(receipt: dict[str, Any]) -> None:
    html = check(json.dumps(receipt).encode())

    assert "진짜 접수증입니다" in html
    assert "sample-call-0001" in html


def test_a_changed_letter_is_told_as_what_it_is(receipt: dict[str, Any]) -> None:
    receipt["manifest"] = receipt["manifest"].replace("가상 사업", "가짜 사업")

    html = check(json.dumps(receipt).encode())

    assert "맞지 않는 곳이 있습니다" in html
    assert "목록의 지문" in html


def test_files_beside_are_named_one_by_one(receipt: dict[str, Any]) -> None:
    manifest = json.loads(receipt["manifest"])
    first = manifest["files"][0]
    member = first["organisation"] or 0
    good = pdf(f"{first['kind']} {member}").read()
    other = SimpleUploadedFile(manifest["files"][1]["name"], b"%PDF-1.4 something else")

    html = check(json.dumps(receipt).encode(), files=[SimpleUploadedFile(first["name"], good), other])

    assert "맞지 않는 곳이 있습니다" in html
    assert first["name"] in html
    assert "SHA-256" in html


@pytest.mark.parametrize(
    "value", [b"{}", b"\x00\xff", b"%PDF-1.4 broken", b"[" * 100_000, b"<script>alert(1)</script>"]
)
def test_what_is_no_receipt_is_refused_in_words(value: bytes) -> None:
    cache.clear()

    html = check(value)

    assert "접수증으로 읽을 수 없는 파일입니다" in html
    assert "alert(1)" not in html


def test_no_file_and_a_huge_file_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_RECEIPT", 10)

    assert "골라 주세요" in Client().post("/record/verify/", {}).content.decode()
    assert "5 MB" in check(b"{" * 11)


def test_one_network_cannot_keep_the_server_busy(
    receipt: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "A_MINUTE", 1)
    given = {"receipt": SimpleUploadedFile("receipt.json", b"{")}
    Client(REMOTE_ADDR="2001:db8::1").post("/record/verify/", given)

    again = Client(REMOTE_ADDR="2001:db8::2").post("/record/verify/", given)

    assert "1분 뒤에" in again.content.decode()
    assert (again.status_code, again["Retry-After"]) == (429, "60")


def test_while_one_receipt_is_checked_others_are_told_at_once_when_to_come_again() -> None:
    with verify._one:
        given = {"receipt": SimpleUploadedFile("receipt.json", b"{}")}
        answer = Client().post("/record/verify/", given)

    assert (answer.status_code, answer["Retry-After"]) == (503, verify.AGAIN)
    assert "다른 접수증을 확인하고 있습니다" in answer.content.decode()


def test_a_check_that_works_too_long_is_stopped_and_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "receipt").write_bytes(b"{}")

    with pytest.raises(BadInput) as told:
        # Loading the program alone takes longer than no time at all.
        verify._run(["receipt", "verify", str(tmp_path / "receipt"), "--json"], tmp_path, wall=0.0)

    assert told.value.code == "check_too_long"


@pytest.mark.parametrize(("pages", "words"), [(PAGES + 1, 1), (2, PAGES_LIMIT // 2 + 1)])
def test_a_small_pdf_with_more_on_its_pages_than_a_receipt_has_is_not_read(
    tmp_path: Path, pages: int, words: int
) -> None:
    writer = PdfWriter()
    writer.add_attachment(ATTACHMENT, b"{}")
    held = DecodedStreamObject()
    held.set_data(b" " * words)
    shared = writer._add_object(held.flate_encode())
    for _ in range(pages):
        writer.add_blank_page(100, 100)[NameObject("/Contents")] = shared
    writer.write(tmp_path / "receipt.pdf")

    with pytest.raises(ValueError, match="more than"):
        read_receipt(tmp_path / "receipt.pdf")


def test_a_small_pdf_that_unpacks_to_gigabytes_gets_no_more_memory_than_a_check_may_have(
    tmp_path: Path,
) -> None:
    # 60 MB of nested JSON behind a few hundred KB: parsed, it would take gigabytes.
    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("receipt.json", b"[" + b"[]," * 20_000_000 + b"[]]")
    for number, held in enumerate(writer._objects):
        if isinstance(held, StreamObject) and len(held.get_data()) > 1000:
            writer._objects[number] = held.flate_encode()
    writer.write(out)
    assert len(out.getvalue()) < 1_000_000
    (tmp_path / "receipt").write_bytes(out.getvalue())

    with pytest.raises(BadInput):
        verify._run(["receipt", "verify", str(tmp_path / "receipt"), "--json"], tmp_path)

    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= verify.MEMORY // 1024
