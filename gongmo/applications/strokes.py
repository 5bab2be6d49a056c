"""A signature drawn on screen: strokes as points in thousandths of the field's width."""

import json
from typing import Any

from gongmo.kernel.errors import BadInput
from gongmo.papers import Stroke

WIDTH, HEIGHT = 1000, 400
"""The field is 1000 wide and 400 high in its own measure, whatever its size on the screen."""
MOST_STROKES, MOST_POINTS, LONGEST = 200, 4000, 100_000


def read_drawing(text: str) -> tuple[Stroke, ...]:
    """The strokes of a drawing as the page sends it: JSON [[[x, y], ...], ...]; empty where nothing was drawn. Raises BadInput."""
    if not text.strip():
        return ()
    try:
        given = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        given = None
    strokes = _strokes(given)
    if strokes is None:
        raise BadInput(
            "drawing_unreadable",
            "그린 서명을 읽지 못했습니다. 지우고 다시 그리거나 이름만 적어 서명해 주세요.",
            "The drawn signature cannot be read. Clear it and draw again, or sign with your typed name.",
            field="drawing",
        )
    return strokes


def drawing_text(strokes: tuple[Stroke, ...]) -> str:
    """How a drawing is kept: JSON without spaces, "" for none."""
    return json.dumps(strokes, separators=(",", ":")) if strokes else ""


def _strokes(given: Any) -> tuple[Stroke, ...] | None:
    """The strokes, or None where the value is no drawing or lies outside the field."""
    if not isinstance(given, list) or len(given) > MOST_STROKES:
        return None
    found: list[Stroke] = []
    count = 0
    for stroke in given:
        if not isinstance(stroke, list):
            return None
        points: list[tuple[int, int]] = []
        for point in stroke:
            if not isinstance(point, list) or len(point) != 2:
                return None
            x, y = point
            if type(x) is not int or type(y) is not int or not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
                return None
            points.append((x, y))
        count += len(points)
        if count > MOST_POINTS:
            return None
        if points:
            found.append(tuple(points))
    return tuple(found)
