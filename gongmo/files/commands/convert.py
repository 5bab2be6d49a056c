"""Making a PDF of an office document for the preview, where the installation has a converter (LibreOffice)."""

import shutil
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from gongmo.files import places, storage
from gongmo.files.confined import run
from gongmo.files.models import StoredFile

CONVERTED = frozenset({"ppt", "pptx", "docx", "xlsx", "hwp", "hwpx"})
WALL = 180.0
LARGEST = 100 * 1024**2


def converter() -> str:
    """The path of the converter, or "" where there is none (GONGMO_CONVERTER)."""
    named = str(getattr(settings, "GONGMO_CONVERTER", ""))
    if named == "none":
        return ""
    return named or shutil.which("soffice") or ""


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(5) == b"%PDF-"


def convert(*, sha256: str) -> bool:
    """Make the PDF of a stored file, once; whether it is there now. The stored file itself stays as it is."""
    place, key, program = storage.current(), storage.derived(sha256, "pdf"), converter()
    if place.size(key) is not None:
        return True
    stored = StoredFile.objects.filter(pk=sha256).first()
    if stored is None or stored.extension not in CONVERTED or stored.size > LARGEST or not program:
        return False
    with tempfile.TemporaryDirectory(prefix="convert-", dir=places.incoming()) as name:
        room = Path(name)
        source = room / f"document.{stored.extension}"
        with place.fetched(storage.content(sha256)) as content:
            shutil.copyfile(content, source)
        command = [program, f"-env:UserInstallation=file://{room}/profile", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", str(room), str(source)]
        run(
            [sys.executable, "-I", "-m", "gongmo.files.sandbox", *command],
            wall=WALL,
            environment={"HOME": name, "TMPDIR": name},
            cwd=name,
        )
        made = room / "document.pdf"
        if not made.is_file() or not _is_pdf(made):
            return False
        place.keep(made, key)
    return True
