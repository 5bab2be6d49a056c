"""Loads call definitions and applications from files, or says exactly what is wrong with them.

    definition = load_definition(Path("calls/some-call"))        # a directory with call.yaml, or one file
    application = load_application(Path("application.yaml"))     # YAML or JSON

Both raise `Unusable`, whose problems name file, line, column, path, what was seen and what was expected, in Korean and English.
A directory may hold, beside `call.yaml`, the announcement page's long text (`announcement.ko.md`, `announcement.en.md`) and form
templates (`templates/`).
"""

import json
import re
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from gongmo.definition.application import Application
from gongmo.definition.base import Model
from gongmo.definition.messages import problems_of
from gongmo.definition.model import Definition
from gongmo.definition.problems import Problem, Unusable, unusable
from gongmo.definition.source import APPLICATION_LIMIT, DEFINITION_LIMIT, Source, parse, read

M = TypeVar("M", bound=Model)

__all__ = [
    "Problem",
    "Unusable",
    "announcement",
    "definition_file",
    "load_application",
    "load_definition",
    "parse_application",
    "parse_definition",
    "templates",
]


def definition_file(path: Path) -> Path:
    """The definition's file: `call.yaml` (or `call.json`) of a directory, or the file itself. Raises Unusable."""
    if not path.is_dir():
        return path
    for name in ("call.yaml", "call.yml", "call.json"):
        if (path / name).is_file():
            return path / name
    raise unusable(
        str(path),
        "이 폴더에 call.yaml이 없습니다. 공고 정의가 든 폴더를 알려 주세요.",
        "There is no call.yaml in this directory. Name the directory of a call definition.",
        expected="call.yaml",
    )


def load_definition(path: Path | str) -> Definition:
    """The definition in a directory or file. Raises Unusable."""
    return _model(Definition, read(definition_file(Path(path)), DEFINITION_LIMIT))


def load_application(path: Path | str) -> Application:
    """The application in a YAML or JSON file. Raises Unusable."""
    return _model(Application, read(Path(path), APPLICATION_LIMIT))


def parse_definition(data: bytes, name: str = "call.yaml") -> Definition:
    """The definition in the bytes of a file (an upload). Raises Unusable."""
    return _model(Definition, parse(data, name, DEFINITION_LIMIT))


def parse_application(data: bytes, name: str = "application.yaml") -> Application:
    """The application in the bytes of a file. Raises Unusable."""
    return _model(Application, parse(data, name, APPLICATION_LIMIT))


def announcement(path: Path | str, lang: str) -> str | None:
    """The announcement page's long text in "ko" or "en" as plain Markdown, or None where the directory has none."""
    folder = Path(path)
    found = (folder if folder.is_dir() else folder.parent) / f"announcement.{lang}.md"
    return found.read_text(encoding="utf-8") if found.is_file() else None


def templates(path: Path | str) -> tuple[Path, ...]:
    """The form templates beside a definition, by name."""
    folder = (Path(path) if Path(path).is_dir() else Path(path).parent) / "templates"
    return (
        tuple(sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")))
        if folder.is_dir()
        else ()
    )


def _model(kind: type[M], source: Source) -> M:
    try:
        return kind.model_validate_json(_payload(source))
    except ValidationError as error:
        raise Unusable(problems_of(error, source, kind)) from error


# A backslash that is itself escaped does not begin an escape.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def _payload(source: Source) -> bytes:
    """The value as JSON bytes. Half characters (lone surrogates) and NUL, which no database and no form can hold, are refused."""
    text = json.dumps(source.value, ensure_ascii=False, allow_nan=False)
    try:
        payload = text.encode()
    except UnicodeEncodeError:
        payload = b""
    if not payload or _NUL.search(text):
        raise unusable(
            source.name,
            "글자가 아닌 값(반쪽 문자나 NUL)이 들어 있습니다. 그 글자를 지워 주세요.",
            "The file holds half characters or NUL. Remove them.",
        )
    return payload
