"""Addresses of rows as the measured site writes them: with tokens instead of numbers (gongmo/kernel/numbers.py)."""

import os
from functools import lru_cache
from pathlib import Path

from gongmo.kernel.numbers import Kind, Numbers


def row(number: int, kind: Kind) -> str:
    """The token of the number of a row of that kind in the site whose home GONGMO_HOME names."""
    return _numbers(os.environ["GONGMO_HOME"]).token(number, kind)


@lru_cache(maxsize=4)
def _numbers(home: str) -> Numbers:
    given = os.environ.get("GONGMO_SECRET_KEY")
    return Numbers(given or (Path(home) / "secret-key").read_text("ascii").strip())
