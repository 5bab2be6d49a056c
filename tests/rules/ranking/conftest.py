"""A small call, made new for each test from plain values."""

from collections.abc import Callable
from typing import Any

import pytest

from gongmo.definition.evaluation import Evaluation, Selection
from gongmo.definition.model import Definition

Make = Callable[..., Definition]


def text(word: str) -> dict[str, str]:
    return {"ko": word, "en": word}


BASE: dict[str, Any] = {"default": text("시험용")}


def evaluation(**changes: Any) -> dict[str, Any]:
    """Two stages 40 and 60, two criteria of 50 points, plain mean, two places."""
    made: dict[str, Any] = {
        **BASE,
        "committee": {**BASE, "size": 3, "quorum": 1},
        "criteria": [
            {
                **BASE,
                "id": "1",
                "name": text("목적"),
                "max_points": "100",
                "criteria": [
                    {"id": "1-1", "name": text("첫째"), "max_points": "60"},
                    {"id": "1-2", "name": text("둘째"), "max_points": "40"},
                ],
            }
        ],
        "stages": [
            {**BASE, "id": "desk", "name": text("서면"), "weight": "40"},
            {**BASE, "id": "talk", "name": text("발표"), "weight": "60"},
        ],
        "averaging": {**BASE, "method": "mean"},
        "rounding": {**BASE, "places": 2, "mode": "half_up", "at": "final"},
        "ties": {**BASE},
        "point_step": {**BASE, "step": "0.5"},
    }
    for key, value in changes.items():
        made[key] = {**BASE, **value} if isinstance(value, dict) else value
    return made


def build(count: int = 1, next_in_rank: bool = True, **changes: Any) -> Definition:
    import json

    made = Evaluation.model_validate_json(json.dumps(evaluation(**changes)))
    selection = Selection.model_validate({**BASE, "count": count, "next_in_rank": next_in_rank})
    # The ranking reads these parts only; the rest of a call has its own tests.
    return Definition.model_construct(id="test-call", version=1, evaluation=made, selection=selection)


@pytest.fixture(scope="session")
def make() -> Make:
    return build
