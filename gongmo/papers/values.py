"""A printed paper as one plain value. The same value is written as PDF (`papers.pdf`) and as HWPX (`papers.hwpx`).

All texts are already in the paper's language and already formatted: what stands here is what stands on the page. Text is data,
never markup.
"""

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, Literal

from gongmo.kernel.canonical import canonical_json, plain, sha256_hex

Language = Literal["ko", "en"]
Kind = Literal["text", "head", "number", "center"]
"""How a column stands: running text, the row's name, a figure (right-aligned, tabular) or something short in the middle."""
Stroke = tuple[tuple[int, int], ...]
"""Points of one stroke in thousandths of the signature field's width, y downwards."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. Levels start at 1 and leave none out."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; line ends in it are kept. `manner`: text, lead (larger), center, quiet (small), addressee (large, at the end)."""

    text: str
    manner: Literal["text", "lead", "center", "quiet", "addressee"] = "text"


@dataclass(frozen=True, slots=True)
class Facts:
    """Keys and values, as a table with the keys at the left; with `columns` 2 two pairs stand in a line."""

    rows: tuple[tuple[str, str], ...]
    columns: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. `width` weighs it against the others (whole numbers); None leaves it as wide as its content needs."""

    label: str
    kind: Kind = "text"
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head repeats on every page. Every row and foot row has one text a column. `note` stands above at the right (unit)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    foot: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        for row in (*self.rows, *self.foot):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"a row of {len(row)} texts in a table of {len(self.columns)} columns: {row}"
                )


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `ordered` numbers it."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be noticed, in a box."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature on screen: the signer's name and title, the day in words, and the strokes (none where the name was typed)."""

    name: str
    on: str
    title: str = ""
    drawing: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Where one organisation signs or puts its seal. `title` is the head's title, `name` its name where known."""

    organisation: str
    title: str = ""
    name: str = ""
    signed: Signed | None = None


@dataclass(frozen=True, slots=True)
class Signatures:
    """The places to sign. `seal` is the word at an empty place ("(서명 또는 인)"), `on` the day's blank ("20  년   월   일")."""

    lines: tuple[SignatureLine, ...]
    seal: str
    on: str
    labels: tuple[str, str, str, str, str] = ("기관", "직위", "성명", "서명 또는 인", "날짜")


@dataclass(frozen=True, slots=True)
class Qr:
    """A square code that holds `data`, with `caption` beside it."""

    data: str
    caption: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Heading | Paragraph | Facts | Table | Items | Note | Signatures | Qr | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF (PDF/A-3); an HWPX cannot carry one."""

    name: str
    data: str
    media_type: str
    description: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. `at` is the instant it speaks of: the documents' only date, so that the same paper gives the same bytes.

    `running` stands small at the head of every page (the call's name), `number` beside it, `footer` at the foot.
    """

    title: str
    at: datetime
    blocks: tuple[Block, ...]
    subtitle: str = ""
    number: str = ""
    running: str = ""
    footer: str = ""
    language: Language = "ko"
    author: str = ""
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a paper's instant needs a time zone")
        last = 0
        for block in self.blocks:
            if isinstance(block, Heading):
                if block.level > last + 1:
                    raise ValueError(f"heading {block.text!r} leaves out level {last + 1}")
                last = block.level


def plain_block(block: Block) -> dict[str, Any]:
    """A block as JSON types, with its kind under "block"."""
    return {"block": type(block).__name__.lower(), **plain(block)}


def unsigned(paper: Paper) -> Paper:
    """The paper as it lies before those who sign it: no signatures, no attachments."""
    return replace(
        paper,
        attachments=(),
        blocks=tuple(
            replace(block, lines=tuple(replace(line, signed=None) for line in block.lines))
            if isinstance(block, Signatures)
            else block
            for block in paper.blocks
        ),
    )


def content_text(paper: Paper) -> str:
    """What the paper says, whoever has signed it and whenever it is printed, as canonical JSON (format gongmo/paper/1)."""
    bare = unsigned(paper)
    said = {
        each.name: getattr(bare, each.name)
        for each in fields(bare)
        if each.name not in ("at", "blocks", "attachments")
    }
    return canonical_json(
        {"format": "gongmo/paper/1", **said, "blocks": [plain_block(block) for block in bare.blocks]}
    )


def content_sha256(paper: Paper) -> str:
    """SHA-256 of `content_text`: 64 hex digits. Two papers with the same words and figures have the same hash; a signature is over it."""
    return sha256_hex(content_text(paper))


def texts(paper: Paper) -> tuple[str, ...]:
    """Every text that must be readable on the page, in order: for readers' tests and for searching."""
    found: list[str] = [paper.title, paper.subtitle, paper.number]

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, tuple):
            for item in value:
                walk(item)
        elif isinstance(value, Table):
            for part in (value.caption, value.note, tuple(column.label for column in value.columns)):
                walk(part)
            walk((value.rows, value.foot))
        elif isinstance(value, Signatures):
            walk(tuple(value.lines))
        elif isinstance(value, Qr):
            walk((value.title, value.caption))
        elif isinstance(value, Paragraph):
            walk(value.text)
        elif is_dataclass(value):
            walk(tuple(getattr(value, each.name) for each in fields(value)))

    for block in paper.blocks:
        walk(block)
    return tuple(text for text in found if text.strip())
