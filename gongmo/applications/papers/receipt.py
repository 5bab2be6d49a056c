"""The receipt on paper: when the server received what, every file's hash, each channel's state, and the proof that the record holds it.

The PDF carries the receipt itself (format gongmo/receipt/1) as an attachment, so that `gongmo receipt verify` checks the paper alone.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from gongmo.applications.papers.wording import BLANK, Tongue
from gongmo.applications.values import CONSENTS
from gongmo.definition.model import Definition
from gongmo.kernel.korean import stamp
from gongmo.ledger.receipts import ATTACHMENT
from gongmo.papers import Attachment, Block, Column, Facts, Heading, Language, Note, Paper, Qr, Table


class ChannelLine(NamedTuple):
    """What came by another channel: its name, until when it counts, when it came (None: not yet), and its state in words."""

    name: str
    due_on: date | None
    arrived_on: date | None
    state: str


def receipt_text(receipt: Mapping[str, Any]) -> str:
    """The receipt as the text of its file."""
    return json.dumps(receipt, ensure_ascii=False, indent=1) + "\n"


def receipt_paper(
    receipt: Mapping[str, Any],
    definition: Definition,
    *,
    channels: Sequence[ChannelLine] = (),
    address: str = "",
    language: Language = "ko",
) -> Paper:
    """A submission's receipt (gongmo/receipt/1) as a paper. `address` is where anyone can check it, for the code; its root stands behind it."""
    tongue = Tongue(language)
    manifest: dict[str, Any] = json.loads(receipt["manifest"])
    proof = receipt["proof"]
    received = datetime.fromisoformat(manifest["received_at"])
    names = {item["id"]: item["name"] for item in manifest["organisations"]}
    blocks: list[Block] = [
        Facts(
            (
                (tongue.t("접수번호", "Receipt number"), manifest["receipt_number"]),
                (tongue.t("공고", "Call"), tongue.say(definition.title)),
                (tongue.t("사업명", "Project"), manifest["title"]),
                (
                    tongue.t("서버가 받은 시각", "Received by the server"),
                    tongue.t(
                        f"{stamp(received, seconds=True)} (한국 시각)",
                        f"{stamp(received, seconds=True)} (Korea time)",
                    ),
                ),
                (tongue.t("같은 시각 (ISO)", "The same instant (ISO)"), manifest["received_at"]),
                (
                    tongue.t("접수 마감", "Deadline"),
                    stamp(definition.intake.closes, seconds=True),
                ),
                (
                    tongue.t("확인한 공고의 판", "Checked under"),
                    tongue.t(
                        f"제{manifest['call']['version']}판",
                        f"version {manifest['call']['version']}",
                    ),
                ),
            )
        ),
        Heading(
            tongue.t(f"받은 파일 {len(manifest['files']):,}개", f"{len(manifest['files']):,} files received")
        ),
        _files(manifest, definition, names, tongue),
        Heading(tongue.t("컨소시엄과 동의", "Consortium and consents")),
        _organisations(manifest, definition, tongue),
    ]
    if channels:
        blocks += [
            Heading(tongue.t("다른 방법으로 보낸 것", "What came by other ways")),
            Table(
                (
                    Column(tongue.t("방법", "Way"), "head", 34),
                    Column(tongue.t("기한", "Due on"), "center", 20),
                    Column(tongue.t("도착", "Arrived"), "center", 20),
                    Column(tongue.t("상태", "State"), "center", 20),
                ),
                tuple(
                    (line.name, tongue.day(line.due_on), tongue.day(line.arrived_on), line.state)
                    for line in channels
                ),
            ),
        ]
    blocks += [
        Heading(tongue.t("증명", "Proof")),
        Facts(
            (
                (tongue.t("신청 내용의 지문", "Hash of the content"), manifest["content"]["sha256"]),
                (tongue.t("접수 목록의 지문", "Hash of the manifest"), _told_hash(receipt)),
                (
                    tongue.t("기록 속의 자리", "Place in the record"),
                    tongue.t(
                        f"{proof['index'] + 1:,}번째 / 서명한 {proof['size']:,}건",
                        f"entry {proof['index'] + 1:,} of the {proof['size']:,} signed",
                    ),
                ),
                (tongue.t("기록의 뿌리", "Root of the record"), proof["root"]),
                (tongue.t("서명한 시각", "Signed at"), proof["at"]),
                (tongue.t("서명 (Ed25519)", "Signature (Ed25519)"), _in_lines(proof["signature"])),
                (tongue.t("공개키", "Public key"), proof["public_key"]),
            )
        ),
        Note(
            tongue.t(
                "이 PDF에는 접수증 자료(receipt.json)가 들어 있습니다. 인터넷 없이 확인하려면 이렇게 합니다.\n"
                "gongmo receipt verify 이 파일.pdf --key 기관이 알린 공개키 --files 제출한 파일이 있는 폴더\n"
                "글자 하나, 파일의 바이트 하나만 달라져도 무엇이 다른지 알려 줍니다.",
                "This PDF carries the receipt's data (receipt.json). To check it without the internet:\n"
                "gongmo receipt verify this-file.pdf --key the-published-key --files folder-of-the-files\n"
                "If a letter or a byte of a file differs, it says which.",
            ),
            tongue.t("확인하는 방법", "How to check it"),
        ),
    ]
    if address:
        blocks.append(
            Qr(
                f"{address}#{proof['root']}",
                f"{address}\n"
                + tongue.t("기록의 뿌리 ", "Root of the record ")
                + f"{proof['root'][:16]}…{proof['root'][-8:]}",
                tongue.t("접수증 확인하기", "Check this receipt"),
            )
        )
    return Paper(
        title=tongue.t("접수증", "Receipt"),
        number=manifest["receipt_number"],
        running=tongue.say(definition.title),
        footer=tongue.t("서버가 기록한 내용으로 작성했습니다.", "Written from what the server has recorded."),
        language=language,
        at=received,
        blocks=tuple(blocks),
        attachments=(
            Attachment(
                ATTACHMENT,
                receipt_text(receipt),
                "application/json",
                tongue.t("접수증 자료", "The receipt's data"),
            ),
        ),
    )


def _told_hash(receipt: Mapping[str, Any]) -> str:
    return str(json.loads(receipt["entry"])["payload"]["manifest_sha256"])


def _in_lines(hexadecimal: str) -> str:
    """128 hex digits in two lines."""
    return f"{hexadecimal[:64]}\n{hexadecimal[64:]}" if len(hexadecimal) > 64 else hexadecimal


def _files(
    manifest: Mapping[str, Any], definition: Definition, names: Mapping[int, str], tongue: Tongue
) -> Table:
    kinds = {kind.id: tongue.say(kind.name) for kind in definition.documents}
    return Table(
        (
            Column(tongue.t("문서", "Document"), "head", 24),
            Column(tongue.t("기관", "Organisation"), "text", 20),
            Column(tongue.t("파일과 지문 (SHA-256)", "File and hash (SHA-256)"), "text", 66),
            Column(tongue.t("바이트", "Bytes"), "number", 16),
        ),
        tuple(
            (
                kinds.get(item["kind"], item["kind"]),
                names.get(item["organisation"], BLANK),
                f"{item['name']}\n{item['sha256'][:32]}\n{item['sha256'][32:]}",
                f"{item['size']:,}",
            )
            for item in manifest["files"]
        ),
    )


def _organisations(manifest: Mapping[str, Any], definition: Definition, tongue: Tongue) -> Table:
    roles = {role.id: tongue.say(role.name) for role in definition.consortium.roles}
    kinds = {kind.id: tongue.say(kind.name) for kind in CONSENTS}
    given: dict[int, list[str]] = {}
    for item in manifest["consents"]:
        said = kinds.get(item["kind"], item["kind"])
        if not item["given"]:
            said += tongue.t(" (동의하지 않음)", " (not given)")
        given.setdefault(item["organisation"], []).append(said)
    return Table(
        (
            Column(tongue.t("기관", "Organisation"), "head", 30),
            Column(tongue.t("역할", "Role"), "text", 20),
            Column(tongue.t("동의", "Consents"), "text", 60),
        ),
        tuple(
            (
                item["name"],
                roles.get(item["role"], item["role"]),
                ", ".join(given.get(item["id"], ())) or BLANK,
            )
            for item in manifest["organisations"]
        ),
        caption=tongue.t(
            f"모두 {len(manifest['organisations']):,}곳", f"{len(manifest['organisations']):,} organisations"
        ),
    )
