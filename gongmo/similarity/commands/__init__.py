"""Every change of this floor: lists come in and go, searches are made, officers judge."""

from gongmo.similarity.commands.imports import (
    begin_import,
    bring_in,
    confirm_import,
    drop_import,
    empty_import,
)
from gongmo.similarity.commands.judging import conclude, judge
from gongmo.similarity.commands.looking import ask_looks, look, look_pairs
from gongmo.similarity.commands.own import add_own, note_supported

__all__ = [
    "add_own",
    "ask_looks",
    "begin_import",
    "bring_in",
    "conclude",
    "confirm_import",
    "drop_import",
    "empty_import",
    "judge",
    "look",
    "look_pairs",
    "note_supported",
]
