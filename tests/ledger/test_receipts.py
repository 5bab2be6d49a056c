"""A receipt proves itself without the server, and any change to it shows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gongmo.cli.main import main
from gongmo.kernel import clock
from gongmo.kernel.actor import system
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.ledger import queries, signing
from gongmo.ledger.commands import append, checkpoint
from gongmo.ledger.models import Entry
from gongmo.ledger.receipts import check, receipt_of

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2025, 8, 29, 7, 59, 59, 999999, tzinfo=UTC)
CONTENT = b"a plan"
MANIFEST = canonical_json(
    {
        "receipt_number": "sample-0001",
        "received_at": RECEIVED,
        "files": [{"name": "계획서.pdf", "sha256": sha256_hex(CONTENT)}],
    }
)


@pytest.fixture
def receipt() -> dict[str, Any]:
    with transaction.atomic(), clock.at(RECEIVED):
        for number in range(1, 6):
            entry = append(
                actor=system(),
                act="tests.submit",
                subject=("application", number),
                payload={
                    "receipt_number": "sample-0001",
                    "received_at": RECEIVED,
                    "manifest_sha256": sha256_hex(MANIFEST),
                    "number": number,
                },
            )
    checkpoint(actor=system())
    proof = queries.prove(entry.sequence - 2)
    assert proof is not None
    return receipt_of(Entry.objects.get(pk=entry.sequence - 2).body, MANIFEST, proof)


def verdicts(receipt: Any, **more: Any) -> list[bool]:
    return [each.holds for each in check(receipt, **more)]


def test_a_receipt_holds_and_survives_being_written_and_read(receipt: dict[str, Any]) -> None:
    assert verdicts(json.loads(json.dumps(receipt))) == [True] * 4
    assert verdicts(receipt, public_key=signing.public_key()) == [True] * 5


def change_manifest(receipt: dict[str, Any]) -> None:
    receipt["manifest"] = receipt["manifest"].replace("계획서", "다른 계획서")


def change_instant(receipt: dict[str, Any]) -> None:
    receipt["entry"] = receipt["entry"].replace("07:59:59.999999Z", "06:59:59.999999Z")


def change_place(receipt: dict[str, Any]) -> None:
    receipt["proof"]["index"] += 1


def change_root(receipt: dict[str, Any]) -> None:
    receipt["proof"]["root"] = "0" * 64


def change_signing_time(receipt: dict[str, Any]) -> None:
    receipt["proof"]["at"] = "2025-08-29T08:00:00Z"


@pytest.mark.parametrize(
    "change", [change_manifest, change_instant, change_place, change_root, change_signing_time]
)
def test_any_change_shows(receipt: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    change(receipt)

    assert not all(verdicts(receipt))


def test_another_key_shows_when_the_published_one_is_known(receipt: dict[str, Any]) -> None:
    assert verdicts(receipt, public_key="0" * 64) == [True] * 4 + [False]


@pytest.mark.parametrize(
    "value", [{}, [], None, {"format": "other"}, {"format": "gongmo/receipt/1", "entry": "{"}]
)
def test_what_is_no_receipt_is_told(value: Any) -> None:
    with pytest.raises(ValueError, match="not a receipt"):
        check(value)


def test_command_verifies_a_file_and_the_files_beside_it(
    receipt: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "receipt.json", tmp_path / "mine"
    file.write_text(json.dumps(receipt), "utf-8")
    folder.mkdir()

    assert main(["receipt", "verify", str(file), "--key", signing.public_key()]) == 0
    assert main(["receipt", "verify", str(file), "--files", str(folder)]) == 1
    (folder / "plan.pdf").write_bytes(CONTENT)
    assert main(["receipt", "verify", str(file), "--files", str(folder)]) == 0
    assert "sample-0001" in capsys.readouterr().out
    file.write_text("{}", "utf-8")
    assert main(["receipt", "verify", str(file)]) == 2
