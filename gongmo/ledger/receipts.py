"""Receipts that prove themselves: an entry of the record, its way to a signed root, and the text whose hash the entry holds.

Format `gongmo/receipt/1`, a JSON object: `entry` (the entry's canonical JSON), `manifest` (the exact text whose SHA-256 stands in the entry's
payload as `manifest_sha256`), and `proof` (index, size, path, root, at, signature, public_key; hashes as hex). Checking one needs no
database, no network and no settings.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongmo.definition.base import Text
from gongmo.kernel.canonical import plain, sha256_hex
from gongmo.ledger import merkle, signing

FORMAT = "gongmo/receipt/1"
ATTACHMENT = "receipt.json"
"""The name under which a printed receipt (PDF) carries the receipt itself."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at, and whether it holds."""

    what: Text
    holds: bool


def receipt_of(entry: str, manifest: str, proof: Any) -> dict[str, Any]:
    """The receipt's plain value from an entry's body, the manifest's text and a `ledger.queries.Inclusion`."""
    return {
        "format": FORMAT,
        "entry": entry,
        "manifest": manifest,
        "proof": {
            "index": proof.index,
            "size": proof.size,
            "path": list(proof.path),
            "root": proof.root,
            "at": plain(proof.at),
            "signature": proof.signature,
            "public_key": proof.public_key,
        },
    }


def check(receipt: Any, *, public_key: str | None = None) -> list[Checked]:
    """Look at everything that a receipt claims, in order. `public_key` (64 hex digits) is the one that the agency published.

    Raises ValueError when the value is no receipt of this format.
    """
    try:
        if receipt["format"] != FORMAT:
            raise ValueError("another format")
        entry, manifest, proof = receipt["entry"], receipt["manifest"], receipt["proof"]
        body = json.loads(entry)
        told = body["payload"]["manifest_sha256"]
        number = body["payload"]["receipt_number"]
        leaf = merkle.leaf_hash(bytes.fromhex(sha256_hex(entry)))
        path = [bytes.fromhex(step) for step in proof["path"]]
        root, size, index = proof["root"], int(proof["size"]), int(proof["index"])
        message = signing.statement(size, root, datetime.fromisoformat(proof["at"]))
        own = json.loads(manifest)
        checked = [
            Checked(
                Text(
                    ko="목록의 지문이 기록에 적힌 것과 같습니다",
                    en="The manifest's hash is the one in the record",
                ),
                sha256_hex(manifest) == told,
            ),
            Checked(
                Text(
                    ko="접수번호와 접수 시각이 목록과 기록에서 같습니다",
                    en="Manifest and record name the same receipt number and instant",
                ),
                own["receipt_number"] == number and own["received_at"] == body["payload"]["received_at"],
            ),
            Checked(
                Text(ko="이 기록은 서명된 기록 안에 있습니다", en="The entry stands in the signed record"),
                body["sequence"] == index + 1
                and merkle.verify_inclusion(leaf, index, size, path, bytes.fromhex(root)),
            ),
            Checked(
                Text(ko="서명이 맞습니다", en="The signature holds"),
                signing.verify(message, proof["signature"], proof["public_key"]),
            ),
        ]
        if public_key is not None:
            checked.append(
                Checked(
                    Text(ko="알려진 공개키로 서명했습니다", en="It is signed with the published key"),
                    str(proof["public_key"]).lower() == public_key.strip().lower(),
                )
            )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a receipt of {FORMAT}: {error}") from error
    return checked
