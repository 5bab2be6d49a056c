"""Reads documents that strangers wrote: a program of its own, started by gongmo.files.confined and never imported by the server.

    python -m gongmo.files.extract NAME:EXTENSION:FD ...

For each file a child of its own is made, which gives up all it does not need (memory, time, new files, the network, new privileges) before it
looks at the first byte. It answers on standard output, a line NAME, TAB, JSON value each, with
    pages | width, height | locked | broken, program | text, place | entry | stopped | unread | scanned | done
The extension LOCK asks only whether a PDF opens without a password: `locked` or nothing, and `done`.
`place` is {"page": 3}, {"slide": 2}, {"sheet": "..."} or {"paragraph": 12}, for a file of an archive with "entry" beside it. Without Django.
"""

import codecs
import errno
import io
import json
import os
import pkgutil
import posixpath
import re
import select
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO

from gongmo.files.kinds import LOCK, Unfit, kind_of
from gongmo.files.sandbox import HANDED, confine

MEMORY = 1024**3
SECONDS = 45
"""Seconds of the processor, and of the wall, for one file."""
LOCK_SECONDS = 2
"""Seconds of the processor for LOCK: somebody waits for the answer."""
TEXT = 3_000_000
"""Letters of one file at most."""
ENTRIES = 200
ENTRY_SIZE = 64 * 1024**2
_CODECS = (
    "ascii latin-1 cp1252 cp437 cp949 euc-kr johab utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-be charmap mac-roman"
    " unicode-escape raw-unicode-escape gbk gb18030 big5 shift-jis euc-jp iso2022-kr hex zlib idna"
)

Told = dict[str, Any]
_PARSERS = {
    "pdf": ("pypdf.*",),
    LOCK: ("pypdf.*",),
    "hwp": ("hwp_hwpx_parser.*", "olefile"),
    "hwpx": ("hwp_hwpx_parser.*",),
    "pptx": ("defusedxml.ElementTree",),
    "docx": ("defusedxml.ElementTree",),
    "xlsx": ("openpyxl.reader.*", "openpyxl.worksheet._reader"),
    "jpg": ("PIL.Image", "PIL.JpegImagePlugin"),
    "png": ("PIL.Image", "PIL.PngImagePlugin"),
    "ppt": (),
}
_PROGRAMS = {
    "pdf": "pypdf",
    LOCK: "pypdf",
    "hwp": "hwp-hwpx-parser",
    "hwpx": "hwp-hwpx-parser",
    "pptx": "defusedxml",
    "docx": "defusedxml",
    "xlsx": "openpyxl",
    "jpg": "pillow",
    "png": "pillow",
}


def main(arguments: list[str]) -> int:
    """Read each file in a child of its own, one after another."""
    asked = [argument.split(":") for argument in arguments]
    wanted = {extension for _, extension, _ in asked}
    for name in sorted({name for each in wanted for name in parsers(each)}):
        _load(name)
    if "PIL.Image" in sys.modules:
        sys.modules["PIL.Image"].preinit()
    for program in set(_PROGRAMS.values()):
        _named(program)
    for codec in _CODECS.split():
        # Python loads them on first use, when nothing can be opened any more.
        with suppress(LookupError):
            codecs.lookup(codec)
    for name, extension, descriptor in asked:
        _read_apart(name, extension, int(descriptor))
    return 0


def _read_apart(name: str, extension: str, descriptor: int) -> None:
    """Read one file in a child; its lines are passed on with the file's name, so that no file can speak for another."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.dup2(theirs, 1)
            confine(descriptor, memory=MEMORY, seconds=LOCK_SECONDS if extension == LOCK else SECONDS)
            with open(HANDED, "rb", closefd=False) as stream:
                answer(extension, stream)
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    ended = _pass_on(name, ours, time.monotonic() + SECONDS + 15)
    os.close(ours)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if status:
        by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        late = by in (signal.SIGXCPU, signal.SIGKILL)
        _write(name, json.dumps({"stopped": "time" if late else "crash"}).encode() + b"\n")


def _pass_on(name: str, source: int, until: float) -> bool:
    """Pass on a child's lines; whether it came to its end in time and without flooding."""
    rest, total = b"", 0
    while (left := until - time.monotonic()) > 0 and total < 8 * TEXT:
        if not select.select([source], [], [], left)[0]:
            break
        data = os.read(source, 256 * 1024)
        if not data:
            return True
        total += len(data)
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            _write(name, line + b"\n")
    return False


def _write(name: str, line: bytes) -> None:
    data = name.encode() + b"\t" + line
    while data:
        data = data[os.write(1, data) :]


def _load(name: str) -> None:
    """Import a module and, of a package named with ".*", all that it would load on first use, when nothing can be opened any more."""
    with suppress(ImportError):
        module = import_module(name.removesuffix(".*"))
        if name.endswith(".*"):
            for found in pkgutil.iter_modules(module.__path__):
                _load(f"{module.__name__}.{found.name}" + ".*" * found.ispkg)


def parsers(extension: str) -> tuple[str, ...]:
    """The modules that reading such a file needs; an archive may hold all of them."""
    if extension == "zip":
        return tuple(name for names in _PARSERS.values() for name in names)
    return _PARSERS.get(extension, ())


def tell(**values: Any) -> None:
    data = json.dumps(values).encode() + b"\n"
    while data:
        data = data[os.write(1, data) :]


def answer(extension: str, stream: BinaryIO) -> None:
    """Tell everything about one file."""
    until = time.monotonic() + SECONDS - 5
    said = 0
    try:
        for told in read(extension, stream):
            if "text" in told:
                told["text"] = told["text"][: TEXT - said]
                said += len(told["text"])
            tell(**told)
            if said >= TEXT:
                tell(stopped="length")
                break
            if time.monotonic() > until:
                tell(stopped="time")
                break
        tell(done=True)
    except MemoryError:
        tell(stopped="memory")


def read(extension: str, stream: BinaryIO) -> Iterator[Told]:
    """What can be told of a file of that kind; broken files are told as such."""
    if extension == "zip":
        yield from _archive(stream)
        return
    reader = _READERS.get(extension)
    if reader is None:
        yield {"unread": True}
        return
    try:
        yield from reader(stream)
    except MemoryError:
        raise
    # Parsers raise whatever they stumble over; to the person it means one thing.
    except Exception as error:
        if isinstance(error, ImportError) or getattr(error, "errno", None) in (errno.EMFILE, errno.EPERM):
            yield {"stopped": "lock"}  # The fault of this program, not of the file.
            return
        yield {"broken": f"{type(error).__name__}: {error}"[:200], "program": _named(_PROGRAMS[extension])}


@cache
def _named(program: str) -> str:
    """A program with its version. Asked first while files can still be opened."""
    try:
        return f"{program} {version(program)}"
    except PackageNotFoundError:
        return program


def _archive(stream: BinaryIO) -> Iterator[Told]:
    """An archive's files, one level deep."""
    try:
        archive = zipfile.ZipFile(stream)
    except Exception as error:
        yield {"broken": f"{type(error).__name__}: {error}"[:200], "program": "zipfile"}
        return
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    yield {"entries": len(entries)}
    for entry in entries[:ENTRIES]:
        shown = _entry_name(entry)
        about: Told = {"entry": shown, "size": entry.file_size}
        if entry.file_size > ENTRY_SIZE:
            yield {**about, "unread": True}
            continue
        try:
            held = io.BytesIO(archive.read(entry))
            kind = kind_of(held, entry.file_size).extension
        except Unfit as unfit:
            yield {**about, "locked": True} if unfit.code == "encrypted" else {**about, "unfit": unfit.code}
            continue
        except MemoryError:
            raise
        except Exception as error:
            yield {**about, "broken": f"{type(error).__name__}: {error}"[:200], "program": "zipfile"}
            continue
        yield {**about, "extension": kind}
        if kind != "zip":
            held.seek(0)
            yield from ({**told, "entry": shown} for told in read(kind, held))
    if len(entries) > ENTRIES:
        yield {"stopped": "length"}


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name; Korean Windows wrote names in CP949 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename[:200]
    with suppress(UnicodeError):
        return entry.filename.encode("cp437").decode("cp949")[:200]
    return entry.filename[:200]


def _pdf(stream: BinaryIO) -> Iterator[Told]:
    pypdf = import_module("pypdf")
    reader = pypdf.PdfReader(stream, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        yield {"locked": True}
        return
    pages = len(reader.pages)
    yield {"pages": pages}
    letters = 0
    for number, page in enumerate(reader.pages, 1):
        try:
            text = page.extract_text()
        except (MemoryError, RecursionError):
            raise
        except Exception:  # One page that cannot be read leaves the others.
            text = ""
        letters += len(text)
        if text.strip():
            yield {"place": {"page": number}, "text": text}
    if pages and letters < 5 * pages:
        yield {"scanned": True}


def _lock(stream: BinaryIO) -> Iterator[Told]:
    reader = import_module("pypdf").PdfReader(stream, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        yield {"locked": True}


def _hwp(stream: BinaryIO) -> Iterator[Told]:
    library, olefile = import_module("hwp_hwpx_parser"), import_module("olefile")
    reader = library.HWP5Reader("document.hwp")
    reader._ole = olefile.OleFileIO(stream)
    yield from _hangul(reader)


def _hwpx(stream: BinaryIO) -> Iterator[Told]:
    reader = import_module("hwp_hwpx_parser").HWPXReader("document.hwpx")
    reader._zipfile = zipfile.ZipFile(stream)
    if not reader.is_valid():
        raise ValueError("no section")
    yield from _hangul(reader)


def _hangul(reader: Any) -> Iterator[Told]:
    if reader.is_encrypted():
        yield {"locked": True}
        return
    found = reader.extract_text_with_notes()
    notes = [note.text for note in (*found.footnotes, *found.endnotes)] + [memo.text for memo in found.memos]
    lines = filter(str.strip, "\n".join([found.text, *notes]).split("\n"))
    for number, text in enumerate(lines, 1):
        yield {"place": {"paragraph": number}, "text": text}


def _pptx(stream: BinaryIO) -> Iterator[Told]:
    with zipfile.ZipFile(stream) as archive:
        slides = _slides(archive)
        yield {"pages": len(slides)}
        for number, name in enumerate(slides, 1):
            notes = [target for target in _links(archive, name).values() if "/notesSlides/" in target]
            text = "\n".join(filter(None, (_paragraphs(archive, part) for part in (name, *notes))))
            if text:
                yield {"place": {"slide": number}, "text": text}


def _slides(archive: zipfile.ZipFile) -> list[str]:
    """The slides in the order in which they are shown."""
    links = _links(archive, "ppt/presentation.xml")
    tree = import_module("defusedxml.ElementTree")
    return [
        links[value]
        for each in tree.fromstring(archive.read("ppt/presentation.xml")).iter()
        if each.tag.endswith("}sldId")
        for name, value in each.attrib.items()
        if name.endswith("}id") and value in links
    ]


def _links(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """What an office part refers to within its package, by id."""
    folder, _, name = part.rpartition("/")
    place = f"{folder}/_rels/{name}.rels"
    if place not in archive.namelist():
        return {}
    tree = import_module("defusedxml.ElementTree")
    found = {}
    for each in tree.fromstring(archive.read(place)).iter():
        target = each.get("Target", "")
        path = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        if each.get("Id") and path in archive.namelist():
            found[each.get("Id")] = path
    return found


def _docx(stream: BinaryIO) -> Iterator[Told]:
    with zipfile.ZipFile(stream) as archive:
        parts = [
            name
            for name in archive.namelist()
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", name)
        ]
        if "word/document.xml" not in parts:
            raise ValueError("no document part")
        for name in sorted(parts, key=lambda each: each != "word/document.xml"):
            for number, text in enumerate(filter(None, _paragraphs(archive, name).split("\n")), 1):
                yield {"place": {"paragraph": number}, "text": text}


def _paragraphs(archive: zipfile.ZipFile, name: str) -> str:
    """The words of an office part, a paragraph a line."""
    tree = import_module("defusedxml.ElementTree")
    lines = []
    with archive.open(name) as part:
        for _, element in tree.iterparse(part, forbid_dtd=True):
            if element.tag.endswith("}p"):
                line = "".join(
                    "\t" if each.tag.endswith("}tab") else each.text or ""
                    for each in element.iter()
                    if each.tag.endswith(("}t", "}tab"))
                )
                lines.append(line)
                element.clear()
    return "\n".join(line for line in lines if line.strip())


def _xlsx(stream: BinaryIO) -> Iterator[Told]:
    book = import_module("openpyxl").load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    yield {"pages": len(book.sheetnames)}
    for sheet in book.worksheets:
        for start, rows in _batches(sheet.iter_rows(values_only=True), 200):
            lines = ["\t".join(str(cell) for cell in row if cell is not None) for row in rows]
            if any(lines):
                yield {"place": {"sheet": sheet.title[:60], "row": start}, "text": "\n".join(lines)}


def _batches(rows: Any, size: int) -> Iterator[tuple[int, list[Any]]]:
    start, held = 1, []
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield start, held
            start, held = start + size, []
    if held:
        yield start, held


def _picture(stream: BinaryIO) -> Iterator[Told]:
    image = import_module("PIL.Image")
    with image.open(stream, formats=("JPEG", "PNG")) as opened:
        yield {"width": opened.width, "height": opened.height}
        opened.load()


_READERS: dict[str, Callable[[BinaryIO], Iterator[Told]]] = {
    "pdf": _pdf,
    LOCK: _lock,
    "hwp": _hwp,
    "hwpx": _hwpx,
    "pptx": _pptx,
    "docx": _docx,
    "xlsx": _xlsx,
    "jpg": _picture,
    "png": _picture,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
