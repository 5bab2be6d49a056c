"""A paper as HWPX (OWPML, KS X 6101): a ZIP package with the section written here on the shapes of `hwpx_base`."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from xml.sax.saxutils import escape as _escape

import segno

from gongmo.kernel.korean import stamp
from gongmo.papers.hwpx_base import MM, TEXT_WIDTH, Base, base
from gongmo.papers.pdf import clean, stroke_pngs
from gongmo.papers.values import (
    Block,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Qr,
    Signatures,
    Table,
    texts,
)

_EPOCH = (1980, 1, 1, 0, 0, 0)
_KINDS = {"number": "cell_right", "center": "cell_center"}


def escape(text: str) -> str:
    """Text as XML, without letters that XML forbids."""
    return _escape(clean(text), {'"': "&quot;"})


def to_hwpx(paper: Paper) -> bytes:
    """The paper as HWPX. The same paper gives the same bytes: ids count up, dates are the paper's own."""
    shared = base()
    writer = _Writer(shared)
    section = "".join(writer.section(paper))
    parts = dict(shared.parts)
    parts["Contents/header.xml"] = _header(parts["Contents/header.xml"], writer.pictures)
    parts["Contents/section0.xml"] = section.encode()
    parts["Contents/content.hpf"] = _content(paper, len(writer.pictures)).encode()
    parts["Preview/PrvText.txt"] = clean("\r\n".join(texts(paper)))[:1000].encode()
    for number, picture in enumerate(writer.pictures, 1):
        parts[f"BinData/BIN{number:04d}.png"] = picture
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        # The media type stands first and stored, so that programs see it without unpacking.
        _add(package, "mimetype", b"application/hwp+zip", zipfile.ZIP_STORED)
        for name, data in parts.items():
            _add(package, name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _add(package: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = method
    entry.external_attr = 0o600 << 16
    package.writestr(entry, data)


@dataclass(slots=True)
class _Writer:
    """Writes one section; counts ids and keeps the pictures that it refers to."""

    base: Base
    pictures: list[bytes] = field(default_factory=list)
    last_id: int = 100

    def _next(self) -> int:
        self.last_id += 1
        return self.last_id

    def section(self, paper: Paper) -> Iterator[str]:
        """The whole section."""
        yield self.base.opening
        if paper.running or paper.number:
            words = "   ".join(text for text in (paper.running, paper.number) if text)
            yield self._edge("header", self.paragraph(words, "cell_left", "page"))
        yield self._edge("footer", self._foot(paper.footer))
        yield f'</hp:run><hp:run charPrIDRef="{self.base.letters["text"]}"><hp:t/></hp:run></hp:p>'
        if paper.subtitle:
            yield self.paragraph(paper.subtitle, "subtitle", "subtitle")
        yield self.paragraph(paper.title, "title", "title")
        for block in paper.blocks:
            yield from self.block(block)
        yield "</hs:sec>"

    def block(self, block: Block) -> Iterator[str]:
        """One block."""
        if isinstance(block, Heading):
            yield self.paragraph(block.text, f"h{block.level}", f"h{block.level}")
        elif isinstance(block, Paragraph):
            shape, letters = {
                "lead": ("text", "lead"),
                "center": ("center", "lead"),
                "quiet": ("text", "quiet"),
                "addressee": ("addressee", "addressee"),
            }.get(block.manner, ("text", "text"))
            yield self.paragraph(block.text, shape, letters)
        elif isinstance(block, Items):
            for number, item in enumerate(block.items, 1):
                yield self.paragraph(f"{number}. {item}" if block.ordered else f"• {item}", "item", "text")
        elif isinstance(block, Facts):
            yield self._facts(block)
        elif isinstance(block, Table):
            yield from self._table(block)
        elif isinstance(block, Note):
            said = [(block.title, "cell_strong")] if block.title else []
            yield self.table([[_Cell([*said, (block.text, "cell")], fill="key")]], [1])
        elif isinstance(block, Signatures):
            yield from self._signatures(block)
        elif isinstance(block, Qr):
            yield self._qr(block)
        elif isinstance(block, PageBreak):
            yield self.paragraph("", "break", "text")

    def paragraph(self, text: str, shape: str, letters: str) -> str:
        """A paragraph for each line of the text: some readers lose what stands behind a line break."""
        return "".join(self._p(shape, self._run(line, letters)) for line in clean(text).split("\n"))

    def _p(self, shape: str, runs: str) -> str:
        return (
            f'<hp:p id="{self._next()}" paraPrIDRef="{self.base.shapes[shape]}" styleIDRef="0" pageBreak="0" '
            f'columnBreak="0" merged="0">{runs}</hp:p>'
        )

    def _run(self, text: str, letters: str) -> str:
        said = escape(text.replace("\n", " "))
        inner = f"<hp:t>{said}</hp:t>" if said else "<hp:t/>"
        return f'<hp:run charPrIDRef="{self.base.letters[letters]}">{inner}</hp:run>'

    def _edge(self, kind: str, paragraph: str) -> str:
        """The head or the foot of every page."""
        side = "TOP" if kind == "header" else "BOTTOM"
        return (
            f'<hp:ctrl><hp:{kind} id="{self._next()}" applyPageType="BOTH"><hp:subList id="" textDirection="HORIZONTAL" '
            f'lineWrap="BREAK" vertAlign="{side}" linkListIDRef="0" linkListNextIDRef="0" textWidth="{TEXT_WIDTH}" '
            f'textHeight="2835" hasTextRef="0" hasNumRef="0">{paragraph}</hp:subList></hp:{kind}></hp:ctrl>'
        )

    def _foot(self, words: str) -> str:
        letters = self.base.letters["page"]

        def count(kind: str) -> str:
            return (
                f'<hp:run charPrIDRef="{letters}"><hp:ctrl><hp:autoNum num="1" numType="{kind}"><hp:autoNumFormat type="DIGIT" '
                'userChar="" prefixChar="" suffixChar="" supscript="0"/></hp:autoNum></hp:ctrl></hp:run>'
            )

        said = self._run(f"{words}   ", "page") if words else ""
        return self._p("cell_right", said + count("PAGE") + self._run(" / ", "page") + count("TOTAL_PAGE"))

    def table(
        self,
        rows: Sequence[Sequence["_Cell"]],
        weights: Sequence[int],
        *,
        heads: int = 0,
        width: int = TEXT_WIDTH,
    ) -> str:
        """A table in a paragraph of its own. The first `heads` rows repeat on every page. A row's cells may span columns."""
        edges = [0]
        for weight in weights:
            edges.append(edges[-1] + weight)
        places = [round(edge * width / edges[-1]) for edge in edges]
        line = 1500
        out = [
            f'<hp:tbl id="{self._next()}" zOrder="0" numberingType="TABLE" textWrap="TOP_AND_BOTTOM" textFlow="BOTH_SIDES" '
            f'lock="0" dropcapstyle="None" pageBreak="CELL" repeatHeader="{1 if heads else 0}" rowCnt="{len(rows)}" '
            f'colCnt="{len(weights)}" cellSpacing="0" borderFillIDRef="{self.base.fills["cell"]}" noAdjust="0">'
            f'<hp:sz width="{places[-1]}" widthRelTo="ABSOLUTE" height="{line * len(rows)}" heightRelTo="ABSOLUTE" protect="0"/>'
            '<hp:pos treatAsChar="1" affectLSpacing="0" flowWithText="1" allowOverlap="0" holdAnchorAndSO="0" vertRelTo="PARA" '
            'horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/>'
            '<hp:outMargin left="0" right="0" top="0" bottom="0"/><hp:inMargin left="425" right="425" top="200" bottom="200"/>'
        ]
        for number, row in enumerate(rows):
            out.append("<hp:tr>")
            column = 0
            for cell in row:
                end = column + cell.span
                out.append(
                    f'<hp:tc name="" header="{1 if number < heads else 0}" hasMargin="0" protect="0" editable="0" dirty="0" '
                    f'borderFillIDRef="{self.base.fills[cell.fill]}"><hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" '
                    'vertAlign="CENTER" linkListIDRef="0" linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0" '
                    f'hasNumRef="0">{self._cell(cell)}</hp:subList><hp:cellAddr colAddr="{column}" rowAddr="{number}"/>'
                    f'<hp:cellSpan colSpan="{cell.span}" rowSpan="1"/><hp:cellSz width="{places[end] - places[column]}" '
                    f'height="{line}"/><hp:cellMargin left="425" right="425" top="200" bottom="200"/></hp:tc>'
                )
                column = end
            out.append("</hp:tr>")
        out.append("</hp:tbl>")
        return self._p("table", f'<hp:run charPrIDRef="{self.base.letters["text"]}">{"".join(out)}</hp:run>')

    def _cell(self, cell: "_Cell") -> str:
        if cell.picture is not None:
            return self._p(cell.shape, self._picture(cell.picture, *cell.size))
        return "".join(self.paragraph(text, cell.shape, letters) for text, letters in cell.texts)

    def _picture(self, data: bytes, width: int, height: int) -> str:
        self.pictures.append(data)
        number = self._next()
        return (
            f'<hp:run charPrIDRef="{self.base.letters["text"]}"><hp:pic id="{number}" zOrder="0" numberingType="PICTURE" '
            'textWrap="SQUARE" textFlow="BOTH_SIDES" lock="0" dropcapstyle="None" href="" groupLevel="0" '
            f'instid="{number}" reverse="0"><hp:offset x="0" y="0"/><hp:orgSz width="{width}" height="{height}"/>'
            f'<hp:curSz width="{width}" height="{height}"/><hp:flip horizontal="0" vertical="0"/>'
            f'<hp:rotationInfo angle="0" centerX="{width // 2}" centerY="{height // 2}" rotateimage="1"/><hp:renderingInfo>'
            '<hc:transMatrix e1="1" e2="0" e3="0" e4="0" e5="1" e6="0"/><hc:scaMatrix e1="1" e2="0" e3="0" e4="0" e5="1" e6="0"/>'
            '<hc:rotMatrix e1="1" e2="0" e3="0" e4="0" e5="1" e6="0"/></hp:renderingInfo>'
            f'<hp:imgRect><hc:pt0 x="0" y="0"/><hc:pt1 x="{width}" y="0"/><hc:pt2 x="{width}" y="{height}"/>'
            f'<hc:pt3 x="0" y="{height}"/></hp:imgRect><hp:imgClip left="0" right="{width}" top="0" bottom="{height}"/>'
            '<hp:inMargin left="0" right="0" top="0" bottom="0"/>'
            f'<hp:imgDim dimwidth="{width}" dimheight="{height}"/>'
            f'<hc:img binaryItemIDRef="BIN{len(self.pictures):04d}" bright="0" contrast="0" effect="REAL_PIC" alpha="0"/>'
            f'<hp:effects/><hp:sz width="{width}" height="{height}" widthRelTo="ABSOLUTE" heightRelTo="ABSOLUTE" protect="0"/>'
            '<hp:pos treatAsChar="1" affectLSpacing="0" flowWithText="1" allowOverlap="0" holdAnchorAndSO="0" vertRelTo="PARA" '
            'horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/>'
            '<hp:outMargin left="0" right="0" top="0" bottom="0"/><hp:shapeComment/></hp:pic></hp:run>'
        )

    def _facts(self, block: Facts) -> str:
        rows: list[list[_Cell]] = []
        for start in range(0, len(block.rows), block.columns):
            pairs = block.rows[start : start + block.columns]
            row: list[_Cell] = []
            for key, value in pairs:
                row += [_Cell([(key, "cell_strong")], fill="key"), _Cell([(value, "cell")])]
            if len(pairs) < block.columns:
                row[-1] = _Cell(row[-1].texts, span=3)
            rows.append(row)
        return self.table(rows, [16, 34, 16, 34] if block.columns == 2 else [20, 80])

    def _table(self, block: Table) -> Iterator[str]:
        if block.caption:
            yield self.paragraph(block.caption, "caption", "strong")
        if block.note:
            yield self.paragraph(block.note, "note", "quiet")
        small = len(block.columns) > 4
        plain, strong = ("small", "small_strong") if small else ("cell", "cell_strong")
        shapes = [_KINDS.get(column.kind, "cell_left") for column in block.columns]
        rows = [[_Cell([(column.label, strong)], "cell_center", "head") for column in block.columns]]
        rows += [
            [_Cell([(text, plain)], shape) for text, shape in zip(row, shapes, strict=True)]
            for row in block.rows
        ]
        rows += [
            [_Cell([(text, strong)], shape, "key") for text, shape in zip(row, shapes, strict=True)]
            for row in block.foot
        ]
        yield self.table(rows, _weights(block), heads=1)

    def _signatures(self, block: Signatures) -> Iterator[str]:
        rows = [[_Cell([(label, "cell_strong")], "cell_center", "head") for label in block.labels]]
        drawn = iter(
            stroke_pngs([line.signed.drawing for line in block.lines if line.signed and line.signed.drawing])
        )
        for line in block.lines:
            signed = line.signed
            mark = _Cell([(block.seal, "quiet")], "cell_center")
            if signed is not None:
                mark = _Cell([(signed.name, "signed")], "cell_center")
                if signed.drawing:
                    data, height = next(drawn)
                    wide = round(26 * MM)
                    mark = _Cell([], "cell_center", picture=data, size=(wide, max(1, round(wide * height))))
            rows.append(
                [
                    _Cell([(line.organisation, "cell_strong")]),
                    _Cell([(signed.title if signed and signed.title else line.title, "cell")]),
                    _Cell([(signed.name if signed else line.name, "cell")]),
                    mark,
                    _Cell([(signed.on if signed else "", "cell")], "cell_center"),
                ]
            )
        if len(block.lines) == 1 and block.lines[0].signed is None:
            yield self.paragraph(block.on, "center", "lead")
        yield self.table(rows, [32, 18, 16, 20, 18], heads=1)

    def _qr(self, block: Qr) -> str:
        out = io.BytesIO()
        segno.make(block.data, error="m", micro=False).save(out, kind="png", scale=6, border=2)
        wide = round(30 * MM)
        said = [(block.title, "cell_strong")] if block.title else []
        return self.table(
            [
                [
                    _Cell([], "cell_center", picture=out.getvalue(), size=(wide, wide)),
                    _Cell([*said, (block.caption, "cell")]),
                ]
            ],
            [22, 78],
        )


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: texts with their letters, one paragraph each, or one picture."""

    texts: list[tuple[str, str]]
    shape: str = "cell_left"
    fill: str = "cell"
    span: int = 1
    picture: bytes | None = None
    size: tuple[int, int] = (0, 0)


def _weights(block: Table) -> list[int]:
    """Columns' widths against one another: as given, else by the longest text."""
    found = []
    for number, column in enumerate(block.columns):
        longest = max((len(row[number]) for row in (*block.rows, *block.foot)), default=0)
        found.append(column.width or min(40, max(8, longest, len(column.label))))
    return found


def _header(xml: bytes, pictures: Sequence[bytes]) -> bytes:
    """The shared header with the list of pictures."""
    if not pictures:
        return xml
    items = "".join(
        f'<hh:binItem id="{number - 1}" Type="Embedding" BinData="BIN{number:04d}.png" Format="png"/>'
        for number in range(1, len(pictures) + 1)
    )
    listed = f'<hh:binDataList itemCnt="{len(pictures)}">{items}</hh:binDataList></hh:refList>'
    return xml.replace(b"</hh:refList>", listed.encode(), 1)


def _content(paper: Paper, pictures: int) -> str:
    """The package's list of parts with the paper's title, language and instant."""
    spaces = {
        "hpf": "http://www.hancom.co.kr/schema/2011/hpf",
        "opf": "http://www.idpf.org/2007/opf/",
        "dc": "http://purl.org/dc/elements/1.1/",
    }
    at = paper.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    metas: Iterable[tuple[str, str]] = (
        ("creator", paper.author),
        ("subject", paper.subtitle),
        ("description", paper.running),
        ("lastsaveby", paper.author),
        ("CreatedDate", at),
        ("ModifiedDate", at),
        ("date", stamp(paper.at, seconds=True)),
        ("keyword", paper.number),
    )
    items = "".join(
        f'<opf:item id="BIN{number:04d}" href="BinData/BIN{number:04d}.png" media-type="image/png" isEmbeded="1"/>'
        for number in range(1, pictures + 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?><opf:package '
        + " ".join(f'xmlns:{name}="{space}"' for name, space in spaces.items())
        + ' version="" unique-identifier="" id=""><opf:metadata>'
        + f"<opf:title>{escape(paper.title)}</opf:title><opf:language>{paper.language}</opf:language>"
        + "".join(f'<opf:meta name="{name}" content="text">{escape(text)}</opf:meta>' for name, text in metas)
        + '</opf:metadata><opf:manifest><opf:item id="header" href="Contents/header.xml" media-type="application/xml"/>'
        '<opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/>'
        f'<opf:item id="settings" href="settings.xml" media-type="application/xml"/>{items}</opf:manifest>'
        '<opf:spine><opf:itemref idref="header" linear="yes"/><opf:itemref idref="section0" linear="yes"/></opf:spine>'
        "</opf:package>"
    )
