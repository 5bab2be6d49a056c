"""What a page that saves by itself sends (docs/writing.md), for the pages of applications and of score sheets alike."""

import json
from typing import Any

from gongmo.applications.commands.autosave import FieldInput
from gongmo.kernel.errors import BadInput, Refused

SIGNED_OUT = Refused(
    "signed_out",
    "로그인이 끝났습니다. 다른 창에서 로그인하면 이어서 저장합니다.",
    "You are signed out. Sign in in another window and saving goes on.",
)
MOST_TRIED = 5
"""Values that are looked at of those which a page has sent without an answer."""


def changes_in(body: bytes) -> list[FieldInput]:
    """The changes in a request's body: {"changes": [{"path", "value", "base", "tried"?}]}. Raises BadInput for anything of another shape."""
    try:
        return [
            FieldInput(
                _checked(item["path"], str),
                item["value"],
                _checked(item["base"], int),
                tuple(_checked(item.get("tried", []), list)[-MOST_TRIED:]),
            )
            for item in json.loads(body)["changes"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(
            "changes_unreadable",
            "보낸 내용을 읽을 수 없습니다. 화면을 새로 고치고 다시 저장해 주세요.",
            "What was sent cannot be read. Load the page again and save once more.",
        ) from error


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value
