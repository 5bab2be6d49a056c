"""Small files that a command reads beside the call: lists in YAML or JSON with places of errors, and text tables in UTF-8."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from gongmo.definition.messages import problems_of
from gongmo.definition.problems import Unusable, unusable
from gongmo.definition.source import APPLICATION_LIMIT, DEFINITION_LIMIT, read

M = TypeVar("M", bound=BaseModel)


def load(kind: type[M], path: Path) -> M:
    """A YAML or JSON file as a model. Raises Unusable with file, line and what was expected."""
    source = read(path, DEFINITION_LIMIT)
    try:
        return kind.model_validate_json(json.dumps(source.value, ensure_ascii=False, allow_nan=False))
    except ValidationError as error:
        raise Unusable(problems_of(error, source, kind)) from error


def text_of(path: Path) -> str:
    """A table's text, UTF-8 with or without a byte order mark. Raises Unusable."""
    try:
        with path.open("rb") as file:
            data = file.read(APPLICATION_LIMIT + 1)
    except OSError as error:
        raise unusable(
            str(path),
            f"파일을 읽을 수 없습니다. 경로와 권한을 확인해 주세요. ({error.strerror})",
            f"The file cannot be read. Check the path and your rights to it. ({error.strerror})",
        ) from error
    if len(data) > APPLICATION_LIMIT:
        raise unusable(
            str(path),
            f"파일이 {APPLICATION_LIMIT:,}바이트를 넘습니다. 나누어 주세요.",
            f"The file has more than {APPLICATION_LIMIT:,} bytes; split it.",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unusable(
            str(path),
            "UTF-8 글이 아닙니다. ‘CSV UTF-8’ 형식으로 저장해 주세요.",
            "This is not UTF-8 text. Save the file as “CSV UTF-8”.",
            expected="UTF-8",
        ) from error
