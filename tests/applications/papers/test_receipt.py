"""A printed receipt proves itself: the PDF alone is checked offline, and whatever differs is named."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader, PdfWriter

from gongmo.applications.models import ApplicationDocument
from gongmo.applications.queries.receipts import receipt_value
from gongmo.cli.main import main
from gongmo.files.queries import open_file
from gongmo.kernel import clock
from gongmo.ledger import signing
from gongmo.ledger.receipts import ATTACHMENT
from gongmo.parties.models import Person
from tests.builders import AT_OPENING, Submitted, publish_sample_call, submitted_application
from tests.papers.reading import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _while_the_intake_is_open() -> Iterator[None]:
    with clock.at(AT_OPENING + timedelta(days=2)):
        yield


@pytest.fixture
def submitted() -> Submitted:
    return submitted_application(publish_sample_call())


@pytest.fixture
def printed(submitted: Submitted, client: Client, tmp_path: Path) -> Path:
    """The receipt as the lead downloads it."""
    client.force_login(Person.objects.get(pk=submitted.lead.person), backend="gongmo.notices.people.SignedIn")
    response = client.get(f"/applications/{submitted.application.pk}/receipt.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    path = tmp_path / "receipt.pdf"
    path.write_bytes(response.content)
    return path


def verify(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str]:
    """The command's answer: its code and what it says."""
    capsys.readouterr()
    code = main(["receipt", "verify", *map(str, args)])
    told = capsys.readouterr()
    return code, told.out + told.err


def with_receipt(path: Path, receipt: Any) -> Path:
    """The same pages with another receipt inside."""
    writer = PdfWriter(clone_from=PdfReader(path))
    del writer.root_object["/Names"]
    writer.add_attachment(ATTACHMENT, json.dumps(receipt).encode())
    out = io.BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())
    return path


def test_the_printed_receipt_tells_everything_that_the_receipt_holds(submitted: Submitted, printed: Path):
    receipt = receipt_value(submitted.submission)
    manifest = json.loads(receipt["manifest"])

    reader = PdfReader(printed)
    read = squeezed("".join(page.extract_text() for page in reader.pages))

    assert json.loads(reader.attachments[ATTACHMENT][0]) == receipt
    for value in (
        submitted.submission.receipt_number,
        manifest["received_at"],
        manifest["content"]["sha256"],
        submitted.submission.sha256,
        receipt["proof"]["root"],
        receipt["proof"]["signature"],
        signing.public_key(),
        *(file["sha256"] for file in manifest["files"]),
        *(organisation["name"] for organisation in manifest["organisations"]),
    ):
        assert squeezed(value) in read


def test_the_pdf_alone_is_verified_with_the_published_key(printed: Path, capsys: pytest.CaptureFixture[str]):
    code, told = verify(capsys, printed, "--key", signing.public_key())

    assert code == 0, told
    assert "다름" not in told
    assert told.count("맞음") == 6


def test_a_changed_page_a_changed_receipt_and_a_foreign_pdf_are_told(
    submitted: Submitted, printed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    receipt = receipt_value(submitted.submission)
    receipt["manifest"] = receipt["manifest"].replace("plan.pdf", "flan.pdf")
    foreign = tmp_path / "foreign.pdf"
    PdfWriter(clone_from=PdfReader(io.BytesIO(_blank()))).write(foreign)

    code, told = verify(capsys, with_receipt(printed, receipt))
    assert code == 1
    assert "다름  목록의 지문이 기록에 적힌 것과 같습니다" in told
    assert "다름  종이에 적힌 값이 안에 든 접수증과 같습니다: flan.pdf" in told

    assert verify(capsys, foreign)[0] == 2


def _blank() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_each_file_is_compared_and_named(
    submitted: Submitted, printed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "files"
    folder.mkdir()
    documents = list(ApplicationDocument.objects.filter(application=submitted.application))
    for number, document in enumerate(documents):
        with open_file(document.file_id) as handle:
            (folder / f"{number}.pdf").write_bytes(handle.read())
    assert verify(capsys, printed, "--files", folder)[0] == 0

    (folder / "0.pdf").unlink()
    changed = folder / documents[1].name
    (folder / "1.pdf").rename(changed)
    changed.write_bytes(changed.read_bytes().replace(b"PDF-1.4", b"PDF-1.5"))
    code, told = verify(capsys, printed, "--files", folder)

    assert code == 1
    assert f"다름  {documents[0].name}" in told
    assert f"{documents[1].name}: SHA-256" in told
    assert f"≠ {documents[1].file_id}" in told
    assert verify(capsys, printed, "--files", tmp_path / "nowhere")[0] == 2


def test_two_copies_are_compared_place_by_place(
    submitted: Submitted, printed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    receipt = receipt_value(submitted.submission)
    manifest = json.loads(receipt["manifest"])
    manifest["content"]["parts"]["budget"] = "0" * 64
    manifest["title"] = "다른 사업"
    other = tmp_path / "other.json"
    other.write_text(json.dumps({**receipt, "manifest": json.dumps(manifest)}), "utf-8")

    code, told = verify(capsys, printed, "--compare", other)

    assert code == 1
    assert "manifest.title" in told
    assert "다른 사업" in told
    assert "manifest.content.parts.budget" in told
    assert "manifest.summary" not in told
    same = tmp_path / "same.json"
    same.write_text(json.dumps(receipt), "utf-8")
    assert verify(capsys, printed, "--compare", same)[0] == 0


def test_the_receipt_is_printed_in_the_readers_language_within_few_statements(
    submitted: Submitted, client: Client, django_assert_max_num_queries
):
    client.force_login(Person.objects.get(pk=submitted.lead.person), backend="gongmo.notices.people.SignedIn")
    client.get(f"/applications/{submitted.application.pk}/receipt.pdf")

    with django_assert_max_num_queries(14):
        response = client.get(
            f"/applications/{submitted.application.pk}/receipt.pdf", headers={"accept-language": "en"}
        )

    assert response["Content-Disposition"].endswith(f'{submitted.submission.receipt_number}.pdf"')
