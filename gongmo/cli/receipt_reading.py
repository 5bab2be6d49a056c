"""What `gongmo receipt verify` reads: receipts as JSON or inside a PDF, folders of files, another copy. Names whatever differs."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gongmo.definition.base import Text
from gongmo.kernel.korean import stamp

LIMIT = 20_000_000
"""Bytes that a receipt file may have."""
PAGES, PAGES_LIMIT = 60, 4 * 1024**2
"""Pages of a PDF, and bytes of what stands on all of them: a receipt with 300 files has 19 pages of 1 MB. A small file can hold much more."""
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Found:
    """One more thing that was compared: what, whether it holds, and what differs ("" where it holds)."""

    what: Text
    holds: bool
    differs: str = ""


def read_receipt(path: Path) -> tuple[Any, list[Found]]:
    """The receipt in a file (JSON, or a PDF that carries one), and, of a PDF, whether its pages say the same.

    Raises OSError and ValueError.
    """
    if path.stat().st_size > LIMIT:
        raise ValueError(f"more than {LIMIT:,} bytes")
    data = path.read_bytes()
    if not data.startswith(b"%PDF"):
        return json.loads(data.decode("utf-8")), []
    text, words = _from_pdf(data)
    receipt = json.loads(text)
    return receipt, [_printed(receipt, words)]


def _from_pdf(data: bytes) -> tuple[str, str]:
    # Only a PDF needs the reader.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    from gongmo.ledger.receipts import ATTACHMENT

    try:
        reader = PdfReader(io.BytesIO(data))
        attached = reader.attachments
        if ATTACHMENT not in attached:
            raise ValueError(f"this PDF carries no {ATTACHMENT}")
        text = attached[ATTACHMENT][0].decode("utf-8")
        if len(reader.pages) > PAGES:
            raise ValueError(f"more than {PAGES} pages")
        size = 0
        for page in reader.pages:
            held = page.get_contents()
            size += len(held.get_data()) if held is not None else 0
            if size > PAGES_LIMIT:
                raise ValueError(f"more than {PAGES_LIMIT:,} bytes on its pages")
        return text, "".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, KeyError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise ValueError(f"this PDF cannot be read: {error}") from error


def _printed(receipt: Any, words: str) -> Found:
    """Whether the pages tell the numbers of the receipt inside: a page that was altered would not."""
    try:
        manifest = json.loads(receipt["manifest"])
        proof = receipt["proof"]
        said = [
            manifest["receipt_number"],
            manifest["title"],
            manifest["received_at"],
            stamp(datetime.fromisoformat(manifest["received_at"]), seconds=True),
            manifest["content"]["sha256"],
            proof["root"],
            proof["signature"],
            proof["public_key"],
            *(
                part
                for item in manifest["files"]
                for part in (item["name"], item["sha256"], f"{item['size']:,}")
            ),
            *(item["name"] for item in manifest["organisations"]),
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a receipt: {error}") from error
    read = re.sub(r"\s+", "", words)
    missing = [each for each in map(str, said) if re.sub(r"\s+", "", each) not in read]
    return Found(
        Text(
            ko="종이에 적힌 값이 안에 든 접수증과 같습니다",
            en="The pages tell what the receipt inside says",
        ),
        not missing,
        ", ".join(missing[:5]),
    )


def compare_files(manifest: dict[str, Any], folder: Path) -> list[Found]:
    """Every file of the manifest against a folder: there, missing, or there under its name with other content."""
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder")
    by_hash: set[str] = set()
    by_name: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            by_hash.add(digest)
            by_name.setdefault(path.name, []).append(digest)
    found = []
    for item in manifest["files"]:
        name, sha256 = str(item["name"]), str(item["sha256"])
        if sha256 in by_hash:
            differs = ""
        elif name in by_name:
            differs = f"SHA-256 {by_name[name][0]} ≠ {sha256}"
        else:
            differs = f"{folder}: {_NOTHING}"
        found.append(Found(Text(ko=name, en=name), sha256 in by_hash, differs))
    return found


def compare_receipts(receipt: Any, other: Any) -> list[Found]:
    """Where the manifest, the entry and the proof of two receipts differ, place by place; one line that holds when nowhere."""
    places = [
        *_places("manifest", json.loads(receipt["manifest"]), json.loads(other["manifest"])),
        *_places("entry", json.loads(receipt["entry"]), json.loads(other["entry"])),
    ]
    same = Text(ko="다른 사본과 같습니다", en="The same as the other copy")
    if not places:
        return [Found(same, True)]
    return [Found(Text(ko=place, en=place), False, f"{one} ≠ {two}") for place, one, two in places[:50]]


def _places(where: str, one: Any, two: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(one, dict) and isinstance(two, dict):
        for key in [*one, *(key for key in two if key not in one)]:
            yield from _places(f"{where}.{key}", one.get(key, _NOTHING), two.get(key, _NOTHING))
    elif isinstance(one, list) and isinstance(two, list):
        for place in range(max(len(one), len(two))):
            left = one[place] if place < len(one) else _NOTHING
            right = two[place] if place < len(two) else _NOTHING
            yield from _places(f"{where}.{place + 1}", left, right)
    elif one != two:
        yield where, _short(one), _short(two)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"
