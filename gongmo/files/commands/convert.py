"""Making a PDF of an office document for the preview, where the installation has a converter (LibreOffice)."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from gongmo.files import places
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


def convert(*, sha256: str) -> bool:
    """Make the PDF of a stored file, once; whether it is there now. The stored file itself stays as it is."""
    target, program = places.derived(sha256, "pdf"), converter()
    if target.is_file():
        return True
    stored = StoredFile.objects.filter(pk=sha256).first()
    if stored is None or stored.extension not in CONVERTED or stored.size > LARGEST or not program:
        return False
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="convert-", dir=places.incoming()) as name:
        room = Path(name)
        source = room / f"document.{stored.extension}"
        shutil.copyfile(places.path_of(sha256), source)
        command = [program, f"-env:UserInstallation=file://{room}/profile", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", str(room), str(source)]
        run(
            [sys.executable, "-I", "-m", "gongmo.files.sandbox", *command],
            wall=WALL,
            environment={"HOME": name, "TMPDIR": name},
            cwd=name,
        )
        made = room / "document.pdf"
        if not made.is_file() or not made.read_bytes()[:5].startswith(b"%PDF-"):
            return False
        os.replace(made, target)
    return True
